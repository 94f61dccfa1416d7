"""The stats API over a real socket, with a real key."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from core.accesses import read_accesses
from core.sites import Site, add_site
from core.store import Store
from dashboards.people.api_keys import add_key, keys_of, revoke_keys
from dashboards.people.roles import write_standing
from dashboards.permissions import Role, Standing
from tests.dashboards.conftest import EMAIL, NOON, Browser, Desk

YESTERDAY = date(2026, 5, 16)
THE_DAY = {"period": "day", "date": str(YESTERDAY)}
NOTES: dict[str, Any] = {
    "visitor_days": False,
    "unfinished": [],
    "hidden": [],
    "at_least": [],
    "days_without_reports": 0,
    "withheld": [],
    "rounded": [],
    "noisy": [],
}


@pytest.fixture
def key(embedded: Store, account: str) -> str:
    """An API key of Mara's."""
    return add_key(embedded, account, "Spreadsheet", NOON)


@pytest.fixture
def closed_day(desk: Desk, site: Site) -> None:
    """Yesterday, which is closed: thirty from Google, of whom one page each, and ten from Bing who saw two."""
    desk.visits(site, 30, ("/",), YESTERDAY, source="Google", country="DE")
    desk.visits(site, 10, ("/", "/pricing"), YESTERDAY, source="Bing", country="FR")
    desk.visits(site, 2, ("/",), YESTERDAY, source="Rare", country="DE")
    desk.roll(site, YESTERDAY, close=True)


async def _get(browser: Browser, path: str, key: str, query: Mapping[str, str]) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with browser.client.get(path, params={"site_id": "example.com"} | query, headers=headers) as answer:
        return answer.status, orjson.loads(await answer.read())


async def _query(browser: Browser, key: str, **asked: object) -> tuple[int, Any]:
    document = {"site_id": "example.com", "metrics": ["visitors"], "date_range": ["2026-05-16", "2026-05-16"]}
    async with browser.client.post(
        "/api/v2/query", data=orjson.dumps(document | asked), headers={"Authorization": f"Bearer {key}"}
    ) as answer:
        return answer.status, orjson.loads(await answer.read())


@pytest.mark.usefixtures("closed_day")
async def test_version_2_answers_totals_rows_and_time(nobody: Browser, key: str) -> None:
    """One query each: all totals, a list with what is hidden, the hours of a day."""
    totals = await _query(nobody, key, metrics=["visitors", "pageviews", "bounce_rate", "views_per_visit"])
    rows = await _query(nobody, key, dimensions=["visit:source"], include={"total_rows": True})
    hours = await _query(nobody, key, dimensions=["time:hour"])
    assert totals[0] == 200
    assert totals[1]["results"] == [{"dimensions": [], "metrics": [42, 52, 76.2, 1.24]}]
    assert rows[1]["results"] == [
        {"dimensions": ["Google"], "metrics": [30]},
        {"dimensions": ["(other)"], "metrics": [12]},
    ]
    assert rows[1]["meta"] == {"footfall": NOTES, "total_rows": 2}
    assert [row for row in hours[1]["results"] if row["metrics"] != [0]] == [
        {"dimensions": ["2026-05-16 09:00:00"], "metrics": [42]}
    ]


@pytest.mark.usefixtures("closed_day")
async def test_version_2_filters_compares_orders_and_pages(nobody: Browser, key: str) -> None:
    """A filter's totals are those of its visits; a comparison has both numbers and the change; pages are cut."""
    filtered = await _query(nobody, key, filters=[["is", "visit:source", ["Google"]]])
    compared = await _query(nobody, key, include={"comparisons": {"mode": "previous_period"}})
    paged = await _query(
        nobody,
        key,
        dimensions=["visit:source"],
        order_by=[["visitors", "asc"]],
        pagination={"limit": 1, "offset": 1},
    )
    assert filtered[1]["results"] == [{"dimensions": [], "metrics": [30]}]
    assert compared[1]["results"] == [
        {
            "dimensions": [],
            "metrics": [42],
            "comparison": {"dimensions": [], "metrics": [0], "change": [None]},
        }
    ]
    assert paged[1]["results"] == [{"dimensions": ["Google"], "metrics": [30]}]


