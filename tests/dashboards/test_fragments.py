"""What of a page a script gets, and that a browser without scripts gets the same."""

import re

import pytest

from core.sites import Site
from tests.dashboards.conftest import Browser, Desk

PATH = "/sites/example.com"


@pytest.fixture(autouse=True)
def _visits(desk: Desk, site: Site) -> None:
    desk.visits(site, 20, ["/", "/pricing"], source="Google", country="DE")
    desk.roll(site, close=True)


def _asked(region: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": region}


@pytest.mark.parametrize(
    ("path", "region", "begins"),
    [
        (PATH, "report", "<title>example.com, Today · Footfall</title>"),
        (f"{PATH}?pages=entry_page", "panel-pages", '<section id="panel-pages"'),
        (f"{PATH}?goals=event", "panel-goals", '<section id="panel-goals"'),
        (f"{PATH}/lists/page", "list-full", '<div id="list-full"'),
        (f"{PATH}/lists/page", "list-rows", '<div id="list-rows"'),
        (f"{PATH}/lists/page", "dialog-full", '<div id="dialog-full"'),
        (f"{PATH}/lists/page", "dialog-rows", '<div id="dialog-rows"'),
        (f"{PATH}/lists/page", "list-dialog", '<div class="sheet-head">'),
    ],
)
async def test_a_region_is_the_very_part_of_its_page(mara: Browser, path: str, region: str, begins: str) -> None:
    """A script gets the part that it swaps and nothing around it, and caches keep both apart."""
    whole, part = await mara.get(path), await mara.get(path, **_asked(region))
    html = part.page.html.strip()
    assert html.startswith(begins)
    assert "<html" not in html
    assert {"HX-Request", "HX-Target"} <= set(re.split(r", ?", ", ".join(part.headers.getall("Vary"))))
    if "dialog" not in region:
        own, _, said = html.partition('<p id="list-found" hx-swap-oob')
        begin, end, more = own.partition("</title>")
        assert all(_squeezed(each) in _squeezed(whole.page.html) for each in (begin + end, more or begin))
        assert bool(said) is (region == "list-rows")


async def test_a_page_that_is_gone_back_to_is_whole(mara: Browser) -> None:
    """Htmx asks for the whole page when it has no copy of one in the history."""
    answer = await mara.get(PATH, **_asked("report"), **{"HX-History-Restore-Request": "true"})
    assert answer.page.html.startswith("<!doctype html>")


async def test_what_is_asked_in_vain_is_swapped_as_well(mara: Browser) -> None:
    """The region says what is wrong, and is no error for the script."""
    answer = await mara.get(f"{PATH}?period=fortnight", **_asked("report"))
    assert answer.status == 200
    assert "“fortnight” is not a period" in answer.page.text


async def test_a_list_is_a_page_of_its_own(mara: Browser) -> None:
    """All columns, sorted and searched by the address; what is no list is not found."""
    page = (await mara.get(f"{PATH}/lists/page?period=day&sort=name&search=PRIC")).page
    assert page.tables["Pages"] == [
        ["Page", "Visitors", "Share", "Visits", "Views", "Bounce rate"],
        ["/pricing", "20", "100.0%", "20", "20", "0.0%"],
    ]
    assert page.fields["search"] == "PRIC"
    assert page.fields["sort"] == "name"
    assert page.fields["period"] == "day"
    wrong = (await mara.get(f"{PATH}/lists/page?sort=person&page=0")).page
    assert "The list cannot be sorted by “person”." in wrong.text
    assert "The list has no page “0”." in wrong.text
    assert (await mara.get(f"{PATH}/lists/person")).status == 404
    assert (await mara.get(f"{PATH}/lists/map")).status == 404
    assert (await mara.get(f"{PATH}/lists/prop:plan")).status == 200


def _squeezed(html: str) -> str:
    return " ".join(html.split())
