"""Reports by e-mail."""
