"""The visits of a day, column by column: read once for a roll, and never stored.

Which events make a visit, ``visit_events.sql`` says; what a visit is like follows here. Bounce: one
pageview and no interactive event. Duration: first to last event. Entry page, exit page and all else come
from its first pageview, its last pageview and its first event.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from aggregate.cells import NO_SOURCE, PARENTS, UNKNOWN
from aggregate.columns import Column, Numbers, joined, merged, read_columns
from aggregate.props import CarriedProp, read_props
from core.sites import Site
from core.sql import sql
from core.store import Store

PAGEVIEW = "pageview"

_NAMES_OF_NONE = {"source": NO_SOURCE, "referrer": NO_SOURCE} | dict.fromkeys(
    ("country", "browser", "os", "device"), UNKNOWN
)
_OF_FIRST_EVENT = (
    "hostname",
    "source",
    "referrer",
    "channel",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "country",
    "browser",
    "os",
    "device",
    "screen",
)
_MICROSECONDS = 1_000_000
_BITS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """What a visit has any number of, such as pages: a row for each visit and value, ordered by visit.

    ``visit`` is the visit's place in ``Visits``, ``times`` how often the value is in it.
    """

    visit: Numbers
    values: Column
    times: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """Visits, ordered by visitor and time; visitors are numbered from 0, their tokens are gone.

    ``ordinal`` is which of its visitor's visits it is, ``hour`` the local hour in which it began.
    ``by_hour`` are visitors, pageviews and events of each hour in which there was an event.
    """

    visitor: Numbers
    ordinal: Numbers
    hour: Numbers
    pageviews: Numbers
    bounced: Numbers
    seconds: Numbers
    events: Numbers
    values: Mapping[str, Column]
    occurrences: Mapping[str, Occurrences]
    props: Mapping[str, CarriedProp]
    by_hour: Mapping[int, tuple[int, int, int]]
    again: NDArray[np.bool_] = field(repr=False)
    """Of those whose visitor made more than one visit."""

    @property
    def count(self) -> int:
        """How many visits."""
        return len(self.visitor)

    @property
    def visitors(self) -> int:
        """How many visitors."""
        return int(self.visitor[-1]) + 1 if self.count else 0

    def earlier(self, visit: Numbers, value: Numbers) -> NDArray[np.uint64]:
        """Give the earlier visits of the same visitor that have the same value: a bit each.

        One row for each visit and value. Whoever counts the visits that have two values, and leaves out
        those for which an earlier one has both, counts each visitor once.
        """
        found = np.zeros(len(visit), np.uint64)
        rows = np.flatnonzero(self.again[visit])
        if not len(rows):
            return found
        # In the order of visits within each group, since rows are and the sort is stable.
        group = self.visitor[visit[rows]] * (value.max() + 1) + value[rows]
        order = np.argsort(group, kind="stable")
        rows, group = rows[order], group[order]
        # Of a day of 25 hours, half an hour from visit to visit, nobody makes more visits than there are bits.
        bits = np.uint64(1) << np.minimum(self.ordinal[visit[rows]], _BITS - 1).astype(np.uint64)
        before = np.cumsum(bits, dtype=np.uint64) - bits
        begins = np.flatnonzero(np.diff(group, prepend=-1))
        lengths = np.diff(begins, append=len(group))
        found[rows] = before - np.repeat(before[begins], lengths)
        return found


def read_visits(store: Store, site: Site, day: date) -> Visits:
    """Read the visits of a site's day. Raises StoreError."""
    key = {"site": site.number, "day": day, "zone": site.timezone}
    numbers, texts = read_columns(store.columns(sql("aggregate", "day_events"), key))
    order = _order(numbers["visitor"].view(np.uint64), numbers["microsecond"])
    numbers = {name: each[order] for name, each in numbers.items()}
    token = numbers["visitor"]
    is_new_visitor = _differs(token)
    begins = is_new_visitor | _differs(numbers["visit"])
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(token))[: len(first)] - 1
    visit = np.cumsum(begins) - 1
    names, pages = texts["name"].at(order), texts["page"].at(order)
    is_view = _is(names, PAGEVIEW)
    count = len(first)
    visitor = np.cumsum(is_new_visitor)[first] - 1
    pageviews = np.bincount(visit[is_view], minlength=count)
    interactive = np.bincount(visit[~is_view & (numbers["interactive"] == 1)], minlength=count)
    second = numbers["microsecond"] // _MICROSECONDS
    views, others = np.flatnonzero(is_view), np.flatnonzero(~is_view)
    props = read_props(store, site, day, token[is_new_visitor], np.bincount(visitor))
    return Visits(
        visitor=visitor,
        ordinal=np.arange(count) - np.searchsorted(visitor, visitor),
        hour=numbers["hour"][first],
        pageviews=pageviews,
        bounced=((pageviews == 1) & (interactive == 0)).astype(np.int64),
        seconds=second[last] - second[first],
        events=np.bincount(visit, minlength=count),
        values=_values({name: column.at(order[first]) for name, column in texts.items()})
        | _ends(count, visit[views], pages.at(views)),
        occurrences={
            "page": _occurrences(visit[views], pages.at(views)),
            "event": _occurrences(visit[others], names.at(others)),
        }
        | {name: _occurrences(prop.visit, prop.values) for name, prop in props.items()},
        props=props,
        by_hour=_by_hour(visitor[visit], numbers["hour"], is_view),
        again=(np.bincount(visitor) > 1)[visitor],
    )


