"""The dashboards' SQL, each file named after the function that runs it."""
