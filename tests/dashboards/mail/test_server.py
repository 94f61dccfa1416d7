"""The mail server: reached as the settings say, and what is wrong said in one line."""

import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import MailError, SettingError
from core.settings import Settings, read_settings
from core.smtp_url import SmtpUrl, read_smtp_url
from dashboards.mail.command import send_test
from tests.dashboards.conftest import NOON
from tests.dashboards.mail.conftest import PUBLIC, SENDER
from tests.fixtures.mail_server import HOST, PASSWORD, URL_USER, USER, Postbox, mail_server

TO = "mara@example.com"


def _settings(url: str, sender: str = SENDER) -> Settings:
    return Settings(smtp_url=url, smtp_sender=sender, public_url=PUBLIC)


async def _told(url: str) -> str:
    with pytest.raises(MailError) as told:
        await send_test(_settings(url), TO, NOON)
    return str(told.value)


async def test_a_test_arrives(box: Postbox) -> None:
    """What `footfall mail test` sends is an e-mail from the sender to the address, and says what it is."""
    await send_test(_settings(box.url), TO, NOON)
    [(whom, letter)] = box.letters
    assert (whom, letter["From"], letter["Subject"]) == (TO, SENDER, "Footfall can send e-mails")
    assert "This is a test of Footfall at https://stats.example.com." in str(letter.get_content())


async def test_user_and_password_are_those_of_the_address() -> None:
    """Signs in a password are written escaped; a wrong one is named as the thing to check."""
    with mail_server(login=True) as box:
        await send_test(_settings(f"smtp://{URL_USER}@{HOST}:{box.port}"), TO, NOON)
        assert (len(box.letters), box.logins) == (1, [USER])
        told = await _told(f"smtp://{USER}:wrong@{HOST}:{box.port}")
    assert told.startswith(f"The mail server {HOST}:{box.port} refuses user and password (reply 535)")
    assert PASSWORD not in told


async def test_starttls_needs_a_certificate_that_holds(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The password goes over an encrypted line to the right server, or not at all."""
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    with mail_server(login=True, tls=tls) as box:
        url = f"smtp://{URL_USER}@{HOST}:{box.port}?starttls"
        told = await _told(url)
        assert (box.logins, box.letters) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
        await send_test(_settings(url), TO, NOON)
    assert "was not reached (SSLCertVerificationError)" in told
    assert "a certificate for that host" in told
    assert (box.logins, len(box.letters)) == ([USER], 1)


async def test_a_server_without_starttls_gets_no_password(box: Postbox) -> None:
    """Where encryption was asked for and is not to be had, nothing is sent."""
    told = await _told(f"smtp://{URL_USER}@{HOST}:{box.port}?starttls")
    assert "does not offer what FOOTFALL_SMTP_URL asks for (STARTTLS, or a login)" in told
    assert (box.logins, box.letters) == ([], [])


async def test_a_server_that_is_not_there_is_named() -> None:
    """Host and port are in the message, and what to check."""
    told = await _told("smtp://127.0.0.1:1")
    assert told.startswith(
        "The mail server 127.0.0.1:1 was not reached (ConnectionRefusedError); check FOOTFALL_SMTP"
    )
    assert "nowhere.invalid:25 was not reached (gaierror)" in await _told("smtp://nowhere.invalid")


async def test_a_refused_recipient_is_told_with_the_servers_words(box: Postbox) -> None:
    """Who tries from the command line reads what the server said; its log line would not have it."""
    box.replies = {TO: "550 5.1.1 no mailbox here"}
    with pytest.raises(MailError, match=r"not take the recipient.*The server said: 5\.1\.1 no mailbox"):
        await send_test(_settings(box.url), TO, NOON)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(), "set FOOTFALL_SMTP_URL, FOOTFALL_SMTP_SENDER, FOOTFALL_PUBLIC_URL"),
        (Settings(smtp_url="smtp://localhost", public_url=PUBLIC), "set FOOTFALL_SMTP_SENDER (docs/mail.md)"),
    ],
)
async def test_missing_settings_are_named(settings: Settings, words: str) -> None:
    """One line says what to set."""
    with pytest.raises(MailError) as told:
        await send_test(settings, TO, NOON)
    assert words in str(told.value)


def test_the_command_says_that_it_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`footfall mail test --to` tells that the server took it, and where to look if it does not come."""
    with mail_server() as box:
        for name, value in {"SMTP_URL": box.url, "SMTP_SENDER": SENDER, "PUBLIC_URL": PUBLIC}.items():
            monkeypatch.setenv(f"FOOTFALL_{name}", value)
        tried, sent = (_footfall(*more, "--data", str(tmp_path)) for more in (("test", "--to", TO), ("send",)))
    assert (
        tried == f"The mail server accepted the test. If it does not arrive at {TO} soon, check the spam folder.\n"
    )
    assert sent == "Nothing is due.\n"
    assert len(box.letters) == 1


def _footfall(*arguments: str) -> str:
    command = [sys.executable, "-m", "footfall", "mail", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_address_of_a_server_is_read() -> None:
    """Ports are those of the way it is reached; user and password are unescaped."""
    assert read_smtp_url("smtp://a%40b:p%2Fw@mail.example.com?starttls") == SmtpUrl(
        "mail.example.com", 587, "a@b", "p/w", tls=False, starttls=True
    )
    assert [read_smtp_url(url).port for url in ("smtp://h", "smtps://h", "smtps://h:2465")] == [25, 465, 2465]
    assert "p/w" not in repr(read_smtp_url("smtps://a:p%2Fw@h"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://mail.example.com", "must be like smtp://"),
        ("smtp://", "must be like smtp://"),
        ("smtp://u:secret@mail.example.com", "would send the password in the clear"),
        ("smtps://mail.example.com?starttls", "is encrypted from the first byte"),
        ("smtp://mail.example.com?tls", "takes only ?starttls"),
        ("smtp://mail.example.com:x", "port"),
    ],
)
def test_a_wrong_address_stops_the_start(url: str, words: str) -> None:
    """The setting is named, and what is wrong with it; never the password."""
    with pytest.raises(SettingError) as told:
        read_settings(smtp_url=url)
    assert str(told.value).startswith("FOOTFALL_SMTP_URL: ")
    assert words in str(told.value).lower() or words in str(told.value)
    assert "secret" not in str(told.value)


def test_a_wrong_sender_stops_the_start() -> None:
    """A sender is an address, with a name or without; no header can be smuggled in."""
    assert read_settings(smtp_sender=SENDER).smtp_sender == SENDER
    for wrong in ("Footfall", "a b@c", "stats@example.com\nBcc: x@example.com", "stäts@example.com"):
        with pytest.raises(SettingError, match="FOOTFALL_SMTP_SENDER: must be an e-mail address"):
            read_settings(smtp_sender=wrong)
