"""The dry run: what it shows is what would be stored, and it leaves nothing."""

from dataclasses import replace
from html import unescape
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exclusions import Exclusions
from ingest.gate import GATE, Knowledge
from ingest.pages.catalogues import catalogues
from ingest.rates import RateLimits
from ingest.spool import Spool
from tests.fixtures.collecting import CHROME, SITE, Collecting, collecting

PATH = "/privacy/dry-run"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
AGENTS = (CHROME, GOOGLEBOT, "curl/8.5.0", "")
SECRETS = ("ada@example.org", "4f1d8b2c9e7a4f1d8b2c9e7a4f1d8b2c", "550e8400-e29b-41d4-a716-446655440000")
WITH_FIXTURES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def try_out(collector: Collecting, body: Any, **headers: str) -> tuple[int, Any]:
    """Ask for a dry run as a program does; give the status and the document."""
    sent = {"User-Agent": CHROME, "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    async with collector.client.post(PATH, data=data, headers=sent) as answer:
        return answer.status, orjson.loads(await answer.read())


BEACONS = st.fixed_dictionaries(
    {
        "n": st.sampled_from(["pageview", "Sign up", "ada@example.org wrote"]),
        "u": st.builds(
            "https://{}/{}?utm_source={}&utm_term={}&ref={}".format,
            st.sampled_from(["example.com", "staging.example.com", "shop.example.com"]),
            st.sampled_from(["", "pricing", *SECRETS]),
            *[st.sampled_from(["news", *SECRETS])] * 3,
        ),
        "d": st.sampled_from(["example.com", "unknown.example", "example.com,unknown.example"]),
        "r": st.builds("https://{}/{}".format, st.sampled_from(["google.com", "t.co"]), st.sampled_from(SECRETS)),
        "w": st.integers(0, 3_000),
    },
    optional={"p": st.dictionaries(st.sampled_from(["plan", "mail"]), st.sampled_from(["pro", *SECRETS]))},
)


@WITH_FIXTURES
@given(BEACONS, st.sampled_from(AGENTS), st.sampled_from([{}, {"Sec_Purpose": "prefetch"}, {"DNT": "1"}]))
async def test_it_shows_the_very_row_that_the_beacon_stores(
    spool: Spool, knowledge: Knowledge, beacon: dict[str, Any], agent: str, more: dict[str, str]
) -> None:
    """Column by column; of what is dropped, the reason that the ledger counts. No secret comes back."""
    headers = {"User_Agent": agent, **more}
    async with collecting(spool, knowledge) as collector:
        status, document = await try_out(collector, beacon, **headers)
        nothing = collector.batch()
        await collector.send(orjson.dumps(beacon), **headers)
        stored, counted = collector.events(), collector.ledger()
        batch = collector.batch()
        if batch is not None:
            spool.discard(batch, (), collector.clock())
    shown = [each["row"] for each in document["outcomes"] if each["would_be_stored"]]
    reasons = {each["reason"] for each in document["outcomes"] if not each["would_be_stored"]}
    assert (status, nothing, shown) == (200, None, stored)
    assert {outcome for _site, outcome in counted} - {"received", "stored"} == reasons - {"opted out"}
    assert not any(secret in orjson.dumps(shown).decode() for secret in SECRETS)


async def test_a_visitor_who_said_no_is_told_so_and_nothing_is_read(spool: Spool, knowledge: Knowledge) -> None:
    """Not even whether the body makes sense."""
    async with collecting(spool, knowledge) as collector:
        status, document = await try_out(collector, b"no json", Sec_GPC="1")
    meaning = catalogues()["en"]["reasons"]["opted_out"]
    outcome = {"would_be_stored": False, "reason": "opted out", "meaning": meaning}
    assert (status, document) == (200, {"outcomes": [outcome]})


async def test_what_is_wrong_is_told_and_counted_nowhere(spool: Spool, knowledge: Knowledge) -> None:
    """As with a beacon, by field; but the ledger hears nothing of it."""
    async with collecting(spool, knowledge) as collector:
        found = await try_out(collector, {"n": "pageview"})
        assert collector.batch() is None
    assert found == (400, {"errors": {"url": ["is required"]}})


async def test_it_is_limited_like_beacons(spool: Spool, knowledge: Knowledge) -> None:
    """A network that asks too often is told to wait; the ledger hears nothing of it."""
    async with collecting(spool, knowledge, limits=RateLimits(rate_limit=0.1)) as collector:
        beacon = {"n": "pageview", "u": "https://example.com/"}
        statuses = [(await try_out(collector, beacon))[0] for _ in range(2)]
        assert collector.batch() is None
    assert statuses == [200, 429]


async def test_a_form_shows_the_row_on_a_page(spool: Spool, knowledge: Knowledge) -> None:
    """Without scripts: the page names each column, and other sites cannot read what it says."""
    form = {"d": SITE.domain, "u": "https://example.com/ada@example.org?utm_source=news"}
    async with collecting(spool, knowledge) as collector:
        async with collector.client.post(PATH, data=form, headers={"User-Agent": CHROME}) as answer:
            page, headers = await answer.text(), answer.headers
        assert collector.batch() is None
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("text/html; charset=utf-8", "no-store")
    assert "Access-Control-Allow-Origin" not in headers
    assert "<dt>utm_source</dt><dd><code>news</code></dd>" in page
    assert "ada@example.org" not in page


DROPPED = {
    "opted_out": {"DNT": "1"},
    "prefetch": {"Sec-Purpose": "prefetch"},
    "unknown_site": {"d": "unknown.example"},
    "bot": {"User-Agent": GOOGLEBOT},
    "excluded_hostname": {"u": "https://staging.example.com/"},
    "excluded_page": {"u": "https://example.com/admin/users"},
}
"""What makes a hit be dropped: a header, or a field of the form."""


@pytest.mark.parametrize("language", catalogues())
@pytest.mark.parametrize("reason", DROPPED)
async def test_why_nothing_would_be_stored_is_told_in_the_visitors_language(
    spool: Spool, knowledge: Knowledge, reason: str, language: str
) -> None:
    """On the page and to a program, for each reason that the gate has."""
    assert {f"drop_{each}" for each in DROPPED} == {step.__name__ for step in GATE if "drop_" in step.__name__}
    form = {"n": "pageview", "d": SITE.domain, "u": "https://example.com/"}
    headers = {"User-Agent": CHROME, "Accept-Language": language}
    for name, value in DROPPED[reason].items():
        (form if name in form else headers)[name] = value
    knowledge = replace(knowledge, excluded_hostnames=("staging.example.com",))
    async with collecting(spool, knowledge) as collector:
        collector.sites.replace([replace(SITE, exclusions=Exclusions(("/admin/**",)))])
        async with collector.client.post(PATH, data=form, headers=headers) as answer:
            page = unescape(await answer.text())
        headers["Content-Type"] = "application/json"
        async with collector.client.post(PATH, data=orjson.dumps(form), headers=headers) as answer:
            document = orjson.loads(await answer.read())
    texts = catalogues()[language]
    told = texts["reasons"][reason]
    assert f"<p>{texts['dry_run']['dropped']} {told}</p>" in page
    assert 'lang="en">' not in page.partition("<main")[2].partition("</main>")[0].replace('<html lang="en">', "")
    assert [each["meaning"] for each in document["outcomes"]] == [told]


@pytest.mark.parametrize("language", catalogues())
async def test_what_is_wrong_with_a_form_is_told_on_a_page(
    spool: Spool, knowledge: Knowledge, language: str
) -> None:
    """No address, too long a one, too many, and no list of sites yet: in words, with the status of a beacon."""
    limits = RateLimits(rate_limit=0.2)  # two at once
    forms = [{"d": SITE.domain, "u": "no address"}, {"u": "x" * 70_000}, {"u": "https://example.com/"}]
    seen = []
    async with collecting(spool, knowledge, limits=limits) as collector:
        for form in forms:
            async with collector.client.post(PATH, data=form, headers={"Accept-Language": language}) as answer:
                seen.append((answer.status, answer.headers.get("Retry-After"), unescape(await answer.text())))
        collector.sites.is_known = False
        async with collector.client.post(PATH, data=forms[2], headers={"Accept-Language": language}) as answer:
            seen.append((answer.status, answer.headers.get("Retry-After"), unescape(await answer.text())))
    texts = catalogues()[language]["dry_run"]
    problems = ("not_understood", "too_large", "rate_limited", "not_now")
    assert [each[:2] for each in seen] == [(400, None), (413, None), (429, "5"), (503, "5")]
    for (_status, _again, page), problem in zip(seen, problems, strict=True):
        assert f'<p class="refused" role="alert">{texts[problem]}</p>' in page


async def test_without_the_list_of_sites_nothing_can_be_said(spool: Spool, knowledge: Knowledge) -> None:
    """Before ClickHouse has answered the first time: come again."""
    async with collecting(spool, knowledge) as collector:
        collector.sites.is_known = False
        status, _document = await try_out(collector, {"n": "pageview", "u": "https://example.com/"})
    assert status == 503
