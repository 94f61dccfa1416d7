"""Tests of dashboards/sites."""
