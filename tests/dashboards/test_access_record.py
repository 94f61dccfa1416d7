"""Access to reports is recorded: who, what and when, before anybody sees it."""

from datetime import timedelta

from core.accesses import broken_accesses, read_accesses
from core.sites import Site
from core.store import Store
from dashboards.people.invites import add_invite
from dashboards.people.logins import COOKIE, begin_login
from dashboards.people.tokens import hash_of
from dashboards.permissions import OWNER
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Browser, browsing
from tests.dashboards.doing import add_factor_of
from tests.fixtures.hands import Hands
from tests.fixtures.no_record import TakesNoRecord

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

Line = tuple[str, str, int, str]


def recorded(store: Store) -> list[Line]:
    """Give what the record says: who, what, which site, and the page."""
    return [(line.who, line.what, line.site, line.detail) for line in read_accesses(store)]


async def test_who_opens_a_page_is_written_down(mara: Browser, embedded: Store, site: Site) -> None:
    """The account, the site and the time; nothing of the machine that she sits at."""
    await mara.get("/sites/example.com?period=7d", **{"X-Forwarded-For": "203.0.113.77"})
    await mara.get("/nothing/like/it")
    await mara.get("/sites/unknown.example")
    assert recorded(embedded) == [(EMAIL, "page", site.number, "site")]
    assert [line.at for line in read_accesses(embedded)] == [NOON]
    assert list(broken_accesses(read_accesses(embedded))) == []
    assert embedded.rows("SELECT count() FROM accesses WHERE toString(tuple(*)) LIKE '%203.0.113%'") == [[0]]


async def test_who_is_not_let_in_is_not_written_down(nobody: Browser, embedded: Store) -> None:
    """Nobody has read anything: strangers, and passwords that are none."""
    await nobody.get("/sites/example.com")
    await nobody.log_in(password="not the password")
    assert recorded(embedded) == []


async def test_logins_and_new_sites_are_written_down(nobody: Browser, embedded: Store) -> None:
    """Coming, making a site and going are accesses, too."""
    await nobody.log_in()
    await nobody.fill("/sites/new", domain="second.example", timezone="UTC")
    form = await nobody.get("/sites/new")
    await nobody.post("/logout", form.page.fields)
    second = nobody.board.sites.get("second.example")
    assert second is not None
    assert recorded(embedded) == [
        (EMAIL, "login", 0, ""),
        (EMAIL, "page", 0, "new_site"),
        (EMAIL, "site added", second.number, ""),
        (EMAIL, "page", 0, "new_site"),
        (EMAIL, "logout", 0, ""),
    ]


async def test_what_is_taken_back_or_chosen_is_written_down(mara: Browser, embedded: Store, site: Site) -> None:
    """An invitation withdrawn, a site removed and restored, codes made anew, a second factor off, a language."""
    invite = hash_of(add_invite(embedded, "jo@example.com", OWNER, EMAIL, NOON))
    await mara.post("/people/withdraw", (await mara.get("/people")).page.fields | {"invite": invite})
    await mara.fill("/sites/example.com/remove", domain="example.com")
    await mara.fill("/sites/removed", domain="example.com")
    fields = (await mara.get("/account")).page.fields
    await mara.post("/account/language", fields | {"language": "de"})
    add_factor_of(embedded, EMAIL, SECRET, NOON)
    for path in ("codes", "off"):
        fields = (await mara.get("/account/second-factor")).page.fields
        await mara.post(f"/account/second-factor/{path}", fields | {"password": PASSWORD})
    assert [line for line in recorded(embedded) if line[1] != "page"] == [
        (EMAIL, "invitation withdrawn", 0, "jo@example.com"),
        (EMAIL, "site removed", site.number, ""),
        (EMAIL, "site restored", site.number, ""),
        (EMAIL, "language changed", 0, "de"),
        (EMAIL, "recovery codes renewed", 0, ""),
        (EMAIL, "second factor removed", 0, ""),
    ]


async def test_no_record_no_page(embedded: Store, clock: Hands, account: str, site: Site) -> None:
    """Where it cannot be written down who reads, nobody reads, nor logs in."""
    async with browsing(TakesNoRecord(embedded), clock) as browser:  # type: ignore[arg-type]
        refused = await browser.log_in()
        token = begin_login(embedded, EMAIL, NOON, timedelta(days=1))
        browser.client.session.cookie_jar.update_cookies({COOKIE: token}, browser.client.make_url("/"))
        page = await browser.get("/sites/example.com")
    assert (refused.status, refused.cookies.get(COOKIE)) == (503, None)
    assert (page.status, "example.com" in page.page.text) == (503, False)
