"""The page of a site's report: what its address says, its tiles, graph, lists and notes."""
