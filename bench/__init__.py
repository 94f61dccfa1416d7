"""Measurements of the collector: how fast it takes beacons, and where the time goes."""
