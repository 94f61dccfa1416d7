"""Tests of dashboards/exports."""
