"""Tests of the stats API."""
