"""How the full view of a list is searched, sorted and paged, as its address says. Pure."""

from dataclasses import dataclass, replace

from dashboards.report.view_error import Mistake, ViewError
from dashboards.report.view_reading import Query
from dashboards.report.view_state import Pairs

NAME = "name"
_UPWARDS = "-"
_BY_ITSELF = "visitors"
_MOST_CHARACTERS = 200
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A search in names, a column to sort by, a page from 1 on.

    Numbers go downwards and names upwards; ``is_turned``: the other way round.
    """

    search: str = ""
    sort: str = _BY_ITSELF
    is_turned: bool = False
    page: int = 1

    @property
    def pairs(self) -> Pairs:
        """The names and values of the address's query; what is as it is by itself is left out."""
        sort = _UPWARDS * self.is_turned + self.sort
        found = (
            ("search", self.search),
            ("sort", sort if sort != _BY_ITSELF else ""),
            ("page", str(self.page) if self.page > 1 else ""),
        )
        return tuple((name, value) for name, value in found if value)

    def sorted_by(self, column: str) -> "ListQuery":
        """Sort by a column; by the same one, the other way round."""
        is_turned = self.sort == column and not self.is_turned
        return replace(self, sort=column, is_turned=is_turned, page=1)

    def on_page(self, page: int) -> "ListQuery":
        """Show another page."""
        return replace(self, page=page)


def read_list_query(query: Query, columns: list[str]) -> tuple[ListQuery, list[ViewError]]:
    """Read an address's query, as far as a list of these columns has it, and what is wrong with it."""
    mistakes: list[ViewError] = []
    sort = query.get("sort", "") or _BY_ITSELF
    column = sort.removeprefix(_UPWARDS)
    if column != NAME and column not in columns:
        mistakes.append(ViewError(Mistake.SORT, sort))
        sort = column = _BY_ITSELF
    page = query.get("page", "") or "1"
    is_page = page.isascii() and page.isdecimal() and 1 <= len(page) <= len(str(_MOST_PAGES)) and int(page) >= 1
    if not is_page:
        mistakes.append(ViewError(Mistake.PAGE, page))
    found = ListQuery(
        search=" ".join(query.get("search", "").split())[:_MOST_CHARACTERS].strip(),
        sort=column,
        is_turned=sort.startswith(_UPWARDS),
        page=int(page) if is_page else 1,
    )
    return found, mistakes
