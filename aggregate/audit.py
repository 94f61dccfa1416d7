"""`footfall audit`: is what was promised so? Each audit is a function; AUDITS is all of them.

An audit believes no code that made the data: it looks at what lies in the store, on its disk and
in memory now. Who audits holds the lock of the jobs, so that none is half done.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import orjson

from aggregate.destruction import closed_everywhere, retention_ends, unrecorded_days
from aggregate.jobs import Workplace
from aggregate.open_lists import WAITING
from aggregate.rounding import BASE
from aggregate.spans import month_of
from aggregate.strict import STRICT_BASE
from core.accesses import broken_accesses, read_accesses
from core.auditing import Result
from core.deletions import broken_lines, read_deletions
from core.errors import FootfallError
from core.inventory import EVENTS, stored_table
from core.key_names import keys_in_memory, outlived
from core.live_columns import live_columns, missing_columns, unexplained_columns
from core.notices import newest_notice
from core.profiles import Profile
from core.settings import LEAST_THRESHOLD, SHORTEST_RETENTION
from core.sites import NO_SITE, Site, list_sites
from core.sql import sql
from core.store import Row
from core.tallies import RECEIVED

_TIDYING = timedelta(hours=1)
"""How long a destruction may take: the job looks every ten minutes, a server removes old files within ten more."""
_LONGEST_STAGING = timedelta(seconds=SHORTEST_RETENTION)

_NUMBERS = re.compile(r"U?Int(8|16|32|64)|Date|DateTime64\(\d(, '[\w/+-]+')?\)|Bool|Enum(8|16)\(.*\)")
_TEXTS = re.compile(r"String|LowCardinality\(String\)|Map\((LowCardinality\(String\)|String), String\)")
TEXT_COLUMNS = frozenset({"dimension", "value", "filter", "filter_value", "outcome", "counter", "span"})
"""The columns of report tables that may hold text: names of values and spans, and who counted."""
_TELLING = frozenset({"visitor", "visit", "token", "key", "address", "ip", "network", "agent", "user_agent"})
"""What no column may be called, whatever its type: a token and an IPv4 address are integers, too."""


Audit = Callable[[Workplace, datetime], Result]


def audit_deletion_record(workplace: Workplace, _now: datetime) -> Result:
    """Every line of the deletion record is as it was written, and chained to the one before."""
    lines = read_deletions(workplace.store)
    checked = f"{len(lines):,} lines, each chained to the one before by its hash."
    return Result("deletion record", checked, tuple(broken_lines(lines)))


def audit_access_record(workplace: Workplace, _now: datetime) -> Result:
    """Every line of the access record is as it was written, and chained to the one before."""
    lines = read_accesses(workplace.store)
    checked = f"{len(lines):,} lines, each chained to the one before, the first one left to its anchor."
    return Result("access record", checked, tuple(broken_accesses(lines)))


def audit_destroyed_days(workplace: Workplace, _now: datetime) -> Result:
    """Every closed day without raw events is in the deletion record."""
    missing = unrecorded_days(workplace.store)
    violations = tuple(f"the raw events of {day} are gone, and the deletion record has no line" for day in missing)
    return Result("destroyed days", "closed days without raw events, which need a line in the record.", violations)


def audit_raw_events(workplace: Workplace, now: datetime) -> Result:
    """No raw event is past its retention, in whatever part ClickHouse keeps on disk."""
    retention = timedelta(seconds=workplace.settings.raw_retention)
    parts = workplace.store.rows(sql("aggregate", "raw_parts"))
    aside = workplace.store.rows(sql("aggregate", "raw_parts_aside"))
    found = [_overdue(part, retention, now) for part in parts]
    found += [
        f"{table} has a detached part, {name}, which no destruction reaches: "
        f"ALTER TABLE {table} DROP DETACHED PART '{name}' SETTINGS allow_drop_detached = 1"
        for table, name in aside
    ]
    checked = f"{len(parts) + len(aside):,} parts of raw events on disk, which may stay {_hours(retention)}."
    return Result("raw events", checked, tuple(dict.fromkeys(filter(None, found))))


def _overdue(part: Row, retention: timedelta, now: datetime) -> str:
    """Say why a part should be gone by now; "" if it should not."""
    table, partition, active, modified, removed = part
    if not active:
        late = datetime.fromisoformat(removed) + _TIDYING < now
        return f"ClickHouse still keeps outdated files of {partition} in {table}" if late else ""
    if table != "events":
        late = datetime.fromisoformat(modified) + _LONGEST_STAGING + _TIDYING < now
        return f"{table} holds rows of an import that was cut off: start `footfall serve`" if late else ""
    past = now - retention_ends(date.fromisoformat(partition), retention)
    if past <= _TIDYING:
        return ""
    return f"those of {partition} are {_hours(past)} past their retention: see the log of `footfall serve`"


def audit_keys(workplace: Workplace, now: datetime) -> Result:
    """No key in this machine's memory folder is older than its day."""
    names = keys_in_memory(workplace.settings)
    if names is None:
        return Result(
            "keys", f"none: {workplace.settings.key_folder} is no tmpfs, so they are in the process alone."
        )
    violations = tuple(
        f"that of site {name.site} for {name.day} has outlived it: start `footfall serve`, which destroys it"
        for name in outlived(names, now)
    )
    return Result("keys", f"{len(names):,} in this machine's memory, which may not outlive their day.", violations)


