"""Tests of the visitor's pages."""
