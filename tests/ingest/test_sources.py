"""Where a visit comes from: referrers and tags become named sources and channels."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.sources import MOST_REFERRER_CHARACTERS, MOST_SOURCE_CHARACTERS, Source, SourceResolver
from ingest.url_hygiene import NO_UTM, REDACTED, Utm, utm_of

RESOLVER = SourceResolver()
DIRECT = Source("", "", "Direct")

REFERRERS = [
    ("https://www.google.com/", Source("Google", "google.com", "Organic Search")),
    ("https://www.google.co.uk/search?q=shoes", Source("Google", "google.co.uk/search", "Organic Search")),
    ("https://google.com.ua/", Source("Google", "google.com.ua", "Organic Search")),
    ("https://news.google.de/articles", Source("Google News", "news.google.de/articles", "Organic Search")),
    ("https://shopping.google.fr/", Source("Google Shopping", "shopping.google.fr", "Organic Shopping")),
    ("https://gemini.google.com/app", Source("Gemini", "gemini.google.com/app", "AI Assistant")),
    ("https://mail.google.com/mail/u/0/", Source("Gmail", "mail.google.com/mail/u/0/", "Email")),
    ("https://docs.google.com/document", Source("Google Docs", "docs.google.com/document", "Referral")),
    ("https://search.yahoo.co.jp/search", Source("Yahoo!", "search.yahoo.co.jp/search", "Organic Search")),
    ("https://mail.yahoo.com.br/", Source("Yahoo! Mail", "mail.yahoo.com.br", "Email")),
    ("https://yandex.com.tr/", Source("Yandex", "yandex.com.tr", "Organic Search")),
    ("https://ya.ru/", Source("Yandex", "ya.ru", "Organic Search")),
    (
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fx",
        Source("Facebook", "l.facebook.com/l.php", "Organic Social"),
    ),
    ("https://t.co/AbCdEf", Source("X", "t.co/AbCdEf", "Organic Social")),
    ("https://out.reddit.com/", Source("Reddit", "out.reddit.com", "Organic Social")),
    ("https://m.youtube.com/", Source("YouTube", "m.youtube.com", "Organic Video")),
    ("https://www.amazon.co.uk/dp/B0", Source("Amazon", "amazon.co.uk/dp/B0", "Organic Shopping")),
    ("https://aws.amazon.com/", Source("AWS", "aws.amazon.com", "Referral")),
    ("https://chatgpt.com/", Source("ChatGPT", "chatgpt.com", "AI Assistant")),
    ("https://www.perplexity.ai/search", Source("Perplexity", "perplexity.ai/search", "AI Assistant")),
    ("android-app://com.google.android.gm/", Source("Gmail", "com.google.android.gm", "Email")),
    ("android-app://com.reddit.frontpage", Source("Reddit", "com.reddit.frontpage", "Organic Social")),
    ("android-app://org.example.reader/https/x", Source("org.example.reader", "org.example.reader", "Referral")),
    ("https://blog.example.org/a-post/", Source("blog.example.org", "blog.example.org/a-post/", "Referral")),
    ("https://www.example.org:8443/a", Source("example.org", "example.org/a", "Referral")),
    ("HTTPS://WWW.Example.ORG./Path", Source("example.org", "example.org/Path", "Referral")),
    ("https://notgoogle.com/", Source("notgoogle.com", "notgoogle.com", "Referral")),
    ("https://google.example.com/", Source("google.example.com", "google.example.com", "Referral")),
    ("https://google.com.example.org/", Source("google.com.example.org", "google.com.example.org", "Referral")),
]

NO_REFERRERS = [
    "",
    " ",
    "garbage",
    "about:blank",
    "null",
    "http://",
    "https:///path",
    "ftp://example.org/",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///home/someone/page.html",
    "//example.org/",
    "https://exa mple.org/",
    "https://example%2Eorg/",
    "android-app:///",
]

INTERNAL = [
    ("https://shop.example/cart", "shop.example", "shop.example"),
    ("https://www.shop.example/cart", "shop.example", "shop.example"),
    ("https://shop.example/cart", "www.shop.example", "shop.example"),
    ("https://SHOP.example:443/", "shop.example", "other.example"),
    ("https://blog.shop.example/", "shop.example", "shop.example"),
    ("https://shop.example/", "blog.shop.example", "shop.example"),
    ("https://blog.shop.example/", "help.shop.example", "www.shop.example"),
]

TAGS = [
    ("utm_source=google&utm_medium=cpc", Source("Google", "", "Paid Search")),
    ("utm_source=GOOGLE&utm_medium=CPC", Source("Google", "", "Paid Search")),
    ("utm_source=fb&utm_medium=paid_social", Source("Facebook", "", "Paid Social")),
    ("utm_source=m.facebook.com", Source("Facebook", "", "Organic Social")),
    ("utm_source=https://www.linkedin.com/feed", Source("LinkedIn", "", "Organic Social")),
    ("utm_source=chatgpt.com", Source("ChatGPT", "", "AI Assistant")),
    ("utm_source=Autumn+Letter&utm_medium=email", Source("Autumn Letter", "", "Email")),
    ("utm_source=partner", Source("partner", "", "Referral")),
    ("utm_source=partner&utm_medium=flyer", Source("partner", "", "Unassigned")),
    ("source=partner&ref=other", Source("partner", "", "Referral")),
    ("ref=other&source=partner", Source("partner", "", "Referral")),
    ("ref=producthunt.com", Source("Product Hunt", "", "Organic Social")),
    ("ref=other&utm_source=hn", Source("Hacker News", "", "Organic Social")),
    ("utm_source=jane%40example.com", Source(REDACTED, "", "Referral")),
    ("utm_medium=email", Source("", "", "Email")),
    ("utm_campaign=spring", DIRECT),
]


@pytest.mark.parametrize(("referrer", "source"), REFERRERS)
def test_a_referrer_names_its_source(referrer: str, source: Source) -> None:
    """Visits from one service are counted under its one name, whatever host it sends them from."""
    assert RESOLVER.resolve(referrer, "shop.example", domain="shop.example") == source


@pytest.mark.parametrize("referrer", NO_REFERRERS)
def test_what_is_no_address_of_another_page_is_a_direct_visit(referrer: str) -> None:
    """Empty, broken and local referrers are no sources."""
    assert RESOLVER.resolve(referrer, "shop.example", domain="shop.example") == DIRECT


@pytest.mark.parametrize(("referrer", "hostname", "domain"), INTERNAL)
def test_the_sites_own_pages_are_no_source(referrer: str, hostname: str, domain: str) -> None:
    """Clicking about in a site, its subdomains included, does not make it its own referrer."""
    assert RESOLVER.resolve(referrer, hostname, domain=domain) == DIRECT


def test_a_site_is_not_taken_for_another_whose_name_ends_alike() -> None:
    """myshop.example is not a part of shop.example."""
    found = RESOLVER.resolve("https://myshop.example/", "shop.example", domain="shop.example")
    assert found == Source("myshop.example", "myshop.example", "Referral")


@pytest.mark.parametrize(("query", "source"), TAGS)
def test_a_tag_names_the_source(query: str, source: Source) -> None:
    """What a link says of itself is believed, and well-known names are written one way."""
    assert RESOLVER.resolve("", "shop.example", utm_of(query)) == source


def test_a_tag_wins_over_the_referrer_that_is_stored_all_the_same() -> None:
    """A tagged link on a forum counts for its campaign, and the forum is still seen as the referrer."""
    found = RESOLVER.resolve(
        "https://news.ycombinator.com/item", "shop.example", Utm(source="spring", medium="cpc")
    )
    assert found == Source("spring", "news.ycombinator.com/item", "Paid Other")


def test_an_advertisement_with_auto_tagging_is_paid_search() -> None:
    """A click on a search engine's advertisement is told from one on its results."""
    found = RESOLVER.resolve("https://www.google.com/", "shop.example", utm_of("gclid=Cj0KCQiA"))
    assert found == Source("Google", "google.com", "Paid Search")


