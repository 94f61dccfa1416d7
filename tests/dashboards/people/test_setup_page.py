"""The one-time set-up address."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.errors import StoreUnavailableError
from core.sites import add_site, list_sites
from core.store import Store
from dashboards.people.accounts import add_account, list_accounts
from dashboards.people.logins import COOKIE
from dashboards.people.setup import SetupToken, offer_setup
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Browser, Hands, browsing

FIRST = {
    "email": EMAIL,
    "password": PASSWORD,
    "domain": "https://www.Example.com/start",
    "timezone": "Europe/Berlin",
}


@pytest_asyncio.fixture
async def fresh(embedded: Store, clock: Hands) -> AsyncIterator[Browser]:
    """A browser at a Footfall without accounts."""
    async with browsing(embedded, clock) as browser:
        yield browser


def _path(browser: Browser) -> str:
    path = browser.board.setup.path
    assert path is not None
    return path


async def test_the_first_account_and_site_are_made_once(fresh: Browser, embedded: Store) -> None:
    """The printed address makes both, logs in, shows what to paste, and is gone."""
    path = _path(fresh)
    answer = await fresh.fill(path, **FIRST)
    assert (answer.status, answer.to) == (303, "/sites/example.com/install")
    assert fresh.cookie(COOKIE)
    assert "example.com" in (await fresh.get(answer.to)).page.text
    assert [account.email for account in list_accounts(embedded)] == [EMAIL]
    assert [(site.domain, site.timezone) for site in list_sites(embedded)] == [("example.com", "Europe/Berlin")]
    assert fresh.board.sites.get("example.com") is not None
    assert fresh.board.setup.path is None
    assert (await fresh.get(path)).status == 404
    fields = (await fresh.get("/sites/new")).page.fields
    assert (await fresh.post(path, fields | FIRST)).status == 404
    assert len(list_accounts(embedded)) == 1


async def test_only_the_printed_address_sets_up(fresh: Browser) -> None:
    """A guessed or shortened address shows no form; to who has an old one it says what to do."""
    for path in ("/setup/", "/setup/x", _path(fresh)[:-1], _path(fresh) + "x", "/setup/%ff"):
        answer = await fresh.get(path)
        assert (answer.status, "password" in answer.page.fields) == (404, False)
    assert "If you have an account, log in" in (await fresh.get("/setup/x")).page.text


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"email": "mara"}, "Write it like you@example.com"),
        ({"password": "short"}, "at least 12 characters"),
        ({"domain": "not a domain"}, "Write it like example.com"),
        ({"domain": ""}, "Write it like example.com"),
        ({"timezone": "Mars/Olympus"}, "Choose a time zone from the list"),
    ],
)
async def test_a_mistake_makes_nothing_and_can_be_mended(
    fresh: Browser, embedded: Store, wrong: dict[str, str], message: str
) -> None:
    """What is wrong is said beside its field, what was right stays, and the address still works."""
    path = _path(fresh)
    answer = await fresh.fill(path, **(FIRST | wrong))
    assert answer.status == 400
    assert message in answer.page.text
    assert answer.page.fields["email"] == (FIRST | wrong)["email"]
    assert answer.page.fields["password"] == ""
    assert (list_accounts(embedded), list_sites(embedded)) == ([], [])
    assert (await fresh.fill(path, **FIRST)).status == 303


async def test_all_mistakes_are_named_at_once(fresh: Browser) -> None:
    """Nobody mends the account only to be told then that the domain is none."""
    answer = await fresh.fill(_path(fresh), **(FIRST | {"email": "mara", "password": "x", "domain": "a b"}))
    assert [name for name in ("email", "password", "domain") if f'id="{name}-error"' in answer.page.html] == [
        "email",
        "password",
        "domain",
    ]
    assert "“a b” is not a domain name. Write it like example.com." in answer.page.text


async def test_two_at_once_make_one_account(fresh: Browser, embedded: Store) -> None:
    """Whoever comes second finds no page."""
    path = _path(fresh)
    fields = (await fresh.get(path)).page.fields | FIRST
    answers = await asyncio.gather(*(fresh.post(path, fields | {"email": f"{n}@example.com"}) for n in range(3)))
    assert sorted(answer.status for answer in answers) == [303, 404, 404]
    assert len(list_accounts(embedded)) == 1


async def test_an_account_made_elsewhere_closes_the_address(fresh: Browser, embedded: Store) -> None:
    """If the command line made the first account meanwhile, the printed address is dead."""
    path = _path(fresh)
    add_account(embedded, EMAIL, PASSWORD, NOON)
    assert (await fresh.get(path)).status == 404
    assert fresh.board.setup.path is None


async def test_a_site_that_is_there_is_not_asked_for(embedded: Store, clock: Hands) -> None:
    """Where sites came from the command line, the page asks for an account alone."""
    add_site(embedded, "example.com", "UTC", NOON)
    async with browsing(embedded, clock) as browser:
        path = _path(browser)
        assert "domain" not in (await browser.get(path)).page.fields
        assert (await browser.fill(path, email=EMAIL, password=PASSWORD)).to == "/"


async def test_a_store_that_fails_does_not_use_the_address_up(
    fresh: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a failure half-way the same address works again."""
    path = _path(fresh)
    fields = (await fresh.get(path)).page.fields | FIRST

    def fail(*_arguments: object, **_named: object) -> None:
        raise StoreUnavailableError("ClickHouse did not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(fresh.board.store, "insert", fail)
        assert (await fresh.post(path, fields)).status == 503
    assert (await fresh.post(path, fields)).status == 303


async def test_the_login_page_says_where_to_begin(fresh: Browser) -> None:
    """Who comes to the login before there is an account is told of the set-up address, not given it."""
    text = (await fresh.get("/login")).page
    assert "one-time set-up address" in text.text
    assert _path(fresh) not in text.html


def test_no_address_is_offered_once_there_is_an_account(embedded: Store) -> None:
    """A start with an account prints nothing; one without prints an address that nobody can guess."""
    first, second = _offered(embedded), _offered(embedded)
    assert first != second
    assert first is not None
    assert len(first) > len("/setup/") + 30
    add_account(embedded, EMAIL, PASSWORD, NOON)
    assert _offered(embedded) is None
    assert not SetupToken().opens("")


def _offered(store: Store) -> str | None:
    setup = SetupToken()
    offer_setup(store, setup)
    return setup.path
