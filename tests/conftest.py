"""What all tests share."""

pytest_plugins = ["tests.fixtures.chromium", "tests.fixtures.store"]