def audit_columns(workplace: Workplace, _now: datetime) -> Result:
    """No report table has a column that could hold an address, a user agent, a token or an aggregate state."""
    columns = workplace.store.rows(sql("aggregate", "report_columns"))
    violations = tuple(
        f"{table}.{name} {kind} may hold more than a count or the name of a value"
        for table, name, kind in columns
        if not _is_harmless(name, kind)
    )
    tables = ", ".join(dict.fromkeys(table for table, *_ in columns))
    checked = f"{len(columns):,} columns of {tables}, which may hold counts, dates, names of values."
    return Result("columns", checked, violations)


def _is_harmless(name: str, kind: str) -> bool:
    if name in _TELLING:
        return False
    return bool(_NUMBERS.fullmatch(kind) or (name in TEXT_COLUMNS and _TEXTS.fullmatch(kind)))


def audit_cells(workplace: Workplace, _now: datetime) -> Result:
    """Every cell that readers see has the k visitors, and the rounding, that its day was published with."""
    bounds = {"least": LEAST_THRESHOLD, "base": BASE, "strict_base": STRICT_BASE}
    names = _names(list_sites(workplace.store, with_removed=True))
    violations = tuple(
        f"{names.get(site, site)} {day}: {count:,} cells of {dimension}{' under a filter' * filtered} "
        f"have fewer than {k} visitors"
        for site, day, dimension, filtered, k, count in workplace.store.rows(
            sql("aggregate", "small_cells"), bounds
        )
    ) + tuple(
        f"{names.get(site, site)} {day}: {count:,} rows of {table} are not rounded to multiples of {STRICT_BASE}, "
        f"though the day is {Profile.STRICT}"
        for site, day, table, count in workplace.store.rows(
            sql("aggregate", "unrounded_rows"), {"base": STRICT_BASE}
        )
    )
    cells, days, unknown = workplace.store.rows(sql("aggregate", "count_cells"), {"waiting": WAITING})[0]
    checked = f"{cells:,} cells of {days:,} published days, which need their day's k visitors"
    since = f" ({unknown:,} days of before k was kept: {LEAST_THRESHOLD})" if unknown else ""
    return Result("cells", f"{checked}{since}.", violations)


def audit_spans(workplace: Workplace, _now: datetime) -> Result:
    """Every value that a part of a month or a month shows beside its days has the k it was published with."""
    names = _names(list_sites(workplace.store, with_removed=True))
    rows = workplace.store.rows(sql("aggregate", "small_atoms"), {"least": LEAST_THRESHOLD})
    violations = tuple(
        f"{names.get(site, site)} {span} of {first}: {count:,} values of {dimension} have fewer than {k} visitors"
        for site, first, span, dimension, k, count in rows
    )
    atoms, spans = workplace.store.rows(sql("aggregate", "count_atoms"))[0]
    checked = f"{atoms:,} values of {spans:,} parts of months and months, which need their k visitors."
    return Result("spans", checked, violations)


