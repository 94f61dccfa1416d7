"""What of an address may be kept."""

import json
from base64 import urlsafe_b64encode
from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ingest.url_hygiene import (
    MOST_PATH_CHARACTERS,
    MOST_TAG_CHARACTERS,
    MOST_TEXT_CHARACTERS,
    NO_UTM,
    REDACTED,
    Utm,
    clean_hash,
    clean_host,
    clean_path,
    clean_text,
    utm_of,
)

KEPT_SEGMENTS = [
    "how-to-deploy-clickhouse-24-8-on-kubernetes-2024",
    "logstash-monitorama-2013",
    "2024",
    "2024-08-15",
    "20240815",
    "2024-08-15-10-30-00",
    "us-election-2016-2020-2024",
    "top-100-films-of-1999",
    "42",
    "12345678",
    "world-europe-66834455",
    "v1.2.3",
    "120.0.6099.109",
    "jquery-3.7.1.min.js",
    "jquery@3.7.1",
    "@jane",
    "dQw4w9WgXcQ",
    "my-article-3f2a9c8b7d6e",
    "iPhone_15_Pro_Max",
    "BaseHTTPRequestHandler",
    "HTTPTooManyRequestsError",
    "Donaudampfschifffahrtsgesellschaft",
    "rtx-4090-vs-rx-7900-xtx",
    "rfc7231-rfc9110-http2-http3",
    "covid19vaccine2021update",
    "std::vector",
    "12:30",
    "café",
    "東京の天気",
    "index.html",
    "a~b",
    "C++",
    "100%",
    ".well-known",
    "-",
    "_",
]

REDACTED_SEGMENTS = [
    "jane@example.com",
    "jane%40example.com",
    "jane%2540example.com",
    "JANE%2525252540EXAMPLE.COM",
    "%6Aane%25%34%30example.com",
    "mail-to-jane@example.com-now",
    "jane+shop@mail.example.co.uk",
    "@jane@social.example",
    "jane@xn--bcher-kva.example",
    "jane\uff20example.com",
    "jane@\x00example.com",
    "550e8400-e29b-41d4-a716-446655440000",
    "550E8400-E29B-41D4-A716-446655440000.pdf",
    "550e8400_e29b_41d4_a716_446655440000",
    "report-550e8400e29b41d4a716446655440000",
    "0123456789abcdef",
    "507f1f77bcf86cd799439011",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    "V1StGXR8_Z5jdHi6B-myT",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "cjld2cjxh0000qzrmn831i7rn",
    "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",
    "am9obkBleGFtcGxlLmNvbQ",
    "am9obkBleGFtcGxlLmNvbQ==",
    "+491701234567",
    "+49-170-1234567",
    "(555)-123-4567",
    "555-123-2024",
    "06-12-34-56-78",
    "4111-1111-1111-1111",
    "4111%201111%201111%201111",
    "123-45-6789",
    "123456789",
    "order-1234567890",
    "۱۲۳۴۵۶۷۸۹",
    "192.0.2.17",
    "2001:db8::1",
    "x" * 201,
]

# What identifies, each kind as it is met in the wild.
HEX = st.text(alphabet="0123456789abcdefABCDEF", min_size=16, max_size=64)
HEX_WITH_LETTER = HEX.filter(lambda token: not token.isdigit())
UUIDS = st.uuids().map(str) | st.uuids().map(lambda uuid: str(uuid).upper())
JSON_VALUES = st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(), min_size=1, max_size=3)


