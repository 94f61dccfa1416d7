"""Reports as files: CSV, ZIP, and the graph as a picture."""
