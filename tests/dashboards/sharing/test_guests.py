"""Guests: a site's page by a shared link, and in public."""

from datetime import timedelta

import pytest

from core.accesses import read_accesses
from core.errors import AccountError
from core.sites import Site, add_site
from core.store import Store
from dashboards.people.throttle import FREE_TRIES
from dashboards.sharing.public_sites import is_public, make_public
from dashboards.sharing.shared_links import PASSED_LASTS, add_link, find_link, links_of, read_origins, revoke_link
from tests.dashboards.conftest import EMAIL, NOON, Browser, Desk
from tests.fixtures.hands import Hands

FRAMES = ("https://www.example.com", "http://localhost:8080")


async def test_a_link_shows_the_page_to_who_has_no_account(
    nobody: Browser, embedded: Store, site: Site, desk: Desk
) -> None:
    """The same numbers and the same ways through them, below the link, without a cookie, and nothing to change."""
    desk.visits(site, 20, ["/pricing"])
    desk.roll(site)
    path = f"/share/{add_link(embedded, site.number, EMAIL, NOON, 'Board')}"
    answer = await nobody.get(path)
    assert (answer.status, answer.page.tiles["Visitors"]) == (200, "20")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    own = {link for link in answer.page.links.values() if not link.startswith(("#", "https://db-ip.com"))}
    assert len(own) > 3
    assert [link for link in own if not link.startswith(path)] == []
    assert {(await nobody.get(link)).status for link in own} == {200}
    assert (await nobody.get(f"{path}?period=7d")).page.tiles["Visitor-days"] == "20"
    assert {"Log out", "Snippet"} & set(answer.page.text.split()) == set()


async def test_who_reads_by_a_link_is_written_down_as_the_link(
    nobody: Browser, embedded: Store, site: Site
) -> None:
    """The record names the link, the site and the page; the day of its last use stands in the list of links."""
    token = add_link(embedded, site.number, EMAIL, NOON, "Board")
    await nobody.get(f"/share/{token}")
    lines = [(line.who, line.what, line.site, line.detail) for line in read_accesses(embedded)]
    assert lines == [("shared link Board", "page", site.number, "share:site")]
    assert [link.used for link in links_of(embedded, site.number)] == [NOON.date()]
    assert token not in str(embedded.rows("SELECT * FROM accesses"))
    assert embedded.rows(
        "SELECT count() FROM accesses WHERE detail LIKE {token:String}", {"token": f"%{token}%"}
    ) == [[0]]


