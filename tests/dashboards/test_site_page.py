"""The page of a site: what the report says, no more and no less."""

from datetime import date, timedelta

import pytest

from core.sites import Site, add_site
from core.store import Store
from dashboards.language import NOTHING
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Browser, Desk, Hands, browsing
from tests.fixtures.raw import event, store_events

TODAY = date(2026, 5, 17)
YESTERDAY = date(2026, 5, 16)
HOSTILE = '/<script>alert(1)</script>"><img src=x onerror=alert(2)>&amp;'


def _a_day(desk: Desk, site: Site, day: date, *, close: bool) -> None:
    desk.visits(site, 20, ["/", "/pricing"], day, source="Google", country="DE", device="Desktop")
    desk.visits(site, 10, ["/"], day, source="", country="FR", device="Mobile")
    desk.visits(site, 4, ["/hidden"], day, source="rare.example", country="LI", device="Tablet")
    desk.visits(site, 4, ["/secret"], day, source="odd.example", country="SM", device="Watch")
    desk.roll(site, day, close=close)


async def test_a_closed_day_is_shown_as_its_report_says(mara: Browser, desk: Desk, site: Site) -> None:
    """Tiles, graph and lists have exactly the report's numbers; what is below k is in "Other"."""
    _a_day(desk, site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
    assert page.tiles == {
        "Visitors": "38",
        "Visits": "38",
        "Pageviews": "58",
        "Views per visit": "1.53",
        "Bounce rate": "47.4%",
        "Visit duration": "5s",
    }
    assert page.tables["Sources"] == [
        ["Source", "Visitors", "Visits"],
        ["Google", "20", "20"],
        ["Direct / None", "10", "10"],
        ["Other", "8", "8"],
    ]
    assert page.tables["Pages"] == [
        ["Page", "Visitors", "Pageviews"],
        ["/", "30", "30"],
        ["/pricing", "20", "20"],
        ["Other", "8", "8"],
    ]
    assert page.tables["Countries"][1:] == [["Germany", "20", "20"], ["France", "10", "10"], ["Other", "8", "8"]]
    assert page.tables["Devices"][1:] == [["Desktop", "20", "20"], ["Mobile", "10", "10"], ["Other", "8", "8"]]
    graph = page.tables["The graph as a table"]
    assert graph[0] == ["Hour", "Visitors", "Visits", "Pageviews"]
    assert len(graph) == 25
    assert [row for row in graph[1:] if row[1:] != ["0", "0", "0"]] == [["09:00 to 09:59", "38", "38", "58"]]
    assert "“Other” holds what had fewer than 5 visitors on a day." in page.text
    assert "not closed" not in page.text
    for hidden in ("rare.example", "/secret", "Liechtenstein", "Tablet"):
        assert hidden not in page.html


async def test_several_days_are_visitor_days(mara: Browser, desk: Desk, site: Site) -> None:
    """Nobody is recognised the next day, and the page says so wherever days are added up."""
    _a_day(desk, site, YESTERDAY, close=True)
    _a_day(desk, site, TODAY, close=False)
    page = (await mara.get("/sites/example.com?period=7d")).page
    assert page.tiles["Visitor-days"] == "76"
    assert "Visitors" not in page.tiles
    assert "at least; each day counts anew" in page.text
    assert page.tables["Sources"][:2] == [["Source", "Visitor-days", "Visits"], ["Google", "40", "40"]]
    assert page.tables["The graph as a table"][-2:] == [
        ["Sat 16 May 2026", "38", "38", "58"],
        ["Sun 17 May 2026 (so far)", "38", "38", "58"],
    ]
    assert "Not closed yet: Sunday, 17 May 2026." in page.text


async def test_an_unfinished_day_says_how_its_numbers_move(mara: Browser, desk: Desk, site: Site) -> None:
    """Totals are exact, rows move by fives, the page says so and when it was made."""
    desk.visits(site, 13, ["/"])
    desk.roll(site)
    page = (await mara.get("/sites/example.com")).page
    assert page.tiles["Visitors"] == "13"
    assert page.tables["Pages"][1:] == [["/", "10", "10"]]
    assert "This day is not closed yet." in page.text
    assert "count in steps of 5 until the day is closed" in page.text
    assert "Updated 14:00 (Europe/Berlin)" in page.text
    assert page.tables["The graph as a table"][-1][0] == "14:00 to 14:59 (so far)"


async def test_a_hostile_name_stays_text(mara: Browser, desk: Desk, site: Site) -> None:
    """Paths and sources are written by strangers; on the page they are words and nothing else."""
    desk.visits(site, 12, [HOSTILE], source=HOSTILE, country="<b>", device="\u202eevil")
    desk.roll(site)
    page = (await mara.get("/sites/example.com")).page
    assert page.tables["Pages"][1][0] == HOSTILE
    assert page.tables["Sources"][1][0] == HOSTILE
    assert page.tables["Countries"][1][0] == "<b>"
    assert "<script>" not in page.html
    assert "<img" not in page.html
    assert "<bdi>\u202eevil</bdi>" in page.html


async def test_a_site_without_visits_shows_what_to_paste(mara: Browser) -> None:
    """Before the first visit the page is the snippet and when to come back."""
    page = (await mara.get("/sites/example.com")).page
    assert "Nothing has been counted yet" in page.text
    assert "within a minute of the first visit" in page.text
    assert '<script defer data-domain="example.com"' in page.text
    assert page.tiles == {}


async def test_a_site_whose_hits_are_all_left_out_says_why(mara: Browser, desk: Desk, site: Site) -> None:
    """If nothing is counted although something came, the page shows the reasons at once."""
    desk.ledger(site, received=12, bot=9, prefetch=3)
    page = (await mara.get("/sites/example.com")).page
    assert "In the last 30 days: received 12, counted 0, left out 12" in page.text
    assert "<details" in page.html
    assert " open>" in page.html


async def test_lists_below_the_threshold_say_from_when_on_they_fill(mara: Browser, desk: Desk, site: Site) -> None:
    """With fewer than k visitors there are totals, and each list says in words why it is empty."""
    desk.visits(site, 4, ["/"])
    desk.roll(site)
    page = (await mara.get("/sites/example.com")).page
    assert page.tiles["Visitors"] == "4"
    assert "No source has had 5 visitors on one day. From 5 on, it is listed here." in page.text
    assert "An event is listed once 5 visitors have sent it on one day." in page.text
    assert "Sources" not in page.tables


async def test_a_day_without_visits_leads_to_the_first_with_some(mara: Browser, desk: Desk, site: Site) -> None:
    """An empty period says where the reports begin."""
    _a_day(desk, site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com")).page
    assert "No visits on this day" in page.text
    assert page.links["Saturday, 16 May 2026"] == "/sites/example.com?period=day&date=2026-05-16"
    assert page.tables == {}


async def test_events_of_the_sites_own_are_listed(mara: Browser, desk: Desk, site: Site) -> None:
    """A custom event has its row with visitors, how often it came, and of how many visitors."""
    desk.visits(site, 10, ["/", "/", "/"], YESTERDAY, name="Signup")
    desk.visits(site, 30, ["/"], YESTERDAY)
    desk.roll(site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
    assert page.tables["Events"] == [
        ["Event", "Visitors", "Events", "Conversion rate"],
        ["Signup", "10", "30", "25%"],
    ]


async def test_pages_say_how_long_and_how_far_they_were_looked_at(
    mara: Browser, embedded: Store, desk: Desk, site: Site
) -> None:
    """Time on page and scroll depth stand beside a page once a tracker has told them."""
    desk.visits(site, 10, ["/", "/pricing"], YESTERDAY)
    told = [
        event(site, NOON - timedelta(days=1), visitor, name="engagement", engaged=9_000, scroll_depth=64)
        for visitor in range(desk.visitors - 9, desk.visitors + 1)
    ]
    store_events(embedded, told)
    desk.roll(site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
    assert page.tables["Pages"] == [
        ["Page", "Visitors", "Pageviews", "Time on page", "Scroll depth"],
        ["/", "10", "10", "9s", "64%"],
        ["/pricing", "10", "10", NOTHING, NOTHING],
    ]


async def test_what_was_left_out_is_told(mara: Browser, desk: Desk, site: Site) -> None:
    """The page has the ledger of its days in words, and says who is counted nowhere."""
    _a_day(desk, site, TODAY, close=False)
    desk.ledger(site, received=70, stored=58, prefetch=2, bot=10)
    page = (await mara.get("/sites/example.com")).page
    heading = "On this day: received 70, counted 58, left out 12"
    assert page.tables[heading] == [
        ["Left out", "Hits"],
        ["Crawlers, scripts and browsers that no person looks at", "10"],
        ["Pages fetched ahead by a browser, which nobody has seen yet", "2"],
    ]
    assert "are counted nowhere, not even here" in page.text


async def test_the_maker_of_the_country_database_is_named(mara: Browser, desk: Desk, site: Site) -> None:
    """The page that shows countries links to DB-IP, as its licence asks."""
    _a_day(desk, site, TODAY, close=False)
    assert (await mara.get("/sites/example.com")).page.links["IP geolocation by DB-IP"] == "https://db-ip.com"


async def test_periods_are_links(mara: Browser, desk: Desk, site: Site) -> None:
    """Every period is an address that can be kept, and each leads to the days before."""
    _a_day(desk, site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
    base = "/sites/example.com?period="
    assert (
        page.links
        | {
            "Today": base + "day",
            "Yesterday": base + "day&date=2026-05-16",
            "7 days": base + "7d",
            "30 days": base + "30d",
            "Month to date": base + "month",
            "←": base + "day&date=2026-05-15",
            "→": base + "day&date=2026-05-17",
        }
        == page.links
    )
    for path in page.links.values():
        if path.startswith("/"):
            assert (await mara.get(path)).status in {200, 303}
    custom = await mara.get(base + "custom&from=2026-05-10&to=2026-05-16")
    assert "10 \u2013 16 May 2026" in custom.page.text
    assert (custom.page.fields["from"], custom.page.fields["to"]) == ("2026-05-10", "2026-05-16")
    assert custom.page.tiles["Visitor-days"] == "38"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("period=custom&from=2026-05-17&to=2026-05-01", "The last day lies before the first day."),
        ("period=custom&from=2026-05-17", "Choose both the first day and the last day."),
        ("period=day&date=yesterday", "A day is written like 2026-05-17."),
        ("period=day&date=0001-01-01", "A day lies between 2000-01-01 and 2100-12-31."),
        ("period=custom&from=2000-01-01&to=2100-01-01", "at most 3660"),
        ("period=fortnight", "is no period"),
        ("period=%3Cscript%3E", "is no period"),
    ],
)
async def test_a_period_that_is_none_is_explained(
    mara: Browser, desk: Desk, site: Site, query: str, message: str
) -> None:
    """A wrong period gives today, says what is wrong, and breaks nothing."""
    _a_day(desk, site, TODAY, close=False)
    answer = await mara.get(f"/sites/example.com?{query}")
    assert answer.status == 400
    assert message in answer.page.text
    assert "Today is shown instead." in answer.page.text
    assert answer.page.tiles["Visitors"] == "38"
    assert "<script>" not in answer.page.html


async def test_the_sites_own_midnight_begins_its_day(
    embedded: Store, desk: Desk, clock: Hands, account: str
) -> None:
    """At noon in UTC it is tomorrow already in Auckland."""
    site = add_site(embedded, "shop.example", "Pacific/Auckland", NOON)
    desk.visits(site, 6)
    desk.roll(site)
    async with browsing(embedded, clock) as browser:
        await browser.log_in(EMAIL, PASSWORD)
        page = (await browser.get("/sites/shop.example")).page
    assert "Monday, 18 May 2026" in page.text
    assert page.tiles["Visitors"] == "6"
    assert page.tables["The graph as a table"][-1][0] == "00:00 to 00:59 (so far)"


async def test_the_page_never_reads_events(mara: Browser, desk: Desk, site: Site) -> None:
    """A page is made of reports: it is the same after the raw events are gone."""
    _a_day(desk, site, TODAY, close=True)
    before = await mara.get("/sites/example.com")
    desk.store.run("TRUNCATE TABLE events")
    assert (await mara.get("/sites/example.com")).page.html == before.page.html
    desk.visits(site, 50, ["/new"])
    assert (await mara.get("/sites/example.com")).page.html == before.page.html
