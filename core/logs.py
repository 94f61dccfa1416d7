"""Logging that cannot tell who a visitor was.

aiohttp's access log prints addresses and user agents: it is never switched on. Its
server log prints the peer's address with every failed request, and the parser's errors
quote the request's bytes: both are replaced here by the kind of error alone.
"""

import asyncio
import logging
import sys
from datetime import datetime, timedelta
from typing import Any

_FORMAT = "%(asctime)s %(levelname)s %(name)s: {}%(message)s"
_MINUTE = timedelta(minutes=1)
_WITHHELD = ("aiohttp", "asyncio", "uvloop")


class _WithheldDetails(logging.Filter):
    """Replaces a library's log line by the kind of error that it reports."""

    def filter(self, record: logging.LogRecord) -> bool:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "no exception"
        record.msg, record.args = "a request or connection failed (%s); details withheld", (kind,)
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        return True


def set_up_logging(level: str, process: str = "") -> None:
    """Log to standard error, withholding what libraries say about requests.

    ``process`` stands in every line: which of several it is.
    """
    handler = logging.StreamHandler(sys.stderr)
    label = f"{process}: " if process else ""
    handler.setFormatter(logging.Formatter(_FORMAT.format(label)))
    withheld = _WithheldDetails()
    handler.addFilter(lambda record: withheld.filter(record) if record.name.startswith(_WITHHELD) else True)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each skipped turn
    # What these two warn of is raised as well, and told in one line where it is caught.
    logging.getLogger("clickhouse_connect").setLevel(logging.ERROR)
    logging.getLogger("urllib3").setLevel(logging.ERROR)


class Complaint:
    """A complaint that may have cause ten thousand times a second, and is made once a minute."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._last: datetime | None = None
        self._unsaid = 0

    def make(self, message: object, now: datetime) -> None:
        """Log a message with how often it was not, or keep it back if one was logged this minute."""
        if self._last is not None and now - self._last < _MINUTE:
            self._unsaid += 1
            return
        more = f" ({self._unsaid} more since the last time)" if self._unsaid else ""
        self._log.error("%s%s", message, more)
        self._last, self._unsaid = now, 0


def withhold_loop_details(loop: asyncio.AbstractEventLoop) -> None:
    """Keep the event loop's own error reports, which can name a peer, to their kind."""

    def report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        kind = type(error).__name__ if error is not None else "no exception"
        logging.getLogger("footfall").error("a background task or connection failed (%s)", kind)

    loop.set_exception_handler(report)
