"""The page of a site: what the report says, no more and no less."""

from datetime import date, timedelta

import pytest
from markupsafe import escape

from core.sites import Site, add_site
from core.store import Store
from dashboards.language import NOTHING
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Answer, Browser, Desk, Hands, browsing
from tests.fixtures.raw import event, store_events

TODAY = date(2026, 5, 17)
YESTERDAY = date(2026, 5, 16)
OTHER = "Other: too few to show"
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
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16&devices=device")).page
    assert page.tiles == {
        "Visitors": "38",
        "Visits": "38",
        "Pageviews": "58",
        "Views per visit": "1.53",
        "Bounce rate": "47.4%",
        "Visit duration": "5s",
    }
    assert page.tables["Sources"] == [
        ["Source", "Visitors", "Share", "Bounce rate", "Duration"],
        ["Google", "20", "52.6%", "0.0%", "10s"],
        ["Direct / None", "10", "26.3%", "100.0%", "0s"],
        [OTHER, "8", "21.1%", "100.0%", "0s"],
    ]
    assert page.tables["Pages"] == [
        ["Page", "Visitors", "Share"],
        ["/", "30", "78.9%"],
        ["/pricing", "20", "52.6%"],
        [OTHER, "8", "21.1%"],
    ]
    assert [row[:2] for row in page.tables["Countries"][1:]] == [
        ["\N{REGIONAL INDICATOR SYMBOL LETTER D}\N{REGIONAL INDICATOR SYMBOL LETTER E} Germany", "20"],
        ["\N{REGIONAL INDICATOR SYMBOL LETTER F}\N{REGIONAL INDICATOR SYMBOL LETTER R} France", "10"],
        [OTHER, "8"],
    ]
    assert [row[:2] for row in page.tables["Devices"][1:]] == [["Desktop", "20"], ["Mobile", "10"], [OTHER, "8"]]
    graph = page.tables["The graph as a table"]
    assert graph[0] == ["Time", "Visitors"]
    assert len(graph) == 25
    assert [row for row in graph[1:] if row[1] != "0"] == [["09:00 to 09:59", "38"]]
    assert "What fewer than 5 visitors did on a day is not shown separately" in page.text
    assert "not final" not in page.text
    for hidden in ("rare.example", "/secret", "Liechtenstein", "Tablet"):
        assert hidden not in page.html


async def test_several_days_are_visitor_days(mara: Browser, desk: Desk, site: Site) -> None:
    """Nobody is recognised the next day, and the page says so wherever days are added up."""
    _a_day(desk, site, YESTERDAY, close=True)
    _a_day(desk, site, TODAY, close=False)
    page = (await mara.get("/sites/example.com?period=7d")).page
    assert page.tiles["Visitor-days"] == "76"
    assert "Visitors" not in page.tiles
    assert "at least; counted daily" in page.text
    # The list of today is made, and follows when more have come.
    assert [row[:2] for row in page.tables["Sources"][:2]] == [["Source", "Visitor-days"], ["Google", "20"]]
    assert page.tables["The graph as a table"][-2:] == [
        ["Saturday, 16 May 2026", "38"],
        ["Sunday, 17 May 2026 (so far)", "38"],
    ]
    assert "Not final yet: Sunday, 17 May 2026." in page.text


async def test_an_unfinished_day_says_how_its_numbers_move(mara: Browser, desk: Desk, site: Site) -> None:
    """Totals are exact, rows move by fives and are shares of those who had come; the page says so, and when."""
    desk.visits(site, 13, ["/"])
    desk.roll(site)
    page = (await mara.get("/sites/example.com")).page
    assert page.tiles["Visitors"] == "13"
    assert "Pages" not in page.tables
    assert (
        "Today's lists lag a little behind: rows with 5 visitors appear once more visitors have come after them."
        in page.text
    )
    desk.visits(site, 6, ["/"])
    desk.roll(site)
    page = (await mara.get("/sites/example.com")).page
    assert page.tiles["Visitors"] == "19"
    assert page.tables["Pages"][1:] == [["/", "10", "76.9%"]]
    assert "This day is not final yet." in page.text
    assert "until it is final, lists lag a little behind and are rounded down to multiples of 5" in page.text
    assert "Updated 14:00, Europe/Berlin" in page.text
    assert page.tables["The graph as a table"][-1][0] == "14:00 to 14:59 (so far)"


@pytest.mark.parametrize("name", [HOSTILE, "/\u202egnp.exe", "=HYPERLINK(A1)", "/" + "long/" * 399])
async def test_a_hostile_name_stays_text(mara: Browser, desk: Desk, site: Site, name: str) -> None:
    """Paths and sources are written by strangers; on the page, and as a filter, they are mere words."""
    for _ in range(2):
        desk.visits(site, 12, [name], source=name, country="<b>", device=name)
        desk.roll(site)
    page = (await mara.get("/sites/example.com?devices=device")).page
    assert [page.tables[title][1][0] for title in ("Pages", "Sources", "Devices")] == [name] * 3
    assert page.tables["Countries"][1][0] == "<b>"
    assert "<script>" not in page.html
    assert "<img" not in page.html
    assert f"<bdi>{escape(name)}</bdi>" in page.html
    filtered = await mara.get(page.links[name])
    assert filtered.status == 200
    assert filtered.page.tiles["Visitors"] == "10"
    assert f'<bdi class="chip-value">{escape(name)}</bdi>' in filtered.page.html
    assert "<script>" not in filtered.page.html


