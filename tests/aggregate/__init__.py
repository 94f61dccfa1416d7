"""Tests of aggregate."""
