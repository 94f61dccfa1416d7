"""Reports for those who have no account: shared links, frames, public dashboards."""
