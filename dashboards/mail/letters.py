"""E-mails as they are sent: HTML with a picture, and the same in plain text."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from hashlib import sha256
from urllib.parse import urlencode

import jinja2

from core.settings import Settings
from dashboards.exports.png import as_png
from dashboards.language import Language, languages
from dashboards.mail.recipients import Recipient
from dashboards.mail.report import Read, report_in
from dashboards.mail.server import Envelope

# A header is folded where it has spaces; what has none, such as a long link, must stay as it is.
_POLICY = SMTP.clone(max_line_length=998)
_PICTURE = "graph@footfall"


def report_letter(settings: Settings, read: Read, recipient: Recipient, now: datetime) -> Envelope:
    """Write a report to a recipient. Draws a picture: blocks for some tenths of a second."""
    language = language_in(recipient.language)
    report = report_in(language, read, now)
    site = read.site
    query = urlencode({"period": "custom", "from": report.first, "to": report.last})
    unsubscribe = unsubscribe_link(settings, recipient)
    context = {
        "report": report,
        "page": f"{settings.public_url}/sites/{site.domain}?{query}",
        "unsubscribe": unsubscribe,
        "picture_id": _PICTURE,
    }
    subject = language.text("%(site)s: %(days)s", site=site.name, days=report.days)
    letter = _letter(settings, recipient, subject, now, f"{recipient.number} {report.first}")
    _put_unsubscribing(letter, unsubscribe)
    letter["List-Id"] = f"<{recipient.rhythm}.{site.domain.replace(':', '.')}.footfall>"
    environment = _templates(language)
    _put_text(letter, environment.get_template("mail/report.txt").render(context))
    html = environment.get_template("mail/report.html").render(context)
    letter.add_alternative(html, subtype="html", cte="quoted-printable")
    page = next(part for part in letter.iter_parts() if part.get_content_subtype() == "html")
    if isinstance(page, EmailMessage) and not report.is_empty:
        png = as_png(environment.get_template("graph.svg").render(picture=report.picture))
        page.add_related(png, "image", "png", cid=f"<{_PICTURE}>", filename="graph.png", disposition="inline")
    return _envelope(letter, recipient.email)


def confirmation_letter(
    settings: Settings, domain: str, recipient: Recipient, who: str, now: datetime
) -> Envelope:
    """Ask the owner of an address whether they want the reports of a site."""
    language = language_in(recipient.language)
    context = {
        "site": domain,
        "who": who,
        "rhythm": recipient.rhythm,
        "confirm": f"{settings.public_url}/mail/confirm/{recipient.token}",
        "unsubscribe": unsubscribe_link(settings, recipient),
    }
    subject = language.text("Do you want reports for %(site)s?", site=domain)
    letter = _letter(settings, recipient, subject, now, f"{recipient.number} confirm")
    _put_unsubscribing(letter, context["unsubscribe"])
    _put_text(letter, _templates(language).get_template("mail/confirm.txt").render(context))
    return _envelope(letter, recipient.email)


def test_letter(settings: Settings, to: str, now: datetime) -> Envelope:
    """Write an e-mail that says that e-mails arrive."""
    letter = EmailMessage(_POLICY)
    _put_head(letter, settings, to, "Footfall can send e-mails", now, f"test {now.isoformat()}")
    _put_text(letter, f"This is a test of Footfall at {settings.public_url}. Nothing is to be done.\n")
    return _envelope(letter, to)


def unsubscribe_link(settings: Settings, recipient: Recipient) -> str:
    """Give the address that ends a subscription without a login."""
    return f"{settings.public_url}/mail/unsubscribe/{recipient.token}"


def language_in(code: str) -> Language:
    """Give a language; English for one that there is no more."""
    return languages().get(code) or languages()["en"]


def _letter(settings: Settings, recipient: Recipient, subject: str, now: datetime, about: str) -> EmailMessage:
    letter = EmailMessage(_POLICY)
    _put_head(letter, settings, recipient.email, subject, now, about)
    return letter


def _put_head(letter: EmailMessage, settings: Settings, to: str, subject: str, now: datetime, about: str) -> None:
    letter["From"] = settings.smtp_sender
    letter["To"] = to
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    # The same for the same e-mail, so that who gets it twice by a server's fault can tell.
    domain = parseaddr(settings.smtp_sender)[1].rpartition("@")[2]
    letter["Message-ID"] = f"<{sha256(about.encode()).hexdigest()[:32]}@{domain}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office notes stay away


def _put_unsubscribing(letter: EmailMessage, link: str) -> None:
    """Let mail programs offer a button that unsubscribes (RFC 8058)."""
    letter["List-Unsubscribe"] = f"<{link}>"
    letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _put_text(letter: EmailMessage, text: str) -> None:
    letter.set_content(text, cte="quoted-printable")


def _envelope(letter: EmailMessage, to: str) -> Envelope:
    return Envelope(to, letter.as_bytes())


@cache
def _templates(language: Language) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("dashboards"),
        autoescape=jinja2.select_autoescape(("html", "svg")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.globals |= {"language": language}
    return environment
