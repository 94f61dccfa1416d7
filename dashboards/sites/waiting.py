"""A site of which there is no report yet: what has come so far, and whether that has changed."""

from dataclasses import dataclass
from datetime import date

from aggregate.periods import day_range
from core.sites import Site
from core.store import Store
from dashboards.language import Language
from dashboards.report.left_out import LeftOut, left_out_of, read_outcomes

_PERIOD = "30d"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was received in the last 30 days. ``has_begun``: something was counted, and a report is being made."""

    left_out: LeftOut

    @property
    def has_begun(self) -> bool:
        """Whether a view was counted: its report is made within a minute."""
        return self.left_out.total.stored > 0

    @property
    def seen(self) -> int:
        """What the page was made of: a page that shows the same need not be made anew."""
        return self.left_out.total.received


def read_waiting(store: Store, site: Site, today: date, language: Language) -> Waiting:
    """Read what came for a site that has no report yet. Raises StoreError."""
    days = day_range(_PERIOD, today)
    return Waiting(left_out_of(read_outcomes(store, site, days), days, language))
