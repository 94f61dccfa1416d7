"""The job that sends reports by e-mail once their week or month is closed."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregate.jobs import Job, Workplace
from aggregate.periods import DayRange
from core.accesses import Access, Accessed, AccessRecord
from core.errors import MailPostponedError, MailRefusedError, MailUnavailableError, MailUnclearError
from core.sites import Site, list_sites
from dashboards.mail.letters import report_letter
from dashboards.mail.recipients import Recipient, Rhythm, is_outdated, list_recipients, remove_recipient
from dashboards.mail.report import Read, read_term
from dashboards.mail.sendings import BACKOFF, Outcome, Sending, Sendings, begin, finish, list_sendings
from dashboards.mail.server import Connection, connected, what_is_missing
from dashboards.mail.terms import ends_at, last_term, sent_from
from dashboards.people.accounts import list_accounts

_log = logging.getLogger("footfall.mail")
ITSELF = "footfall"

Terms = dict[tuple[int, Rhythm], Read | None]


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is to be sent now: to whom, of which days, and the how manieth attempt it is."""

    recipient: Recipient
    site: Site
    days: DayRange
    attempt: int


@dataclass(frozen=True, slots=True)
class _Round:
    """One run of the job. ``read`` keeps what several recipients get."""

    workplace: Workplace
    now: datetime
    read: Terms = field(default_factory=dict)

    def term(self, due: Due) -> Read | None:
        """Give the report of a due term, None while a day of it is not closed. Raises StoreError."""
        key = due.site.number, due.recipient.rhythm
        if key not in self.read:
            k = due.site.threshold or self.workplace.settings.threshold
            found = read_term(self.workplace.store, due.site, due.recipient.rhythm, due.days, k)
            self.read[key] = None if found.report.unfinished else found
        return self.read[key]

    def finish(self, due: Due, outcome: Outcome) -> Outcome:
        """Write down what became of an attempt. Raises StoreError."""
        finish(self.workplace.store, due.recipient.number, due.days.first, due.attempt, outcome, self.now)
        return outcome


def send_reports(workplace: Workplace, now: datetime) -> str:
    """Send every report that is due, and forget who is to get none any more. Raises StoreError, MailError.

    Run again, or late, it does what is left to do; of terms that were missed only the last one is sent.
    """
    recipients = list_recipients(workplace.store)
    if not recipients:
        return ""
    kept = _without_outdated(workplace, recipients, now)
    if what_is_missing(workplace.settings):
        return ""
    sendings = list_sendings(workplace.store, [each.number for each in kept])
    _settle(workplace, sendings, now)
    sites = {site.number: site for site in list_sites(workplace.store)}
    due = list(due_reports(kept, sites, {number: found[0] for number, found in sendings.items()}, now))
    this_round = _Round(workplace, now)
    ready = [each for each in due if this_round.term(each) is not None]
    if not ready:
        return ""
    outcomes = Counter(asyncio.run(_send_all(this_round, ready)))
    return ", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items()))


def due_reports(
    recipients: Sequence[Recipient], sites: Mapping[int, Site], newest: Mapping[int, Sending], now: datetime
) -> Iterator[Due]:
    """Give what is to be sent; ``newest`` has the newest sending of each recipient. Pure.

    A removed site is not among the ``sites``: its recipients wait, since it may be restored.
    """
    for each in recipients:
        site = sites.get(each.site)
        if site is None:
            continue
        days = last_term(each.rhythm, now.astimezone(site.zone).date())
        if each.confirmed is None or each.confirmed >= ends_at(site, days) or now < sent_from(site, days):
            continue
        before = newest.get(each.number)
        if before is None or before.first != days.first:
            yield Due(each, site, days, 1)
        elif before.is_due_again(now):
            yield Due(each, site, days, before.attempt + 1)


