"""What is stored of the trackers' own events: where a link led, on which page a form was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.event_props import EVENTS_WITH_URL, clean_link, clean_props
from ingest.gate import Knowledge
from ingest.spool import Spool
from ingest.url_hygiene import REDACTED
from tests.fixtures.collecting import collecting
from tests.ingest.test_url_hygiene import ANY, HEX_WITH_LETTER, SECRETS

PAGE = "https://example.com/pricing?plan=1"


@pytest.mark.parametrize(
    ("name", "stated", "stored"),
    [
        (
            "Outbound Link: Click",
            {"url": "https://ann@www.Other.example:8443/a%20b/c?token=s3cret#ann"},
            {"url": "https://other.example/a b/c"},
        ),
        (
            "File Download",
            {"url": "https://example.com/of/ann@example.org/hats.pdf?for=ann"},
            {"url": "https://example.com/of/:redacted/hats.pdf"},
        ),
        ("File Download", {"url": "/files/hats.pdf?token=s3cret"}, {"url": "/files/hats.pdf"}),
        ("Outbound Link: Click", {"url": "mailto:ann?token=s3cret"}, {"url": REDACTED}),
        ("Cloaked Link: Click", {"url": "https:\\\\other.example?token=s3cret"}, {"url": REDACTED}),
        ("File Download", {" url": "mailto:ann?token=s3cret"}, {"url": REDACTED}),
        ("404", {}, {"path": "/pricing"}),
        ("404", {"path": "/reset?token=s3cret", "kind": "old"}, {"path": "/reset", "kind": "old"}),
        ("Form: Submission", {"url": None}, {"path": "/pricing"}),
        ("Form: Submission", {"path": "/of/ann@example.org"}, {"path": "/of/:redacted"}),
        (
            "Signup",
            {"plan": "pro", "url": "https://example.com/join?token=1"},
            {"plan": "pro", "url": "https://example.com/join"},
        ),
    ],
)
async def test_links_and_paths_are_stored_as_pages_are(
    spool: Spool, knowledge: Knowledge, name: str, stated: dict[str, str | None], stored: dict[str, str]
) -> None:
    """No query, no user and nothing that identifies; where no path is stated it is the page's."""
    async with collecting(spool, knowledge) as collector:
        assert await collector.send({"n": name, "u": PAGE, "p": stated}) == (202, "ok")
        (event,) = collector.events()
    assert event["props"] == stored


@given(
    st.sampled_from(sorted(EVENTS_WITH_URL)),
    SECRETS,
    st.sampled_from(["/x/{}/y", "/?to={}", "/#{}", "/a.pdf?x=1&mail={}", "/;id={}", "/%7B{}%7D"]),
)
def test_no_address_or_token_survives_in_a_link(name: str, secret: str, where: str) -> None:
    """Wherever in a link an e-mail address or a token stands, it is not stored."""
    props = clean_props(name, {"url": "https://other.example" + where.format(secret)}, "/")
    assert secret.lower() not in props["url"].lower()


@given(HEX_WITH_LETTER)
def test_no_user_of_a_link_survives(secret: str) -> None:
    """A name or password before the host is no part of where a link leads."""
    assert clean_link(f"https://{secret}:{secret}@other.example/a") == "https://other.example/a"


@given(ANY)
def test_a_link_is_a_path_or_an_address_without_a_query(text: str) -> None:
    """Whatever is stated as a link, what is stored has no query, and cleaning it again changes nothing."""
    cleaned = clean_link(text)
    assert cleaned == REDACTED or cleaned.startswith("/") or "://" in cleaned
    assert "?" not in cleaned
    assert clean_link(cleaned) == cleaned
