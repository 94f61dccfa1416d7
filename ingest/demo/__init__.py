"""The demo site: a few pages with the tracker on them, and thirteen months of made-up traffic."""
