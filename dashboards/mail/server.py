"""The mail server: connected once for several e-mails, its errors in one line that says what to do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

import aiosmtplib
from aiosmtplib import SMTP

from core.errors import MailError, MailPostponedError, MailRefusedError, MailUnavailableError, MailUnclearError
from core.settings import Settings
from core.smtp_url import SmtpUrl, read_smtp_url

_TIMEOUT = 30.0  # seconds, for each answer
_PERMANENT = 500  # from this reply on (RFC 5321, section 4.2.1)


@dataclass(frozen=True, slots=True)
class Envelope:
    """An e-mail ready to be sent: to whom, and its lines."""

    recipient: str
    message: bytes


class Connection:
    """A connection to the mail server that takes one e-mail after the other."""

    def __init__(self, client: SMTP, sender: str) -> None:
        self._client = client
        self._sender = sender

    async def offer(self, recipient: str) -> None:
        """Tell from whom to whom the next e-mail goes. Nothing is sent yet.

        Raises MailRefusedError or MailPostponedError if the recipient is not taken; MailUnavailableError.
        """
        try:
            await self._client.mail(self._sender)
            await self._client.rcpt(recipient)
        except aiosmtplib.SMTPRecipientRefused as error:
            await self.withdraw()
            raise _refused(error, "does not take the recipient") from None
        except aiosmtplib.SMTPSenderRefused as error:
            await self.withdraw()
            raise MailUnavailableError(
                f"The mail server rejects the sender (reply {error.code}); check FOOTFALL_SMTP_SENDER.",
                error.message,
            ) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailUnavailableError(_lost(error)) from None

    async def withdraw(self) -> None:
        """Take back what was offered."""
        with suppress(aiosmtplib.SMTPException, OSError):
            await self._client.rset()

    async def deliver(self, message: bytes) -> None:
        """Send the e-mail that was offered; it is taken when this returns.

        Raises MailRefusedError, MailPostponedError if it was not taken; MailUnclearError if nobody knows.
        """
        try:
            await self._client.data(message)
        except aiosmtplib.SMTPDataError as error:
            raise _refused(error, "does not take the e-mail") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailUnclearError(_lost(error)) from None


def what_is_missing(settings: Settings) -> str:
    """Say which settings e-mails need and lack, or ""."""
    needed = {
        "FOOTFALL_SMTP_URL": settings.smtp_url,
        "FOOTFALL_SMTP_SENDER": settings.smtp_sender,
        "FOOTFALL_PUBLIC_URL": settings.public_url,
    }
    return ", ".join(name for name, value in needed.items() if not value)


def check_settings(settings: Settings) -> None:
    """Raise MailError if a setting is missing without which nothing is sent."""
    if missing := what_is_missing(settings):
        raise MailError(f"No e-mail can be sent: set {missing} (docs/mail.md).")


async def send_one(settings: Settings, envelope: Envelope) -> None:
    """Send one e-mail. Raises MailError."""
    async with connected(settings) as connection:
        await connection.offer(envelope.recipient)
        await connection.deliver(envelope.message)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Connection]:
    """Be connected to the mail server until the end of the block. Raises MailUnavailableError."""
    check_settings(settings)
    url = read_smtp_url(settings.smtp_url)
    client = SMTP(
        hostname=url.host,
        port=url.port,
        username=url.user or None,
        password=url.password or None,
        local_hostname=urlsplit(settings.public_url).hostname,
        use_tls=url.tls,
        start_tls=url.starttls,
        timeout=_TIMEOUT,
    )
    await _connect(client, url)
    try:
        yield Connection(client, parseaddr(settings.smtp_sender)[1])
    finally:
        with suppress(aiosmtplib.SMTPException, OSError):
            await client.quit()
        client.close()


async def _connect(client: SMTP, url: SmtpUrl) -> None:
    try:
        await client.connect()
    except (aiosmtplib.SMTPException, OSError) as error:
        said = error.message if isinstance(error, aiosmtplib.SMTPResponseException) else ""
        raise MailUnavailableError(f"The mail server {url.host}:{url.port} {_trouble(error)}", said) from None


def _trouble(error: Exception) -> str:
    """Say why there is no connection, and what to look at."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return (
            f"refuses user and password (reply {error.code}); check them in FOOTFALL_SMTP_URL, where @ / ? # % in "
            "a password are written %40 %2F %3F %23 %25."
        )
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"greets with a refusal (reply {error.code}); ask who runs it."
    if isinstance(error, aiosmtplib.SMTPTimeoutError):
        return (
            f"did not answer in {_TIMEOUT:.0f} seconds; check host, port and firewall: where smtps:// is spoken "
            "(465), smtp:// gets no answer."
        )
    if isinstance(error, aiosmtplib.SMTPNotSupported) or "STARTTLS" in str(error):
        return (
            "does not offer what FOOTFALL_SMTP_URL asks for (STARTTLS, or a login); try smtps://, or another port."
        )
    return (
        f"was not reached ({_kind(error)}); check FOOTFALL_SMTP_URL: host, port, and smtps:// or ?starttls with a "
        "certificate for that host."
    )


def _refused(error: aiosmtplib.SMTPResponseException, what: str) -> MailError:
    kind = MailRefusedError if error.code >= _PERMANENT else MailPostponedError
    return kind(f"The mail server {what} (reply {error.code}).", error.message)


def _lost(error: Exception) -> str:
    return f"The connection to the mail server was lost ({_kind(error)})."


def _kind(error: BaseException) -> str:
    """Name an error by what caused it: aiosmtplib's own names say less."""
    return type(error.__cause__ or error).__name__