async def test_a_site_without_visits_shows_what_to_paste(mara: Browser) -> None:
    """Before the first visit the page is the snippet, and says that it waits."""
    page = (await mara.get("/sites/example.com")).page
    assert "Waiting for the first visit" in page.text
    assert "This page updates by itself" in page.text
    assert '<script defer data-domain="example.com"' in page.text
    assert page.tiles == {}


async def test_a_site_whose_hits_are_all_left_out_says_why(mara: Browser, desk: Desk, site: Site) -> None:
    """If nothing is counted although something came, the page shows the reasons at once."""
    desk.ledger(site, received=12, bot=9, prefetch=3)
    page = (await mara.get("/sites/example.com")).page
    assert "Something arrived but was left out" in page.text
    assert page.tables["Left out, by reason"] == [
        ["Left out", "Requests"],
        ["Bots: crawlers, scripts and browsers without a person", "9"],
        ["Pages that a browser loaded in advance and nobody has seen yet", "3"],
    ]
    assert '<details class="fold" open>' in page.html


async def test_lists_below_the_threshold_say_from_when_on_they_fill(mara: Browser, desk: Desk, site: Site) -> None:
    """With fewer than k visitors there are totals, and each list says in words why it is empty."""
    desk.visits(site, 4, ["/"])
    desk.roll(site)
    page = (await mara.get("/sites/example.com")).page
    assert page.tiles["Visitors"] == "4"
    assert "Sources are listed once they have 5 visitors on one day. None has had that many." in page.text
    assert "An event is listed once 5 visitors have triggered it on one day." in page.text
    assert "Sources" not in page.tables


async def test_a_day_without_visits_leads_to_the_first_with_some(mara: Browser, desk: Desk, site: Site) -> None:
    """An empty period says where the reports begin."""
    _a_day(desk, site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=day")).page
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
        ["Event", "Visitors", "Conversion", "Count"],
        ["Signup", "10", "25.00%", "30"],
    ]


async def test_goals_are_listed_by_what_they_are_called(
    mara: Browser, embedded: Store, desk: Desk, site: Site
) -> None:
    """An event or a page that is a goal has its row under its title; one that too few reached has dashes."""
    desk.visits(site, 10, ["/", "/", "/"], YESTERDAY, name="Signup")
    desk.visits(site, 30, ["/", "/thanks"], YESTERDAY)
    desk.roll(site, YESTERDAY, close=True)
    for goal in (
        Goal(GoalKind.EVENT, "Signup", "New accounts"),
        Goal(GoalKind.PAGE, "/thanks"),
        Goal(GoalKind.EVENT, "Rare"),
    ):
        add_goal(embedded, site, goal, NOON)
    page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
    assert page.tables["Goals"] == [
        ["Goal", "Visitors", "Conversion", "Count"],
        ["/thanks", "30", "75.00%", "30"],
        ["New accounts", "10", "25.00%", "30"],
        ["Rare", NOTHING, NOTHING, NOTHING],
    ]
    assert "A dash means fewer than 5 visitors on each day." in page.text
    assert page.links["New accounts"] == "/sites/example.com?period=day&date=2026-05-16&f=is,event,Signup"
    events = (await mara.get("/sites/example.com?period=day&date=2026-05-16&goals=event")).page
    assert [row[0] for row in events.tables["Events"]] == ["Event", "Signup"]


async def test_a_goal_is_on_the_page_as_soon_as_it_is_added(mara: Browser, desk: Desk, site: Site) -> None:
    """And off it as soon as it is removed, though pages do not ask for goals each time."""
    desk.visits(site, 10, ["/thanks"], YESTERDAY)
    desk.roll(site, YESTERDAY, close=True)

    async def headings() -> list[str]:
        page = (await mara.get("/sites/example.com?period=day&date=2026-05-16")).page
        return [name for name, rows in page.tables.items() if ["/thanks", "10", "100.00%", "10"] in rows]

    before = await headings()
    await mara.fill("/sites/example.com/goals", kind="page", name="/thanks", title="")
    added = await headings()
    csrf = (await mara.get("/sites/example.com/goals")).page.fields["csrf"]
    await mara.post("/sites/example.com/goals/remove", {"csrf": csrf, "kind": "page", "name": "/thanks"})
    assert (before, added, await headings()) == ([], ["Goals"], [])


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
        ["Page", "Visitors", "Share", "Time on page", "Scroll depth"],
        ["/", "10", "100.0%", "9s", "64%"],
        ["/pricing", "10", "100.0%", NOTHING, NOTHING],
    ]


