"""The list of sites, a new one, and what to paste."""

import re
from datetime import date

import pytest

from core.domains import domain_in_words
from core.sites import Site, add_site, list_sites
from core.store import Store
from tests.dashboards.conftest import NOON, Browser, Desk, Hands, browsing

YESTERDAY = date(2026, 5, 16)


def _menus(html: str) -> list[tuple[list[str], list[str]]]:
    """Give of each menu of pages its entries, and those that are the open page."""
    named = r'<nav (?:class="site-nav" )?aria-label="(?:Main|Pages of [^"]+)">(.*?)</nav>'
    menus = re.findall(named, html, re.DOTALL)
    return [
        (re.findall(r"<a [^>]*>([^<]+)</a>", menu), re.findall(r'<a [^>]*aria-current="page">([^<]+)</a>', menu))
        for menu in menus
    ]


async def test_one_site_is_shown_at_once(mara: Browser) -> None:
    """Who has one site only is led to it."""
    assert (await mara.get("/")).to == "/sites/example.com"


async def test_the_menu_is_the_same_on_every_page(mara: Browser, desk: Desk, site: Site) -> None:
    """With one site, too: its report, a list, its settings offer the same pages, and say which one is open.

    "Sites" leads to the list of them, not back to the report of the only one.
    """
    desk.visits(site, 20)
    desk.roll(site)
    paths = ("", "/lists/page", "/settings", "/goals", "/sharing", "/reports", "/install")
    pages = [(await mara.get(f"/sites/example.com{path}")).page.html for path in paths]
    main = ["Sites", "People", "Add a site", "Account"]
    others = ["Reports", "Settings", "Goals", "Sharing", "E-mail", "Snippet"]
    assert [_menus(page) for page in pages] == [
        [(main, []), (others, ["Reports"])],
        [(main, []), (others, ["Reports"])],
        *([(main, []), (others, [title])] for title in others[1:]),
    ]
    assert [_menus((await mara.get(path)).page.html) for path in ("/sites", "/account")] == [
        [(main, ["Sites"])],
        [(main, ["Account"])],
    ]
    listed = (await mara.get("/sites")).page
    assert (listed.links["Sites"], listed.tables["Sites"][1][0]) == ("/sites", "example.com")


async def test_several_sites_are_listed_with_today_and_yesterday(mara: Browser, desk: Desk, site: Site) -> None:
    """Each line has the visitors and views of the site's own today and yesterday."""
    other = add_site(desk.store, "other.example", "Pacific/Auckland", NOON)
    mara.board.sites.refresh(desk.store)
    desk.visits(site, 7, ["/", "/pricing"])
    desk.visits(site, 3, day=YESTERDAY)
    desk.visits(other, 1)
    desk.roll(site)
    desk.roll(site, YESTERDAY, close=True)
    desk.roll(other, date(2026, 5, 18))
    page = (await mara.get("/")).page
    assert page.tables["Sites"] == [
        ["Site", "Visitors today, so far", "Visitors yesterday"],
        ["example.com", "7 14 views", "3 3 views"],
        ["other.example", "1 1 view", "0 0 views"],
    ]
    assert page.links["other.example"] == "/sites/other.example"


async def test_without_a_site_the_page_says_what_to_do(embedded: Store, clock: Hands, account: str) -> None:
    """An empty list leads to the form."""
    async with browsing(embedded, clock) as browser:
        await browser.log_in()
        page = (await browser.get("/")).page
        assert "No sites yet" in page.text
        assert page.links["Add a site"] == "/sites/new"


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("shop.example", "shop.example"),
        (" WWW.Shop.Example. ", "shop.example"),
        ("https://www.shop.example/cart?x=1#top", "shop.example"),
        ("http://localhost:3000/", "localhost:3000"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
async def test_a_site_is_added_by_whatever_people_paste(
    mara: Browser, embedded: Store, typed: str, domain: str
) -> None:
    """A domain or any address of the site makes it, and the collector beside knows it at once."""
    answer = await mara.fill("/sites/new", domain=typed, timezone="Asia/Kolkata")
    assert answer.status == 303
    installed = await mara.get(answer.to)
    assert f"Install on {domain_in_words(domain)}" in installed.page.text
    assert f'data-domain="{domain}"' in installed.page.text
    assert [site.timezone for site in list_sites(embedded) if site.domain == domain] == ["Asia/Kolkata"]
    assert mara.board.sites.get(domain) is not None


@pytest.mark.parametrize(
    ("domain", "timezone", "message"),
    [
        ("example.com", "UTC", "example.com has already been added."),
        ("exa mple", "UTC", "Write it like example.com"),
        ("<script>", "UTC", "Write it like example.com"),
        ("https://", "UTC", "Write it like example.com"),
        ("http://[::1", "UTC", "Write it like example.com"),
        ("new.example", "localtime", "Choose a time zone from the list."),
        ("new.example", "../../etc/passwd", "Choose a time zone from the list."),
    ],
)
async def test_what_cannot_be_a_site_is_refused_beside_its_field(
    mara: Browser, embedded: Store, domain: str, timezone: str, message: str
) -> None:
    """The message says what to do, what was typed stays, and nothing is made."""
    answer = await mara.fill("/sites/new", domain=domain, timezone=timezone)
    assert answer.status == 400
    assert message in answer.page.text
    assert answer.page.fields["domain"] == domain
    assert 'aria-invalid="true"' in answer.page.html
    assert [site.domain for site in list_sites(embedded)] == ["example.com"]


async def test_the_snippet_is_the_one_line_to_paste(mara: Browser) -> None:
    """It names the host by which the browser came, the site, and an image for browsers without scripts."""
    host = f"http://{mara.client.host}:{mara.client.port}"
    text = (await mara.get("/sites/example.com/install")).page.text
    assert f'<script defer data-domain="example.com" src="{host}/js/script.js"></script>' in text
    assert (
        f'<noscript><img src="{host}/pixel.gif?d=example.com" alt="" '
        'referrerpolicy="no-referrer-when-downgrade"></noscript>'
    ) in text
    assert 'footfall("Signup", { props: { plan: "pro" } })' in text


async def test_the_snippet_names_the_public_address(
    embedded: Store, clock: Hands, account: str, site: Site
) -> None:
    """Where the operator states an address, the snippet has it, whatever host was asked."""
    async with browsing(embedded, clock, public_url="https://stats.example.com") as browser:
        await browser.log_in()
        text = (await browser.get("/sites/example.com/install")).page.text
        assert 'src="https://stats.example.com/js/script.js"' in text


async def test_a_hostile_host_header_stays_text(mara: Browser) -> None:
    """Whatever a request says its host is, it cannot become a part of the page."""
    page = (await mara.get("/sites/example.com/install", Host='"><script>alert(1)</script>')).page
    assert "<script>" not in page.html


async def test_an_unknown_site_is_no_page(mara: Browser) -> None:
    """A site that is not here gives the page that says so, for its dashboard and its snippet."""
    for path in ("/sites/nothing.example", "/sites/nothing.example/install", "/sites/%3Cscript%3E"):
        answer = await mara.get(path)
        assert answer.status == 404
        assert "Page not found" in answer.page.text
    assert (await mara.get("/sites/WWW.Example.com")).status == 200
