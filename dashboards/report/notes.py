"""What to know of the numbers in a view before believing them, in words. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date

from aggregate.cells import Filter
from dashboards.report.listings import name_of, noun_of
from dashboards.report.site_view import SiteView
from dashboards.wording import noise_in_words, rounding_in_words, withheld_in_words

_MOST_DAYS_NAMED = 3


def notes_of(view: SiteView) -> list[str]:
    """Give a sentence for each thing that makes this view's numbers other than they seem."""
    return [*_of_days(view), *_of_filter(view), *_of_comparison(view)]


def _of_days(view: SiteView) -> Iterator[str]:
    report, language = view.report, view.language
    if report.withheld:
        yield withheld_in_words(language, several=view.is_several_days)
    if report.rounded:
        yield rounding_in_words(view.k, language)
    if report.noisy:
        yield noise_in_words(language)
    open_days = [day for day in report.unfinished if day not in report.withheld]
    if not open_days or not report.totals.visitors or report.where is not None:
        return
    if view.is_several_days:
        days = "; ".join(language.day(day) for day in open_days)
        yield language.text(
            "Not final yet: %(days)s. Totals and graph are exact; until the day is final, its lists lag a little "
            "behind and are rounded down to multiples of %(k)s, so that they reveal no single visitor.",
            days=days,
            k=view.least,
        )
    else:
        yield language.text(
            "This day is not final yet. Totals and graph are exact; until it is final, lists lag a little behind "
            "and are rounded down to multiples of %(k)s, so that they reveal no single visitor.",
            k=view.least,
        )


def _of_filter(view: SiteView) -> Iterator[str]:
    report, text, where = view.report, view.language.text, view.report.where
    if where is None:
        return
    if view.is_all_but:
        yield text(
            "All visits except those with %(filter)s: totals and graph are the difference between two reports, "
            "so visitors who came both ways are not included.",
            filter=_filter_in_words(view, where),
        )
    elif not report.rounded and report.totals.visitors:
        yield text("Under a filter, rows and hours are rounded to multiples of 5, randomly up or down.")
    if [day for day in report.unfinished if day not in report.withheld] and view.is_several_days:
        yield text("Under a filter, today's lists appear once the day is final.")
    hidden = [day for day in report.hidden if day not in report.unfinished]
    if len(hidden) < len(report.hidden):
        yield text(
            "On a day that is not final, a filter has totals once its row is in the list: it needs %(k)s "
            "visitors, and more must have come after them.",
            k=view.least,
        )
    if hidden:
        yield _hidden(view, hidden)


def _hidden(view: SiteView, hidden: Sequence[date]) -> str:
    """Say which days are left out, and by number if there are many."""
    text, language = view.language.text, view.language
    if len(hidden) <= _MOST_DAYS_NAMED:
        return text(
            "Left out: %(days)s. Fewer than %(k)s visitors match this filter there, or too few are outside it.",
            days="; ".join(language.day(day) for day in hidden),
            k=view.least,
        )
    return language.plural(
        "%(num)s day is left out: fewer than %(k)s visitors match this filter there, or too few are outside it.",
        "%(num)s days are left out: fewer than %(k)s visitors match this filter there, or too few are outside it.",
        len(hidden),
        k=view.least,
    )


def _filter_in_words(view: SiteView, where: Filter) -> str:
    noun, language = noun_of(where.dimension, view.language), view.language
    return language.text("%(noun)s “%(name)s”", noun=noun, name=name_of(where.dimension, where.value, language))


def _of_comparison(view: SiteView) -> Iterator[str]:
    if view.before is None:
        return
    text, language = view.language.text, view.language
    if not view.before.totals.visits:
        days = language.days(view.before.days)
        yield text("There is nothing to compare with: no visits were counted on %(days)s.", days=days)
        return
    if view.report.unfinished and view.report.days.days == 1:
        yield text(
            "This day is not over, but %(day)s is, so the change means little before the evening.",
            day=language.days(view.before.days),
        )
    if view.earliest is not None and view.before.days.first < view.earliest:
        yield text(
            "Reports begin on %(day)s, within the comparison period.",
            day=language.day(view.earliest),
        )
    if view.report.days.days != view.before.days.days:
        yield text(
            "The periods differ in length: %(days)s compared with %(before)s.",
            days=language.plural("%(num)s day", "%(num)s days", view.report.days.days),
            before=language.number(view.before.days.days),
        )
