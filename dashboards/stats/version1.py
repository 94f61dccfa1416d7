"""Version 1 of Plausible's stats API: ``GET /api/v1/stats/…``.

As its documentation describes it (plausible.io/docs/stats-api-v1), for what reports can answer. Scripts and
dashboards that were written for it go on working; new ones do better with version 2.
"""

from collections.abc import Mapping
from datetime import date

from aggregate.cells import Filter
from aggregate.comparing import Against, days_against
from aggregate.periods import DayRange, day_range
from aggregate.points import Interval, natural_interval
from dashboards.stats.answer import StatsAnswer
from dashboards.stats.query import StatsError, StatsQuery, check_metrics, read_condition, read_dimension

Parameters = Mapping[str, str]

_INTERVALS = {"date": Interval.DAY} | {interval.value: interval for interval in Interval}
_USUAL_PERIOD = "30d"
_USUAL_ROWS, _MOST_ROWS = 100, 1_000
_ENDS = 2


def read_aggregate(asked: Parameters, today: date, earliest: date | None) -> StatsQuery:
    """Read what ``aggregate`` is asked. Raises StatsError, PeriodError."""
    days = _days(asked, today, earliest)
    compare = asked.get("compare", "")
    if compare not in {"", "previous_period"}:
        raise StatsError("Compare with previous_period.")
    before = days_against(days, Against.PREVIOUS) if compare else None
    return StatsQuery(days, _metrics(asked, ""), where=_where(asked), before=before)


def read_timeseries(asked: Parameters, today: date, earliest: date | None) -> StatsQuery:
    """Read what ``timeseries`` is asked. Raises StatsError, PeriodError."""
    days = _days(asked, today, earliest)
    step = asked.get("interval", "")
    if step and step not in _INTERVALS:
        raise StatsError(f"{step!r} is not an interval; there are {', '.join(_INTERVALS)}.")
    interval = _INTERVALS[step] if step else natural_interval(days)
    return StatsQuery(days, _metrics(asked, ""), interval=interval, where=_where(asked))


def read_breakdown(asked: Parameters, today: date, earliest: date | None) -> StatsQuery:
    """Read what ``breakdown`` is asked. Raises StatsError, PeriodError."""
    if "property" not in asked:
        raise StatsError("State a property, such as event:page or visit:source.")
    dimension = read_dimension(asked["property"])
    limit, page = _whole(asked, "limit", _USUAL_ROWS, _MOST_ROWS), _whole(asked, "page", 1, 10**6)
    days = _days(asked, today, earliest)
    metrics = _metrics(asked, dimension)
    return StatsQuery(days, metrics, dimension, None, _where(asked), limit=limit, offset=(page - 1) * limit)


def write_aggregate(query: StatsQuery, answer: StatsAnswer) -> dict[str, object]:
    """Give the JSON document of ``aggregate``."""
    row = answer.rows[0]
    results = {metric: {"value": number} for metric, number in zip(query.metrics, row.numbers, strict=True)}
    if row.before is not None:
        for metric, changed in zip(query.metrics, row.changes, strict=True):
            results[metric]["change"] = changed
    return {"results": results, "footfall": answer.notes}


def write_timeseries(query: StatsQuery, answer: StatsAnswer) -> dict[str, object]:
    """Give the JSON document of ``timeseries``."""
    return {"results": _rows("date", query, answer), "footfall": answer.notes}


def write_breakdown(query: StatsQuery, answer: StatsAnswer, name: str) -> dict[str, object]:
    """Give the JSON document of ``breakdown``; ``name`` is the property as it was asked."""
    return {"results": _rows(name.rpartition(":")[2], query, answer), "footfall": answer.notes}


def _rows(column: str, query: StatsQuery, answer: StatsAnswer) -> list[dict[str, object]]:
    return [{column: row.value, **dict(zip(query.metrics, row.numbers, strict=True))} for row in answer.rows]


def _days(asked: Parameters, today: date, earliest: date | None) -> DayRange:
    period, stated = asked.get("period", _USUAL_PERIOD), asked.get("date", "")
    if period != "custom":
        return day_range(period, today, _day(stated) if stated else None, earliest=earliest)
    ends = stated.split(",")
    if len(ends) != _ENDS:
        raise StatsError("A custom period has its days in date=2026-05-01,2026-05-31.")
    return day_range("custom", today, first=_day(ends[0]), last=_day(ends[1]))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StatsError(f"{text!r} is not a day. Write it like 2026-05-17.") from None


def _metrics(asked: Parameters, dimension: str) -> tuple[str, ...]:
    metrics = tuple(asked.get("metrics", "visitors").split(","))
    check_metrics(metrics, dimension)
    return metrics


def _where(asked: Parameters) -> Filter | None:
    stated = asked.get("filters", "")
    if not stated:
        return None
    name, operator, value = stated.partition("==")
    if not operator or any(sign in name for sign in "!;") or "|" in value or ";" in value or "*" in value:
        raise StatsError(
            "Reports are filtered by one value of one dimension, like filters=visit:country==DE: several together "
            "could single out a few visitors."
        )
    return read_condition(name.strip(), value.strip())


def _whole(asked: Parameters, name: str, usual: int, most: int) -> int:
    text = asked.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise StatsError(f"{name} is a number from 1 to {most}.")
    return int(text)
