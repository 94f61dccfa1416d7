"""The dashboards' browser, for what the privacy bar says of readers."""

from tests.dashboards.conftest import account, clock, kept_password, mara, nobody, site

__all__ = ["account", "clock", "kept_password", "mara", "nobody", "site"]
