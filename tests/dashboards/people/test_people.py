"""People: invited by a link, given roles, removed."""

import asyncio
import re
from datetime import timedelta

import pytest

from core.accesses import read_accesses
from core.sites import Site, add_site
from core.store import Store
from dashboards.people.accounts import add_account, find_account, list_accounts
from dashboards.people.invites import INVITE_LASTS, add_invite, end_invites, find_invite, open_invites
from dashboards.people.logins import COOKIE
from dashboards.permissions import OWNER, Role, Standing
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Answer, Browser
from tests.dashboards.doing import log_in_as
from tests.fixtures.hands import Hands

JO = "jo@example.com"
ADMIN = Standing(Role.ADMIN)


def _link(answer: Answer) -> str:
    """Give the path of the link that is shown once."""
    found = answer.page.html.partition("<code>")[2].partition("</code>")[0]
    return "/invite/" + found.rpartition("/")[2]


def _path_of(people: Answer, email: str) -> str:
    """Give the path of somebody's page, as the list of people links to it."""
    found = re.findall(r'href="(/people/[0-9a-f]{16})" aria-label="Change role: (\S+)"', people.page.html)
    return next(path for path, named in found if named == email)


def _recorded(store: Store) -> list[tuple[str, str, str]]:
    return [(line.who, line.what, line.detail) for line in read_accesses(store) if line.what != "page"]


async def test_a_person_comes_by_an_invitation(mara: Browser, embedded: Store, site: Site) -> None:
    """The link is shown once and works once; who opens it chooses a password and sees what they were given."""
    fields = {"email": " Jo@Example.com", "role": "by site", f"site-{site.number}": "viewer"}
    link = _link(await mara.fill("/people/invite", **fields))
    people = (await mara.get("/people")).page
    assert (JO in people.text, link in people.html) == (True, False)
    mara.client.session.cookie_jar.clear()

    opened = await mara.get(link)
    assert (opened.page.fields["email"], "Viewer: example.com" in opened.page.text) == (JO, True)
    assert (await mara.fill(link, password="too short")).status == 400
    assert (await mara.fill(link, password=PASSWORD, email="evil@example.com")).to == "/"
    assert mara.cookie(COOKIE)
    assert find_account(embedded, JO).standing == Standing(by_site={site.number: Role.VIEWER})
    assert (await mara.get("/sites/example.com")).status == 200
    assert (await mara.get("/people")).status == 403
    gone = await mara.get(link)
    assert (gone.status, "no longer works" in gone.page.text) == (404, True)
    assert _recorded(embedded) == [
        (EMAIL, "person invited", f"{JO}: viewer of example.com"),
        (JO, "person added", f"{JO}, invited by {EMAIL}"),
        (JO, "login", ""),
    ]


async def test_an_invitation_ends(mara: Browser, embedded: Store, clock: Hands) -> None:
    """After seven days, when it is withdrawn, when a new one is sent; an unknown link gets the same answer."""
    unknown = (await mara.get(f"/invite/{'x' * 43}")).page.text
    old = _link(await mara.fill("/people/invite", email=JO, role="admin"))
    clock.move(seconds=1)
    new = _link(await mara.fill("/people/invite", email=JO, role="admin"))
    assert (await mara.get(old)).page.text == unknown
    assert (await mara.get(new)).status == 200
    clock.move(seconds=1)
    page = (await mara.get("/people")).page
    assert (await mara.post("/people/withdraw", page.fields)).to == "/people"
    assert (await mara.get(new)).page.text == unknown
    clock.move(seconds=1)
    third = _link(await mara.fill("/people/invite", email=JO, role="admin"))
    clock.move(seconds=INVITE_LASTS.total_seconds())
    assert (await mara.get(third)).page.text == unknown


async def test_two_at_once_accept_an_invitation_once(nobody: Browser, embedded: Store) -> None:
    """Whoever comes second finds it used."""
    path = f"/invite/{add_invite(embedded, JO, ADMIN, EMAIL, NOON)}"
    fields = (await nobody.get(path)).page.fields | {"password": PASSWORD}
    answers = await asyncio.gather(*(nobody.post(path, fields) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [303, 404, 404]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": "jo", "role": "admin"}, "Write it like you@example.com"),
        ({"email": EMAIL, "role": "admin"}, "already has an account"),
        ({"email": JO, "role": "emperor"}, "Choose a role."),
        ({"email": JO, "role": "by site"}, "Choose a role for at least one site."),
        ({"email": JO, "role": "viewer"}, "Choose a role."),
    ],
)
async def test_a_wrong_invitation_is_explained(
    mara: Browser, embedded: Store, fields: dict[str, str], message: str
) -> None:
    """What is wrong is said beside its field, what was right stays, and nobody is invited."""
    answer = await mara.fill("/people/invite", **fields)
    assert (answer.status, message in answer.page.text) == (400, True)
    assert answer.page.fields["email"] == fields["email"]
    assert open_invites(embedded, NOON) == []


async def test_roles_are_changed_at_once(mara: Browser, embedded: Store, site: Site, clock: Hands) -> None:
    """Who is logged in meanwhile has the new role with the next page; roles on removed sites stay."""
    add_account(embedded, JO, PASSWORD, NOON, Standing(by_site={site.number: Role.VIEWER, 7: Role.MARKETER}))
    path = _path_of(await mara.get("/people"), JO)
    clock.move(seconds=1)
    assert (await mara.fill(path, role="by site", **{f"site-{site.number}": "marketer"})).to == "/people"
    by_site = {site.number: Role.MARKETER, 7: Role.MARKETER}
    assert find_account(embedded, JO).standing == Standing(by_site=by_site)
    clock.move(seconds=1)
    await mara.fill(path, role="admin")
    assert find_account(embedded, JO).standing == ADMIN
    assert _recorded(embedded)[-1] == (EMAIL, "role changed", f"{JO}: admin")