def _order(visitor: NDArray[np.uint64], moment: Numbers) -> Numbers:
    """Give the order by visitor and time, in which ClickHouse may have left the rows or not."""
    is_same, later = visitor[1:] == visitor[:-1], moment[1:] >= moment[:-1]
    if ((is_same & later) | (visitor[1:] > visitor[:-1])).all():
        return np.arange(len(visitor))
    return np.lexsort((moment, visitor))


def _values(first: Mapping[str, Column]) -> dict[str, Column]:
    """Name the values of first events as reports do."""
    values = {
        name: first[name].named(_NAMES_OF_NONE[name]) if name in _NAMES_OF_NONE else first[name]
        for name in _OF_FIRST_EVENT
    }
    return values | {name: joined(first[parent], first[name], " ") for name, parent in PARENTS.items()}


def _ends(count: int, visit: Numbers, pages: Column) -> dict[str, Column]:
    """Give entry and exit pages, the empty text for a visit without pageviews; ``pages`` are in order of time."""
    texts = [*pages.texts, ""]
    ends = {}
    for name, order in (("entry_page", slice(None, None, -1)), ("exit_page", slice(None))):
        codes = np.full(count, len(pages.texts))
        codes[visit[order]] = pages.codes[order]  # of several the last one that is written stays
        ends[name] = merged(codes, texts)
    return ends


def _occurrences(visit: Numbers, values: Column) -> Occurrences:
    pairs, times = np.unique(visit * max(1, len(values.texts)) + values.codes, return_counts=True)
    visits, codes = np.divmod(pairs, max(1, len(values.texts)))
    return Occurrences(visits, Column(codes, values.texts), times)


def _by_hour(visitor: Numbers, hour: Numbers, is_view: NDArray[np.bool_]) -> dict[int, tuple[int, int, int]]:
    events = np.bincount(hour)
    views = np.bincount(hour[is_view], minlength=len(events))
    # Events of a visitor are in the order of time, so those of one hour are side by side.
    visitors = np.bincount(hour[_differs(visitor) | _differs(hour)], minlength=len(events))
    return {
        each: (int(visitors[each]), int(views[each]), int(events[each]))
        for each in np.flatnonzero(events).tolist()
    }


def _differs(numbers: Numbers) -> NDArray[np.bool_]:
    """Tell of each row whether it differs from the one before; the first does."""
    found = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=found[1:])
    return found


def _is(column: Column, text: str) -> NDArray[np.bool_]:
    code = column.texts.index(text) if text in column.texts else -1
    found: NDArray[np.bool_] = column.codes == code
    return found