def base64url(data: bytes) -> str:
    """Encode a part of a JSON Web Token (RFC 7515, section 2)."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def token(algorithm: str, claims: object, signature: bytes) -> str:
    """Give a JSON Web Token."""
    return ".".join(
        map(base64url, [json.dumps({"alg": algorithm}).encode(), json.dumps(claims).encode(), signature])
    )


TOKENS = st.builds(
    token, st.sampled_from(["none", "HS256", "RS256", "EdDSA"]), JSON_VALUES, st.binary(max_size=64)
)
SECRETS = st.emails() | UUIDS | HEX | TOKENS


@st.composite
def encoded(draw: st.DrawFn, plain: str) -> str:
    """Percent-encode some or all characters, any number of times over."""
    text = plain
    for _ in range(draw(st.integers(0, 4))):
        way = draw(st.sampled_from(["all", "needed", "some"]))
        if way == "needed":
            text = quote(text, safe="/")
        else:
            text = "".join(
                f"%{ord(character):02{draw(st.sampled_from('xX'))}}"
                if way == "all" or draw(st.booleans())
                else character
                for character in text
            )
    return text


@st.composite
def hidden(draw: st.DrawFn, secrets: st.SearchStrategy[str] = SECRETS) -> tuple[str, str]:
    """Give a secret, and a text that has it somewhere inside."""
    secret = draw(secrets)
    before = draw(st.sampled_from(["", "user-", "id_", "a.", "~", "x", "/shop/", "/a/b/c/", "//", "/v1.2/"]))
    after = draw(st.sampled_from(["", "/", "/edit", ".pdf", "-x", "_", "~", "/../", " ", "!"]))
    return secret, draw(encoded(before + secret + after))


TRICKY = st.text(alphabet=st.sampled_from("aZ019f-_.~%25@:;?#&=+/ \\é\x00\u200b\ud800\uff20"), max_size=80)
ANY = st.text(max_size=80) | TRICKY | hidden().map(lambda pair: pair[1])


@pytest.mark.parametrize("segment", KEPT_SEGMENTS)
def test_ordinary_names_of_pages_are_kept(segment: str) -> None:
    """A marketer finds pages, articles, years, versions and files under their own names."""
    assert clean_path(f"/blog/{segment}/x") == f"/blog/{segment}/x"
    assert clean_text(f"{segment} x") == f"{segment} x"


@pytest.mark.parametrize("segment", REDACTED_SEGMENTS)
def test_what_may_be_a_persons_is_redacted_and_the_rest_of_the_path_kept(segment: str) -> None:
    """An address, a number or a token in a path leaves a mark in its place."""
    assert clean_path(f"/account/{segment}/edit") == f"/account/{REDACTED}/edit"


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("", "/"),
        ("/", "/"),
        ("about", "/about"),
        ("/about", "/about"),
        ("/about/", "/about/"),
        ("/a//b", "/a//b"),
        ("/caf%C3%A9", "/café"),
        ("/caf%e9", "/caf\ufffd"),
        ("/two%20words", "/two words"),
        ("/two%20%20words%20", "/two words"),
        ("/a%2Fb", "/a/b"),
        ("/page?token=abc", "/page"),
        ("/page%3Ftoken=abc", "/page"),
        ("/page#part", "/page"),
        ("/shop;jsessionid=1A2B3C/cart;v=2", "/shop/cart"),
        ("/shop%3Bjsessionid=1A2B3C", "/shop"),
        ("/a\x00b\n\u202ec", "/abc"),
        ("/\ud800", "/"),
        ("/" + "seven77/" * 100, "/seven77" * 62),
        ("/%4" + "%3" * 20 + "1", "/" + REDACTED),
    ],
)
def test_a_path_has_one_form(path: str, cleaned: str) -> None:
    """Decoded, printable, no query, no path parameters, cut at a whole segment."""
    assert clean_path(path) == cleaned


@pytest.mark.parametrize(
    ("fragment", "cleaned"),
    [
        ("", ""),
        ("#", ""),
        ("/settings", "#/settings"),
        ("#/settings?x=1", "#/settings"),
        ("!/settings?x=1", "#!/settings"),
        ("/", "#/"),
        ("settings", "#settings"),
        ("/users/jane@example.com", "#/users/:redacted"),
        ("access_token=abc&state=1", ""),
        ("/callback&access_token=abc", ""),
        ("/a#b", "#/a"),
        ("?x=1", ""),
    ],
)
def test_a_route_in_the_fragment_is_kept_without_its_parameters(fragment: str, cleaned: str) -> None:
    """Sites that route by fragment see their pages, and no sign-in's token is stored."""
    assert clean_hash(fragment) == cleaned


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("Spring sale", "Spring sale"),
        ("  two\n lines\t", "two lines"),
        ("How are you?", "How are you?"),
        ("write to jane@example.com", REDACTED),
        ("call 555 123 4567", REDACTED),
        ("tel:+491701234567", REDACTED),
        ("mailto:jane@example.com", REDACTED),
        ("https://www.example.org/docs?token=abc#x", "https://example.org/docs"),
        ("https://example.org/u/jane%40example.com", "https://example.org/u/:redacted"),
        ("https://192.0.2.17/", REDACTED),
        ("x " * 400, ("x " * 250).strip()),
    ],
)
def test_a_text_is_kept_or_redacted_as_a_whole(value: str, cleaned: str) -> None:
    """Properties of events keep their words, links their page, and nobody's address or number."""
    assert clean_text(value) == cleaned


@pytest.mark.parametrize(
    ("host", "cleaned"),
    [
        ("example.org", "example.org"),
        ("WWW.Example.ORG:8443", "example.org"),
        ("www.com", "www.com"),
        ("example.org.", "example.org"),
        ("jane:secret@example.org", "example.org"),
        ("localhost", "localhost"),
        ("4chan.org", "4chan.org"),
        ("xn--90ae8bfgdc6d9bx7y2.xn--p1ai", "xn--90ae8bfgdc6d9bx7y2.xn--p1ai"),
        ("0123456789abcdef0123.ads.example.net", "ads.example.net"),
        ("a.0123456789abcdef0123.example", REDACTED),
        ("192.0.2.17", REDACTED),
        ("dsl-192-0-2-17.example.net", REDACTED),
        ("[2001:db8::1]:443", REDACTED),
        ("not a host", ""),
        ("", ""),
        ("a" * 64 + ".example", ""),
    ],
)
def test_a_host_has_one_form(host: str, cleaned: str) -> None:
    """Small letters, no www., no port, no user, and no address of a machine."""
    assert clean_host(host) == cleaned