@pytest.mark.parametrize(
    ("referrer", "source"),
    [
        (
            "https://example.org/u/jane@example.com/inbox",
            Source("example.org", "example.org/u/:redacted/inbox", "Referral"),
        ),
        ("https://example.org/reset?token=abc#x", Source("example.org", "example.org/reset", "Referral")),
        ("https://jane:secret@example.org/", Source("example.org", "example.org", "Referral")),
        ("http://203.0.113.9/admin", Source(REDACTED, REDACTED, "Referral")),
        ("http://[2001:db8::1]/admin", Source(REDACTED, REDACTED, "Referral")),
        (
            "https://0123456789abcdef0123.ads.example.net/frame",
            Source("ads.example.net", "ads.example.net/frame", "Referral"),
        ),
        ("https://example.org/" + "x" * 400, Source("example.org", "example.org/:redacted", "Referral")),
    ],
)
def test_a_referrer_tells_nothing_of_a_person(referrer: str, source: Source) -> None:
    """Queries, user names, addresses and tokens in referrers are never stored."""
    assert RESOLVER.resolve(referrer, "shop.example") == source


HOSTS = st.from_regex(r"[a-z0-9@:\[\]%-]{0,30}(\.[a-z0-9-]{1,20}){0,8}", fullmatch=True)


@given(
    referrer=st.text()
    | st.builds("{}://{}/{}".format, st.sampled_from(["https", "android-app"]), HOSTS, st.text()),
    hostname=st.text() | HOSTS,
    utm=st.builds(Utm, *[st.text()] * 7) | st.just(NO_UTM),
    domain=st.text() | HOSTS,
)
@example("https://" + "a." * 120 + "example/" + "b/" * 200, "", NO_UTM, "")
@example("https://\ud800.example/\ud800", "\ud800", Utm(source="\ud800"), "")
def test_no_text_breaks_the_resolver_or_grows_beyond_its_column(
    referrer: str, hostname: str, utm: Utm, domain: str
) -> None:
    """Whatever a beacon claims, the row's fields are short, printable and without a query."""
    found = RESOLVER.resolve(referrer, hostname, utm, domain)
    assert len(found.source) <= MOST_SOURCE_CHARACTERS
    assert len(found.referrer) <= MOST_REFERRER_CHARACTERS
    assert "?" not in found.referrer
    assert (found.source + found.referrer).isprintable()


@given(host=HOSTS, path=st.text())
def test_a_stored_referrer_resolves_to_itself(host: str, path: str) -> None:
    """What was stored once is clean: resolving it again, as an import does, changes nothing."""
    first = RESOLVER.resolve(f"https://{host}/{path}", "shop.example")
    if first.referrer not in {"", REDACTED}:
        assert RESOLVER.resolve("https://" + first.referrer, "shop.example") == first
