"""Tests of the collector and of its tracker."""
