"""Paths that were found clean as they came: most views are of few pages, and cleaning takes 6 microseconds."""

from ingest.url_hygiene import clean_path

MOST_REMEMBERED = 10_000


class KnownPaths:
    """Cleans paths, remembering only those that were clean: nothing is kept here that a row might not hold."""

    def __init__(self, *, remembered: int = MOST_REMEMBERED) -> None:
        self._remembered = remembered
        self._clean: set[str] = set()

    def clean(self, path: str) -> str:
        """Give the one form of a path that is kept; see ``clean_path``."""
        if path in self._clean:
            return path
        cleaned = clean_path(path)
        if cleaned == path:
            if len(self._clean) >= self._remembered:
                self._clean.clear()
            self._clean.add(path)
        return cleaned