async def test_what_a_filter_and_a_comparison_miss_is_said(
    nobody: Browser, desk: Desk, site: Site, key: str
) -> None:
    """Rows that miss days are named, what they miss has no rates, days without reports are counted."""
    for day, few in ((YESTERDAY - timedelta(days=1), 10), (YESTERDAY, 3)):
        for device, count in (("Desktop", 40), ("Mobile", 30), ("Tablet", few), ("Watch", few)):
            desk.visits(site, count, ("/",), day, device=device, country="DE")
        desk.roll(site, day, close=True)
    asked = {"metrics": ["visitors", "percentage", "bounce_rate"], "date_range": ["2026-05-15", "2026-05-16"]}
    under = {"filters": [["is", "visit:country", ["DE"]]], "dimensions": ["visit:device"]}
    rows = (await _query(nobody, key, **asked, **under))[1]
    assert rows["results"] == [
        {"dimensions": ["Desktop"], "metrics": [80, 48.19, 100.0]},
        {"dimensions": ["Mobile"], "metrics": [60, 36.14, 100.0]},
        {"dimensions": ["Tablet"], "metrics": [10, 6.02, 100.0]},
        {"dimensions": ["Watch"], "metrics": [10, 6.02, 100.0]},
        {"dimensions": ["(other)"], "metrics": [5, 3.01, None]},
    ]
    assert rows["meta"]["footfall"] == NOTES | {"visitor_days": True, "at_least": ["Tablet", "Watch"]}
    days = {"date_range": ["2026-05-16", "2026-05-16"], "include": {"comparisons": {"mode": "previous_period"}}}
    whole = (await _query(nobody, key, **days))[1]
    assert whole["results"][0]["comparison"] == {"dimensions": [], "metrics": [90], "change": [-15.6]}
    days["date_range"] = ["2026-05-15", "2026-05-17"]
    missing = (await _query(nobody, key, **days, dimensions=["visit:device"]))[1]
    assert {tuple(row["comparison"]["change"]) for row in missing["results"]} == {(None,)}
    assert missing["meta"]["footfall"]["days_without_reports"] == 3


@pytest.mark.usefixtures("closed_day")
async def test_version_1_answers_as_it_always_did(nobody: Browser, key: str) -> None:
    """Aggregate, time series and breakdown have the shapes that scripts know."""
    stats = "/api/v1/stats"
    aggregate = await _get(nobody, f"{stats}/aggregate", key, THE_DAY | {"metrics": "visitors,bounce_rate"})
    compared = await _get(nobody, f"{stats}/aggregate", key, THE_DAY | {"compare": "previous_period"})
    series = await _get(nobody, f"{stats}/timeseries", key, {"period": "custom", "date": "2026-05-15,2026-05-16"})
    pages = await _get(nobody, f"{stats}/breakdown", key, THE_DAY | {"property": "event:page"})
    filtered = await _get(nobody, f"{stats}/aggregate", key, THE_DAY | {"filters": "visit:source==Google"})
    assert aggregate == (
        200,
        {"results": {"visitors": {"value": 42}, "bounce_rate": {"value": 76.2}}, "footfall": NOTES},
    )
    assert compared[1]["results"] == {"visitors": {"value": 42, "change": None}}
    assert series[1]["results"] == [
        {"date": "2026-05-15", "visitors": 0},
        {"date": "2026-05-16", "visitors": 42},
    ]
    assert pages[1]["results"] == [{"page": "/", "visitors": 42}, {"page": "/pricing", "visitors": 10}]
    assert filtered[1]["results"] == {"visitors": {"value": 30}}


async def test_current_visitors_are_a_bare_number(nobody: Browser, desk: Desk, site: Site, key: str) -> None:
    """As Plausible answers it, without a name around it."""
    assert await _get(nobody, "/api/v1/stats/realtime/visitors", key, {}) == (200, 0)


