"""Documents that cannot rot: they are held against the code."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ingest.reasons import DropReason

DOCUMENTS = [Path("README.md"), *sorted(Path("docs").rglob("*.md"))]
PICTURES = sorted(Path("docs/pictures").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"
WIDEST = 800  # pixels: what a page of documents has beside its margins

_LINK = re.compile(r"""(?:\]\(|\bsrc(?:set)?=")(?!https?:|mailto:|[#/])([^)#"\s]+)""")
_PATH = re.compile(r"`((?:aggregate|bench|core|dashboards|docs|geo|ingest|tests)/[\w./-]*\.\w+)`")


def test_every_drop_reason_is_documented() -> None:
    """docs/ledger.md has a row for each reason, with its meaning, and no other."""
    rows = [
        line for line in Path("docs/ledger.md").read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    assert rows[2:] == [f"| {reason.value} | {reason.meaning} |" for reason in DropReason]


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_what_a_document_links_to_is_there(document: Path) -> None:
    """A reader follows a link to a file of this repository and finds it."""
    links = _LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_the_files_that_a_document_names_are_there(document: Path) -> None:
    """An auditor finds each test and each part of the code under the name that the document gives it."""
    names = _PATH.findall(document.read_text(encoding="utf-8"))
    assert [name for name in names if not Path(name).is_file()] == []


def test_links_and_names_are_recognised() -> None:
    """The tests above look at what they should: pictures and attackers are among it."""
    text = Path("docs/privacy.md").read_text(encoding="utf-8")
    assert {"pictures/week.svg", "pictures/path.svg", "destruction.md"} <= {*_LINK.findall(text)}
    readme = Path("README.md").read_text(encoding="utf-8")
    assert {"docs/pictures/dashboard.png", "docs/pictures/dashboard-dark.png"} <= {*_LINK.findall(readme)}
    assert {"tests/aggregate/test_carrying.py", "aggregate/release.py"} <= {*_PATH.findall(text)}


@pytest.mark.parametrize("picture", PICTURES, ids=str)
def test_a_picture_stands_by_itself(picture: Path) -> None:
    """It is described for who cannot see it, has colours for the dark, fits a page and loads nothing."""
    root = ET.fromstring(picture.read_bytes())  # noqa: S314 (a file of this repository)
    described = [root.findtext(f"{SVG}{element}", "") for element in ("title", "desc")]
    loads = re.findall(r"href|@import|url\((?!#)|<script|<image", picture.read_text(encoding="utf-8"))
    style = root.findtext(f"{SVG}style", "")
    assert (all(described), loads, "prefers-color-scheme: dark" in style) == (True, [], True)
    assert int(root.get("width", "")) <= WIDEST
