"""A report as JSON, CSV and as a table."""

import io
import re
from dataclasses import replace
from datetime import date

import orjson
import pytest
from rich.console import Console

from aggregate.cells import OTHER, Cell, Figures, Filter
from aggregate.periods import DayRange
from aggregate.points import Point
from aggregate.reading import Report
from aggregate.rendering import as_csv, as_json, print_table

DAYS = DayRange(date(2026, 5, 1), date(2026, 5, 7))
DAYS_OF = [date(2026, 5, number) for number in range(1, 8)]
REPORT = Report(
    days=DAYS,
    totals=Figures(40, 50, 120, 20, 5_000, 125),
    points=[],
    rows={
        "page": [
            Cell("/[b]x", Figures(25, 30, 60, 10, 600, 60), scroll_depth=64),
            Cell(OTHER, Figures(15, 20, 60, 10, 0, 60)),
        ],
        "event": [Cell("Signup", Figures(5, 6, 0, 0, 0, 7))],
    },
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
    "time_on_page": 20.0,
    "scroll_depth": 64,
    "conversion_rate": 62.5,
}
OTHER_ROW = {"visitors": 15, "visits": 20, "bounce_rate": 50.0, "conversion_rate": 37.5}
OTHER_ROW |= {"time_on_page": None, "scroll_depth": None}  # no browser told them


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
            {"page": None, **ROW, **OTHER_ROW},
        ],
        "unfinished": ["2026-05-07"],
        "hidden": [],
        "withheld": [],
        "rounded": [],
        "noisy": [],
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
        "page,visitors,visits,pageviews,events,bounce_rate,visit_duration,time_on_page,scroll_depth,conversion_rate\n"
        "'=cmd(),25,30,60,60,33.3,,,,62.5\n"
        ",15,20,60,60,50.0,,,,37.5\n"
    )


def test_of_events_a_program_reads_how_many_visitors_did_them() -> None:
    """An event has a conversion rate, and no bounce rate and no duration."""
    assert as_csv(REPORT, "event") == (
        "event,visitors,visits,pageviews,events,bounce_rate,visit_duration,conversion_rate\n"
        "Signup,5,6,0,7,,,12.5\n"
    )
    row = {"visitors": 5, "visits": 6, "pageviews": 0, "events": 7, "bounce_rate": None, "visit_duration": None}
    rows = orjson.loads(as_json("example.com", REPORT, "event"))["rows"]
    assert rows == [{"event": "Signup", **row, "conversion_rate": 12.5}]


@pytest.mark.parametrize(
    ("visitors", "everyone", "rate"), [(1, 3, 33.33), (0, 3, 0.0), (15, 12, 100.0), (0, 0, None), (5, 0, None)]
)
def test_a_conversion_rate_is_of_all_visitors(visitors: int, everyone: int, rate: float | None) -> None:
    """It is at most 100, since a row under a filter may be rounded up; of nobody there is none."""
    assert Figures(visitors).conversion_rate(everyone) == rate


def test_a_person_reads_a_table() -> None:
    """Values are shown as they are, the sum of days is called visitor-days, an open day is marked."""
    out = io.StringIO()
    print_table(Console(file=out, width=100), "example.com", REPORT, "page", 10)
    text = out.getvalue()
    assert all(part in text for part in ("visitor-days", "/[b]x", "Other", "33.3 %", "day that is not final yet"))


def test_a_persons_table_has_what_its_rows_have() -> None:
    """Pages have time and scroll depth, events a conversion rate, and no column of theirs is always empty."""
    assert _printed("page")[0] == ["page", "visitor-days", "visits", "views", "bounce", "time", "scroll"]
    assert _printed("page")[1:] == [
        ["/[b]x", "25", "30", "60", "33.3 %", "20.0 s", "64 %"],
        ["Other", "15", "20", "60", "50.0 %", "-", "-"],
    ]
    assert _printed("event") == [
        ["event", "visitor-days", "visits", "events", "conversion"],
        ["Signup", "5", "6", "7", "12.5 %"],
    ]