@pytest.mark.parametrize(
    ("path", "query", "advice"),
    [
        ("aggregate", {"period": "fortnight"}, "choose one of"),
        ("aggregate", {"period": "custom", "date": "2026-05-01"}, "date=2026-05-01,2026-05-31"),
        ("aggregate", {"period": "day", "date": "today"}, "Write it like 2026-05-17"),
        ("aggregate", {"metrics": "visitors,sessions"}, "'sessions' is not a metric"),
        ("aggregate", {"filters": "visit:source==Google;visit:os==iOS"}, "one value of one dimension"),
        ("aggregate", {"filters": "visit:source!=Google"}, "one value of one dimension"),
        ("aggregate", {"compare": "year"}, "previous_period"),
        ("timeseries", {"interval": "decade"}, "is not an interval"),
        ("breakdown", {}, "State a property"),
        ("breakdown", {"property": "visit:city"}, "is not a dimension"),
        ("breakdown", {"property": "visit:source", "limit": "1001"}, "from 1 to 1000"),
        ("breakdown", {"property": "visit:browser_version", "filters": "visit:country==DE"}, "under a filter"),
    ],
)
async def test_version_1_says_in_words_what_it_cannot_answer(
    nobody: Browser, key: str, path: str, query: dict[str, str], advice: str
) -> None:
    """400 with an error that says what can be asked."""
    status, answer = await _get(nobody, f"/api/v1/stats/{path}", key, query)
    assert (status, advice in answer["error"]) == (400, True), answer


async def test_without_a_key_that_opens_the_site_nothing_is_told(
    nobody: Browser, embedded: Store, site: Site
) -> None:
    """No key, a wrong or revoked one, a site one may not see and one that does not exist: all are 401."""
    other = add_site(embedded, "other.example", "UTC", NOON)
    nobody.board.sites.refresh(embedded)
    write_standing(embedded, "vera@example.com", Standing(None, {other.number: Role.VIEWER}), NOON)
    mine = add_key(embedded, EMAIL, "Mine", NOON)
    hers = add_key(embedded, "vera@example.com", "Hers", NOON)
    path = "/api/v1/stats/aggregate"
    missing, wrong = await _get(nobody, path, "", {}), await _get(nobody, path, "x" * 43, {})
    unknown = await _get(nobody, path, mine, {"site_id": "nobody.example"})
    forbidden = await _get(nobody, path, hers, {})
    revoke_keys(embedded, keys_of(embedded, EMAIL), NOON + timedelta(seconds=1))
    revoked = await _get(nobody, path, mine, {})
    assert [each[0] for each in (missing, wrong, unknown, forbidden, revoked)] == [401] * 5
    assert "Authorization: Bearer" in missing[1]["error"]
    assert wrong == unknown == forbidden == revoked


async def test_each_answer_is_in_the_access_record(nobody: Browser, embedded: Store, site: Site, key: str) -> None:
    """By the key's name, with the site and the version; a refused question is not."""
    await _query(nobody, key)
    await _get(nobody, "/api/v1/stats/aggregate", key, {})
    await _get(nobody, "/api/v1/stats/aggregate", key, {"period": "fortnight"})
    lines = [(line.what, line.site, line.detail) for line in read_accesses(embedded)]
    assert lines[-2:] == [("report", site.number, "stats API v2"), ("report", site.number, "stats API v1")]


async def test_a_body_that_is_no_query_is_refused(nobody: Browser, key: str) -> None:
    """What is no JSON, and what names no site, is told so."""
    headers = {"Authorization": f"Bearer {key}"}
    answers = []
    for body in (b"{", b"[]", b"{}"):
        async with nobody.client.post("/api/v2/query", data=body, headers=headers) as answer:
            answers.append((answer.status, "error" in orjson.loads(await answer.read())))
    assert answers == [(400, True)] * 3
