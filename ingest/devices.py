"""A user agent becomes five short names: browser, its version, system, its version, kind of device.

The names come from the closed tables below and versions are digits (or a Windows release's name),
so no other byte of a user agent can reach a row. What no table knows is "".

User agents say less than they seem to, and we do not guess beyond them:
- macOS stays "10.15" in all browsers, Windows 11 says 10, Chrome on Android says 10, and Safari on
  iOS 26 mostly says 18: their makers froze these.
- An iPad asks for desktop pages by default and then is a Mac by its user agent.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from ua_parser.loaders import load_lazy_builtins
from ua_parser.regex import Resolver
from ua_parser_rs import UserAgentExtractor

MOST_USER_AGENT_CHARACTERS = 1_000
MOST_REMEMBERED = 10_000

DESKTOP = "Desktop"
MOBILE = "Mobile"
TABLET = "Tablet"
_OTHER = "televisions, consoles, headsets"


@dataclass(frozen=True, slots=True)
class Device:
    """What a visit was made with; "" for what is not known."""

    browser: str = ""
    browser_version: str = ""
    os: str = ""
    os_version: str = ""
    device: str = ""


UNKNOWN = Device()

# Names of ours, with the families that ua-parser (uap-core's regexes.yaml) calls the same browser.
BROWSERS = {
    "Amazon Silk": (),
    "Android Browser": ("Android",),
    "Avast Secure Browser": ("AVG",),
    "Baidu": ("Baidu Browser", "Baidu Explorer", "baiduboxapp"),
    "BlackBerry": ("BlackBerry WebKit",),
    "Brave": (),
    "Chrome": ("Chrome Mobile", "Chrome Mobile iOS", "Chromium"),
    "Chrome (in-app)": ("Chrome Mobile WebView",),
    "Coc Coc": (),
    "DuckDuckGo": ("DuckDuckGo Mobile",),
    "Ecosia": ("Ecosia Android", "Ecosia iOS"),
    "Edge": ("Edge Mobile",),
    "Electron": (),
    "Facebook": ("Facebook Messenger",),
    "Firefox": ("Firefox Mobile", "Firefox iOS", "Firefox Alpha", "Firefox Beta"),
    "GNOME Web": ("Epiphany",),
    "Flipboard": (),
    "Google app": ("Google",),
    "HeyTap Browser": (),
    "Honor Browser": (),
    "Huawei Browser": (),
    "Instagram": (),
    "Internet Explorer": ("IE", "IE Mobile", "IE Large Screen"),
    "KakaoTalk": (),
    "Konqueror": (),
    "Ladybird": (),
    "LINE": (),
    "LinkedIn": (),
    "Maxthon": (),
    "Mi Browser": ("MiuiBrowser", "Mint Browser"),
    "Mullvad Browser": ("MullvadBrowser",),
    "Opera": ("Opera Mobile", "Opera Touch", "Opera GX", "Opera Coast", "Opera Neon"),
    "Opera Mini": (),
    "Pale Moon": (),
    "Pinterest": (),
    "Puffin": (),
    "QQ Browser": ("QQ Browser Mobile", "QQ Browser Mini"),
    "Quest Browser": ("Oculus Browser",),
    "Safari": ("Mobile Safari", "WebKit Nightly"),
    "Safari (in-app)": ("Mobile Safari UI/WKWebView",),
    "Samsung Internet": (),
    "SeaMonkey": (),
    "Seznam": ("Seznam prohlížeč",),
    "Snapchat": (),
    "Sogou": ("Sogou Explorer",),
    "Telegram": (),
    "TikTok": (),
    "UC Browser": (),
    "Vivaldi": (),
    "Vivo Browser": ("VivoBrowser",),
    "Waterfox": (),
    "WeChat": ("WeChat Browser",),
    "Weibo": (),
    "Whale": (),
    "X": ("Twitter",),
    "Yandex Browser": (),
}
# A distribution says more of a person than of a page's fit, and few browsers tell it: all are Linux.
SYSTEMS = {
    "Android": (),
    "BlackBerry": ("BlackBerry OS", "BlackBerry Tablet OS"),
    "BSD": ("FreeBSD", "OpenBSD", "NetBSD"),
    "Chrome OS": (),
    "HarmonyOS": (),
    "iOS": (),
    "KaiOS": (),
    "Linux": (
        "Arch Linux",
        "CentOS",
        "Debian",
        "Fedora",
        "Gentoo",
        "Linux Mint",
        "Red Hat",
        "SUSE",
        "Ubuntu",
    ),
    "macOS": ("Mac OS X", "Mac OS"),
    "Tizen": (),
    "tvOS": ("ATV OS X",),
    "webOS": (),
    "Windows": (),
    "Windows Phone": ("Windows Mobile",),
}
_DESKTOP_SYSTEMS = frozenset({"BSD", "Chrome OS", "Linux", "macOS", "Windows"})

_WINDOWS = re.compile(r"\d{1,2}(?:\.\d)?|95|98|2000|ME|NT|Vista|XP")
_DIGITS = re.compile(r"\d{1,4}")

# The first pattern that is found tells the kind. MDN, "Browser detection using the user agent": "Mobi"
# is a phone, Android without it a tablet. Windows names itself "Tablet PC" where a pen service is installed.
_KINDS = (
    (r"(?i)smart-?tv|hbbtv|apple ?tv|google ?tv|\btv\b|crkey|web0s|netcast|bravia|viera|\broku\b", _OTHER),
    (r"(?i)\baft[a-z]{1,4}\b|playstation|nintendo|xbox|\bquest\b|\bvr\b", _OTHER),
    (r"iPad|Tablet(?: [^P]|[^ ]|$)|PlayBook|Kindle", TABLET),
    (r"Mobi|iPhone|iPod|Opera Mini|UCWEB|Windows Phone|BlackBerry|KAIOS", MOBILE),
    (r"Android|Silk/", TABLET),
)


class DeviceParser:
    """Reads user agents; remembers the latest ones, in memory only.

    ua-parser's own parser keeps a global cache; the extractors of its Rust core keep none.
    """

    def __init__(self, *, remembered: int = MOST_REMEMBERED) -> None:
        browsers, systems, _ = load_lazy_builtins()
        # Its third list tells brands and models, which we neither want nor pay for.
        core = Resolver((browsers, systems, []))
        self._browsers, self._systems = core.ua, core.os
        self._kinds = UserAgentExtractor((pattern, kind, None, None, None, None) for pattern, kind in _KINDS)
        self._read = lru_cache(maxsize=remembered)(self._parse)

    def parse(self, user_agent: str) -> Device:
        """Give what a user agent tells."""
        return UNKNOWN if len(user_agent) > MOST_USER_AGENT_CHARACTERS else self._read(user_agent)

    def forget(self) -> None:
        """Forget the user agents that were read."""
        self._read.cache_clear()

    def _parse(self, user_agent: str) -> Device:
        browser, browser_version = self._browser(user_agent)
        system, system_version = self._system(user_agent)
        return Device(browser, browser_version, system, system_version, self._kind(user_agent, system))

    def _browser(self, user_agent: str) -> tuple[str, str]:
        found = self._browsers.extract(user_agent)
        name = _BROWSER_OF.get(found.family) if found else None
        return (name, _digits(found.major)) if found and name else ("", "")

    def _system(self, user_agent: str) -> tuple[str, str]:
        found = self._systems.extract(user_agent)
        name = _SYSTEM_OF.get(found.family) if found else None
        return (name, _system_version(name, found.major, found.minor)) if found and name else ("", "")

    def _kind(self, user_agent: str, system: str) -> str:
        found = self._kinds.extract(user_agent)
        if found is None:
            return DESKTOP if system in _DESKTOP_SYSTEMS else ""
        return "" if found.family == _OTHER else found.family


def _system_version(system: str, major: str | None, minor: str | None) -> str:
    """Give the version people know a system by: Windows 8.1, macOS 10.15 and 14, iOS 17, Android 14.

    Chrome OS tells a build number that nobody knows, and Linux a distribution's; both are left out.
    """
    match system:
        case "Windows":
            version = f"{major}.{minor}" if minor else f"{major}"
            return version if _WINDOWS.fullmatch(version) else ""
        case "macOS" if major == "10":
            return f"10.{_digits(minor)}".removesuffix(".")
        case "Linux" | "Chrome OS":
            return ""
        case _:
            return _digits(major)


def _digits(version: str | None) -> str:
    return version if version and _DIGITS.fullmatch(version) else ""


def _names(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {family: name for name, families in table.items() for family in (name, *families)}


_BROWSER_OF = _names(BROWSERS)
_SYSTEM_OF = _names(SYSTEMS)
