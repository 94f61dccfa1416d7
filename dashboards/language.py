"""A language of the pages: its texts, and how it writes numbers, times and days.

Texts are gettext messages, in English in the code. A translation is one file, ``languages/CODE.po``; numbers,
days and the names of countries come from the Unicode CLDR through Babel.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from gettext import NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

from aggregate.periods import DayRange
from core.accepted_languages import preferred_languages

NOTHING = "–"  # noqa: RUF001 (an en dash, where a rate has nothing to be a rate of)
SOURCE = "en"  # the language of the code
_HUNDRED = 100
_BRITISH = "en_GB"  # days before months, as most of the world writes them
_REMEMBERED = 4096
"""So many numbers and days are kept as they were written: a page writes two hundred, in 15 to 90 µs each."""


def message(text: str) -> str:
    """Mark a text of a table for translation; it is translated where it is shown."""
    return text


# The Unicode CLDR's short forms are too long in German for a tile, and one letter that nobody reads in Ukrainian.
UNITS = {"hour": message("%(num)sh"), "minute": message("%(num)sm"), "second": message("%(num)ss")}


@dataclass(frozen=True, slots=True)
class Language:
    """One language: ``code`` is its ISO 639 code, such as ``uk``."""

    code: str
    locale: Locale
    catalogue: NullTranslations

    @property
    def name(self) -> str:
        """The language's own name for itself: Deutsch."""
        own = Locale(self.code).get_display_name() or self.code
        return own[0].upper() + own[1:]

    def text(self, text: str, /, **values: object) -> str:
        """Translate a message, and put values in the places that ``%(name)s`` marks."""
        translated = self.catalogue.gettext(text)
        return translated % values if values else translated

    def plural(self, one: str, several: str, count: int, /, **values: object) -> str:
        """Translate a message about a count, which ``%(num)s`` marks: 1 visitor, 12 visitors."""
        return self.catalogue.ngettext(one, several, count) % ({"num": self.number(count)} | values)

    def number(self, value: int) -> str:
        """Write a whole number with separators: 12,345."""
        return _number(value, self.locale)

    def decimal(self, value: float | None) -> str:
        """Write a rate with at most two decimals: 2.5."""
        return NOTHING if value is None else format_decimal(round(value, 2), "#,##0.##", locale=self.locale)

    def percent(self, value: float | None) -> str:
        """Write so many in a hundred: 40%."""
        return NOTHING if value is None else _percent(round(value, 2), self.locale)

    def share(self, value: float | None, places: int = 1) -> str:
        """Write so many in a hundred with as many decimals as every figure below: 40.0%."""
        return NOTHING if value is None else _share(round(value, places), places, self.locale)

    def growth(self, value: float | None) -> str:
        """Write by how many percent something grew or shrank: 3.0%, and whole ones from a hundred on: 1,684%."""
        if value is None or abs(value) < _HUNDRED:
            return self.share(value)
        return self.percent(round(value))

    def duration(self, seconds: float | None) -> str:
        """Write seconds as people say them: 1m 23s."""
        if seconds is None:
            return NOTHING
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        if hours:
            return self._units({"hour": hours, "minute": minutes})
        return self._units({"minute": minutes, "second": rest} if minutes else {"second": rest})

    def day(self, day: date) -> str:
        """Write a day: Sunday, 17 May 2026."""
        return _day(day, self.locale)

    def plain_day(self, day: date) -> str:
        """Write a day without its weekday: 17 May 2026."""
        return format_date(day, "medium", locale=self.locale)

    def short_day(self, day: date) -> str:
        """Write a day where there is little room: 17 May."""
        return _skeleton("MMMd", day, self.locale)

    def month(self, day: date) -> str:
        """Write a day's month: May 2026."""
        return _skeleton("yMMMM", day, self.locale)

    def short_month(self, day: date) -> str:
        """Write a day's month where there is little room: May 2026."""
        return _skeleton("yMMM", day, self.locale)

    def days(self, days: DayRange) -> str:
        """Write a range of days as short as it is clear, such as 11 to 17 May 2026 with a dash."""
        if days.first == days.last:
            return self.day(days.first)
        return _days(days, self.locale)

    def time(self, instant: datetime, zone: ZoneInfo, today: date) -> str:
        """Write an instant in a site's zone: 14:03, with the day unless it is today."""
        local = instant.astimezone(zone)
        clock = format_time(local.time(), "HH:mm", locale=self.locale)
        return clock if local.date() == today else f"{self.short_day(local.date())} {local.year}, {clock}"

    def country(self, code: str) -> str:
        """Give a country's name, or the code itself if it has none."""
        return str(self.locale.territories.get(code, code)) if code.isalpha() else code

    def unit(self, unit: str, amount: object) -> str:
        """Write an amount of "hour", "minute" or "second": 5m."""
        return self.text(UNITS[unit], num=amount)

    def _units(self, amounts: Mapping[str, int]) -> str:
        return " ".join(self.unit(unit, amount) for unit, amount in amounts.items())


@lru_cache(_REMEMBERED)
def _number(value: int, locale: Locale) -> str:
    return format_decimal(value, locale=locale)


@lru_cache(_REMEMBERED, typed=True)  # 40 and 40.0 are written differently
def _percent(value: float, locale: Locale) -> str:
    return format_percent(Decimal(str(value)) / 100, locale=locale, decimal_quantization=False)


@lru_cache(_REMEMBERED)
def _share(value: float, places: int, locale: Locale) -> str:
    pattern = locale.percent_formats[None].pattern.replace("##0", "##0." + places * "0")
    return format_percent(Decimal(str(value)) / 100, pattern, locale=locale)


@lru_cache(_REMEMBERED)
def _day(day: date, locale: Locale) -> str:
    return format_date(day, "full", locale=locale)


@lru_cache(_REMEMBERED)
def _days(days: DayRange, locale: Locale) -> str:
    return format_interval(days.first, days.last, "yMMMMd", locale=locale)


@lru_cache(_REMEMBERED)
def _skeleton(skeleton: str, day: date, locale: Locale) -> str:
    return format_skeleton(skeleton, day, locale=locale)


@cache
def languages() -> Mapping[str, Language]:
    """Give all languages by code: that of the code first, then those that have a catalogue."""
    found = {SOURCE: Language(SOURCE, Locale.parse(_BRITISH), NullTranslations())}
    for file in sorted((files("dashboards") / "languages").iterdir(), key=lambda each: each.name):
        code, _, kind = file.name.partition(".")
        if kind == "po":
            found[code] = Language(code, Locale(code), _compiled(file.read_bytes(), code))
    return found


def language_of(chosen: str, accepted: str) -> Language:
    """Give the language to answer in: the one that was chosen, else the best that the browser asks for."""
    known = languages()
    return known[next((code for code in (chosen, *preferred_languages(accepted)) if code in known), SOURCE)]


def _compiled(catalogue: bytes, code: str) -> NullTranslations:
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(catalogue), locale=code))
    compiled.seek(0)
    return Translations(compiled)
