"""Tests of dashboards/sharing."""