def _without_outdated(workplace: Workplace, recipients: Sequence[Recipient], now: datetime) -> list[Recipient]:
    sites = {site.number for site in list_sites(workplace.store, with_removed=True)}
    standings = {account.email: account.standing for account in list_accounts(workplace.store)}
    record = AccessRecord(workplace.store, workplace.settings.data)
    kept = []
    for each in recipients:
        if is_outdated(each, sites, standings, now):
            record.append(Access(now, ITSELF, Accessed.RECIPIENT_REMOVED, each.site, each.label))
            remove_recipient(workplace.store, each)
        else:
            kept.append(each)
    return kept


def _settle(workplace: Workplace, sendings: Sendings, now: datetime) -> None:
    """Say of which reports nobody knows whether they were taken: Footfall was stopped while they went out."""
    for found in sendings.values():
        for each in found:
            if each.is_left_behind(now):
                finish(workplace.store, each.recipient, each.first, each.attempt, Outcome.UNCLEAR, now)
                _log.warning(
                    "A report of %s was going out when Footfall was stopped. Whether it arrived is not known; so "
                    "that nobody gets it twice, it is not sent again (recipient %016x).",
                    each.first,
                    each.recipient,
                )


async def _send_all(this_round: _Round, due: Sequence[Due]) -> list[Outcome]:
    """Send one report after the other by one connection; give what became of them, without those of others."""
    outcomes: list[Outcome] = []
    waiting = list(due)
    try:
        async with connected(this_round.workplace.settings) as connection:
            while waiting:
                outcome = await _send(this_round, connection, waiting[0])
                waiting.pop(0)
                outcomes += [outcome] if outcome else []
    except MailUnavailableError as error:  # so are the others: the server is away, or wants to be
        outcomes += [_postpone(this_round, each, str(error)) for each in waiting]
    return outcomes


async def _send(this_round: _Round, connection: Connection, due: Due) -> Outcome | None:
    """Send one report; None if another process does.

    Raises MailUnavailableError if the server takes none now.
    """
    read = this_round.term(due)
    if read is None:
        return None
    workplace, now = this_round.workplace, this_round.now
    envelope = report_letter(workplace.settings, read, due.recipient, now)
    try:
        await connection.offer(envelope.recipient)
        if not _begin(this_round, due):
            await connection.withdraw()
            return None
        await connection.deliver(envelope.message)
    except MailUnclearError as error:
        return _failed(this_round, due, Outcome.UNCLEAR, f"{error} It may have been taken, and is not sent again")
    except MailRefusedError as error:
        return _failed(this_round, due, Outcome.REFUSED, f"{error} It is not tried again")
    except MailPostponedError as error:
        return _postpone(this_round, due, str(error))
    return this_round.finish(due, Outcome.SENT)


def _begin(this_round: _Round, due: Due) -> bool:
    """Write down that a report goes out, and to whom; tell whether it is for us to send it."""
    workplace = this_round.workplace
    detail = f"{due.recipient.label}, {due.days.first} to {due.days.last}"
    AccessRecord(workplace.store, workplace.settings.data).append(
        Access(this_round.now, ITSELF, Accessed.MAILED, due.site.number, detail)
    )
    return begin(workplace.store, due.recipient.number, due.days.first, due.attempt, this_round.now)


def _postpone(this_round: _Round, due: Due, why: str) -> Outcome:
    if due.attempt > len(BACKOFF):
        return _failed(this_round, due, Outcome.REFUSED, f"{why} This was the last try")
    return _failed(this_round, due, Outcome.POSTPONED, f"{why} It is tried again later")


def _failed(this_round: _Round, due: Due, outcome: Outcome, told: str) -> Outcome:
    _log.warning("The report of %s, %s: %s.", due.site.domain, due.recipient.label, told)
    return this_round.finish(due, outcome)


MAIL_JOB = Job(
    "send-reports",
    send_reports,
    lambda _settings: 300.0,
    "E-mail the reports whose week or month is over.",
    writes=False,
)
