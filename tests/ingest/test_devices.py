"""What a user agent tells of browser, system and device."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.devices import BROWSERS, DESKTOP, MOBILE, SYSTEMS, TABLET, UNKNOWN, Device, DeviceParser

PARSER = DeviceParser()

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT}"
TV = f"Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) {WEBKIT}"
XBOX = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) {WEBKIT}"
IN_APP = (
    f"Mozilla/5.0 (Linux; Android 15; CPH2557; wv) {WEBKIT} Version/4.0 Chrome/142.0.7444.142 Mobile Safari/537.36"
)
MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT}"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT}"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) {APPLE}"
IPAD = f"Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) {APPLE}"

KNOWN = [
    (f"{WINDOWS} Chrome/120.0.0.0 Safari/537.36", Device("Chrome", "120", "Windows", "10", DESKTOP)),
    (f"{MAC} Chrome/120.0.0.0 Safari/537.36", Device("Chrome", "120", "macOS", "10.15", DESKTOP)),
    (f"{ANDROID} Chrome/120.0.0.0 Mobile Safari/537.36", Device("Chrome", "120", "Android", "10", MOBILE)),
    (f"{ANDROID} Chrome/120.0.0.0 Safari/537.36", Device("Chrome", "120", "Android", "10", TABLET)),
    (f"{IPHONE} CriOS/120.0.6099.119 Mobile/15E148 Safari/604.1", Device("Chrome", "120", "iOS", "17", MOBILE)),
    (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", Device("Safari", "17", "iOS", "17", MOBILE)),
    (f"{IPAD} Version/17.5 Mobile/15E148 Safari/604.1", Device("Safari", "17", "iOS", "17", TABLET)),
    (
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/17.5 Safari/605.1.15",
        Device("Safari", "17", "macOS", "10.15", DESKTOP),
    ),
    (
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        Device("Firefox", "140", "Linux", "", DESKTOP),
    ),
    (
        "Mozilla/5.0 (X11; Fedora; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        Device("Firefox", "140", "Linux", "", DESKTOP),
    ),
    (
        "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
        Device("Firefox", "140", "Android", "14", MOBILE),
    ),
    (
        "Mozilla/5.0 (Android 14; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0",
        Device("Firefox", "140", "Android", "14", TABLET),
    ),
    (f"{IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", Device("Firefox", "140", "iOS", "17", MOBILE)),
    (f"{WINDOWS} Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0", Device("Edge", "120", "Windows", "10", DESKTOP)),
    (
        f"{ANDROID} Chrome/120.0.0.0 Mobile Safari/537.36 EdgA/120.0.0.0",
        Device("Edge", "120", "Android", "10", MOBILE),
    ),
    (f"{WINDOWS} Chrome/119.0.0.0 Safari/537.36 OPR/105.0.0.0", Device("Opera", "105", "Windows", "10", DESKTOP)),
    (
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
        Device("Opera Mini", "36", "Android", "", MOBILE),
    ),
    (
        f"{ANDROID} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
        Device("Samsung Internet", "27", "Android", "10", MOBILE),
    ),
    (f"{WINDOWS} Chrome/120.0.0.0 Safari/537.36 Vivaldi/6.5", Device("Vivaldi", "6", "Windows", "10", DESKTOP)),
    (
        f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/120.0.0.0 Safari/537.36",
        Device("Chrome", "120", "Chrome OS", "", DESKTOP),
    ),
    (
        "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; Tablet PC 2.0; rv:11.0) like Gecko",
        Device("Internet Explorer", "11", "Windows", "8.1", DESKTOP),
    ),
    (
        f"Mozilla/5.0 (Windows NT 6.1; Win64; x64) {WEBKIT} Chrome/109.0.0.0 Safari/537.36",
        Device("Chrome", "109", "Windows", "7", DESKTOP),
    ),
    (
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) {WEBKIT} Chrome/120.0.0.0 Safari/537.36",
        Device("Chrome", "120", "macOS", "14", DESKTOP),
    ),
    (
        IN_APP,
        Device("Chrome (in-app)", "142", "Android", "15", MOBILE),
    ),
    (
        IN_APP + " Instagram 406.0.0.58.159 Android (35/15; 480dpi; OPPO)",
        Device("Instagram", "406", "Android", "15", MOBILE),
    ),
    (f"{IPHONE} Mobile/15E148", Device("Safari (in-app)", "", "iOS", "17", MOBILE)),
    (
        "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
        Device("Firefox", "48", "KaiOS", "2", MOBILE),
    ),
    (
        f"{TV} SamsungBrowser/2.2 Chrome/63.0.3239.84 TV Safari/537.36",
        Device("Samsung Internet", "2", "Tizen", "6", ""),
    ),
    (
        f"{XBOX} Chrome/120.0.0.0 Safari/537.36 Edge/44.18363",
        Device("Edge", "44", "Windows", "10", ""),
    ),
    (
        f"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) {APPLE} Version/13.0 Safari/605.1.15",
        Device("Safari", "13"),
    ),
    ("nothing that is known", UNKNOWN),
    ("", UNKNOWN),
]


@pytest.mark.parametrize(("user_agent", "device"), KNOWN)
def test_marketers_read_the_names_they_expect(user_agent: str, device: Device) -> None:
    """Browsers and systems bear the names people know, phones and desktops of one browser the same."""
    assert PARSER.parse(user_agent) == device


def test_a_user_agent_of_endless_length_tells_nothing() -> None:
    """What no browser sends is not read, let alone remembered."""
    assert PARSER.parse(f"{WINDOWS} Chrome/120.0.0.0 Safari/537.36" + "x" * 10_000) == UNKNOWN


def test_a_parser_remembers_no_more_than_it_may() -> None:
    """Made-up user agents by the thousand do not fill the memory."""
    parser = DeviceParser(remembered=3)
    for version in range(100, 120):
        parser.parse(f"{WINDOWS} Chrome/{version}.0.0.0 Safari/537.36")
    assert parser._read.cache_info().currsize == 3  # noqa: SLF001


@given(
    name=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="/ ()"), min_size=4, max_size=30),
    template=st.sampled_from(
        [
            "{}/4321.9 CFNetwork/1 Darwin/23.0.0",
            "{}-iPhone/1 CFNetwork",
            "Mozilla/5.0 (X11; {} 1.2) {}/99999.1",
            "{}",
        ]
    ),
)
def test_nothing_of_a_user_agent_is_stored_but_known_names_and_short_numbers(name: str, template: str) -> None:
    """A user agent that carries a name, a number or a mark of its own cannot bring it into a report."""
    found = PARSER.parse(template.format(name, name))
    assert found.browser in {"", *BROWSERS}
    assert found.os in {"", *SYSTEMS}
    assert len(found.browser_version) <= 4
    assert len(found.os_version) <= 5
    assert found.device in {"", DESKTOP, MOBILE, TABLET}
