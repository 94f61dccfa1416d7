"""Tests of dashboards/report."""
