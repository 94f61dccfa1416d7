"""The account of the demo: its password is made up once, and kept beside the demo's data to be told again."""

import secrets
from datetime import datetime
from pathlib import Path

from core.store import Store
from dashboards.people.accounts import add_account, change_password, list_accounts

DEMO_EMAIL = "demo@example.com"
_FILE = "demo-password"


def demo_password(store: Store, data: Path, now: datetime) -> str:
    """Give the password of the demo's account, which is made at the first time. Raises StoreError.

    It opens nothing but made-up numbers, so it may lie in a file, for its owner alone.
    """
    file = data / _FILE
    if file.exists():
        return file.read_text(encoding="ascii")
    password = secrets.token_urlsafe(9)
    is_known = any(account.email == DEMO_EMAIL for account in list_accounts(store))
    (change_password if is_known else add_account)(store, DEMO_EMAIL, password, now)
    file.touch(mode=0o600)
    file.write_text(password, encoding="ascii")
    return password
