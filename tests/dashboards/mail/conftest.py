"""A mail server, a closed week, and the job that sends its report."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from aggregate.jobs import Workplace, run_job
from core.deletions import DeletionRecord
from core.settings import Settings
from core.sites import Site
from core.store import Store
from dashboards.mail.job import MAIL_JOB
from dashboards.mail.recipients import Recipient, Rhythm, add_recipient, confirm_recipient
from tests.dashboards.conftest import NOON, Desk
from tests.fixtures.mail_server import Postbox, mail_server

PUBLIC = "https://stats.example.com"
SENDER = "Footfall <stats@example.com>"
MONDAY = date(2026, 5, 11)
SENT = datetime(2026, 5, 18, 4, tzinfo=UTC)
"""06:00 in Berlin on the Monday after."""

Send = Callable[[datetime], str]


@pytest.fixture
def box() -> Iterator[Postbox]:
    """Give a mail server."""
    with mail_server() as running:
        yield running


@pytest.fixture
def settings(box: Postbox, tmp_path: Path) -> Settings:
    """Give settings by which e-mails can be sent."""
    return Settings(smtp_url=box.url, smtp_sender=SENDER, public_url=PUBLIC, data=tmp_path, threshold=5)


@pytest.fixture
def send(embedded: Store, settings: Settings) -> Send:
    """Run the job at a time."""
    workplace = Workplace(embedded, settings, DeletionRecord(embedded, settings.data))
    return lambda now: run_job(MAIL_JOB, workplace, now)


@pytest.fixture
def week(desk: Desk, site: Site) -> None:
    """Let visitors come on a day of a week, twice as many as on that of the week before, and close them."""
    for day, visitors in ((MONDAY - timedelta(days=7), 10), (MONDAY, 20)):
        desk.visits(site, visitors, ["/", "/pricing"], day, source="Google", country="DE")
        desk.roll(site, day, close=True)


def subscribed(
    store: Store,
    site: Site,
    email: str = "mara@example.com",
    rhythm: Rhythm = Rhythm.WEEK,
    now: datetime = NOON,
    language: str = "en",
) -> Recipient:
    """Subscribe an address that has said yes."""
    added = add_recipient(store, site, email, rhythm, language, now, has_account=False)
    return confirm_recipient(store, added, now)
