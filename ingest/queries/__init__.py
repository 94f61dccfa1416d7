"""The collector's queries, each named after the function that runs it."""
