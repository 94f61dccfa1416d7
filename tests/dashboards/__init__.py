"""Tests of the marketer's pages and accounts."""
