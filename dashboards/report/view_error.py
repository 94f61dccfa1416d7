"""What can be wrong with the address of a page."""

from enum import StrEnum, auto

from core.errors import FootfallError

_MOST_CHARACTERS = 60


class Mistake(StrEnum):
    """A kind of mistake; ``view_words`` has the words for it."""

    PERIOD = auto()
    DAY = auto()
    FIRST_AND_LAST = auto()
    ORDER = auto()
    TOO_LONG = auto()
    COMPARISON = auto()
    FILTER = auto()
    DIMENSION = auto()
    NOT_FILTERED = auto()
    SECOND_FILTER = auto()
    NOT_TOLD = auto()
    METRIC = auto()
    INTERVAL = auto()
    TAB = auto()
    SORT = auto()
    PAGE = auto()


class ViewError(FootfallError):
    """An address asks for what no page shows: which mistake it is, and what was written, cut short."""

    def __init__(self, mistake: Mistake, written: str = "") -> None:
        self.mistake = mistake
        self.written = written if len(written) <= _MOST_CHARACTERS else f"{written[:_MOST_CHARACTERS]}…"
        super().__init__(f"{mistake}: {self.written}")
