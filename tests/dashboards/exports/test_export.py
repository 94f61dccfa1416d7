"""Taking reports away: as CSV, and all of them in a ZIP."""

import csv
import io
import zipfile
from datetime import date, timedelta

import pytest

from core.accesses import read_accesses
from core.profiles import Profile
from core.sites import Site, change_site
from core.store import Store
from dashboards.people.roles import write_standing
from dashboards.permissions import Role, Standing
from dashboards.sites.goals import Goal, GoalKind, add_goal
from tests.dashboards.conftest import EMAIL, NOON, Browser, Desk
from tests.fixtures.raw import event, store_events

YESTERDAY = date(2026, 5, 16)
DAY = "period=day&date=2026-05-16"


def _a_day(desk: Desk, site: Site, day: date = YESTERDAY) -> None:
    desk.visits(site, 20, ["/", "=cmd()"], day, source="Google", country="DE", device="Desktop")
    desk.visits(site, 10, ["/"], day, source="", country="FR", device="Mobile")
    desk.visits(site, 4, ["/hidden"], day, source="rare.example", country="LI", device="Tablet")
    desk.visits(site, 4, ["/secret"], day, source="odd.example", country="SM", device="Watch")
    desk.roll(site, day, close=True)


async def _body(browser: Browser, path: str) -> bytes:
    async with browser.client.get(path, headers={"Accept": "text/html"}, allow_redirects=False) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.read()


async def _archive(browser: Browser, query: str) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(await _body(browser, f"/sites/example.com/export.zip?{query}"))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


async def test_a_list_is_a_csv_file(mara: Browser, desk: Desk, site: Site) -> None:
    """The file has the list's rows, "Other" without a name, what looks like a formula as text, a telling name."""
    _a_day(desk, site)
    answer = await mara.get(f"/sites/example.com/export.csv?list=page&{DAY}")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="example.com_page_2026-05-16.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert (await _body(mara, f"/sites/example.com/export.csv?list=page&{DAY}")).decode() == (
        "\ufeffpage,visitors,visits,pageviews,events,bounce_rate,visit_duration,time_on_page,scroll_depth,"
        "conversion_rate\r\n"
        "/,30,30,30,30,33.3,,,,78.95\r\n"
        "'=cmd(),20,20,20,20,0.0,,,,52.63\r\n"
        ",8,8,8,8,100.0,,,,21.05\r\n"
    )


async def test_everything_is_one_archive(mara: Browser, desk: Desk, site: Site) -> None:
    """Each list, the totals, the graph, the ledger by day, and in words what the numbers mean."""
    at, sent = NOON - timedelta(days=1), {"name": "Signup", "props": {"plan": "pro"}}
    store_events(desk.store, [event(site, at, number, **sent) for number in range(501, 513)])
    _a_day(desk, site)
    desk.visits(site, 12)
    desk.roll(site)
    desk.ledger(site, received=41, stored=38, bot=3)
    files = await _archive(mara, "period=7d")
    lists = ["event", "entry_page", "exit_page", "hostname", "source", "referrer", "channel", "country"]
    lists += ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "browser"]
    lists += ["browser_version", "os", "os_version", "device", "screen", "page", "prop-plan"]
    expected = {f"{name}.csv" for name in lists}
    assert files.keys() == expected | {"README.txt", "totals.csv", "graph_by_day.csv", "ledger.csv"}
    assert files["ledger.csv"].splitlines() == [
        "day,outcome,hits",
        "2026-05-17,bot,3",
        "2026-05-17,received,41",
        "2026-05-17,stored,38",
    ]
    assert [line.split(",")[:2] for line in files["graph_by_day.csv"].splitlines()[-2:]] == [
        ["2026-05-16", "50"],
        ["2026-05-17", "12"],
    ]
    assert files["country.csv"].splitlines()[1].startswith("DE,20,20,")
    assert [line.split(",")[:2] for line in files["prop-plan.csv"].splitlines()[1:]] == [["pro", "12"]]
    readme = " ".join(files["README.txt"].split())
    for words in (
        "example.com, 11 \N{EN DASH} 17 May 2026",
        "on Sunday, 17 May 2026 at 14:00. Days and hours follow the time zone Europe/Berlin.",
        "There were at least as many visitors as stated.",
        "someone who comes on three days counts three times",
        "Rows of at least 5 visitors",
        "Not final yet: Sunday, 17 May 2026.",
        "received = stored + all other rows",
    ):
        assert words in readme
    assert "\n" not in files["README.txt"].replace("\r\n", "")
    hidden = ("rare.example", "/secret", "LI", "Tablet")
    assert [name for name in hidden if any(name in files[f"{each}.csv"] for each in lists)] == []


