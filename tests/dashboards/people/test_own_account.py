"""One's own account: password, sessions, language, API keys."""

import asyncio
from datetime import date, timedelta

import pytest

from core.accesses import read_accesses
from core.store import Store
from dashboards.language import languages
from dashboards.people.account_languages import choose_language
from dashboards.people.accounts import add_account, change_standing, remove_account, verify_password
from dashboards.people.api_keys import MOST_KEYS, add_key, find_key, keys_of, revoke_keys
from dashboards.people.last_uses import note_use
from dashboards.people.logins import COOKIE, begin_login, find_login, sessions_of
from dashboards.people.throttle import FREE_TRIES
from dashboards.people.tokens import hash_of
from dashboards.permissions import OWNER, Kind, Permission, Role, Standing
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Browser
from tests.fixtures.hands import Hands

JO = "jo@example.com"
NEW = "another four words"
DAY = timedelta(days=1)


def _recorded(store: Store) -> list[tuple[str, str]]:
    return [(line.what, line.detail) for line in read_accesses(store) if line.what != "page"]


async def test_a_password_is_changed_by_who_knows_the_present_one(
    mara: Browser, embedded: Store, clock: Hands
) -> None:
    """This browser stays logged in, with a token of its own; every other session ends."""
    other = begin_login(embedded, EMAIL, NOON, DAY)
    before = mara.cookie(COOKIE)
    form = await mara.get("/account")
    clock.move(seconds=1)
    sent = form.page.fields | {"password": PASSWORD, "new_password": NEW}
    answer = await mara.post("/account/password", sent)
    assert answer.to == "/account?done=password"
    assert "Your password has been changed" in (await mara.get(answer.to)).page.text
    assert [find_login(embedded, token, clock()) for token in (other, before)] == [None, None]
    assert mara.cookie(COOKIE) != before
    assert verify_password(embedded, EMAIL, NEW, clock()) is not None
    assert _recorded(embedded) == [("password changed", EMAIL)]


@pytest.mark.parametrize(
    ("present", "new", "message"),
    [("not the password", NEW, "not your current password"), (PASSWORD, "short", "at least 12 characters")],
)
async def test_a_password_stays_if_something_is_wrong(
    mara: Browser, embedded: Store, present: str, new: str, message: str
) -> None:
    """What is wrong is said, and everybody stays logged in."""
    answer = await mara.post(
        "/account/password",
        (await mara.get("/account")).page.fields | {"password": present, "new_password": new},
    )
    assert (answer.status, message in answer.page.text) == (400, True)
    assert verify_password(embedded, EMAIL, PASSWORD, NOON) is not None
    assert (await mara.get("/account")).status == 200


async def test_who_found_an_open_browser_cannot_guess_the_password_there(mara: Browser) -> None:
    """After five tries even the right one has to wait."""
    fields = (await mara.get("/account")).page.fields | {"new_password": NEW, "password": "a wrong one"}
    for _ in range(FREE_TRIES):
        assert (await mara.post("/account/password", fields)).status == 400
    answer = await mara.post("/account/password", fields | {"password": PASSWORD})
    assert (answer.status, "Too many attempts" in answer.page.text) == (400, True)


async def test_sessions_are_listed_by_day_and_ended(mara: Browser, embedded: Store, clock: Hands) -> None:
    """One sees when each began and was last used, ends one, then all others; this one stays."""
    phone, desk, tablet = (begin_login(embedded, EMAIL, NOON - DAY * 3, DAY * 30) for _ in range(3))
    for token, days in ((phone, 1), (desk, 2)):
        note_use(embedded, hash_of(token), date.min, NOON - DAY * days)
    page = (await mara.get("/account")).page
    rows = [row[:2] for row in page.tables["Sessions"][1:]]
    today, began = "17 May 2026", "14 May 2026"
    assert rows == [
        [today, today],
        [began, "16 May 2026"],
        [began, "15 May 2026"],
        [began, "not yet"],
    ]
    name = sessions_of(embedded, EMAIL, "", NOON)[1].name
    clock.move(seconds=1)
    csrf = {"csrf": page.fields["csrf"]}
    assert (await mara.post("/account/sessions", csrf | {"session": name})).to == "/account?done=session"
    assert find_login(embedded, phone, clock()) is None
    assert find_login(embedded, desk, clock()) is not None
    clock.move(seconds=1)
    assert (await mara.post("/account/sessions", csrf)).to == "/account?done=sessions"
    assert [find_login(embedded, token, clock()) for token in (desk, tablet)] == [None, None]
    assert (await mara.get("/account")).status == 200
    assert _recorded(embedded) == [("sessions ended", "one"), ("sessions ended", "all others")]


async def test_nobody_ends_somebody_elses_session(mara: Browser, embedded: Store, clock: Hands) -> None:
    """The name of a session of another account is none of this one's."""
    add_account(embedded, JO, PASSWORD, NOON)
    token = begin_login(embedded, JO, NOON, DAY)
    [session] = sessions_of(embedded, JO, token, NOON)
    csrf = {"csrf": (await mara.get("/account")).page.fields["csrf"]}
    clock.move(seconds=1)
    await mara.post("/account/sessions", csrf | {"session": session.name})
    await mara.post("/account/sessions", csrf)
    assert find_login(embedded, token, clock()) is not None