async def test_a_removed_person_is_out(mara: Browser, embedded: Store, clock: Hands) -> None:
    """It is asked first; then their account is gone, and so is whom they had invited."""
    add_account(embedded, JO, PASSWORD, NOON, ADMIN)
    add_invite(embedded, "friend@example.com", ADMIN, JO, NOON)
    path = _path_of(await mara.get("/people"), JO)
    asked = await mara.get((await mara.get(path)).page.links["Remove …"])
    assert "Remove jo@example.com?" in asked.page.text
    assert len(list_accounts(embedded)) == 2
    clock.move(seconds=1)
    assert (await mara.post(f"{path}/remove", asked.page.fields)).to == "/people"
    assert [account.email for account in list_accounts(embedded)] == [EMAIL]
    assert open_invites(embedded, clock()) == []
    assert (await mara.get(path)).status == 404
    assert _recorded(embedded) == [(EMAIL, "person removed", JO)]


async def test_the_only_owner_stays(mara: Browser, embedded: Store) -> None:
    """Neither removed nor anything less, and the page says what to do first."""
    path = _path_of(await mara.get("/people"), EMAIL)
    for answer in (await mara.fill(path, role="admin"), await mara.fill(f"{path}/remove")):
        assert (answer.status, "Make somebody else an owner first" in answer.page.text) == (400, True)
    assert find_account(embedded, EMAIL).standing == OWNER


async def test_an_admin_deals_with_everybody_but_owners(nobody: Browser, embedded: Store, clock: Hands) -> None:
    """They cannot make one, change one, remove one, or invite or withdraw one."""
    add_account(embedded, JO, PASSWORD, NOON, ADMIN)
    add_account(embedded, "kim@example.com", PASSWORD, NOON, ADMIN)
    add_invite(embedded, "new@example.com", OWNER, EMAIL, NOON)
    mara_path = _path_of(await log_in_as(nobody, EMAIL).get("/people"), EMAIL)
    jo_path = _path_of(await nobody.get("/people"), JO)
    admin = log_in_as(nobody, JO)
    page = (await admin.get("/people")).page
    assert "/people/withdraw" not in page.html
    [invite] = open_invites(embedded, NOON)
    csrf = {"csrf": page.fields["csrf"]}
    refused = [
        await admin.get(mara_path),
        await admin.post(mara_path, csrf | {"role": "admin"}),
        await admin.get(f"{mara_path}/remove"),
        await admin.post(f"{mara_path}/remove", csrf),
        await admin.post(jo_path, csrf | {"role": "owner"}),
        await admin.post("/people/withdraw", csrf | {"invite": invite.invite}),
    ]
    assert [answer.status for answer in refused] == [403] * 6
    answer = await admin.post("/people/invite", csrf | {"email": "a@example.com", "role": "owner"})
    assert (answer.status, "Only an owner can" in answer.page.text) == (400, True)
    assert (await admin.post(jo_path, csrf | {"role": "admin"})).to == "/people"
    assert [each.email for each in open_invites(embedded, clock())] == ["new@example.com"]


async def test_who_loses_the_say_over_people_has_invited_nobody(
    mara: Browser, embedded: Store, site: Site, clock: Hands
) -> None:
    """An invitation does not outlive its sender's right to send it."""
    add_account(embedded, JO, PASSWORD, NOON, ADMIN)
    token = add_invite(embedded, "friend@example.com", ADMIN, JO, NOON)
    path = _path_of(await mara.get("/people"), JO)
    clock.move(seconds=1)
    await mara.fill(path, role="by site", **{f"site-{site.number}": "viewer"})
    assert find_invite(embedded, token, clock()) is None


async def test_a_form_for_many_sites_is_read_whole(mara: Browser, embedded: Store) -> None:
    """A company with sixty sites can still give a role on the last one."""
    sites = [add_site(embedded, f"s{number}.example", "UTC", NOON) for number in range(60)]
    mara.board.sites.refresh(embedded)
    fields = {f"site-{each.number}": "viewer" for each in sites}
    await mara.fill("/people/invite", email=JO, role="by site", **fields)
    [invite] = open_invites(embedded, NOON)
    assert len(invite.standing.by_site) == 60


def test_invitations_are_kept(store: Store) -> None:
    """An invitation is found by its token until it ends; the store does not have the token."""
    standing = Standing(by_site={7: Role.VIEWER})
    token = add_invite(store, JO, standing, EMAIL, NOON)
    found = find_invite(store, token, NOON + INVITE_LASTS - timedelta(milliseconds=1))
    assert found is not None
    assert (found.email, found.standing, found.inviter) == (JO, standing, EMAIL)
    assert token not in str(store.rows("SELECT * FROM invites"))
    assert find_invite(store, found.invite, NOON) is None
    assert find_invite(store, token, NOON + INVITE_LASTS) is None
    end_invites(store, [found], NOON + timedelta(seconds=1))
    assert find_invite(store, token, NOON + timedelta(seconds=1)) is None