async def test_goals_are_a_file_like_the_panel(mara: Browser, desk: Desk, site: Site) -> None:
    """Pages and events by what they are called, most visitors first; "CSV" leads there, and the archive has it."""
    at, sent = NOON - timedelta(days=1), {"name": "Signup", "props": {"plan": "pro"}}
    store_events(desk.store, [event(site, at, number, **sent) for number in range(501, 513)])
    _a_day(desk, site)
    _a_day(desk, site, date(2026, 5, 15))
    query = f"{DAY}&compare=previous&match=none"
    assert "goals.csv" not in await _archive(mara, query)
    for goal in (
        Goal(GoalKind.EVENT, "Signup", "Signed up"),
        Goal(GoalKind.PAGE, "/", "=Home"),
        Goal(GoalKind.PAGE, "/hidden"),
    ):
        add_goal(desk.store, site, goal, NOON)
    mara.board.goals.forget(site.number)
    page = (await mara.get(f"/sites/example.com?{query}")).page
    assert "Details: Goals" not in page.links
    text = (await _body(mara, page.links["CSV: Goals"])).decode()
    assert text == (
        "\ufeffgoal,kind,name,visitors,count,conversion_rate,visitors_before,visitors_change\r\n"
        "'=Home,page,/,30,30,60.0,30,0.0\r\n"
        "Signed up,event,Signup,12,12,24.0,,\r\n"
        "/hidden,page,/hidden,,,,,\r\n"
    )
    files = await _archive(mara, query)
    assert files["goals.csv"] == text.removeprefix("\ufeff")
    assert "kind says whether an event or a page is counted" in " ".join(files["README.txt"].split())
    filtered = f"{query}&f=is,country,DE"
    rows = (await _body(mara, f"/sites/example.com/export.csv?list=goals&{filtered}")).decode().splitlines()
    assert rows[1] == "'=Home,page,/,20,20,100.0,20,0.0,False"


async def test_filter_and_comparison_are_obeyed(mara: Browser, desk: Desk, site: Site) -> None:
    """The file has what the page shows under the filter, beside the range before."""
    _a_day(desk, site)
    _a_day(desk, site, date(2026, 5, 15))
    query = f"{DAY}&compare=previous&match=none&f=is,country,DE"
    text = (await _body(mara, f"/sites/example.com/export.csv?list=source&{query}")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["source"], row["visitors"], row["visitors_before"], row["visitors_change"]) for row in rows] == [
        ("Google", "20", "20", "0.0")
    ]
    files = await _archive(mara, query)
    assert files["totals.csv"].splitlines()[1] == "20,20,40,40,0.0,10.0,20,0.0"
    assert "browser_version.csv" not in files
    readme = " ".join(files["README.txt"].split())
    assert "Only visits with country = DE." in readme
    assert "Compared with Friday, 15 May 2026." in readme
    assert "rounded to multiples of 5" in readme
    assert len(files["graph_by_hour.csv"].splitlines()) == 25


async def test_a_strict_sites_archive_has_no_exact_ledger(
    mara: Browser, desk: Desk, site: Site, embedded: Store
) -> None:
    """Beside rounded numbers exact ones would undo the rounding; the archive says that they are left out."""
    strict = change_site(embedded, site.domain, NOON.replace(hour=13), Profile.STRICT)
    mara.board.sites.refresh(embedded)
    desk.visits(strict, 38, day=YESTERDAY, country="DE")
    desk.roll(strict, YESTERDAY, close=True)
    desk.ledger(strict, received=41, stored=38, bot=3)
    files = await _archive(mara, DAY)
    assert "ledger.csv" not in files
    assert "rounded to tens" in files["README.txt"]
    assert "its counts are exact, and these numbers must not be" in " ".join(files["README.txt"].split())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("list=secrets", "'secrets' is not a dimension"),
        ("list=hour&period=7d", "Hours are only available for a single day"),
        ("list=page&period=never", "never"),
        ("list=page&f=is_not,country,DE", "have totals and a graph, and no lists"),
        ("list=goals&f=is_not,country,DE", "have totals and a graph, and no lists"),
        ("list=page&f=is,referrer,x", "referrer"),
        ("list=browser_version&f=is,country,DE", "browser_version is not listed under a filter"),
    ],
)
async def test_what_cannot_be_exported_is_said(mara: Browser, query: str, words: str) -> None:
    """A wrong address gives a page that names the mistake, never an empty file."""
    answer = await mara.get(f"/sites/example.com/export.csv?{query}")
    assert answer.status == 400
    assert words in answer.page.text


async def test_an_unknown_site_has_nothing_to_take_away(mara: Browser) -> None:
    """No file is made up for a site that is not here."""
    for file in ("export.csv", "export.zip"):
        assert (await mara.get(f"/sites/unknown.example/{file}")).status == 404


async def test_exports_are_in_the_access_record(mara: Browser, embedded: Store, site: Site) -> None:
    """Who took which list away is written down."""
    await _body(mara, "/sites/example.com/export.csv?list=source")
    await _body(mara, "/sites/example.com/export.zip")
    lines = [(line.who, line.what, line.site, line.detail) for line in read_accesses(embedded)]
    assert [line for line in lines if line[1] == "export"] == [
        (EMAIL, "export", site.number, "source"),
        (EMAIL, "export", site.number, "everything"),
    ]


async def test_the_page_offers_what_can_be_taken_away(
    mara: Browser, desk: Desk, site: Site, embedded: Store
) -> None:
    """Links to all files, in the view that is open; none for who may not take reports away."""
    _a_day(desk, site)
    query = "?period=day&date=2026-05-16&f=is,country,DE"
    links = (await mara.get(f"/sites/example.com{query}")).page.links
    files = {"all lists (ZIP)": "export.zip", "the graph (PNG)": "graph.png", "the graph (SVG)": "graph.svg"}
    assert {name: links[name] for name in files} == {
        name: f"/sites/example.com/{file}{query}" for name, file in files.items()
    }
    assert links["by e-mail, weekly or monthly"] == "/sites/example.com/reports"
    for link in files.values():
        assert (await mara.get(f"/sites/example.com/{link}{query}")).status == 200
    write_standing(embedded, EMAIL, Standing(by_site={site.number: Role.VIEWER}), NOON)
    assert not files.keys() & (await mara.get(f"/sites/example.com{query}")).page.links.keys()
    assert (await mara.get(f"/sites/example.com/export.zip{query}")).status == 403