async def test_a_language_is_chosen_for_the_account(mara: Browser, embedded: Store, clock: Hands) -> None:
    """It stands above what the browser asks for, until it is automatic again; one that there is not is refused."""
    csrf = {"csrf": (await mara.get("/account")).page.fields["csrf"]}
    for code in (*languages(), ""):
        clock.move(seconds=1)
        assert (await mara.post("/account/language", csrf | {"language": code})).to == "/account?done=language"
        headers = (await mara.get("/account", **{"Accept-Language": "tlh"})).headers
        assert headers["Content-Language"] == (code or "en")
    answer = await mara.post("/account/language", csrf | {"language": "tlh"})
    assert (answer.status, "Choose a language" in answer.page.text) == (400, True)
    choose_language(embedded, EMAIL, "en", clock())


async def test_a_key_is_shown_once_and_revoked(mara: Browser, embedded: Store, clock: Hands) -> None:
    """The page that makes it shows it; afterwards it is a name with the day of its last use."""
    made = await mara.fill("/account/keys", name="Spreadsheet")
    key = made.page.html.partition("<code>")[2].partition("</code>")[0]
    clock.move(seconds=1)
    principal = find_key(embedded, key, clock())
    assert principal is not None
    assert (principal.kind, principal.name) == (Kind.KEY, f"{EMAIL} (key Spreadsheet)")
    page = (await mara.get("/account/keys")).page
    assert ("Spreadsheet" in page.text, key in page.html) == (True, False)
    assert [each.used for each in keys_of(embedded, EMAIL)] == [NOON.date()]
    assert (await mara.post("/account/keys/revoke", page.fields)).to == "/account/keys"
    assert find_key(embedded, key, clock()) is None
    assert "No keys yet" in (await mara.get("/account/keys")).page.text
    assert _recorded(embedded) == [("key added", "Spreadsheet"), ("key revoked", "Spreadsheet")]


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb"])
async def test_a_key_needs_a_name(mara: Browser, embedded: Store, name: str) -> None:
    """Without one nobody knows later what it is for."""
    answer = await mara.fill("/account/keys", name=name)
    assert (answer.status, "Enter a name" in answer.page.text) == (400, True)
    assert keys_of(embedded, EMAIL) == []


async def test_a_form_that_is_sent_again_makes_no_second_key(mara: Browser, embedded: Store, clock: Hands) -> None:
    """A reload, or a double click, is told that the name is taken, which others may use; a revoked one is free."""
    add_key(embedded, JO, "Spreadsheet", NOON)
    fields = (await mara.get("/account/keys")).page.fields | {"name": "Spreadsheet"}
    both = await asyncio.gather(*(mara.post("/account/keys", fields) for _ in range(2)))
    again = await mara.post("/account/keys", fields | {"name": " Spreadsheet "})
    assert sorted(answer.status for answer in both) == [200, 400]
    assert (again.status, 'id="name-error">There is already a key with this name' in again.page.html) == (
        400,
        True,
    )
    assert _recorded(embedded) == [("key added", "Spreadsheet")]
    clock.move(seconds=1)
    await mara.post("/account/keys/revoke", (await mara.get("/account/keys")).page.fields)
    assert (await mara.post("/account/keys", fields)).status == 200
    assert [key.name for key in keys_of(embedded, EMAIL)] == ["Spreadsheet"]


async def test_nobody_revokes_somebody_elses_key(mara: Browser, embedded: Store, clock: Hands) -> None:
    """The name of a key of another account is none of this one's."""
    add_account(embedded, JO, PASSWORD, NOON)
    key = add_key(embedded, JO, "Theirs", NOON)
    [theirs] = keys_of(embedded, JO)
    csrf = {"csrf": (await mara.get("/account/keys")).page.fields["csrf"]}
    clock.move(seconds=1)
    await mara.post("/account/keys/revoke", csrf | {"key": theirs.api_key})
    assert find_key(embedded, key, clock()) is not None


def test_a_key_sees_what_its_account_sees_and_does_nothing(store: Store) -> None:
    """It follows its account's roles, never more than looking, and ends with the account."""
    clock = Hands(NOON)
    add_account(store, EMAIL, PASSWORD, clock())
    add_account(store, JO, PASSWORD, clock(), Standing(by_site={7: Role.MARKETER}))
    owner, marketer = (add_key(store, email, "x", clock()) for email in (EMAIL, JO))

    def allowed(key: str, site: int) -> set[Permission]:
        principal = find_key(store, key, clock())
        return set() if principal is None else {each for each in Permission if principal.may(each, site)}

    assert [allowed(owner, site) for site in (7, 8)] == [{Permission.SEE}] * 2
    assert [allowed(marketer, site) for site in (7, 8)] == [{Permission.SEE}, set()]
    assert not any(key in str(store.rows("SELECT * FROM api_keys")) for key in (owner, marketer))
    clock.move(seconds=1)
    change_standing(store, JO, OWNER, clock())
    assert allowed(marketer, 8) == {Permission.SEE}
    clock.move(seconds=1)
    remove_account(store, JO, clock())
    assert find_key(store, marketer, clock()) is None
    clock.move(seconds=1)
    add_account(store, JO, PASSWORD, clock())
    assert find_key(store, marketer, clock()) is None
    assert [find_key(store, text, clock()) for text in ("", "footfall_", "footfall_" + "x" * 43, owner[9:])] == [
        None
    ] * 4


def test_keys_do_not_grow_without_end(embedded: Store) -> None:
    """A script that makes a key each time is told to stop; one that is revoked makes room."""
    clock = Hands(NOON)
    for number in range(MOST_KEYS):
        add_key(embedded, EMAIL, f"{number}", clock())
    with pytest.raises(Exception, match="Revoke one first"):
        add_key(embedded, EMAIL, "one more", clock())
    clock.move(seconds=1)
    revoke_keys(embedded, keys_of(embedded, EMAIL)[:1], clock())
    add_key(embedded, EMAIL, "one more", clock())
