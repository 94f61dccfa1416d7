"""Texts that were found clean as they came: most views are of few pages, and cleaning takes 6 microseconds."""

from collections.abc import Callable

from ingest.remembered import MOST_REMEMBERED, Remembered


class KnownTexts:
    """Cleans texts, remembering only those that were clean: nothing is kept here that a row might not hold.

    ``prefix`` may stand before a clean text; it says nothing about anybody.
    """

    def __init__(
        self, clean: Callable[[str], str], *, prefix: str = "", remembered: int = MOST_REMEMBERED
    ) -> None:
        self._clean = clean
        self._prefix = prefix
        self._known: Remembered[str, str] = Remembered(remembered)

    def clean(self, text: str) -> str:
        """Give the one form of a text that is kept."""
        known = self._known.get(text)
        if known is not None:
            return known
        cleaned = self._clean(text)
        if text in {cleaned, self._prefix + cleaned}:
            self._known.keep(text, cleaned)
        return cleaned
