"""The marketer's pages and accounts."""
