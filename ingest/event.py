"""The event: the finished, anonymised row, which the spool keeps and ClickHouse stores."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter

import orjson

from ingest.receipts import NO_MARK
from ingest.tokens import NO_TOKEN


@dataclass(slots=True)
class Event:
    """One row of the table ``events``, field by field in the table's order.

    The gate fills it step by step. ``visitor`` is 0 while there is no token,
    ``receipt`` unless the visitor asked for receipts; ``engaged`` is
    in milliseconds, ``scroll_depth`` in percent. No field can hold an address or a user agent.
    """

    site: int
    day: date
    received: datetime
    visitor: int = NO_TOKEN
    name: str = ""
    interactive: bool = True
    hostname: str = ""
    page: str = ""
    source: str = ""
    referrer: str = ""
    channel: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    country: str = ""
    browser: str = ""
    browser_version: str = ""
    os: str = ""
    os_version: str = ""
    device: str = ""
    screen: str = ""
    scroll_depth: int = 0
    engaged: int = 0
    props: dict[str, str] = field(default_factory=dict)
    receipt: int = NO_MARK

    def row(self) -> bytes:
        """Give the row as the JSON array that ClickHouse takes (JSONCompactEachRow)."""
        return orjson.dumps(_values(self))


COLUMNS = tuple(column.name for column in fields(Event))
_values: Callable[[Event], tuple[object, ...]] = attrgetter(*COLUMNS)
