"""The six numbers at the top of a site's page; each chooses what the graph shows."""

from dataclasses import dataclass

from dashboards.report.metric_words import METRICS, Change, change_of
from dashboards.report.site_view import SiteView
from dashboards.report.view_state import Metric


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name, the note that says how to read it, and how it has changed."""

    metric: str
    name: str
    value: str
    note: str
    href: str
    is_chosen: bool
    change: Change | None = None
    before: str = ""


def tiles_of(view: SiteView) -> list[Tile]:
    """Give the six tiles of a view."""
    return [_tile(view, metric) for metric in Metric]


def _tile(view: SiteView, metric: Metric) -> Tile:
    words, language = METRICS[metric], view.language
    now = None if view.is_being_counted else view.figure(view.report.totals, metric)
    has_before = view.before is not None and view.before.totals.visits > 0 and view.is_told(metric)
    before = view.figure(view.before.totals, metric) if view.before else None
    return Tile(
        metric=metric,
        name=words.title(language, several=view.is_several_days),
        value=words.write(language, now),
        note=_note(view, metric, now),
        href=view.links.page(view.state.with_metric(metric)),
        is_chosen=view.state.metric is metric,
        change=(_no_whole(view) or change_of(metric, now, before, language)) if has_before else None,
        before=words.write(language, before) if has_before else "",
    )


def _no_whole(view: SiteView) -> Change | None:
    """Say instead of a change that reports do not have all the days that it would be from."""
    before, language = view.before, view.language
    if before is None or not before.days_without_reports:
        return None
    days = before.days.days
    words = language.text(
        "%(known)s of %(days)s days before",
        known=language.number(days - before.days_without_reports),
        days=language.number(days),
    )
    return Change("", words, 0)


def _note(view: SiteView, metric: Metric, now: float | None) -> str:
    text, where = view.language.text, view.state.where
    if not view.is_told(metric):
        return text("not shown with this filter") if where is not None else text("not published")
    if metric is Metric.VISITORS and now:
        least = text("at least") if view.is_exact else text("about")
        return text("%(least)s; counted daily", least=least) if view.is_several_days else least
    if metric in {Metric.PAGEVIEWS, Metric.VIEWS_PER_VISIT} and where is not None and where.dimension == "page":
        return text("of this page")
    if metric is Metric.BOUNCE_RATE:
        return text("single-page visits")
    return text("on average") if metric is Metric.VISIT_DURATION else ""
