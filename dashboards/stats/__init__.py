"""The stats API: Plausible's contracts, answered from reports."""
