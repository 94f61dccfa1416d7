"""docs/metrics.md: reports say what its examples say."""

from pathlib import Path

import pytest

from core.errors import PeriodError
from core.store import Store
from tests.fixtures.worked_examples import Example, examples_of, report_of

PAGE = Path("docs/metrics.md").read_text(encoding="utf-8")
EXAMPLES = examples_of(PAGE)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.title for example in EXAMPLES])
def test_the_report_says_what_the_page_says(store: Store, example: Example) -> None:
    """Each table of an example is, row by row, what a site's report has after these events."""
    happened, said = example.tables()
    assert report_of(store, happened, said) == said


def test_no_table_of_the_page_is_left_out() -> None:
    """Every metric has an example, and every table belongs to one that is run."""
    assert list(dict.fromkeys(example.metric for example in EXAMPLES)) == [
        line.removeprefix("## ") for line in PAGE.splitlines() if line.startswith("## ")
    ]
    assert len(EXAMPLES) == PAGE.count("Example:") == 31
    assert [line for example in EXAMPLES for line in example.lines if line] == [
        line for line in PAGE.splitlines() if "|" in line
    ]


SMALL = """\
## Visitors
### Example: one visitor

| time | visitor | what | page |
| --- | --- | --- | --- |
| 10:00 | Ann | pageview | / |

| page | visitors |
| --- | --- |
| / | 10 |
"""


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("10:00", "10 o'clock"),
        ("pageview", "page view"),
        ("visitor |", "person |"),
        ("| / |\n\n", "| / | x |\n\n"),
        ("| --- | --- |\n| / | 10 |", "| / | 10 |"),
        ("| page | visitors |", "| page | people |"),
        ("| page | visitors |", "| page | visit duration of it |"),
        ("| page | visitors |", "| pages | visitors |"),
        ("\n| page | visitors |\n| --- | --- |\n| / | 10 |\n", ""),
    ],
)
def test_an_example_that_is_not_understood_is_no_passed_test(embedded: Store, text: str, other: str) -> None:
    """A slip of the pen in a table is an error, never a table that nobody looks at."""
    (small,) = examples_of(SMALL)
    happened, said = small.tables()
    assert report_of(embedded, happened, said) == said
    (damaged,) = examples_of(SMALL.replace(text, other))
    with pytest.raises((ValueError, PeriodError)):
        report_of(embedded, *damaged.tables())


@pytest.mark.parametrize("wrong", ["| / | 11 |", "| /a | 10 |", "| / | 10 |\n| /a | 10 |"])
def test_a_wrong_table_is_noticed(embedded: Store, wrong: str) -> None:
    """A number, a value or a row that a report does not have is a difference."""
    (example,) = examples_of(SMALL.replace("| / | 10 |", wrong))
    happened, said = example.tables()
    assert report_of(embedded, happened, said) != said
