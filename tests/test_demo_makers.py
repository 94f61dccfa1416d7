"""Who makes the demo's past days: processes of their own, which leave what one process would."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import orjson

from core.settings import Settings
from ingest.demo.makers import processes
from ingest.demo.making import Gap, Making
from ingest.demo.site import DOMAIN
from ingest.demo.traffic import STAGING
from ingest.event import COLUMNS
from ingest.gate import Knowledge
from ingest.spool import Entry
from tests.fixtures.collecting import SITE

NOW = datetime(2026, 5, 3, 10, tzinfo=UTC)
DAYS = [Gap(date(2026, 5, 2) - timedelta(days=number), None) for number in range(2)]


def without_tokens(entries: list[Entry]) -> list[tuple[object, ...]]:
    """Give entries with the tokens, which hang on a random key, taken out of their rows."""
    place = COLUMNS.index("visitor")
    rows = [orjson.loads(entry.row) if entry.row else [] for entry in entries]
    return [
        (entry.received, entry.tallies, row[:place] + row[place + 1 :])
        for entry, row in zip(entries, rows, strict=True)
    ]


def test_days_that_other_processes_make_are_those_that_one_makes(knowledge: Knowledge, tmp_path: Path) -> None:
    """Whatever cores a machine has, the rows are the same but for the tokens, and each day's key is named."""
    making = Making(replace(SITE, domain=DOMAIN, created=NOW), NOW)
    settings = Settings(data=tmp_path, excluded_hostnames=(STAGING,))
    with processes(settings, making, 2) as makers:
        for gap in DAYS:
            makers.begin(gap)
        there = [makers.make(gap) for gap in DAYS]
    known = replace(knowledge, excluded_hostnames=(STAGING,))
    here = [making.past_day(gap, known) for gap in DAYS]
    assert [without_tokens(made.entries) for made in there] == [without_tokens(made.entries) for made in here]
    assert [made.destroyed for made in there] == [made.destroyed for made in here]
    assert [name.day for made in there for name in made.destroyed] == [gap.day for gap in DAYS]
