"""Logging in and out, as a browser does it."""

import pytest

from core.store import Store
from dashboards.csrf import FORM_COOKIE, csrf_token
from dashboards.people.accounts import add_account
from dashboards.people.logins import COOKIE
from dashboards.people.throttle import FREE_TRIES
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD, Answer, Browser, Hands, browsing

WRONG = "a wrong password"


def _is_wrong(answer: Answer) -> bool:
    return answer.status == 403 and "Wrong e-mail address or password" in answer.page.text


async def test_a_login_leads_to_the_page_that_was_asked_for(nobody: Browser) -> None:
    """Who is sent to the login comes back to the same page and period afterwards."""
    asked = await nobody.get("/sites/example.com?period=7d&date=2026-05-01")
    assert asked.status == 303
    assert asked.to == "/login?next=/sites/example.com?period%3D7d%26date%3D2026-05-01"
    answer = await nobody.fill(asked.to, email=EMAIL, password=PASSWORD)
    assert (answer.status, answer.to) == (303, "/sites/example.com?period=7d&date=2026-05-01")
    assert (await nobody.get(answer.to)).status == 200
    assert (await nobody.get("/login")).to == "/"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "/x\r\nSet-Cookie: a=b",
    ],
)
async def test_a_login_never_leads_to_another_host(nobody: Browser, path: str) -> None:
    """A link to the login that somebody else made cannot send a person elsewhere."""
    answer = await nobody.fill("/login", email=EMAIL, password=PASSWORD, next=path)
    assert (answer.status, answer.to) == (303, "/")
    assert (await nobody.get(f"/login?next={path.strip()}".replace("\r\n", "%0D%0A"))).to == "/"


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(nobody: Browser) -> None:
    """Nobody can find out by the login page who has an account."""
    for email in (EMAIL, "jo@example.com", "no address"):
        answer = await nobody.log_in(email, WRONG)
        assert _is_wrong(answer)
        assert answer.page.fields["email"] == email
        assert answer.page.fields["password"] == ""
        assert not nobody.cookie(COOKIE)
    known = (await nobody.log_in(EMAIL, WRONG)).page.text
    assert known == (await nobody.log_in("jo@example.com", WRONG)).page.text


async def test_guessing_is_slowed_down_for_known_and_unknown_alike(nobody: Browser, clock: Hands) -> None:
    """After five tries even the right password has to wait, and the page says how long."""
    for email in (EMAIL, "jo@example.com"):
        for _ in range(FREE_TRIES):
            assert _is_wrong(await nobody.log_in(email, WRONG))
        answer = await nobody.log_in(email, PASSWORD)
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
        assert "Wait 1 second," in answer.page.text
    clock.move(seconds=1)
    assert (await nobody.log_in()).to == "/"


async def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(nobody: Browser) -> None:
    """HttpOnly, SameSite=Lax, for all paths, for as long as the setting says; without Secure only over HTTP."""
    cookie = (await nobody.log_in()).cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) == 30 * 86_400
    assert not cookie["secure"]
    assert len(cookie.value) == 43


async def test_the_cookies_insist_on_https_where_the_browser_came_by_it(
    embedded: Store, clock: Hands, account: str
) -> None:
    """Behind a proxy of the operator's that says so, cookies are Secure and this host's; HTTPS is to stay."""
    async with browsing(embedded, clock, trusted_proxies="127.0.0.0/8") as browser:
        browser.headers["X-Forwarded-Proto"] = "https"
        opened = await browser.get("/login")
        form = opened.cookies["__Host-" + FORM_COOKIE]
        assert (form["secure"], form["httponly"], form["samesite"]) == (True, True, "Lax")
        sent = opened.page.fields | {"email": EMAIL, "password": PASSWORD}
        answer = await browser.post("/login", sent, Cookie=f"__Host-{FORM_COOKIE}={form.value}")
        session = answer.cookies["__Host-" + COOKIE]
        assert (session["secure"], session["path"], session["domain"]) == (True, "/", "")
        planted = await browser.get("/", Cookie=f"{COOKIE}={session.value}")
    assert planted.to == "/login"
    assert opened.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_a_planted_session_is_not_the_one_after_the_login(nobody: Browser) -> None:
    """A cookie that somebody put into the browser beforehand opens nothing after its user has logged in."""
    planted = "p" * 43
    cookies = {COOKIE: planted, FORM_COOKIE: planted}
    nobody.client.session.cookie_jar.update_cookies(cookies, nobody.client.make_url("/"))
    assert (await nobody.log_in()).to == "/"
    assert nobody.cookie(COOKIE) not in {"", planted}
    assert not nobody.cookie(FORM_COOKIE)
    thief = {"Cookie": f"{COOKIE}={planted}; {FORM_COOKIE}={planted}"}
    nobody.client.session.cookie_jar.clear()
    assert (await nobody.get("/sites/new", **thief)).to.startswith("/login")


