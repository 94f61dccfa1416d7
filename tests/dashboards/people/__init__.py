"""Tests of dashboards/people."""
