"""Version 2 of Plausible's stats API: ``POST /api/v2/query``.

As its documentation describes it (plausible.io/docs/stats-api), for what reports can answer: one dimension at a
time, filtered by one value of one dimension.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from aggregate.cells import Filter
from aggregate.comparing import Against, days_against
from aggregate.periods import DayRange, day_range
from aggregate.points import Interval, natural_interval
from dashboards.stats.answer import StatsAnswer, StatsRow
from dashboards.stats.query import (
    MOST_ROWS,
    StatsError,
    StatsQuery,
    check_metrics,
    read_condition,
    read_dimension,
)

_KEYS = {"site_id", "metrics", "date_range", "dimensions", "filters", "order_by", "include", "pagination"}
_INCLUDED = {"imports", "time_labels", "total_rows", "comparisons"}
_AGAINST = {"previous_period": Against.PREVIOUS, "year_over_year": Against.YEAR}
_TIME = "time"
_ENDS = 2


def read_site_id(asked: object) -> str:
    """Give the domain that a query names. Raises StatsError."""
    if not isinstance(asked, dict) or not isinstance(asked.get("site_id"), str):
        raise StatsError('Send a JSON object with a "site_id", the domain of the site.')
    return str(asked["site_id"])


def read_query(asked: Mapping[str, Any], today: date, earliest: date | None) -> StatsQuery:
    """Read a query of which the site is known. Raises StatsError, PeriodError."""
    unknown = sorted(asked.keys() - _KEYS)
    if unknown:
        raise StatsError(f"{unknown[0]!r} is not a key of a query; there are {', '.join(sorted(_KEYS))}.")
    days = _days(asked.get("date_range"), today, earliest)
    named = _one(_texts(asked, "dimensions"))
    interval = _interval(named, days)
    dimension = read_dimension(named) if named and interval is None else ""
    metrics = tuple(_texts(asked, "metrics"))
    check_metrics(metrics, dimension)
    limit, offset = _pagination(asked.get("pagination", {}))
    return StatsQuery(
        days,
        metrics,
        dimension,
        interval,
        _where(asked.get("filters", [])),
        _before(asked.get("include", {}), days, interval),
        _order(asked.get("order_by", []), metrics, named),
        limit,
        offset,
    )


def write_answer(asked: Mapping[str, Any], query: StatsQuery, answer: StatsAnswer) -> dict[str, object]:
    """Give the JSON document that answers a query."""
    meta: dict[str, object] = {"footfall": answer.notes}
    include = asked.get("include", {})
    if include.get("total_rows"):
        meta["total_rows"] = answer.total
    if include.get("time_labels") and query.interval is not None:
        meta["time_labels"] = [_time(point.label) for point in answer.report.points]
    if include.get("imports"):
        meta["imports_included"] = True  # what was imported is in the same reports
    shown = dict(asked) | {"date_range": [str(query.days.first), str(query.days.last)]}
    return {"results": [_row(query, row) for row in answer.rows], "meta": meta, "query": shown}


def _row(query: StatsQuery, row: StatsRow) -> dict[str, object]:
    dimensions = [_time(row.value) if query.interval else row.value] if query.dimension or query.interval else []
    written: dict[str, object] = {"dimensions": dimensions, "metrics": list(row.numbers)}
    if row.before is not None:
        written["comparison"] = {
            "dimensions": dimensions,
            "metrics": list(row.before),
            "change": list(row.changes),
        }
    return written


def _time(label: str) -> str:
    """Write a day as it is, and an hour as Plausible does: 2026-05-17 13:00:00."""
    day, _, hour = label.partition("T")
    return f"{day} {hour}:00:00" if hour else day


def _days(stated: object, today: date, earliest: date | None) -> DayRange:
    if isinstance(stated, str):
        return day_range(stated, today, earliest=earliest)
    if isinstance(stated, list) and len(stated) == _ENDS:
        first, last = map(_day, stated)
        return day_range("custom", today, first=first, last=last)
    raise StatsError('State a "date_range": a period such as "28d", or the first and the last day as a list.')


def _day(stated: object) -> date:
    """Read a day, or the day of a time: reports have whole days."""
    try:
        return datetime.fromisoformat(str(stated)).date()
    except ValueError:
        raise StatsError(f"{stated!r} is not a day. Write it like 2026-05-17.") from None


def _one(named: list[str]) -> str:
    if len(named) > 1:
        raise StatsError("Reports have rows by one dimension at a time; ask for one, and filter by the other.")
    return named[0] if named else ""


def _interval(named: str, days: DayRange) -> Interval | None:
    """Give the interval of a dimension of time; None for any other."""
    name, _, step = named.partition(":")
    if name != _TIME:
        return None
    if step and step not in set(Interval):
        raise StatsError(f"{named!r} is not a dimension of time; there are time:{', time:'.join(Interval)}.")
    return Interval(step) if step else natural_interval(days)


def _where(stated: object) -> Filter | None:
    if not isinstance(stated, list):
        raise StatsError('"filters" is a list.')
    if not stated:
        return None
    if len(stated) > 1:
        raise StatsError(
            "Reports are filtered by one value of one dimension: two together could single out a few visitors."
        )
    condition = stated[0]
    if not isinstance(condition, list) or len(condition) < 3:  # noqa: PLR2004 (operator, dimension, values)
        raise StatsError('A filter is written like ["is", "visit:country", ["DE"]].')
    operator, dimension, values = condition[:3]
    if operator != "is" or not isinstance(values, list) or len(values) != 1:
        raise StatsError('Reports are filtered by "is" and one value, like ["is", "visit:country", ["DE"]].')
    return read_condition(str(dimension), values[0])


def _before(include: object, days: DayRange, interval: Interval | None) -> DayRange | None:
    if not isinstance(include, dict) or include.keys() - _INCLUDED:
        raise StatsError(f'"include" has keys of {", ".join(sorted(_INCLUDED))}.')
    comparison = include.get("comparisons")
    if comparison is None:
        return None
    mode = comparison.get("mode") if isinstance(comparison, dict) else None
    if not isinstance(mode, str) or mode not in _AGAINST:
        raise StatsError(f'A comparison has a "mode": {" or ".join(_AGAINST)}.')
    if interval is not None:
        raise StatsError("Rows by time are not compared; ask for the other days with a query of their own.")
    matching = isinstance(comparison, dict) and bool(comparison.get("match_day_of_week"))
    return days_against(days, _AGAINST[mode], matching_weekdays=matching)


def _order(stated: object, metrics: tuple[str, ...], named: str) -> tuple[tuple[str, bool], ...]:
    advice = 'Order by metrics or the dimension that are asked for, like [["visitors", "desc"]].'
    if not isinstance(stated, list):
        raise StatsError(advice)
    order = []
    for each in stated:
        if not isinstance(each, list) or len(each) != _ENDS or each[1] not in ("asc", "desc"):
            raise StatsError(advice)
        name, direction = each
        if name not in metrics and (not named or name != named):
            raise StatsError(advice)
        order.append((name if name in metrics else "", direction == "desc"))
    return tuple(order)


def _pagination(stated: object) -> tuple[int, int]:
    if not isinstance(stated, dict) or stated.keys() - {"limit", "offset"}:
        raise StatsError('"pagination" has a "limit" and an "offset".')
    limit, offset = stated.get("limit", MOST_ROWS), stated.get("offset", 0)
    if not (_is_whole(limit) and 1 <= limit <= MOST_ROWS and _is_whole(offset) and offset >= 0):
        raise StatsError(f"A limit is from 1 to {MOST_ROWS}, an offset from 0 on.")
    return limit, offset


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _texts(asked: Mapping[str, Any], key: str) -> list[str]:
    stated = asked.get(key, [])
    if not isinstance(stated, list) or not all(isinstance(each, str) for each in stated):
        raise StatsError(f'"{key}" is a list of names.')
    return stated
