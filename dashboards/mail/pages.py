"""The page of a site's reports by e-mail: who gets them; and what opens from the e-mails themselves."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from core.accesses import Accessed
from core.errors import MailError, MailPostponedError, MailRefusedError, RecipientError
from core.sites import Site
from dashboards.ask import Ask
from dashboards.language import languages, message
from dashboards.mail.letters import confirmation_letter
from dashboards.mail.recipients import (
    Recipient,
    Rhythm,
    add_recipient,
    check_address,
    confirm_recipient,
    find_by_token,
    list_recipients,
    may_see,
    remove_recipient,
)
from dashboards.mail.sendings import Outcome, Sending, list_sendings
from dashboards.mail.server import send_one, what_is_missing
from dashboards.people.accounts import list_accounts
from dashboards.permissions import Standing

_THEMSELVES = "the recipient"
_STATES = {
    Outcome.BEGUN: message("being sent"),
    Outcome.SENT: message("sent"),
    Outcome.POSTPONED: message("the mail server has not accepted it yet; Footfall will try again"),
    Outcome.REFUSED: message("the mail server rejected it; the log says why"),
    Outcome.UNCLEAR: message("it may not have arrived; it will not be sent again"),
}


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A line of the page. ``last`` is the newest report, or None."""

    recipient: Recipient
    language: str
    last: Sending | None
    state: str


