"""Footfall's tests, in folders as the code is."""
