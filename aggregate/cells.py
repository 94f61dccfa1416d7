"""What reports are made of: integers, and names for them."""

from dataclasses import dataclass, field, replace

OTHER = None
"""The value of the one cell that stands for all hidden ones."""

VISIT_DIMENSIONS = (
    "entry_page",
    "exit_page",
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
    "browser_version",
    "os",
    "os_version",
    "device",
    "screen",
)
EVENT_DIMENSIONS = ("page", "event")
DIMENSIONS = (*EVENT_DIMENSIONS, *VISIT_DIMENSIONS)

FILTERS = (
    "page",
    "event",
    "entry_page",
    "exit_page",
    "hostname",
    "source",
    "channel",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "country",
    "browser",
    "os",
    "device",
    "screen",
)
"""The dimensions by one value of which a whole report can be filtered."""

PARENTS = {"browser_version": "browser", "os_version": "os"}
"""Dimensions whose values add up to those of another."""

FILTERED_DIMENSIONS = tuple(name for name in DIMENSIONS if name not in PARENTS)
"""What can be listed under a filter: versions add up to their browser, which would be a third margin."""

PROP = "prop:"
"""With this begins the dimension of a prop of custom events, before the prop's key: ``prop:plan``."""

HOUR = "hour"
"""Listed under a filter: the local hour in which a visit began, 0 to 23."""

OWN = ""
"""Listed under a filter: the filter's own totals."""

ABSENT = ""
"""The value of those visits that have none, such as no campaign: counted, never shown."""

NO_SOURCE = "Direct / None"
"""The source and referrer of a visit that came from nowhere, in Plausible's words."""

UNKNOWN = "Unknown"


def has_several(dimension: str) -> bool:
    """Tell whether a visit may have several values of a dimension: pages, events, props."""
    return dimension in EVENT_DIMENSIONS or dimension.startswith(PROP)


def is_of_events(dimension: str) -> bool:
    """Tell whether a dimension counts custom events: by their names or by one of their props."""
    return dimension == "event" or dimension.startswith(PROP)


def is_filter(dimension: str) -> bool:
    """Tell whether a whole report can be filtered by one value of a dimension."""
    return dimension in FILTERS or dimension.startswith(PROP)


@dataclass(frozen=True, slots=True)
class Figures:
    """The six integers of a cell or a total.

    ``seconds`` are those of visits from first to last event; for pages, those in view.
    """

    visitors: int = 0
    visits: int = 0
    pageviews: int = 0
    bounces: int = 0
    seconds: int = 0
    events: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        """Add up, metric by metric; the sum of days' visitors is visitor-days."""
        return Figures(*map(sum, zip(self.numbers, other.numbers, strict=True)))

    def without(self, part: "Figures") -> "Figures":
        """Take a part away, metric by metric; never below zero."""
        return Figures(*(max(0, whole - taken) for whole, taken in zip(self.numbers, part.numbers, strict=True)))

    def at_most(self, whole: "Figures") -> "Figures":
        """Cut what is above a whole down to it, metric by metric; seconds, which may be others, stay."""
        cut = Figures(*map(min, self.numbers, whole.numbers))
        return replace(cut, seconds=self.seconds)

    def in_steps(self, step: int) -> "Figures":
        """Round every metric down to a multiple of a step."""
        return Figures(*(number - number % step for number in self.numbers))

    @property
    def numbers(self) -> tuple[int, ...]:
        """All six. Since astuple takes twenty times as long, a day of many small cells would be half that."""
        return self.visitors, self.visits, self.pageviews, self.bounces, self.seconds, self.events

    @property
    def bounce_rate(self) -> float | None:
        """Bounces in percent of visits, to one decimal; None without visits."""
        return round(100 * self.bounces / self.visits, 1) if self.visits else None

    @property
    def visit_duration(self) -> float | None:
        """Mean seconds of a visit, to one decimal; None without visits."""
        return round(self.seconds / self.visits, 1) if self.visits else None

    @property
    def views_per_visit(self) -> float | None:
        """Pageviews by visits, to two decimals; None without visits."""
        return round(self.pageviews / self.visits, 2) if self.visits else None

    def share_of(self, everyone: int | None) -> float | None:
        """Visitors in percent of all that a list covers, unrounded; None where these are none, or not known.

        At most 100: under a filter a row is rounded, and the whole is not.
        """
        return min(100.0, 100 * self.visitors / everyone) if everyone else None

    def conversion_rate(self, everyone: int | None) -> float | None:
        """Visitors in percent of all that a list covers, to two decimals; None as a share is."""
        share = self.share_of(everyone)
        return None if share is None else round(share, 2)


@dataclass(frozen=True, slots=True)
class Filter:
    """Those visits alone whose dimension has this value."""

    dimension: str
    value: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a dimension and its figures; the value None is "Other".

    ``members`` are (visitor's token, number of visit) while a day is rolled, for cells that may
    come to be hidden: so that a person in two of them counts once. They are never written.
    ``scroll_depth`` is a page's: how far down its visits got on average, in whole percent; None
    where fewer than k visitors told it. ``is_at_least`` is said of a row under a filter that some closed
    day of its range does not show, or may not.
    """

    value: str | None
    figures: Figures
    members: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False, compare=False)
    scroll_depth: int | None = None
    is_at_least: bool = False
