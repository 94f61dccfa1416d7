"""A site's settings, its goals, its removal."""

from datetime import timedelta

import pytest

from core.accesses import read_accesses
from core.exclusions import Exclusions
from core.profiles import Profile
from core.sites import Site, find_site
from dashboards.sites.goals import Goal, GoalKind, add_goal, list_goals, remove_goal
from tests.dashboards.conftest import NOON, Browser, Desk

SETTINGS = "/sites/example.com/settings"
GOALS = "/sites/example.com/goals"
REMOVAL = "/sites/example.com/remove"


async def test_settings_are_changed_all_at_once(mara: Browser, desk: Desk, site: Site) -> None:
    """Profile, k and exclusions hold from then on, for the collector in this process as well, and are recorded."""
    answer = await mara.fill(
        SETTINGS, profile="strict", threshold="20", pages="/admin/**\r\n\r\n/preview", hostnames="*.example.dev"
    )
    changed = find_site(desk.store, "example.com")
    assert answer.to == f"{SETTINGS}?saved="
    assert "Saved." in (await mara.get(answer.to)).page.text
    assert (changed.profile, changed.threshold) == (Profile.STRICT, 20)
    assert changed.exclusions == Exclusions(("/admin/**", "/preview"), ("*.example.dev",))
    assert mara.board.sites.get("example.com") == changed
    assert ("mara@example.com", "site changed", site.number, "strict, threshold 20, 3 exclusions") in _recorded(
        desk
    )


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_changed(mara: Browser, desk: Desk) -> None:
    """Three mistakes are told at once, and what was written stays in the form."""
    before = find_site(desk.store, "example.com")
    answer = await mara.fill(SETTINGS, profile="balanced", threshold="4", pages="admin", hostnames="a b")
    assert answer.status == 400
    for said in ("Enter a number from 5 to 100, or leave this empty.", "is not a page path", "is not a host name"):
        assert said in answer.page.text
    assert answer.page.fields["threshold"] == "4"
    assert find_site(desk.store, "example.com") == before


async def test_the_opt_out_page_is_a_click_away(mara: Browser) -> None:
    """Who reads how to leave out their own visits gets to that page of the collector by its link."""
    links = (await mara.get(SETTINGS)).page.links
    assert links["opt-out page"] == str(mara.client.make_url("/privacy/opt-out"))


@pytest.mark.parametrize("threshold", ["²", "1e1", "-7", "999999999999", " 7 7"])
async def test_a_threshold_is_a_plain_number(mara: Browser, threshold: str) -> None:
    """Whatever else is written is answered with what to write."""
    answer = await mara.fill(SETTINGS, profile="balanced", threshold=threshold, pages="", hostnames="")
    assert (answer.status, "Enter a number from 5 to 100" in answer.page.text) == (400, True)


async def test_goals_are_added_listed_and_removed(mara: Browser, desk: Desk, site: Site) -> None:
    """An event and a page become goals; removing one leaves the other; each step is recorded."""
    assert "No goals yet." in (await mara.get(GOALS)).page.text
    await mara.fill(GOALS, kind="event", name=" Signup ", title="")
    added = await mara.fill(GOALS, kind="page", name="/thank-you", title="Bought something")
    assert added.to == GOALS
    assert [row[:2] for row in (await mara.get(GOALS)).page.tables["Goals"][1:]] == [
        ["Bought something", "Page /thank-you"],
        ["Signup", "Event Signup"],
    ]
    csrf = (await mara.get(GOALS)).page.fields["csrf"]
    gone = {"csrf": csrf, "kind": "event", "name": "Signup"}
    assert [(await mara.post(f"{GOALS}/remove", gone)).to for _twice in range(2)] == [GOALS, GOALS]
    assert list_goals(desk.store, site) == [Goal(GoalKind.PAGE, "/thank-you", "Bought something")]
    assert [(what, detail) for _who, what, _site, detail in _recorded(desk) if what.startswith("goal")] == [
        ("goal added", "event Signup"),
        ("goal added", "page /thank-you"),
        ("goal removed", "event Signup"),
    ]


