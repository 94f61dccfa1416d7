"""The number of current visitors beside a site's name."""

from datetime import timedelta

from aggregate.current_visitors import count_current_visitors
from aggregate.rolling import open_days
from core.profiles import Profile
from core.sites import Site, change_site
from core.store import Store
from tests.dashboards.conftest import NOON, Browser, Desk
from tests.fixtures.raw import event, store_events


async def test_the_page_says_how_many_are_here_now(mara: Browser, embedded: Store, desk: Desk, site: Site) -> None:
    """The number stands on the page and is asked for again by itself, which the access record leaves out."""
    desk.visits(site, 20)
    desk.roll(site)
    store_events(embedded, [event(site, NOON - timedelta(minutes=1), visitor) for visitor in (101, 102, 103)])
    count_current_visitors(embedded, [site], open_days(embedded), NOON)
    page, part = await mara.get("/sites/example.com"), await mara.get("/sites/example.com/now")
    assert "3 current visitors" in page.page.text
    assert part.page.html.strip() in page.page.html
    assert part.page.html.startswith('<p id="current-visitors"')


async def test_a_strict_site_does_not_tell_who_is_here(
    mara: Browser, embedded: Store, desk: Desk, site: Site
) -> None:
    """Where open days are not shown there is no such number, and nothing stands in its place."""
    change_site(embedded, site.domain, NOON + timedelta(hours=1), Profile.STRICT)
    mara.board.sites.refresh(embedded)
    desk.visits(site, 20)
    desk.roll(site)
    assert "current visitor" not in (await mara.get("/sites/example.com")).page.text
    assert (await mara.get("/sites/example.com/now")).status == 204
