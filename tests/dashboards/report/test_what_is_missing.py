"""What the page of a site says where its numbers do not have all that they seem to have."""

import csv
import io
from datetime import date, timedelta

import pytest

from core.sites import Site
from core.store import Store
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.conftest import NOON, Browser, Desk

DAY, NEXT = date(2026, 5, 14), date(2026, 5, 15)
GERMANS = "/sites/example.com?period=custom&from=2026-05-14&to=2026-05-15&f=is,country,DE&devices=device"
AT_LEAST = "≥ at least"
WHY = "≥ means at least: on some days the row, or this filter, had too few visitors to be shown"


@pytest.fixture
def two_days(desk: Desk, site: Site) -> None:
    """Two closed days of Germans, the second of which hides those with tablets and watches, three each."""
    for day, few in ((DAY, 10), (NEXT, 3)):
        for device, count in (("Desktop", 40), ("Mobile", 30), ("Tablet", few), ("Watch", few)):
            desk.visits(site, count, day=day, device=device, country="DE", name="Signup")
        desk.roll(site, day, close=True)


@pytest.mark.usefixtures("two_days")
async def test_rows_under_a_filter_say_at_least_and_what_is_not_shown(mara: Browser) -> None:
    """The sign is read out as words, one sentence at the list says why, the rest is a row without any rate."""
    page = (await mara.get(GERMANS)).page
    assert page.tables["Devices"] == [
        ["Device", "Visitor-days", "Share", "Bounce rate", "Duration"],
        ["Desktop", "80", "48.2%", "0.0%", "0s"],
        ["Mobile", "60", "36.1%", "0.0%", "0s"],
        ["Tablet", f"{AT_LEAST} 10", f"{AT_LEAST} 6.0%", "0.0%", "0s"],
        ["Watch", f"{AT_LEAST} 10", f"{AT_LEAST} 6.0%", "0.0%", "0s"],
        ["Not shown: too few on a day", "5", "3.0%", "–", "–"],  # noqa: RUF001 (no rate)
    ]
    assert page.text.count(WHY) == 1
    assert WHY not in (await mara.get(GERMANS.replace("from=2026-05-14", "from=2026-05-15"))).page.text


@pytest.mark.usefixtures("two_days")
async def test_the_full_view_the_dialog_and_files_say_the_same(mara: Browser) -> None:
    """Each has the sign or a column, and the row of what is not shown; the README of the files explains both."""
    path = GERMANS.replace("example.com?", "example.com/lists/device?")
    for page in (
        (await mara.get(path)).page,
        (await mara.get(path, **{"HX-Request": "true", "HX-Target": "list-dialog"})).page,
    ):
        rows = [row for table in page.tables.values() for row in table]
        assert [
            "Tablet",
            f"{AT_LEAST} 10",
            f"{AT_LEAST} 6.0%",
            f"{AT_LEAST} 10",
            f"{AT_LEAST} 0",
            "0.0%",
            "0s",
        ] in rows
        assert rows[-1][:2] == ["Not shown: too few on a day", "5"]
        assert WHY in page.text
    async with mara.client.get(GERMANS.replace("example.com?", "example.com/export.csv?list=device&")) as answer:
        rows = list(csv.DictReader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
    assert [(row["device"], row["visitors"], row["bounce_rate"], row["at_least"]) for row in rows] == [
        ("Desktop", "80", "0.0", "False"),
        ("Mobile", "60", "0.0", "False"),
        ("Tablet", "10", "0.0", "True"),
        ("Watch", "10", "0.0", "True"),
        ("", "5", "", "False"),
    ]


async def test_goals_under_a_filter_are_at_least(mara: Browser, desk: Desk, embedded: Store, site: Site) -> None:
    """Of Tablet one day is hidden whole: all that a goal says under it is a bound, be it of a page or an event."""
    for goal in (Goal(GoalKind.EVENT, "Signup", "Signed up"), Goal(GoalKind.PAGE, "/thanks", "Thanked")):
        add_goal(embedded, site, goal, NOON)
    for day, few in ((DAY, 10), (NEXT, 1)):
        desk.visits(site, few, ["/thanks"], day, device="Tablet")
        desk.visits(site, few, ["/"], day, device="Tablet", name="Signup")
        desk.visits(site, 40, ["/"], day, device="Desktop")
        desk.roll(site, day, close=True)
    page = (await mara.get(GERMANS.replace("country,DE", "device,Tablet"))).page
    assert page.tables["Goals"][1:] == [
        ["Signed up", f"{AT_LEAST} 10", f"{AT_LEAST} 50.00%", f"{AT_LEAST} 10"],
        ["Thanked", f"{AT_LEAST} 10", f"{AT_LEAST} 50.00%", f"{AT_LEAST} 10"],
    ]
    assert WHY in page.text


@pytest.mark.parametrize("compare", ["previous", "year", "custom&compare_from=2026-05-10&compare_to=2026-05-14"])
async def test_there_is_no_change_from_days_before_the_first_report(
    mara: Browser, desk: Desk, embedded: Store, site: Site, compare: str
) -> None:
    """Where one of several days has a report, tiles say so in place of a change, and lists have none."""
    add_goal(embedded, site, Goal(GoalKind.EVENT, "Signup", "Signed up"), NOON)
    for day, count in ((DAY, 10), (NEXT, 40), (NEXT + timedelta(days=1), 40)):
        desk.visits(site, count, day=day, device="Desktop", name="Signup")
        desk.roll(site, day, close=True)
    path = "/sites/example.com?period=custom&from=2026-05-15&to=2026-05-16&match=none&devices=device&compare="
    page = (await mara.get(path + compare)).page
    said = {"previous": "1 of 2 days before", "year": "", "custom": "1 of 5 days before"}[
        compare.partition("&")[0]
    ]
    assert page.text.count(said) >= (6 if said else 0)
    assert not any("Change" in row or "%" in row[1] for rows in page.tables.values() for row in rows)
    assert "+" not in page.text
    whole = (await mara.get(path.replace("from=2026-05-15", "from=2026-05-16") + "previous")).page
    assert "Change" in whole.tables["Devices"][0]
    assert "Change" in whole.tables["Goals"][0]


@pytest.mark.parametrize("interval", ["week", "month"])
async def test_graph_and_tile_agree_while_older_days_arrive(
    mara: Browser, desk: Desk, site: Site, interval: str
) -> None:
    """Days that an import brings are in the graph's weeks and months as soon as they are in the tile."""
    path = f"/sites/example.com?period=custom&from=2026-03-01&to=2026-05-17&interval={interval}"
    for day in (date(2026, 5, 11), date(2026, 4, 20), date(2026, 3, 18)):
        desk.visits(site, 10, day=day)
        desk.roll(site, day, close=True)
        page = (await mara.get(path)).page
        numbers = [row[1] for row in page.tables["The graph as a table"][1:]]
        assert sum(int(number) for number in numbers if number.isdigit()) == int(page.tiles["Visitor-days"])
        began = min(place for place, number in enumerate(numbers) if number.isdigit())
        assert all(number.isdigit() for number in numbers[began:])
