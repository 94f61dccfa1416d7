"""The filter of a view as a chip: in words, to be removed, and to be turned round. Pure."""

from dataclasses import dataclass, replace

from aggregate.cells import has_several
from dashboards.report.listings import name_of, noun_of
from dashboards.report.site_view import SiteView


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A filter in words. ``turned`` leads to all other visits, or back; None where reports cannot tell those."""

    noun: str
    verb: str
    value: str
    remove: str
    turned: str | None
    turned_verb: str


def chip_of(view: SiteView) -> FilterChip | None:
    """Give the chip of a view's filter; None without one."""
    where, text = view.state.where, view.language.text
    if where is None:
        return None
    verbs = (text("is"), text("is not"))
    turned = replace(where, is_not=not where.is_not)
    can_turn = where.is_not or not has_several(where.dimension)
    return FilterChip(
        noun=noun_of(where.dimension, view.language),
        verb=verbs[where.is_not],
        value=name_of(where.dimension, where.value, view.language),
        remove=view.links.page(view.state.with_filter(None)),
        turned=view.links.page(view.state.with_filter(turned)) if can_turn else None,
        turned_verb=verbs[turned.is_not],
    )
