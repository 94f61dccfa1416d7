"""When a report is due: weeks and months of a site's zone. Pure."""

from datetime import date, datetime, time, timedelta

from aggregate.periods import DayRange, days_before
from aggregate.spans import month_of
from core.clock import midnight
from core.sites import Site
from dashboards.mail.recipients import Rhythm

SENT_FROM = time(6)
"""Local time from which reports are sent: by then the last day is closed, and nobody is woken at midnight."""


def last_term(rhythm: Rhythm, today: date) -> DayRange:
    """Give the last week, Monday to Sunday, or month that is over on a day."""
    if rhythm is Rhythm.WEEK:
        monday = today - timedelta(days=today.weekday() + 7)
        return DayRange(monday, monday + timedelta(days=6))
    month = month_of(today.replace(day=1) - timedelta(days=1))
    return DayRange(month.first, month.last)


def term_before(rhythm: Rhythm, days: DayRange) -> DayRange:
    """Give the week or month before one."""
    return days_before(days) if rhythm is Rhythm.WEEK else last_term(rhythm, days.first)


def ends_at(site: Site, days: DayRange) -> datetime:
    """Give the instant at which the last of a site's days ends."""
    return midnight(days.last + timedelta(days=1), site.zone)


def sent_from(site: Site, days: DayRange) -> datetime:
    """Give the instant from which a report of these days is sent, if they are closed."""
    morning = datetime.combine(days.last + timedelta(days=1), SENT_FROM, tzinfo=site.zone)
    return max(morning, ends_at(site, days))
