"""SQL files of the generator and of the measurements."""