async def test_a_second_login_ends_the_session_before(mara: Browser) -> None:
    """Another login in the same browser gets a token of its own, and the old one is void."""
    before = mara.cookie(COOKIE)
    token = csrf_token(before)
    assert (await mara.post("/login", {"csrf": token, "email": EMAIL, "password": PASSWORD})).to == "/"
    assert mara.cookie(COOKIE) != before
    mara.client.session.cookie_jar.clear()
    assert (await mara.get("/", Cookie=f"{COOKIE}={before}")).to == "/login"


async def test_a_logout_ends_the_session_everywhere(mara: Browser) -> None:
    """After the logout the cookie is gone, and a copy of it opens nothing."""
    copy = mara.cookie(COOKIE)
    answer = await mara.fill("/sites/new")
    assert answer.status == 400
    assert (await mara.post("/logout", {"csrf": answer.page.fields["csrf"]})).to == "/login"
    assert not mara.cookie(COOKIE)
    assert (await mara.get("/", Cookie=f"{COOKIE}={copy}")).to == "/login"


async def test_a_session_ends_by_itself(mara: Browser, clock: Hands) -> None:
    """After the days of the setting one logs in anew."""
    clock.move(days=30, seconds=-1)
    assert (await mara.get("/sites/new")).status == 200
    clock.move(seconds=1)
    assert (await mara.get("/sites/new")).to == "/login?next=/sites/new"


@pytest.mark.parametrize(
    "token", [None, "", "0" * 128, csrf_token("another secret")], ids=["none", "empty", "zeros", "another"]
)
async def test_a_form_without_its_token_is_refused(mara: Browser, token: str | None) -> None:
    """No form of another page can act for who is logged in."""
    fields = {"domain": "planted.example", "timezone": "UTC"} | ({} if token is None else {"csrf": token})
    for path in ("/sites/new", "/logout", "/login"):
        answer = await mara.post(path, fields)
        assert answer.status == 403
        assert "reload the page" in answer.page.text
    assert mara.cookie(COOKIE)
    assert mara.board.sites.get("planted.example") is None


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
async def test_a_form_from_another_site_is_refused(mara: Browser, headers: dict[str, str]) -> None:
    """Even with the right token a form of another site is not accepted."""
    opened = await mara.get("/sites/new")
    answer = await mara.post("/sites/new", opened.page.fields | {"domain": "planted.example"}, **headers)
    assert answer.status == 403
    assert mara.board.sites.get("planted.example") is None


async def test_a_login_form_needs_the_browsers_own_cookie(nobody: Browser) -> None:
    """A token of one browser does not log in another one (login CSRF)."""
    opened = await nobody.get("/login")
    nobody.client.session.cookie_jar.clear()
    answer = await nobody.post("/login", opened.page.fields | {"email": EMAIL, "password": PASSWORD})
    assert answer.status == 403
    assert not nobody.cookie(COOKIE)


async def test_odd_bodies_are_refused_like_any_other(nobody: Browser) -> None:
    """A body that is no form is no form, and never an error of ours."""
    for body, kind in [
        (b"\xff\xfe" * 50, "application/x-www-form-urlencoded; charset=nonsense"),
        (b"a=b&" * 1_000, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
    ]:
        async with nobody.client.post("/login", data=body, headers={"Content-Type": kind}) as answer:
            assert answer.status == 403
    async with nobody.client.post("/login", data={"csrf": "x" * 100_000}) as answer:
        assert answer.status == 413
        assert "Content-Security-Policy" in answer.headers


async def test_an_account_made_elsewhere_logs_in_here(nobody: Browser, embedded: Store) -> None:
    """An account that the command line made while the pages run works at once."""
    add_account(embedded, "jo@example.com", PASSWORD, NOON)
    assert (await nobody.log_in("Jo@Example.com")).to == "/"