async def test_a_link_opens_its_site_alone_and_nothing_once_revoked(
    nobody: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """No other site, no page of an account; of a link that is revoked, unknown or shortened the same is said."""
    token = add_link(embedded, site.number, EMAIL, NOON, "Board")
    [link] = links_of(embedded, site.number)
    assert (await nobody.get(f"/share/{token}/install")).status == 404
    assert (await nobody.get("/sites/example.com")).status == 303
    unknown = await nobody.get(f"/share/{'x' * 43}")
    assert "This link does not work It has been revoked, or its address is incomplete." in unknown.page.text
    for path in (f"/share/{token[:-1]}", "/share/x", f"/share/{link.link}"):
        answer = await nobody.get(path)
        assert (answer.status, answer.page.text) == (404, unknown.page.text)
    clock.move(seconds=1)
    assert revoke_link(embedded, 1, link.link, clock()) is None
    assert revoke_link(embedded, site.number, link.link, clock()) == link
    assert (await nobody.get(f"/share/{token}")).page.text == unknown.page.text
    assert (links_of(embedded, site.number), find_link(embedded, token, clock())) == ([], None)


async def test_a_link_can_ask_for_a_password(nobody: Browser, embedded: Store, site: Site, clock: Hands) -> None:
    """Nothing is seen before it; who gave it sees the page for thirty days, by this link and no other."""
    token = add_link(embedded, site.number, EMAIL, NOON, "Board", password="only for you")
    other = add_link(embedded, site.number, EMAIL, NOON, "Press", password="only for you")
    path = f"/share/{token}"
    for asked in (path, f"{path}?period=7d"):
        answer = await nobody.get(asked)
        assert (answer.status, answer.page.tiles, "password" in answer.page.fields) == (403, {}, True)
    wrong = await nobody.fill(path, password="not for you")
    assert (wrong.status, "not the password" in wrong.page.text) == (403, True)
    assert (await nobody.fill(path, password="only for you")).to == path
    assert (await nobody.get(path)).status == 200
    assert (await nobody.get(f"/share/{other}")).status == 403
    clock.move(seconds=PASSED_LASTS.total_seconds())
    assert (await nobody.get(path)).status == 403


async def test_guessing_a_links_password_is_slowed_down(
    nobody: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """After five tries even the right one has to wait; a link without a form's token takes none at all."""
    path = f"/share/{add_link(embedded, site.number, EMAIL, NOON, 'Board', password='only for you')}"
    for _ in range(FREE_TRIES):
        assert (await nobody.fill(path, password="a wrong guess")).status == 403
    answer = await nobody.fill(path, password="only for you")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    clock.move(seconds=1)
    assert (await nobody.post(path, {"password": "only for you"})).status == 403
    assert (await nobody.fill(path, password="only for you")).to == path


async def test_a_link_is_framed_by_the_named_origins_alone(nobody: Browser, embedded: Store, site: Site) -> None:
    """The policy lists exactly these; the older header, which can list none, is left out."""
    path = f"/share/{add_link(embedded, site.number, EMAIL, NOON, 'Wall', origins=FRAMES)}"
    answer = await nobody.get(path)
    ancestors = answer.headers["Content-Security-Policy"].rpartition("; ")[2]
    assert ancestors == "frame-ancestors https://www.example.com http://localhost:8080"
    assert "X-Frame-Options" not in answer.headers
    refused = await nobody.get(f"/share/{'x' * 43}")
    assert refused.headers["X-Frame-Options"] == "DENY"


async def test_a_public_dashboard_is_open_until_it_is_closed(
    nobody: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """Without a link and a cookie, its links below /public; a site that is not public looks like none."""
    add_site(embedded, "other.example", "UTC", NOON)
    nobody.board.sites.refresh(embedded)
    unknown = (await nobody.get("/public/nothing.example")).page.text
    for path in ("/public/example.com", "/public/other.example"):
        assert (await nobody.get(path)).page.text == unknown
    make_public(embedded, site.number, clock(), is_public=True)
    answer = await nobody.get("/public/www.Example.com")
    assert (answer.status, "Set-Cookie" in answer.headers) == (200, False)
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert (await nobody.get("/public/other.example")).status == 404
    clock.move(seconds=1)
    make_public(embedded, site.number, clock(), is_public=False)
    assert (await nobody.get("/public/example.com")).page.text == unknown


def test_links_are_kept(store: Store) -> None:
    """A link is found by its token, with its origins; the store has neither the token nor the password."""
    first = add_link(store, 7, EMAIL, NOON, " Board ", password="only for you")
    second = add_link(store, 7, EMAIL, NOON + timedelta(seconds=1), "Wall", origins=FRAMES)
    add_link(store, 8, EMAIL, NOON, "Other")
    assert [(link.name, link.origins) for link in links_of(store, 7)] == [("Wall", FRAMES), ("Board", ())]
    found = find_link(store, first, NOON)
    assert found is not None
    assert found.password.startswith("$argon2id$")
    kept = str(store.rows("SELECT * FROM shared_links"))
    assert not any(text in kept for text in (first, second, "only for you"))
    assert [is_public(store, site) for site in (7, 8)] == [False, False]


def test_origins_are_read_as_people_write_them() -> None:
    """One a line or in a row, in any letters, with a slash at the end; twice is once."""
    text = "https://Example.com/, http://localhost:8080\nhttps://example.com https://1.2.3.4"
    assert read_origins(text) == ["https://example.com", "http://localhost:8080", "https://1.2.3.4"]
    assert read_origins(" ") == []


@pytest.mark.parametrize(
    "text",
    ["example.com", "https://example.com/path", "https://*", "https://a.com;script-src", "'self'", "ftp://a.com"],
)
def test_what_is_no_origin_is_refused_with_advice(text: str) -> None:
    """Nothing that could widen the policy of the page gets into it."""
    with pytest.raises(AccountError, match="Write it like https://www"):
        read_origins(text)


@pytest.mark.parametrize(
    ("name", "password", "origins", "message"),
    [
        ("", "", (), "Enter a name"),
        ("x" * 101, "", (), "Enter a name"),
        ("a\nb", "", (), "Enter a name"),
        ("Board", "short", (), "at least 8 characters"),
        ("Board", "only for you", FRAMES, "not both"),
    ],
)
def test_what_cannot_be_a_link_is_refused_with_advice(
    embedded: Store, name: str, password: str, origins: tuple[str, ...], message: str
) -> None:
    """And nothing is made."""
    with pytest.raises(AccountError, match=message):
        add_link(embedded, 7, EMAIL, NOON, name, password, origins)
    assert links_of(embedded, 7) == []
