"""How often an address may be asked whether it wants reports: adding it again and again must not flood it."""

from collections import OrderedDict
from datetime import datetime, timedelta

from core.errors import RecipientError

MOST_A_DAY = 3
_MOST_ADDRESSES = 10_000
_DAY = timedelta(days=1)


class Questions:
    """Counts the questions of a day by address, in memory."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, list[datetime]] = OrderedDict()

    def count(self, email: str, now: datetime) -> None:
        """Count a question. Raises RecipientError for an address that was asked often enough."""
        lately = [at for at in self._asked.pop(email, []) if now - at < _DAY]
        self._asked[email] = [*lately, now][:MOST_A_DAY]
        if len(self._asked) > _MOST_ADDRESSES:
            self._asked.popitem(last=False)
        if len(lately) >= MOST_A_DAY:
            raise RecipientError("This address has been asked often enough today. Try again tomorrow.")
