"""The addresses of a site's pages, all made here: the same pages are shown below more than one path. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from dashboards.ask import Ask
from dashboards.permissions import Permission
from dashboards.report.view_state import ViewState, query_of

_EXPORT = "export_csv"


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """The addresses below ``base``, the path of the site's page."""

    base: str
    exports: bool = False

    def page(self, state: ViewState) -> str:
        """Give the address of the site's page in a view."""
        return _with_query(self.base, state.query)

    def full_list(self, dimension: str, state: ViewState, more: Iterable[tuple[str, str]] = ()) -> str:
        """Give the address of a whole list in a view; ``more`` is what is searched, sorted and paged by."""
        return _with_query(self.full_list_path(dimension), query_of([*state.pairs, *more]))

    def export(self, dimension: str, state: ViewState) -> str:
        """Give the address of a list as a file; "" where this install has no such page."""
        if not self.exports:
            return ""
        return _with_query(self.below("export.csv"), query_of([("list", dimension), *state.pairs]))

    def full_list_path(self, dimension: str) -> str:
        """Give the path of a whole list."""
        return f"{self.base}/lists/{quote(dimension, safe=':')}"

    def below(self, name: str) -> str:
        """Give the path of another page of the site."""
        return f"{self.base}/{name}"


def links_of(ask: Ask) -> SiteLinks:
    """Give the addresses of the asked site's pages as who asks reaches them."""
    has_exports = ask.way.prefix + _EXPORT in ask.request.app.router
    return SiteLinks(ask.site_path(), exports=has_exports and ask.may(Permission.EXPORT))


def _with_query(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