@pytest.mark.parametrize(
    ("query", "utm"),
    [
        ("", NO_UTM),
        ("id=5&page=2", NO_UTM),
        (
            "?utm_source=Google&utm_medium=cpc&utm_campaign=spring+sale%21&utm_content=a&utm_term=red%20shoes",
            Utm("Google", "cpc", "spring sale!", "a", "red shoes"),
        ),
        ("utm_source=a&utm_source=b", Utm(source="a")),
        ("UTM_Source=a&amp;utm_medium=b", Utm(source="a", medium="b")),
        ("utm_source=&utm_medium=%20&utm_campaign", NO_UTM),
        ("ref=a&source=b", Utm(ref="b")),
        ("ref=a", Utm(ref="a")),
        ("gclid=Cj0KCQiA&x=1", Utm(click_id="gclid")),
        ("utm_campaign=120210012345670123", Utm(campaign="120210012345670123")),
        ("utm_content=jane%2Bx%40example.com&utm_term=red", Utm(content=REDACTED, term="red")),
        ("utm_term=V1StGXR8_Z5jdHi6B-myT", Utm(term=REDACTED)),
    ],
)
def test_tags_are_read_and_all_else_in_a_query_is_not(query: str, utm: Utm) -> None:
    """Campaigns are told by their tags; click identifiers only by their kind."""
    assert utm_of(query) == utm


@given(hidden())
def test_no_address_or_token_survives_in_a_path(pair: tuple[str, str]) -> None:
    """However deep it is nested and however often encoded, what identifies is not stored."""
    secret, path = pair
    cleaned = clean_path(path)
    assert secret.lower() not in cleaned.lower()
    assert clean_path("/" + path).count(secret) == 0


@given(hidden())
def test_no_address_or_token_survives_in_a_text(pair: tuple[str, str]) -> None:
    """Properties and tags are no way around the rules for paths."""
    secret, text = pair
    assert secret.lower() not in clean_text(text).lower()


@given(hidden(st.emails() | UUIDS | HEX_WITH_LETTER | TOKENS))
def test_no_address_or_token_survives_in_a_tag_or_a_route(pair: tuple[str, str]) -> None:
    """Campaigns may be numbered, and that is all that tags may carry beyond words."""
    secret, text = pair
    utm = utm_of(f"utm_source={text}&utm_campaign={text}&ref={text}")
    kept = "".join([utm.source, utm.campaign, utm.ref, clean_hash(text)]).lower()
    assert secret.lower() not in kept


@given(ANY)
@example("/%\x0041")
@example("/%25%34%30")
@example("https://example.org/a%20%20b%20;c")
@example(";x/ a")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """What is stored is in its final form."""
    for clean in (clean_path, clean_text, clean_hash, clean_host):
        once = clean(text)
        assert clean(once) == once


@given(ANY)
def test_nothing_unprintable_and_no_query_is_stored(text: str) -> None:
    """Reports hold short, readable paths, routes and texts."""
    path, route, words = clean_path(text), clean_hash(text), clean_text(text)
    assert path.startswith("/")
    assert not set("?#;") & set(path)
    assert not set("?;=&") & set(route)
    assert (path + route + words).isprintable()
    assert len(path) <= MOST_PATH_CHARACTERS
    assert len(words) <= MOST_TEXT_CHARACTERS


@given(st.text(max_size=200))
def test_any_query_gives_short_printable_tags(query: str) -> None:
    """Whatever stands in a query, tags are short and readable."""
    utm = utm_of(f"utm_source={query}&{query}&utm_term={query}")
    values = [utm.source, utm.medium, utm.campaign, utm.content, utm.term, utm.ref, utm.click_id]
    assert "".join(values).isprintable()
    assert max(map(len, values)) <= MOST_TAG_CHARACTERS


WORDS = st.from_regex(r"[a-z]{1,12}", fullmatch=True).filter(lambda word: not set(word) <= set("abcdef"))
SLUGS = st.lists(WORDS | st.integers(1900, 2099).map(str), min_size=1, max_size=9).map("-".join)


@given(st.lists(SLUGS, min_size=1, max_size=4).map("/".join))
def test_slugs_of_words_and_years_survive(path: str) -> None:
    """A site of ordinary pages sees every page by its name."""
    assume(len(path) < MOST_PATH_CHARACTERS)
    assert clean_path("/" + path) == "/" + path


@given(uuid=st.uuids(), word=WORDS)
def test_a_page_named_by_words_and_a_uuid_keeps_neither(uuid: UUID, word: str) -> None:
    """The mark stands for the whole segment, so nothing is left to put together again."""
    assert clean_path(f"/{word}-{uuid}") == f"/{REDACTED}"
