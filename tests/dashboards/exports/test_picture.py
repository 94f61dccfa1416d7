"""The graph as a picture: SVG and PNG, from the same points as the page."""

import struct
from datetime import date, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregate.cells import Figures, Filter
from aggregate.periods import DayRange
from aggregate.points import Interval, steps_of
from aggregate.reading import Report
from core.accesses import read_accesses
from core.sites import Site
from core.store import Store
from dashboards.exports.picture import NARROW, WIDE, Frame, Picture, draw_picture
from dashboards.language import languages
from dashboards.report.view_query import ReadView
from dashboards.report.view_state import Metric
from tests.dashboards.conftest import EMAIL, NOON, Browser, Desk
from tests.fixtures.raw import site_in

SVG = "{http://www.w3.org/2000/svg}"
ENGLISH = languages()["en"]
LAST = date(2026, 5, 17)
HOSTILE = '/<script>alert(1)</script>"&\x0b\u202e'


def _report(visitors: list[int], last: date = LAST, unfinished: tuple[date, ...] = ()) -> Report:
    days = DayRange(last - timedelta(days=len(visitors) - 1), last)
    by_day = {days.first + timedelta(days=index): Figures(each, each, each) for index, each in enumerate(visitors)}
    points = steps_of(days, Interval.DAY, by_day, unfinished)
    return Report(days, sum(by_day.values(), Figures()), points, {}, [*unfinished], None)


def _draw(
    report: Report,
    before: Report | None = None,
    metric: str = "visitors",
    now: datetime = NOON,
    frame: Frame = WIDE,
) -> Picture:
    found = ReadView(report, before)
    return draw_picture(site_in(), found, Interval.DAY, Metric(metric), ENGLISH, now, frame)


def test_a_picture_says_what_it_shows() -> None:
    """Title, metric, total, range and comparison, axes and a number at each point of a short range."""
    before = _report([10, 20, 30], date(2026, 5, 14))
    picture = _draw(_report([40, 50, 100], unfinished=(LAST,)), before)
    assert (picture.title, picture.metric, picture.total) == ("example.com", "Visitor-days", "190")
    assert [line.name.split(": ")[1] for line in picture.lines] == ["190", "60"]
    assert picture.note == "at least; each day is counted separately; time zone: UTC"
    assert [mark.text for mark in picture.up] == ["0", "20", "40", "60", "80", "100"]
    assert [mark.text for mark in picture.across] == ["15 May", "16 May", "17 May"]
    assert [dot.number for dot in picture.lines[0].dots] == ["40", "50", "100"]
    assert [dot.y for dot in picture.lines[0].dots] == [294.4, 268, WIDE.top]


def test_what_is_not_finished_is_dashed() -> None:
    """The line to today is dashed, what was before is not, and days that lie ahead have no point."""
    line = _draw(_report([40, 50, 100], unfinished=(LAST,))).lines[0]
    assert (line.whole.count("L"), line.dashed.count("L")) == (1, 1)
    assert [dot.is_unfinished for dot in line.dots] == [False, False, True]
    assert len(_draw(_report([40, 50, 100]), now=NOON - timedelta(days=1)).lines[0].dots) == 2


def test_days_without_visits_have_no_rate() -> None:
    """The line of a rate has a gap where there is nothing to be a rate of; that of visitors is at zero."""
    report = _report([4, 0, 4])
    assert len(_draw(report).lines[0].dots) == 3
    rates = _draw(report, metric="views_per_visit").lines[0]
    assert [dot.number for dot in rates.dots] == ["1", "1"]
    assert (rates.whole, rates.dashed, rates.area) == ("", "", "")


@given(
    st.lists(st.integers(0, 10**8), min_size=1, max_size=40),
    st.sampled_from([*Metric]),
    st.sampled_from([WIDE, NARROW]),
)
def test_everything_is_within_its_axes(visitors: list[int], metric: str, frame: Frame) -> None:
    """Whatever was counted, each point is in the plot, under an axis of four to six round steps."""
    picture = _draw(_report(visitors), metric=metric, frame=frame)
    for dot in picture.lines[0].dots:
        assert frame.left <= dot.x <= frame.right
        assert frame.top <= dot.y <= frame.bottom
    assert 4 <= len(picture.up) - 1 <= 6
    assert len({mark.text for mark in picture.up}) == len(picture.up)
    assert 1 <= len(picture.across) <= frame.labels


def test_a_long_filter_is_cut() -> None:
    """A title stays on its line, and no control character comes into it."""
    report = _report([10])
    where = Filter("page", HOSTILE + "x" * 100)
    title = _draw(Report(report.days, report.totals, report.points, {}, [], None, where)).title
    assert title == 'example.com, page = /<script>alert(1)</script>"&  xxxxxxxxx…'


async def test_the_graph_can_be_taken_away_as_svg(mara: Browser, desk: Desk, site: Site, embedded: Store) -> None:
    """A file that stands alone: no style, no script, no link; what strangers wrote stays text."""
    desk.visits(site, 20, [HOSTILE, "/"], date(2026, 5, 16))
    desk.roll(site, date(2026, 5, 16), close=True)
    async with mara.client.get(
        "/sites/example.com/graph.svg",
        params={
            "period": "day",
            "date": "2026-05-16",
            "f": f"is,page,{HOSTILE}",
            "compare": "previous",
            "match": "none",
        },
    ) as answer:
        drawing = await answer.text()
        assert answer.headers["Content-Type"] == "image/svg+xml"
        assert answer.headers["Cache-Control"] == "no-store"
        name = 'attachment; filename="example.com_graph_2026-05-16.svg"'
        assert answer.headers["Content-Disposition"] == name
    picture = ET.fromstring(drawing)  # noqa: S314 (our own drawing)
    texts = [element.text for element in picture.iter(f"{SVG}text")]
    assert texts[:3] == ['example.com, page = /<script>alert(1)</script>"&  ', "Visitors", "20"]
    assert "Saturday, 16 May 2026: 20" in texts
    assert "Friday, 15 May 2026: 0" in texts
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} == {
        *("svg", "title", "rect", "text", "line", "path", "circle")
    }
    assert not any(name in element.attrib for element in picture.iter() for name in ("style", "class", "href"))
    lines = [(line.who, line.what, line.site, line.detail) for line in read_accesses(embedded)]
    assert (EMAIL, "export", site.number, "graph.svg") in lines


async def test_the_graph_can_be_taken_away_as_png(mara: Browser, desk: Desk, site: Site) -> None:
    """A picture of 1920 by 960 pixels, with letters in it also where the system has none."""
    desk.visits(site, 20)
    desk.roll(site)
    pictures = []
    for period in ("day", "7d"):
        async with mara.client.get(f"/sites/example.com/graph.png?period={period}") as answer:
            pictures.append(await answer.read())
            assert answer.headers["Content-Type"] == "image/png"
    for body in pictures:
        assert body[:8] == b"\x89PNG\r\n\x1a\n"
        assert struct.unpack(">II", body[16:24]) == (1920, 960)
    assert pictures[0] != pictures[1]


@pytest.mark.parametrize("query", ["metric=happiness", "period=never"])
async def test_a_graph_that_cannot_be_drawn_is_said(mara: Browser, query: str) -> None:
    """A wrong address gives a page that names the mistake."""
    answer = await mara.get(f"/sites/example.com/graph.svg?{query}")
    assert answer.status == 400
    assert "This cannot be exported" in answer.page.text
