"""What the pages say: one file a language, ``CODE.toml``, with a table for each page."""
