"""A report as JSON, CSV and as a table."""

import io
from dataclasses import replace
from datetime import date

import orjson
import pytest
from rich.console import Console

from aggregate.cells import OTHER, Cell, Figures, Filter
from aggregate.periods import DayRange
from aggregate.reading import Report
from aggregate.rendering import as_csv, as_json, print_table

DAYS = DayRange(date(2026, 5, 1), date(2026, 5, 7))
DAYS_OF = [date(2026, 5, number) for number in range(1, 8)]
REPORT = Report(
    days=DAYS,
    totals=Figures(40, 50, 120, 20, 5_000, 125),
    points=[],
    rows={"page": [Cell("/[b]x", Figures(25, 30, 60, 10, 0, 60)), Cell(OTHER, Figures(15, 20, 60, 10, 0, 60))]},
    unfinished=[date(2026, 5, 7)],
    updated=None,
)
ROW = {
    "visitors": 25,
    "visits": 30,
    "pageviews": 60,
    "events": 60,
    "bounce_rate": 33.3,
    "visit_duration": None,
    "time_on_page": 0.0,
}


def test_json_is_one_object_with_totals_and_rows() -> None:
    """A program reads site, range, totals and rows; "Other" has the value null."""
    assert orjson.loads(as_json("example.com", REPORT, "page")) == {
        "site": "example.com",
        "from": "2026-05-01",
        "to": "2026-05-07",
        "filter": {},
        "totals": {
            "visitors": 40,
            "visits": 50,
            "pageviews": 120,
            "events": 125,
            "bounce_rate": 40.0,
            "visit_duration": 100.0,
        },
        "rows": [
            {"page": "/[b]x", **ROW},
            {"page": None, **ROW, "visitors": 15, "visits": 20, "bounce_rate": 50.0},
        ],
        "unfinished": ["2026-05-07"],
        "hidden": [],
        "withheld": [],
        "rounded": [],
    }


def test_json_without_visits_has_no_rates() -> None:
    """Nothing counted is null, not a rate of zero."""
    empty = Report(DAYS, Figures(), [], {}, [], None)
    totals = orjson.loads(as_json("example.com", empty, None))["totals"]
    assert (totals["visits"], totals["bounce_rate"], totals["visit_duration"]) == (0, None, None)


def test_csv_has_a_heading_and_is_safe_in_a_spreadsheet() -> None:
    """A page that looks like a formula is text; "Other" is empty."""
    cells = [Cell("=cmd()", Figures(25, 30, 60, 10, 0, 60)), *REPORT.rows["page"][1:]]
    report = Report(DAYS, REPORT.totals, [], {"page": cells}, [], None)
    assert as_csv(report, "page") == (
        "page,visitors,visits,pageviews,events,bounce_rate,visit_duration,time_on_page\n"
        "'=cmd(),25,30,60,60,33.3,,0.0\n"
        ",15,20,60,60,50.0,,0.0\n"
    )


def test_a_person_reads_a_table() -> None:
    """Values are shown as they are, the sum of days is called visitor-days, an open day is marked."""
    out = io.StringIO()
    print_table(Console(file=out, width=100), "example.com", REPORT, "page", 10)
    text = out.getvalue()
    assert all(part in text for part in ("visitor-days", "/[b]x", "Other", "33.3 %", "The open day is unfinished"))


def test_under_a_filter_what_is_not_known_is_not_zero() -> None:
    """A page's visitors have no visit duration, and a filtered page no time; the hidden days are said."""
    where = Filter("page", "/pricing")
    report = replace(
        REPORT, where=where, unfinished=[], hidden=[date(2026, 5, 2)], rows={"country": REPORT.rows["page"]}
    )
    found = orjson.loads(as_json("example.com", report, "country"))
    assert (found["filter"], found["hidden"]) == ({"page": "/pricing"}, ["2026-05-02"])
    assert [each["visit_duration"] for each in (found["totals"], *found["rows"])] == [None, None, None]
    by_country = replace(REPORT, where=Filter("country", "DE"), unfinished=[])
    assert orjson.loads(as_json("example.com", by_country, "page"))["rows"][0]["time_on_page"] is None
    out = io.StringIO()
    print_table(Console(file=out, width=100), "example.com", report, "country", 10)
    assert "page = /pricing" in out.getvalue()
    assert "On 1 day fewer than 10 visitors are in this filter" in out.getvalue()


@pytest.mark.parametrize(
    ("withheld", "rounded", "said"),
    [
        (DAYS_OF[6:], [], ["The open day is counted, and not in this report", "it comes once the day is closed"]),
        (
            [],
            DAYS_OF[:2],
            ["Of 2 days all numbers are rounded to multiples of 10", "a row needs 10 to 20 visitors"],
        ),
        ([], DAYS_OF, ["All numbers are rounded to multiples of 10, up or down by chance: they need not add up."]),
    ],
)
def test_a_person_is_told_what_a_profile_does_to_the_numbers(
    withheld: list[date], rounded: list[date], said: list[str]
) -> None:
    """Days that are not shown yet, and days in tens; nothing is said of steps that there are not."""
    out = io.StringIO()
    report = replace(REPORT, rows={"page": []}, unfinished=withheld, withheld=withheld, rounded=rounded)
    print_table(Console(file=out, width=200), "example.com", report, "page", 10)
    assert [part for part in said if part not in out.getvalue()] == []
    assert "steps of" not in out.getvalue()
