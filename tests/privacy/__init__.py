"""The privacy bar: each assertion of it is a test named after it."""
