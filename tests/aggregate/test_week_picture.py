"""The picture of a small site's week in docs/privacy.md: what it draws is what reports show."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as ET

from aggregate.cells import OTHER
from aggregate.closing import Closing, close_due_days
from aggregate.periods import DayRange
from aggregate.reading import read_report
from aggregate.span_rolls import publish_due_spans
from core.store import Store
from tests.fixtures.months import store_days
from tests.fixtures.raw import site_in

PICTURE = Path("docs/pictures/week.svg")
SITE = site_in()
K = 10
CLOSING = Closing(timedelta(minutes=5), timedelta(hours=1))
JUNE = datetime(2026, 6, 2, tzinfo=UTC)
MAY = date(2026, 5, 1)
DAYS = [DayRange(day, day) for day in (date(2026, 5, number) for number in (1, 2, 3, 4))]
COLUMNS = [*DAYS, DayRange(MAY, date(2026, 5, 7)), DayRange(MAY, date(2026, 5, 31))]
COUNTRIES = {"Germany": "DE", "France": "FR", "Poland": "PL", "Ukraine": "UA"}
TOTAL = "All visitors"


def drawn_rows() -> dict[str, list[str]]:
    """Give the picture's rows: the name at the left, and what stands in each column."""
    root = ET.fromstring(PICTURE.read_bytes())  # noqa: S314 (a file of this repository)
    texts = root.iter("{http://www.w3.org/2000/svg}text")
    rows = [[text.text or "" for text in row] for _, row in groupby(texts, key=lambda text: text.get("y"))]
    return {name: numbers for name, *numbers in rows if name in {*COUNTRIES, "Other", TOTAL}}


def test_the_picture_is_true(store: Store) -> None:
    """Its days, its week and its month show the countries and numbers that reports of this site show."""
    drawn = drawn_rows()
    people = {code: int(drawn[name][0].strip("()")) for name, code in COUNTRIES.items()}
    store_days(store, SITE, MAY, [people] * 4)
    store_days(store, SITE, date(2026, 5, 8), [people] * 3)
    close_due_days(store, [SITE], K, CLOSING, JUNE)
    publish_due_spans(store, [SITE], K, CLOSING, JUNE)
    for number, days in enumerate(COLUMNS):
        column = {name: row[number] for name, row in drawn.items()}
        total = int(column.pop(TOTAL))
        shown = {COUNTRIES.get(name, OTHER): int(text) for name, text in column.items() if text.isdigit()}
        hidden = sum(int(text.strip("()")) for text in column.values() if text.startswith("("))
        report = read_report(store, SITE, days, ("country",))
        assert {cell.value: cell.figures.visitors for cell in report.rows["country"]} == shown, days
        assert (report.totals.visitors, hidden) == (total, shown.get(OTHER, 0)), days
