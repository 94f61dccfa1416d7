"""Publishing parts of a month, and months: what their days hid, and all they show.

A span is published once all of its days are closed. What it releases (``aggregate.carrying``) is never
made anew. A day that comes later, by an import, is added to the span's sums; what it hides stays hidden.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from aggregate.closing import Closing, is_over
from aggregate.rolling import milliseconds, next_number, open_days, turn_lost
from aggregate.span_atoms import Atom, PublishedPart, span_atoms
from aggregate.spans import Grain, Span, span_from
from core.clock import day_of
from core.collectors import behind, list_collectors
from core.errors import StoreRefusedError
from core.sites import Site
from core.sql import sql
from core.store import Store, encode_rows

_ATOMS = ("site", "first", "span", "roll", "dimension", "other", "value")
_FIGURES = ("visitors", "visits", "pageviews", "bounces", "seconds", "events")
_log = logging.getLogger("footfall.jobs")


@dataclass(frozen=True, slots=True)
class PublishedSpan:
    """The roll of a span that readers see, and the k by which it was made."""

    span: Span
    roll: int
    k: int


def publish_due_spans(
    store: Store, sites: Sequence[Site], k: int, closing: Closing, now: datetime, turn: int = 0
) -> list[tuple[Site, Span]]:
    """Publish every part of a month, then every month, that is over and whose days are all closed.

    Run again, it does what is left to do. Raises StoreError.
    """
    by_number = {site.number: site for site in sites}
    published, refused = [], set[int]()
    for grain in Grain:  # parts first: a month is made of them
        for number, first, days in store.rows(sql("aggregate", "due_spans"), {"span": grain}):
            site, span = by_number.get(number), span_from(grain, date.fromisoformat(first))
            if site is None or number in refused or not _is_closed(store, site, span, closing, now):
                continue
            try:
                publish_span(store, site, span, days, site.threshold or k, now, turn)
            except StoreRefusedError as error:  # one site's trouble must not keep the others waiting
                _log.warning("adding up %s of %s: %s", span.first, site.domain, error)
                refused.add(number)  # nor its month, which is made of parts
            else:
                published.append((site, span))
    return published


def _is_closed(store: Store, site: Site, span: Span, closing: Closing, now: datetime) -> bool:
    """Tell whether no day of the span is open, and none can come but by an import."""
    if not is_over(site, span.last, now, closing.grace):
        return False
    if any(each.site == site.number and span.first <= each.day <= span.last for each in open_days(store)):
        return False
    return not behind(list_collectors(store), day_of(span.last, site.zone).end, now, closing.patience)


def publish_span(store: Store, site: Site, span: Span, days: int, k: int, now: datetime, turn: int = 0) -> None:
    """Publish a span of so many closed days: its atoms, and all it shows added up.

    Its atoms are those that it was published with before, if it was. Raises StoreError,
    StoreUnavailableError if the turn has gone to another; one that was cut off is never seen.
    """
    keys = {"site": site.number, "first": span.first, "last": span.last, "span": span.grain}
    last, atoms = store.rows(sql("aggregate", "last_span_roll"), keys)[0]
    number = next_number(last, turn)
    if not atoms:
        atoms = number
        rows = [
            (site.number, span.first, span.grain, number, *atom[:-1], *atom.figures)
            for atom in span_atoms(store, site, span, _published_parts(store, site, span), k)
        ]
        store.insert("report_atoms", (*_ATOMS, *_FIGURES), encode_rows(rows))
    keys |= {"roll": number, "atoms": atoms}
    for query in ("sum_cells", "sum_filtered"):
        store.run(sql("aggregate", query), keys)
    row = {**keys, "days": days, "at": milliseconds(now), "threshold": k, "turn": turn}
    store.run(sql("aggregate", "publish_span"), row)
    if not any(each.span == span and each.roll == number for each in read_spans(store, site, span)):
        raise turn_lost()


def _published_parts(store: Store, site: Site, span: Span) -> list[PublishedPart]:
    atoms = read_atoms(store, site, span)
    return [
        PublishedPart(each.span, each.k, atoms.get(each.span, []))
        for each in read_spans(store, site, span)
        if each.span != span
    ]


def read_spans(store: Store, site: Site, within: Span) -> list[PublishedSpan]:
    """Give the spans that are published and lie within another. Raises StoreError."""
    keys = {"site": site.number, "first": within.first, "last": within.last}
    found = [
        PublishedSpan(span_from(Grain(grain), date.fromisoformat(first)), roll, k)
        for first, grain, roll, k in store.rows(sql("aggregate", "read_spans"), keys)
    ]
    return [each for each in found if each.span.last <= within.last]


def read_atoms(store: Store, site: Site, within: Span) -> dict[Span, list[Atom]]:
    """Give the atoms of published spans that lie within another. Raises StoreError."""
    keys = {"site": site.number, "first": within.first, "last": within.last}
    found: dict[Span, list[Atom]] = {}
    for first, grain, dimension, other, value, *figures in store.rows(sql("aggregate", "read_atoms"), keys):
        span = span_from(Grain(grain), date.fromisoformat(first))
        found.setdefault(span, []).append(Atom(dimension, other, value, tuple(figures)))
    return found
