"""The translations of the pages: whole, sound, and shown to who asks for them."""

import re
import tomllib
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po
from playwright.async_api import Page

from aggregate.periods import DayRange
from core.sites import Site
from core.store import Store
from dashboards.language import SOURCE, language_of, languages
from dashboards.people.account_languages import AUTOMATIC
from dashboards.people.logins import COOKIE, begin_login
from tests.dashboards.conftest import EMAIL, NOON, Browser, Desk, browsing
from tests.fixtures.hands import Hands

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "dashboards/languages").glob("*.po"))
_PLACE = re.compile(r"%\(\w+\)\w|%[^(\s]")
NARROW = """[...document.querySelectorAll(".list th")]
    .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.textContent)"""
_TAG = re.compile(r"</?\w[^>]*>|&\w+;")

Texts = str | tuple[str, ...] | list[str]

each_catalogue = pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)


@cache
def _messages() -> frozenset[Texts]:
    """Gather what the code has to say, by the rules of `make messages`."""
    mappings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    keywords = parse_keywords(re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text()))
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: {"trimmed": mapping.get("trimmed", "")} for mapping in mappings}
    folders = re.findall(r"messages\.pot ((?:\w+ ?)+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    found = (each for folder in folders for each in extract_from_dir(ROOT / folder, methods, options, keywords))
    return frozenset(text for _file, _line, text, _comments, _context in found)


@cache
def _catalogue(file: Path) -> Catalog:
    return read_po(BytesIO(file.read_bytes()), locale=file.stem)


def _translated(file: Path) -> list[Message]:
    return [message for message in _catalogue(file) if message.id]


def _forms(texts: Texts | None) -> list[str]:
    return [texts or ""] if isinstance(texts, str | None) else list(texts)


def test_the_code_has_texts() -> None:
    """The gathering finds texts of Python, of pages and of e-mails, and those that depend on a number."""
    assert {
        "Bots: crawlers, scripts and browsers without a person",
        "Skip to content",
        "Yes, send them to this address:",
        ("%(num)s current visitor", "%(num)s current visitors"),
    } <= _messages()


@each_catalogue
def test_every_text_is_translated_and_none_is_left_over(file: Path) -> None:
    """A reader never meets an English sentence among their own; `make messages` tells what has changed."""
    known = {message.id: message for message in _translated(file)}
    assert _messages() - known.keys() == set(), "run make messages, and translate what is new"
    assert known.keys() - _messages() == set(), "run make messages, which drops what is gone"
    assert [message.id for message in known.values() if not all(_forms(message.string))] == []
    assert [message.id for message in known.values() if message.fuzzy] == []
    assert _catalogue(file).obsolete == {}


@each_catalogue
def test_places_and_tags_are_those_of_the_english_text(file: Path) -> None:
    """Whatever a text puts in, its translation puts in, within the same tags; it has the language's plurals."""
    assert [(message.id, errors) for message, errors in _catalogue(file).check()] == []
    for message in _translated(file):
        english = _forms(message.id)[-1]
        for form in _forms(message.string):
            assert set(_PLACE.findall(form)) == set(_PLACE.findall(english)), form
            assert sorted(_TAG.findall(form)) == sorted(_TAG.findall(english)), form
        forms = _catalogue(file).num_plurals if message.pluralizable else 1
        assert len(_forms(message.string)) == forms, message.id


@each_catalogue
def test_a_catalogue_is_a_language(file: Path) -> None:
    """It has its own name for itself, and what it does not know it says in English."""
    language = languages()[file.stem]
    assert language.name != language.code
    assert language_of("", f"tlh, {file.stem};q=0.5, {SOURCE};q=0.4") is language
    assert language.text("Nobody has translated %(this)s", this="this") == "Nobody has translated this"
    assert [language.plural("%(num)s unknown word", "%(num)s unknown words", count) for count in (1, 2)] == [
        "1 unknown word",
        "2 unknown words",
    ]


@each_catalogue
async def test_pages_are_in_the_language_that_the_browser_asks_for(nobody: Browser, file: Path) -> None:
    """The page says so to caches, to search engines and to screen readers."""
    answer = await nobody.get("/login", **{"Accept-Language": f"{file.stem}-XX, {SOURCE};q=0.5"})
    assert answer.headers["Content-Language"] == file.stem
    assert f'<html lang="{file.stem}"' in answer.page.html
    assert answer.page.heading == languages()[file.stem].text("Log in") != "Log in"


async def test_a_report_in_german_has_german_numbers_and_days(mara: Browser, desk: Desk, site: Site) -> None:
    """Points between thousands, commas before decimals, days with a point, countries by their German names."""
    desk.visits(site, 1_234, country="AT")
    desk.roll(site, close=True)
    page = (await mara.get("/sites/example.com", **{"Accept-Language": "de-AT, de;q=0.9, en;q=0.8"})).page
    assert page.tiles == {
        "Besucher": "1.234",
        "Besuche": "1.234",
        "Seitenaufrufe": "1.234",
        "Aufrufe je Besuch": "1",
        "Absprungrate": "100 %",
        "Besuchsdauer": "0 s",
    }
    words = ("Sonntag, 17. Mai 2026", "Österreich", "Einstiegsseiten", "Kanäle")
    assert [each for each in words if each not in page.text] == []


def test_german_writes_numbers_and_days_its_own_way() -> None:
    """From the Unicode CLDR: separators, the order of a day's parts, and short forms."""
    german = languages()["de"]
    assert [german.number(1_234_567), german.decimal(2.5), german.percent(40.25)] == [
        "1.234.567",
        "2,5",
        "40,25\N{NO-BREAK SPACE}%",
    ]
    assert german.day(date(2026, 5, 17)) == "Sonntag, 17. Mai 2026"
    assert german.plain_day(date(2026, 5, 17)) == "17.05.2026"
    assert german.days(DayRange(date(2026, 5, 11), date(2026, 5, 17))) == "11.–17. Mai 2026"  # noqa: RUF001 (an en dash)
    assert [german.plural("%(num)s day", "%(num)s days", count) for count in (0, 1, 1_000)] == [
        "0 Tage",
        "1 Tag",
        "1.000 Tage",
    ]


async def test_what_an_account_chose_stands_above_the_browser(mara: Browser) -> None:
    """German for who chose it, whatever the browser says; English likewise; the browser's where none is chosen."""
    csrf = {"csrf": (await mara.get("/account")).page.fields["csrf"]}
    titles = {}
    for chosen in ("de", "en", AUTOMATIC):
        mara.clock.move(seconds=1)
        await mara.post("/account/language", csrf | {"language": chosen})
        for asked in ("de", "en"):
            html = (await mara.get("/people", **{"Accept-Language": asked})).page.html
            titles[chosen, asked] = html.partition("<title>")[2].partition(" ")[0]
    german, english = "Personen", "People"
    assert titles == {
        ("de", "de"): german,
        ("de", "en"): german,
        ("en", "de"): english,
        ("en", "en"): english,
        (AUTOMATIC, "de"): german,
        (AUTOMATIC, "en"): english,
    }


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@each_catalogue
async def test_longer_words_fit_a_phone(
    page: Page, embedded: Store, clock: Hands, desk: Desk, account: str, site: Site, file: Path
) -> None:
    """Nothing has to be scrolled sideways, and no word stands over its neighbour, in any language."""
    for day in (NOON.date() - timedelta(days=back) for back in (1, 8)):
        desk.visits(site, 20, ["/", "/about"], day, source="Google", country="DE")
        desk.visits(site, 20, day=day, name="Signup")
        desk.roll(site, day, close=True)
    token = begin_login(embedded, EMAIL, NOON, timedelta(days=30))
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.set_extra_http_headers({"Accept-Language": file.stem})
    async with browsing(embedded, clock) as browser:
        home = str(browser.client.make_url("/"))
        await page.context.add_cookies([{"name": COOKIE, "value": token, "url": home}])
        for path in (
            "sites/example.com?period=7d&compare=previous",
            "sites/example.com/settings",
            "people",
            "account",
        ):
            await page.goto(home + path)
            for table in await page.locator(".graph-table > summary").all():
                await table.click()
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert await page.evaluate(NARROW) == [], path