async def show_reports(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/reports``: who gets the site's reports by e-mail, and a form for one more."""
    return await _page(ask)


async def add_to_reports(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/reports``: one's own address at once, another's once its owner has said yes."""
    form, board, site = ask.form, ask.board, ask.site
    try:
        email, rhythm, language = check_address(form.get("email", "")), _rhythm(ask), _language(ask)
        has_account = may_see(await asyncio.to_thread(_standings, ask), email, site.number)
        added = await asyncio.to_thread(
            add_recipient,
            board.store,
            site,
            email,
            rhythm,
            language,
            ask.now,
            lambda added: ask.write_down(Accessed.RECIPIENT_ADDED, ask.person, site.number, added.label),
            has_account=has_account,
        )
    except RecipientError as error:
        return await _page(ask, 400, ask.why(error))
    if added.email != ask.person:
        return await _ask_first(ask, added)
    await asyncio.to_thread(confirm_recipient, board.store, added, ask.now)
    return ask.go(ask.site_path("mail_reports"))


async def remove_from_reports(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/reports/remove``: forget an address."""
    known = await asyncio.to_thread(list_recipients, ask.board.store, ask.site)
    found = next((each for each in known if str(each.number) == ask.form.get("recipient", "")), None)
    if found is not None:  # else somebody was quicker, and it is as it should be
        await _remove(ask, found, ask.person)
    return ask.go(ask.site_path("mail_reports"))


async def show_confirmation(ask: Ask) -> web.Response:
    """``GET /mail/confirm/{token}``: ask once more; mail programs open links by themselves."""
    return await _asked_by_mail(ask, "mail_confirm.html")


async def confirm(ask: Ask) -> web.Response:
    """``POST /mail/confirm/{token}``: from now on reports are sent."""
    found = await asyncio.to_thread(find_by_token, ask.board.store, ask.part("token"))
    if found is None:
        return _gone(ask)
    if found.confirmed is None:
        await ask.record(Accessed.RECIPIENT_CONFIRMED, _THEMSELVES, found.site, found.label)
        await asyncio.to_thread(confirm_recipient, ask.board.store, found, ask.now)
    text = ask.language.text(
        "The next report comes once its week or month is over. Each report has an unsubscribe link."
    )
    return ask.say(200, ask.language.text("You are subscribed"), text)


async def show_unsubscribing(ask: Ask) -> web.Response:
    """``GET /mail/unsubscribe/{token}``: one button, no login."""
    return await _asked_by_mail(ask, "mail_unsubscribe.html")


async def unsubscribe(ask: Ask) -> web.Response:
    """``POST /mail/unsubscribe/{token}``: forget the address, for its owner or a mail program (RFC 8058)."""
    found = await asyncio.to_thread(find_by_token, ask.board.store, ask.part("token"))
    if found is not None:
        await _remove(ask, found, _THEMSELVES)
    text = ask.language.text("No more reports will be sent to this address, and it is no longer stored here.")
    return ask.say(200, ask.language.text("You are unsubscribed"), text)


async def _ask_first(ask: Ask, added: Recipient) -> web.Response:
    """Send an address the question whether it wants the reports; forget it if it cannot be asked."""
    board = ask.board
    question = confirmation_letter(board.settings, ask.site.name, added, ask.person, ask.now)
    try:
        board.mail_questions.count(added.email, ask.now)
        await send_one(board.settings, question)
    except (MailError, RecipientError) as error:
        await _remove(ask, added, ask.person)
        if isinstance(error, MailError):
            return await _page(ask, 502, _unsent(ask, error))
        return await _page(ask, 400, ask.why(error))
    return ask.go(ask.site_path("mail_reports"))


def _unsent(ask: Ask, error: MailError) -> str:
    """Say what to do; the error itself names the mail server, which whoever adds an address need not know."""
    text = ask.language.text
    if isinstance(error, MailRefusedError):
        return text("The mail server rejected this address. Check the spelling.")
    if isinstance(error, MailPostponedError):
        return text("The mail server is not accepting this address right now. Try again in a few minutes.")
    return text(
        "The mail server accepted nothing. Try again later. Whoever runs this Footfall can find out why with "
        "`footfall mail test`."
    )


async def _asked_by_mail(ask: Ask, template: str) -> web.Response:
    found = await asyncio.to_thread(find_by_token, ask.board.store, ask.part("token"))
    site = None if found is None else _site_of(ask, found)
    if found is None or site is None:
        return _gone(ask)
    return ask.render(template, domain=site.name, is_weekly=found.rhythm is Rhythm.WEEK)


def _gone(ask: Ask) -> web.Response:
    text = ask.language.text(
        "This address is not subscribed, or it was confirmed too late. Nothing is sent to it."
    )
    return ask.say(404, ask.language.text("Subscription not found"), text)


def _site_of(ask: Ask, recipient: Recipient) -> Site | None:
    return next((site for site in ask.board.sites.all() if site.number == recipient.site), None)


async def _remove(ask: Ask, recipient: Recipient, who: str) -> None:
    await ask.record(Accessed.RECIPIENT_REMOVED, who, recipient.site, recipient.label)
    await asyncio.to_thread(remove_recipient, ask.board.store, recipient)


def _standings(ask: Ask) -> dict[str, Standing]:
    return {account.email: account.standing for account in list_accounts(ask.board.store)}


def _rhythm(ask: Ask) -> Rhythm:
    try:
        return Rhythm(ask.form.get("rhythm", ""))
    except ValueError:
        raise RecipientError("Choose a weekly or a monthly report.") from None


def _language(ask: Ask) -> str:
    chosen = ask.form.get("language", "")
    if chosen not in languages():
        raise RecipientError("Choose a language from the list.")
    return chosen


async def _page(ask: Ask, status: int = 200, error: str = "") -> web.Response:
    lines = await asyncio.to_thread(_read_lines, ask, ask.site)
    is_subscribed = any(line.recipient.email == ask.person for line in lines)
    return ask.render(
        "mail_reports.html",
        status,
        site=ask.site,
        lines=lines,
        error=error,
        missing=what_is_missing(ask.board.settings),
        email=ask.form.get("email", "" if is_subscribed else ask.person),
        rhythm=ask.form.get("rhythm", Rhythm.WEEK),
        languages=list(languages().values()),
        chosen=ask.form.get("language", ask.language.code),
    )


def _read_lines(ask: Ask, site: Site) -> Sequence[RecipientLine]:
    recipients = list_recipients(ask.board.store, site)
    sendings = list_sendings(ask.board.store, [each.number for each in recipients])
    return [_line(ask, each, next(iter(sendings.get(each.number, ())), None), ask.now) for each in recipients]


def _line(ask: Ask, recipient: Recipient, last: Sending | None, now: datetime) -> RecipientLine:
    known = languages().get(recipient.language)
    if last is None:
        state = ""
    else:
        outcome = Outcome.UNCLEAR if last.is_left_behind(now) else last.outcome
        state = ask.language.text(_STATES[outcome])
    return RecipientLine(recipient, known.name if known else recipient.language, last, state)
