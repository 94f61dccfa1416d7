"""The page where a site's reports are shared."""

import asyncio

import pytest

from core.accesses import read_accesses
from core.sites import Site, add_site
from core.store import Store
from dashboards.sharing.shared_links import add_link, links_of
from tests.dashboards.conftest import EMAIL, NOON, Answer, Browser
from tests.fixtures.hands import Hands

PATH = "/sites/example.com/sharing"


def _shown(answer: Answer) -> str:
    """Give the address that is shown once."""
    return answer.page.html.partition("<code>")[2].partition("</code>")[0]


def _recorded(store: Store) -> list[tuple[str, str]]:
    return [(line.what, line.detail) for line in read_accesses(store) if line.what != "page"]


async def test_a_link_is_made_shown_once_and_revoked(
    mara: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """It opens the page; the list has its name, its maker and the day of its last use, and not the link."""
    made = await mara.fill(PATH, name="Board")
    address = _shown(made)
    token = address.rpartition("/")[2]
    assert address == f"{mara.client.make_url('/share')}/{token}"
    assert "iframe" not in made.page.html
    assert (await mara.get(f"/share/{token}")).status == 200
    listed = await mara.get(PATH)
    assert token not in listed.page.html
    assert listed.page.tables["Shared links"][1][:3] == [
        "Board",
        f"17 May 2026 {EMAIL}",
        "17 May 2026",
    ]
    clock.move(seconds=1)
    assert (await mara.post(f"{PATH}/revoke", listed.page.fields)).to == PATH
    assert (await mara.get(f"/share/{token}")).status == 404
    assert _recorded(embedded) == [("link added", "Board"), ("link revoked", "Board")]


async def test_a_link_for_frames_comes_with_the_line_to_paste(mara: Browser, embedded: Store, site: Site) -> None:
    """Its origins are those that were written, and the line names the link."""
    made = await mara.fill(PATH, name="Wall", origins="https://www.example.com http://localhost:8080/")
    assert f'<iframe src="{_shown(made)}"' in made.page.text
    [link] = links_of(embedded, site.number)
    assert (link.origins, link.creator) == (("https://www.example.com", "http://localhost:8080"), EMAIL)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "Board", "password": "short"}, "at least 8 characters"),
        ({"name": "Board", "origins": "example.com"}, "is not a website address"),
        ({"name": "Board", "password": "only for you", "origins": "https://a.com"}, "Leave one of these empty"),
    ],
)
async def test_a_mistake_is_told_beside_its_field(
    mara: Browser, embedded: Store, site: Site, fields: dict[str, str], message: str
) -> None:
    """What was right stays, the password does not, and no link is made."""
    answer = await mara.fill(PATH, **fields)
    assert (answer.status, message in answer.page.text) == (400, True)
    assert answer.page.fields["name"] == fields["name"]
    assert answer.page.fields["password"] == ""
    assert links_of(embedded, site.number) == []


async def test_a_form_that_is_sent_again_makes_no_second_link(
    mara: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """A reload, or a double click, is told that the name is taken; one that was revoked is free again."""
    fields = (await mara.get(PATH)).page.fields | {"name": "Board"}
    both = await asyncio.gather(mara.post(PATH, fields), mara.post(PATH, fields))
    again = await mara.post(PATH, fields | {"name": " Board "})
    assert sorted(answer.status for answer in both) == [200, 400]
    assert (again.status, 'id="name-error">There is already a link with this name' in again.page.html) == (
        400,
        True,
    )
    assert _recorded(embedded) == [("link added", "Board")]
    clock.move(seconds=1)
    await mara.post(f"{PATH}/revoke", (await mara.get(PATH)).page.fields)
    assert (await mara.post(PATH, fields)).status == 200
    assert [link.name for link in links_of(embedded, site.number)] == ["Board"]


async def test_a_link_of_another_site_is_not_revoked_here(
    mara: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """Its name in this site's form changes nothing."""
    other = add_site(embedded, "other.example", "UTC", NOON)
    add_link(embedded, other.number, EMAIL, NOON, "Board")
    [link] = links_of(embedded, other.number)
    fields = (await mara.get(PATH)).page.fields | {"link": link.link}
    clock.move(seconds=1)
    await mara.post(f"{PATH}/revoke", fields)
    assert links_of(embedded, other.number) == [link]
    assert _recorded(embedded) == []


async def test_a_dashboard_is_made_public_and_private(
    mara: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """The page says which it is, with the address for everybody."""
    opened = (await mara.get(PATH)).page
    assert "Off: only people with an account or a link" in opened.text
    clock.move(seconds=1)
    assert (await mara.post("/sites/example.com/public", opened.fields)).to == PATH
    opened = (await mara.get(PATH)).page
    assert str(mara.client.make_url("/public/example.com")) in opened.links
    clock.move(seconds=1)
    await mara.post("/sites/example.com/public", opened.fields)
    assert (await mara.get("/public/example.com")).status == 404
    assert _recorded(embedded) == [("dashboard made public", ""), ("dashboard made private", "")]
