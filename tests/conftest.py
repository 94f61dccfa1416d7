"""What all tests share."""

pytest_plugins = ["tests.fixtures.chromium", "tests.fixtures.collecting", "tests.fixtures.store"]
