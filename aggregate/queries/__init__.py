"""SQL files, named after the functions that run them."""
