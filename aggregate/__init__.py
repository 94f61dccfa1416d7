"""Visits, anonymous reports, closing a day, and the scheduled jobs."""