def test_what_no_browser_told_is_no_zero() -> None:
    """An imported log knows no time in view and no scroll depth: a person has no such columns, a program null."""
    cells = [Cell("/", Figures(25, 30, 60, 10, 0, 60))]
    report = Report(DAYS, REPORT.totals, [], {"page": cells}, [], None)
    out = io.StringIO()
    print_table(Console(file=out, width=100), "example.com", report, "page", 10)
    (row,) = orjson.loads(as_json("example.com", report, "page"))["rows"]
    assert not any(word in out.getvalue() for word in ("time", "scroll"))
    assert (row["time_on_page"], row["scroll_depth"]) == (None, None)


def test_rows_under_a_filter_tell_what_they_miss() -> None:
    """A person reads a sign and a sentence, a program a column; what is not shown has no rate and no change."""
    rows = [
        Cell("DE", Figures(20, 20, 20, 10, 100, 20)),
        Cell("FR", Figures(10, 10, 10, 5, 50, 10), is_at_least=True),
        Cell(OTHER, Figures(5, 5, 5, 5, 5, 5)),
    ]
    report = replace(REPORT, where=Filter("browser", "Firefox"), rows={"country": rows}, unfinished=[])
    before = replace(report, rows={"country": [Cell(cell.value, Figures(10)) for cell in rows]})
    assert _printed("country", report)[1:] == [
        ["DE", "20", "20", "20", "20", "50.0 %", "5.0 s"],
        ["FR", "≥10", "≥10", "≥10", "≥10", "50.0 %", "5.0 s"],
        ["Not shown", "5", "5", "5", "5", "-", "-"],
    ]
    assert [line for line in _said(report, "country") if "≥ means at least" in line]
    assert as_csv(report, "country", before) == (
        "country,visitors,visits,pageviews,events,bounce_rate,visit_duration,visitors_before,visitors_change,at_least\n"
        "DE,20,20,20,20,50.0,5.0,10,100.0,False\n"
        "FR,10,10,10,10,50.0,5.0,10,,True\n"
        ",5,5,5,5,,,10,,False\n"
    )
    assert [row["at_least"] for row in orjson.loads(as_json("example.com", report, "country"))["rows"]] == [
        False,
        True,
        False,
    ]


def test_days_before_the_first_report_are_no_whole_to_change_from() -> None:
    """Totals and rows keep their numbers of before and have no change; a person and a program read why."""
    before = replace(REPORT, days=DayRange(date(2026, 4, 24), date(2026, 4, 30)), first_day=date(2026, 4, 29))
    assert [
        line
        for line in _said(REPORT, "page", before)
        if "Reports begin on 2026-04-29: only 2 of 7 comparison days" in line
    ]
    assert as_csv(REPORT, None, before).splitlines()[1].endswith(",40,")
    assert all(line.endswith((",25,", ",15,")) for line in as_csv(REPORT, "page", before).splitlines()[1:])
    assert (
        orjson.loads(as_json("example.com", REPORT, "page", before))["compared_with"]["days_without_reports"] == 5
    )


def _said(report: Report, dimension: str, before: Report | None = None) -> list[str]:
    out = io.StringIO()
    print_table(Console(file=out, width=200), "example.com", report, dimension, 10, before)
    return out.getvalue().splitlines()


def _printed(dimension: str, report: Report = REPORT) -> list[list[str]]:
    """Give the cells of the table of rows, on a terminal of the usual width."""
    out = io.StringIO()
    print_table(Console(file=out, width=80), "example.com", report, dimension, 10)
    table = out.getvalue().rpartition("┏")[2].splitlines()
    return [[cell.strip(" ┃│") for cell in re.split("[┃│]", line)[1:-1]] for line in table if line[0] in "┃│"]


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
    assert "Left out: 1 day. Fewer than 10 visitors match this filter there" in out.getvalue()


BEFORE = replace(
    REPORT,
    days=DayRange(date(2026, 4, 24), date(2026, 4, 30)),
    totals=Figures(32, 40, 60, 20, 2_000, 60),
    rows={"page": [Cell("/[b]x", Figures(20, 20, 20, 10, 0, 20))]},
)