def audit_carried(workplace: Workplace, now: datetime) -> Result:
    """What days hide is carried no longer than until every site has closed their month."""
    store = workplace.store
    sites = list_sites(store, with_removed=True)
    closing = replace(workplace.closing, grace=workplace.closing.grace + _TIDYING)
    months = [date.fromisoformat(month) for (month,) in store.rows(sql("aggregate", "months_of_carried"))]
    overdue = [
        month
        for month, days in ((month, month_of(month).days) for month in months)
        if closed_everywhere(store, days, sites, closing, now) == days
    ]
    violations = tuple(
        f"what {month:%Y-%m} carried is still there: see the log of `footfall serve`" for month in overdue
    )
    return Result(
        "carried numbers", f"{len(months):,} months of them, which may not outlive their month.", violations
    )


def audit_ledger(workplace: Workplace, now: datetime) -> Result:
    """Received equals stored and dropped, for every day that all sites have closed.

    Of a later day some may still be in a spool.
    """
    sites = list_sites(workplace.store, with_removed=True)
    counts = {date.fromisoformat(day): each for day, each in workplace.store.rows(sql("aggregate", "ledger_days"))}
    closed = set(closed_everywhere(workplace.store, counts, sites, workplace.closing, now))
    names = _names(sites) | {NO_SITE: "no site"}
    violations = tuple(
        f"{names.get(site, site)} {day}: {received:,} received, {settled:,} stored or dropped"
        for site, day, received, settled in workplace.store.rows(
            sql("aggregate", "unbalanced_days"), {"received": RECEIVED}
        )
        if date.fromisoformat(day) in closed
    )
    checked = f"{sum(counts[day] for day in closed):,} days of sites, for which received = stored + dropped"
    later = f"; {len(counts) - len(closed):,} days that are not closed everywhere were left out"
    return Result("ledger", f"{checked}{later}.", violations)


def audit_notice(workplace: Workplace, _now: datetime) -> Result:
    """The privacy notice tells of every stored column and of no other, and is as it was published."""
    store = workplace.store
    live = live_columns(store)
    violations = [f"{name} is stored, and the notice does not explain it" for name in unexplained_columns(live)]
    violations += [f"the notice tells of {name}, which is not stored" for name in missing_columns(live)]
    columns = sum(len(names) for table, names in live.items() if stored_table(table))
    checked = f"{columns:,} columns that hold anything about visitors, each of which it has to explain"
    newest = newest_notice(store)
    if newest is None:
        return Result("notice", f"{checked}; no collector has published it yet.", tuple(violations))
    version, content = newest
    if sha256(content.encode()).hexdigest() != version.hash:
        violations.append(f"version {version.sequence} was changed: its hash is another")
    published = orjson.loads(content)["stored"].get(EVENTS, {}).get("columns", {}).keys()
    if published != set(live.get(EVENTS, ())):
        violations.append(f"version {version.sequence}, the newest, does not have the columns of {EVENTS}")
    return Result("notice", f"{checked}; its newest version is {version.sequence}.", tuple(violations))


AUDITS: tuple[Audit, ...] = (
    audit_deletion_record,
    audit_access_record,
    audit_destroyed_days,
    audit_raw_events,
    audit_keys,
    audit_columns,
    audit_cells,
    audit_spans,
    audit_carried,
    audit_ledger,
    audit_notice,
)


def run_audits(workplace: Workplace, now: datetime) -> Iterator[Result]:
    """Run every audit; one that cannot be done is a violation, too."""
    for audit in AUDITS:
        try:
            yield audit(workplace, now)
        except FootfallError as error:
            yield uncheckable(audit.__name__, error)


def uncheckable(function: str, error: FootfallError) -> Result:
    """Give the result of an audit, named by its function, that could not be done."""
    name = function.removeprefix("audit_").replace("_", " ")
    return Result(name, "nothing.", (f"could not be checked: {error}",))


def _names(sites: Iterable[Site]) -> dict[int, str]:
    return {site.number: site.name for site in sites}


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:,.0f} hours"