@pytest.mark.parametrize(
    ("kind", "name", "advice"),
    [
        ("page", "thank-you", "such as /thank-you"),
        ("page", "/thanks?id=1", "such as /thank-you"),
        ("page", "/blog/*", "such as /thank-you"),
        ("event", "pageview", "such as Signup"),
        ("event", " ", "such as Signup"),
        ("visitor", "Signup", "an event or a page"),
        ("event", "a\x00b", "printable"),
    ],
)
async def test_what_cannot_be_a_goal_is_refused_with_advice(
    mara: Browser, desk: Desk, site: Site, kind: str, name: str, advice: str
) -> None:
    """The message below the field says how to write it, and nothing is added."""
    answer = await mara.fill(GOALS, kind=kind, name=name, title="")
    told = answer.page.html.partition('id="name"')[2].partition("</div>")[0]
    assert (answer.status, advice in told) == (400, True)
    assert list_goals(desk.store, site) == []


def test_a_goal_may_come_back(desk: Desk, site: Site) -> None:
    """What was removed can be added again, with another title."""
    goal = Goal(GoalKind.EVENT, "Signup")
    add_goal(desk.store, site, goal, NOON)
    remove_goal(desk.store, site, goal, NOON + timedelta(seconds=1))
    again = Goal(GoalKind.EVENT, "Signup", "Signed up")
    add_goal(desk.store, site, again, NOON + timedelta(seconds=2))
    assert list_goals(desk.store, site) == [again]


async def test_a_site_is_removed_only_by_who_writes_its_name(mara: Browser, desk: Desk) -> None:
    """Another name is refused with advice; the right one leads to where it can be restored."""
    refused = await mara.fill(REMOVAL, domain="example.org")
    assert refused.page.links["Export its reports first (ZIP)"] == "/sites/example.com/export.zip?period=all"
    assert (refused.status, "Type example.com here to confirm." in refused.page.text) == (400, True)
    assert mara.board.sites.get("example.com") is not None
    removed = await mara.fill(REMOVAL, domain="Example.com")
    assert (removed.to, mara.board.sites.get("example.com")) == ("/sites/removed", None)
    listed = (await mara.get(removed.to)).page
    assert listed.tables["Removed sites"][1:] == [["example.com", "17 May 2026", "16 Jun 2026", "Restore"]]
    assert (await mara.get(SETTINGS)).status == 404


async def test_a_site_is_called_as_people_write_it(mara: Browser) -> None:
    """A domain of other letters is read and asked for in them, whatever its address in the browser is."""
    await mara.fill("/sites/new", domain="http://bücher.example/regal", timezone="UTC")
    listed = (await mara.get("/")).page.links
    asked = await mara.fill("/sites/bücher.example/remove", domain="bucher.example")
    removed = await mara.fill("/sites/xn--bcher-kva.example/remove", domain="bücher.example")
    shown = (await mara.get(removed.to)).page.tables["Removed sites"][1:]
    assert listed["bücher.example"] == "/sites/xn--bcher-kva.example"
    assert (asked.status, "Type bücher.example here to confirm." in asked.page.text) == (400, True)
    assert shown == [["bücher.example", "17 May 2026", "16 Jun 2026", "Restore"]]


async def test_a_removed_site_is_restored_from_its_list(mara: Browser, site: Site) -> None:
    """One click brings it back as it was; a second one is told that it is counted."""
    await mara.fill(REMOVAL, domain="example.com")
    mara.clock.now += timedelta(minutes=1)
    form = (await mara.get("/sites/removed")).page.fields
    assert (await mara.post("/sites/removed", form)).to == "/sites/example.com"
    assert mara.board.sites.get("example.com") == site
    again = await mara.post("/sites/removed", form)
    assert (again.status, "is already being counted" in again.page.text) == (400, True)


def _recorded(desk: Desk) -> list[tuple[str, str, int, str]]:
    return [(line.who, line.what, line.site, line.detail) for line in read_accesses(desk.store)]