async def test_what_was_left_out_is_told(mara: Browser, desk: Desk, site: Site) -> None:
    """The page has the ledger of its days in words, and says who is counted nowhere."""
    _a_day(desk, site, TODAY, close=False)
    desk.ledger(site, received=70, stored=58, prefetch=2, bot=10)
    page = (await mara.get("/sites/example.com")).page
    assert (
        "Received 70, counted 58, left out 12 (pageviews, events, and messages about how long a page was in view)"
    ) in page.text
    assert page.tables["Left out, by reason"] == [
        ["Left out", "Requests"],
        ["Bots: crawlers, scripts and browsers without a person", "10"],
        ["Pages that a browser loaded in advance and nobody has seen yet", "2"],
    ]
    assert "are not counted anywhere, not even here" in page.text


async def test_the_maker_of_the_country_database_is_named(mara: Browser, desk: Desk, site: Site) -> None:
    """The page that shows countries links to DB-IP, as its licence asks."""
    _a_day(desk, site, TODAY, close=False)
    assert (await mara.get("/sites/example.com")).page.links["IP geolocation by DB-IP"] == "https://db-ip.com"


async def test_every_control_is_a_link_that_works(mara: Browser, desk: Desk, site: Site) -> None:
    """Whatever a page offers is an address that can be kept: periods, comparison, numbers, tabs, rows, steps."""
    _a_day(desk, site, YESTERDAY, close=True)
    page = (await mara.get("/sites/example.com?period=7d&compare=previous&f=is,country,DE")).page
    kept = "&compare=previous&f=is,country,DE"
    base = "/sites/example.com?period="
    expected = {
        "Today D": f"{base}day{kept}",
        "Yesterday E": f"{base}yesterday{kept}",
        "Last 28 days F": f"{base}28d{kept}",
        "Month to date M": f"{base}month{kept}",
        "No comparison": f"{base}7d&f=is,country,DE",
        "Same dates": f"{base}7d&compare=previous&match=none&f=is,country,DE",
        "is": f"{base}7d&compare=previous&f=is_not,country,DE",
        "Channels": f"{base}7d{kept}&sources=channel",
        "Google": f"{base}7d&compare=previous&f=is,source,Google",
        "Saturday, 16 May 2026": f"{base}day&date=2026-05-16{kept}",
    }
    assert page.links | expected == page.links
    own = {path for path in page.links.values() if path.startswith("/")}
    assert len(own) > 40
    for path in own:
        assert (await mara.get(path)).status in {200, 303}, path


async def test_days_of_choice_are_a_form(mara: Browser, desk: Desk, site: Site) -> None:
    """The fields hold the days that are shown, and keep the rest of the view."""
    _a_day(desk, site, YESTERDAY, close=True)
    path = "/sites/example.com?period=custom&from=2026-05-10&to=2026-05-16&metric=visits"
    page = (await mara.get(path)).page
    assert "10 \N{EN DASH} 16 May 2026" in page.text
    assert (page.fields["from"], page.fields["to"]) == ("2026-05-10", "2026-05-16")
    assert (page.fields["period"], page.fields["metric"]) == ("custom", "visits")
    assert page.tiles["Visitor-days"] == "38"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("period=custom&from=2026-05-17&to=2026-05-01", "The last day is before the first day."),
        ("period=custom&from=2026-05-17", "Choose both a first day and a last day."),
        ("period=day&date=yesterday", "“yesterday” is not a valid day. Write one like 2026-05-17"),
        ("period=day&date=0001-01-01", "between 2000-01-01 and 2099-12-31"),
        ("period=custom&from=2000-01-01&to=2099-01-01", "At most 3,660 days"),
        ("period=fortnight", "“fortnight” is not a period"),
        ("period=%3Cscript%3E", "“<script>” is not a period"),
        ("f=is,referrer,example.org", "There is no filter by “referrer”"),
        ("f=is_not,page,/", "Reports cannot tell which visits did not have “/”"),
        ("f=is,source,Google&f=is,country,DE", "reports have one filter at a time"),
    ],
)
async def test_what_is_asked_in_vain_is_explained(
    mara: Browser, desk: Desk, site: Site, query: str, message: str
) -> None:
    """A wrong address says what is wrong with it, shows all the rest, and breaks nothing."""
    _a_day(desk, site, TODAY, close=False)
    answer = await mara.get(f"/sites/example.com?{query}")
    assert answer.status == 400
    assert message in answer.page.text
    assert set(answer.page.tiles) >= {"Visitors", "Visits"}
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
    before = _but_its_token(await mara.get("/sites/example.com"))
    desk.store.run("TRUNCATE TABLE events")
    assert _but_its_token(await mara.get("/sites/example.com")) == before
    desk.visits(site, 50, ["/new"])
    assert _but_its_token(await mara.get("/sites/example.com")) == before


def _but_its_token(answer: Answer) -> str:
    """Give a page without what is another in every one."""
    return answer.page.html.replace(answer.page.fields["csrf"], "")
