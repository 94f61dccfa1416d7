"""Resets after a breach: what is held is written down, then destroyed part by part, and that is written down, too.

Each part of Footfall says what it holds and destroys it; this module keeps the record. A reset that was
cut off is completed by the next one: it keeps the name and what was held when it began, and does every part again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import uuid4

import orjson

from core.clock import Clock
from core.deletions import Deletion, DeletionRecord, Destroyed, read_deletions
from core.settings import Settings
from core.sites import list_sites
from core.sql import sql
from core.store import Store, encode_rows

RESETS_TABLE = "resets"
_COLUMNS = ("reset", "began", "ended", "facts", "version")


@dataclass(frozen=True, slots=True)
class Doomed:
    """Something that a reset destroys and that has a line in the deletion record."""

    what: Destroyed
    site: int
    day: date


@dataclass(frozen=True, slots=True)
class Held:
    """What a part holds: a line for each thing, for people, and what needs a line in the deletion record."""

    lines: tuple[str, ...] = ()
    doomed: tuple[Doomed, ...] = ()


@dataclass(frozen=True, slots=True)
class Breached:
    """The installation that is reset. ``reset`` is the reset's random name, ``now`` when this run of it began."""

    store: Store
    settings: Settings
    reset: str
    now: datetime

    def name_of(self, number: int) -> str:
        """Give a site's domain, for people."""
        names = {site.number: site.name for site in list_sites(self.store, with_removed=True)}
        return names.get(number, f"site {number}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a reset: its name, what it holds, and how that is destroyed.

    ``destroy`` may be run again and gives one line on what it did. It returns when nothing of it is left.
    """

    name: str
    survey: Callable[[Breached], Held]
    destroy: Callable[[Breached], str]


@dataclass(frozen=True, slots=True)
class Done:
    """What a part of a reset did, and when it was through with it."""

    at: datetime
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Reset:
    """A reset. ``held`` is what there was when it began; ``ended`` is None for one that was cut off."""

    name: str
    began: datetime
    sites: tuple[str, ...]
    held: tuple[str, ...]
    doomed: tuple[Doomed, ...] = field(repr=False, default=())
    done: tuple[Done, ...] = ()
    ended: datetime | None = None


def run_reset(
    store: Store,
    settings: Settings,
    parts: Iterable[Part],
    clock: Clock,
    progress: Callable[[str], object] = lambda _text: None,
) -> Reset:
    """Destroy what every part holds; give what was held, and what was done. Raises FootfallError.

    ``progress`` is told each part's name before it begins.
    """
    record, parts = DeletionRecord(store, settings.data), list(parts)
    now = clock()
    cut_off = newest_reset(store)
    name = cut_off.name if cut_off is not None and cut_off.ended is None else uuid4().hex
    breached = Breached(store, settings, name, now)
    held = [(part, part.survey(breached)) for part in parts]
    reset = _begun(store, name, now, [each for _part, each in held], cut_off)
    _write(store, reset, 1)
    for part in parts:
        progress(part.name)
        reset = replace(reset, done=(*reset.done, _destroyed(part, breached, clock)))
        doomed = {each.what for _part, own in held if _part is part for each in own.doomed}
        _write_down(store, record, reset, doomed, clock)
    _write_down(store, record, reset, set(Destroyed), clock)  # also what only the run that was cut off saw
    reset = replace(reset, ended=clock())
    _write(store, reset, 2)
    return reset


def newest_reset(store: Store) -> Reset | None:
    """Give the last reset, also one that was cut off; None if there never was one. Raises StoreError."""
    for name, began, ended, text in store.rows(sql("core", "newest_reset")):
        facts = orjson.loads(text)
        return Reset(
            name,
            datetime.fromisoformat(began),
            tuple(facts["sites"]),
            tuple(facts["held"]),
            tuple(Doomed(Destroyed(what), site, date.fromisoformat(day)) for what, site, day in facts["doomed"]),
            tuple(Done(datetime.fromisoformat(at), part, said) for at, part, said in facts["done"]),
            datetime.fromisoformat(ended) if ended else None,
        )
    return None


def _begun(store: Store, name: str, now: datetime, held: list[Held], cut_off: Reset | None) -> Reset:
    doomed = tuple(dict.fromkeys(each for part in held for each in part.doomed))
    if cut_off is not None and cut_off.name == name:
        return replace(cut_off, doomed=tuple(dict.fromkeys((*cut_off.doomed, *doomed))))
    sites = tuple(site.name for site in list_sites(store, with_removed=True))
    return Reset(name, now, sites, tuple(line for part in held for line in part.lines), doomed)


def _destroyed(part: Part, breached: Breached, clock: Clock) -> Done:
    text = part.destroy(breached)
    return Done(clock(), part.name, text)


def _write_down(store: Store, record: DeletionRecord, reset: Reset, kinds: set[Destroyed], clock: Clock) -> None:
    """Write the lines of the deletion record that this reset has not written yet."""
    began = reset.began.isoformat(timespec="milliseconds")
    written = {
        (line.what, line.site, line.day)
        for line in read_deletions(store)
        if line.at.isoformat(timespec="milliseconds") >= began
    }
    for each in reset.doomed:
        if each.what in kinds and (each.what, each.site, each.day) not in written:
            record.append(Deletion(clock(), each.what, each.site, each.day))


def _write(store: Store, reset: Reset, step: int) -> None:
    facts = {
        "sites": reset.sites,
        "held": reset.held,
        "doomed": [(each.what, each.site, each.day) for each in reset.doomed],
        "done": [(each.at, each.part, each.text) for each in reset.done],
    }
    row = (reset.name, reset.began, reset.ended, orjson.dumps(facts).decode(), step)
    store.insert(RESETS_TABLE, _COLUMNS, encode_rows([row]))