def test_a_comparison_has_what_was_before_and_the_change() -> None:
    """Each row has its visitors before and the change in percent; a row that was hidden then has neither."""
    found = orjson.loads(as_json("example.com", REPORT, "page", BEFORE))
    assert [(row["page"], row["visitors_before"], row["visitors_change"]) for row in found["rows"]] == [
        ("/[b]x", 20, 25.0),
        (None, None, None),
    ]
    before = found["compared_with"]
    assert (before["from"], before["to"], before["totals"]["visitors"]) == ("2026-04-24", "2026-04-30", 32)
    assert as_csv(REPORT, None, BEFORE).splitlines() == [
        "visitors,visits,pageviews,events,bounce_rate,visit_duration,visitors_before,visitors_change",
        "40,50,120,125,40.0,100.0,32,25.0",
    ]


def test_a_comparison_is_readable_in_a_terminal() -> None:
    """Now, before and change stand below each other, and each row has its change."""
    out = io.StringIO()
    print_table(Console(file=out, width=100), "example.com", REPORT, "page", 10, BEFORE)
    text = out.getvalue()
    assert "2026-05-01 to 2026-05-07  compared with 2026-04-24 to 2026-04-30" in text
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines() if line.startswith("│")]
    assert rows[:3] == [
        ["now", "40", "50", "120", "125", "40.0 %", "100.0 s"],
        ["before", "32", "40", "60", "60", "50.0 %", "50.0 s"],
        ["change", "+25.0 %", "+25.0 %", "+100.0 %", "+108.3 %", "-20.0 %", "+100.0 %"],
    ]
    assert [row[-1] for row in rows[3:]] == ["25.0 %", "-"]


def test_a_graph_is_a_list_of_its_steps() -> None:
    """By week, each row is a week; compared, the weeks stand beside those before in their order."""
    points = [Point("2026-04-27", Figures(12, 14), is_partial=True), Point("2026-05-04", Figures(28, 36))]
    report = replace(REPORT, points=points)
    before = replace(BEFORE, points=[Point("2026-04-20", Figures(10, 10))])
    assert [
        [line.split(",")[at] for at in (0, 1, 7, 8)] for line in as_csv(report, "week", before).splitlines()
    ] == [
        ["week", "visitors", "partial", "visitors_before"],
        ["2026-04-27", "12", "True", "10"],
        ["2026-05-04", "28", "False", ""],
    ]
    out = io.StringIO()
    print_table(Console(file=out, width=100), "example.com", report, "week", 10)
    assert re.findall(r"^│ (2026-\S+(?: \*)?)", out.getvalue(), re.MULTILINE) == ["2026-04-27 *", "2026-05-04"]
    assert "* Some of its days are outside this range or not over." in out.getvalue()


@pytest.mark.parametrize(
    ("withheld", "rounded", "said"),
    [
        (
            DAYS_OF[6:],
            [],
            ["A day that is not final yet is not in this report", "it appears once the day is final"],
        ),
        (
            [],
            DAYS_OF[:2],
            ["All numbers of 2 days are rounded to multiples of 10", "a row needs 10 to 20 visitors"],
        ),
        ([], DAYS_OF, ["All numbers are rounded to multiples of 10, randomly up or down: they need not add up."]),
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


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (
            None,
            [
                (
                    "A day that is not final yet has exact totals; its lists lag a little behind, are rounded "
                    'down to multiples of 10, and have no "Other".'
                ),
                "No list yet: a row of 10 or more visitors appears once more have come after them.",
            ],
        ),
        (
            Filter("country", "DE"),
            [
                "No list yet: under a filter it appears once the day is final.",
                "Under a filter, the lists of a day that is not final yet appear once it is.",
                "Its totals under this filter appear with its row: at 10 visitors or more, once others have come.",
            ],
        ),
    ],
)
def test_a_person_is_told_what_an_open_day_does_not_show_yet(where: Filter | None, said: list[str]) -> None:
    """Lists of an open day come later, and under a filter once it is closed; the report says so in words."""
    out = io.StringIO()
    days = DayRange(DAYS_OF[0], DAYS_OF[0])
    hidden = [] if where is None else DAYS_OF[:1]
    report = replace(REPORT, days=days, rows={"page": []}, unfinished=DAYS_OF[:1], where=where, hidden=hidden)
    print_table(Console(file=out, width=200), "example.com", report, "page", 10)
    assert [part for part in said if part not in out.getvalue()] == []
    assert "fewer than 10 visitors" not in out.getvalue()
