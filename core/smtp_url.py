"""The address of a mail server, as the settings state it."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

_PORTS = {"smtps": 465, "smtp": 25}
_SUBMISSION = 587
_STARTTLS = "starttls"


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """A mail server, and how it is reached: ``tls`` from the first byte, ``starttls`` after the greeting."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool


def read_smtp_url(text: str) -> SmtpUrl:
    """Read ``smtp://user:password@host:587?starttls`` or ``smtps://…``. Raises ValueError, without the password.

    >>> read_smtp_url("smtps://mail.example.com").port
    465
    """
    url = urlsplit(text)
    if url.scheme not in _PORTS or not url.hostname:
        raise ValueError("must be like smtp://user:password@host:587?starttls or smtps://user:password@host")
    starttls = url.query == _STARTTLS
    if (url.query and not starttls) or url.path.strip("/") or url.fragment:
        raise ValueError("takes only ?starttls after the host; @ / ? # in a password are written %40 %2F %3F %23")
    tls = url.scheme == "smtps"
    if tls and starttls:
        raise ValueError("smtps:// is encrypted from the first byte: leave ?starttls out, or write smtp://")
    if url.password and not (tls or starttls or _is_here(url.hostname)):
        raise ValueError("would send the password in the clear: add ?starttls, or write smtps://")
    user, password = unquote(url.username or ""), unquote(url.password or "")
    return SmtpUrl(url.hostname, _port(url, starttls=starttls), user, password, tls, starttls)


def _port(url: SplitResult, *, starttls: bool) -> int:
    return url.port or (_SUBMISSION if starttls else _PORTS[url.scheme])


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
