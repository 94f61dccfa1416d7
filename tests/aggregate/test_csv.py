"""CSV: parsed again it gives what was written, and no cell of it is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.csv_text import csv_of

FORMULAS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 (full-width ones are run, too)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
NASTY = st.builds(str.__add__, st.text(FORMULAS + "'\",;\r\n ", max_size=4), TEXTS)
VALUES = st.one_of(NASTY, st.integers(), st.floats(allow_nan=False), st.none(), st.booleans())


def _parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def _as_it_was(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in set(FORMULAS) else cell


@given(st.lists(st.lists(VALUES, min_size=3, max_size=3), max_size=5))
def test_a_file_parsed_again_gives_the_values(rows: list[list[object]]) -> None:
    """Texts come back letter for letter, numbers as they are, nothing as an empty field."""
    heading, *found = _parsed(csv_of(["one", "two", "three"], rows))
    assert heading == ["one", "two", "three"]
    written = [["" if value is None else str(value) for value in row] for row in rows]
    texts = [[isinstance(value, str) for value in row] for row in rows]
    assert [
        [_as_it_was(cell) if is_text else cell for cell, is_text in zip(row, are, strict=True)]
        for row, are in zip(found, texts, strict=True)
    ] == written


@given(NASTY)
def test_no_text_is_a_formula(text: str) -> None:
    """Whatever a stranger writes, no cell begins as a formula does."""
    [[cell, _visitors]] = _parsed(csv_of(["page", "visitors"], [[text, 1]]))[1:]
    assert cell[:1] not in set(FORMULAS)


@given(NASTY, st.sampled_from(",;\t"))
def test_no_spreadsheet_finds_a_formula_within_a_text(text: str, separator: str) -> None:
    """A German spreadsheet separates by semicolons, another by tabs: a text stays within its cell there, too."""
    written = csv_of(["page", "visitors"], [[text, 1]]).removeprefix("page,visitors\r\n")
    [cells] = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
    assert [cell for cell in cells if cell[:1] in set(FORMULAS)] == []


@pytest.mark.parametrize("number", [-5, -12.5, 0, 3.25])
def test_numbers_stay_numbers(number: float) -> None:
    """A change of minus five is a number that a spreadsheet can add up."""
    assert csv_of(["change", "of"], [[number, "x"]]) == f"change,of\r\n{number},x\r\n"


def test_lines_and_quotes_are_those_of_the_standard() -> None:
    """Fields with separators, quotes and line breaks are quoted, quotes are doubled, lines end with CRLF."""
    assert csv_of(["a", "b"], [['say "yes", please', "two\nlines"], [None, ""], ["/a;=1", "a\tb"]]) == (
        'a,b\r\n"say ""yes"", please","two\nlines"\r\n,\r\n"/a;=1","a\tb"\r\n'
    )
