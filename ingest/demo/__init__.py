"""The demo site: a few pages with the tracker on them, and a week of made-up traffic."""
