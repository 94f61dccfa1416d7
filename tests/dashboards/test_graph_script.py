"""The graph in a real browser: drawn, read and zoomed by mouse, touch and keys."""

import pytest
from playwright.async_api import Browser, Page

from tests.fixtures.scripted_pages import PATH, graph, scripted_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SPOKEN = ".graph-spoken"
TIP = ".graph-tip"
NOTE_WHAT_IS_WRITTEN = """
    window.written = new Set();
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        window.written.add(text);
        return write.call(this, text, ...where);
    };
"""


async def test_a_graph_is_drawn_in_place_of_the_servers_picture(page: Page) -> None:
    """The line replaces the plain picture, nothing is blocked, and on paper the plain picture is back."""
    async with scripted_site(graph()) as site:
        await site.open(page)
        await page.locator("figure.is-drawn canvas").wait_for()
        assert await page.locator("#graph > svg").is_hidden()
        assert await page.get_by_text("The graph as a table").is_visible()
        await page.emulate_media(media="print")
        assert await page.locator("#graph > svg").is_visible()
        assert await page.locator("#graph canvas").is_hidden()
        assert site.complaints == []


async def test_the_axis_writes_durations_as_the_tiles_do(page: Page) -> None:
    """Minutes and seconds have the words of the page's language, which browsers shorten to what nobody reads."""
    words = {"visit_duration": "Besuchsdauer", "hour": "{} h", "minute": "{} min", "second": "{} s"}
    values = [60, 90, 150, 160, 120, 100, 30]
    await page.add_init_script(NOTE_WHAT_IS_WRITTEN)
    async with scripted_site(
        graph(unit="seconds", metric="visit_duration", words=words, now=values, compared=None)
    ) as site:
        await site.open(page)
        await page.locator("figure.is-drawn canvas").wait_for()
        written = await page.evaluate("[...window.written]")
    assert [text for text in written if text.endswith((" s", " min"))] == ["0 s", "1 min", "2 min", "3 min"]


async def test_without_scripts_the_servers_picture_stays(chromium: Browser) -> None:
    """Who runs no scripts sees the graph that the server drew."""
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    async with scripted_site(graph()) as site:
        await site.open(page)
        assert await page.locator("#graph > svg").is_visible()
    await context.close()


async def test_keys_read_a_graph(page: Page) -> None:
    """Arrow keys go from point to point, each is said with what it is compared with, and Enter opens its day."""
    async with scripted_site(graph(now=[120, 180, None, 160, 190, 140, 40])) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        await page.keyboard.press("ArrowLeft")
        spoken = page.locator(SPOKEN)
        assert await spoken.get_attribute("aria-live") == "polite"
        assert await spoken.text_content() == (
            "Saturday, 16 May 2026 (so far): 40 Visitors; Saturday, 9 May 2026: 110"
        )
        await page.keyboard.press("ArrowLeft")
        assert await spoken.text_content() == "Friday, 15 May 2026: 140 Visitors; Friday, 8 May 2026: 130"
        await page.keyboard.press("Home")
        assert await page.locator(TIP).inner_text() == (
            "Visitors\n\nSunday, 10 May 2026\n120\n\nSunday, 3 May 2026\n100"
        )
        await page.keyboard.press("Escape")
        assert await page.locator(TIP).is_hidden()
        await page.keyboard.press("End")
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Enter")
        await _address(page, "?period=day&date=2026-05-16")
        assert [(asked.address, asked.target) for asked in site.asked][1:] == [
            (f"{PATH}?period=day&date=2026-05-16", "report")
        ]


async def test_a_point_that_has_no_value_is_passed_over(page: Page) -> None:
    """Days that lie ahead or are withheld cannot be read, and the keys go past them."""
    async with scripted_site(
        graph(now=[1, None, 3, None, None, None, None], compared=None, comparedFormatted=None, unfinished=[])
    ) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        read = []
        for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight"):
            await page.keyboard.press(key)
            read.append((await page.locator(SPOKEN).text_content() or "").partition(" ")[0])
        assert read == ["Tuesday,", "Sunday,", "Sunday,", "Tuesday,"]


async def test_a_mouse_reads_a_graph_and_opens_a_day(page: Page) -> None:
    """The box beside the crosshair shows the nearest point; a click opens it, in place of the report alone."""
    async with scripted_site(graph()) as site:
        await site.open(page)
        await page.locator("figure.is-drawn canvas").wait_for()
        left, top, width, _ = await _plot(page)
        await page.mouse.move(left + width / 2 + 8, top + 40)
        assert "Wednesday, 13 May 2026\n160" in await page.locator(TIP).inner_text()
        await page.mouse.click(left + width / 2 + 8, top + 40)
        await _address(page, "?period=day&date=2026-05-13")
        assert site.asked[-1].target == "report"
        assert await page.locator(TIP).count() == 1  # the new graph's


async def test_drawing_over_a_graph_zooms(page: Page) -> None:
    """What is drawn over becomes the period; the filter stays, and a step of time that no longer fits goes."""
    async with scripted_site(graph()) as site:
        await site.open(page, "?period=month&date=2026-05-01&interval=day&f=is,country,DE")
        await page.locator("figure.is-drawn canvas").wait_for()
        await _draw_over(page, 1 / 6, 4 / 6)
        await _address(page, "?period=custom&f=is,country,DE&from=2026-05-11&to=2026-05-14")
        await page.locator("figure.is-drawn canvas").wait_for()
        await page.go_back()
        await _address(page, "?period=month&date=2026-05-01&interval=day&f=is,country,DE")


@pytest.mark.parametrize(
    ("interval", "labels", "address"),
    [
        ("month", ["2026-02", "2026-03", "2026-04"], "?period=custom&from=2026-02-01&to=2026-04-30"),
        ("week", ["2026-04-27", "2026-05-04", "2026-05-11"], "?period=custom&from=2026-04-27&to=2026-05-17"),
        (
            "hour",
            ["2026-05-16T22", "2026-05-16T23", "2026-05-17T00"],
            "?period=custom&from=2026-05-16&to=2026-05-17",
        ),
    ],
)
async def test_zooming_takes_whole_steps(page: Page, interval: str, labels: list[str], address: str) -> None:
    """A zoom takes every day of the months or weeks, and the whole days of the hours, that were drawn over."""
    values = {"now": [5, 7, 6], "formatted": list("576"), "names": labels, "links": None, "unfinished": []}
    async with scripted_site(graph(interval=interval, labels=labels, compared=None, **values)) as site:
        await site.open(page)
        await page.locator("figure.is-drawn canvas").wait_for()
        await _draw_over(page, 0.02, 0.98)
        await _address(page, address)


async def test_a_finger_reads_before_it_opens(chromium: Browser) -> None:
    """On a phone the first touch shows a point and the second opens it."""
    context = await chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    page = await context.new_page()
    async with scripted_site(graph()) as site:
        await site.open(page)
        await page.locator("figure.is-drawn canvas").wait_for()
        left, top, width, _ = await _plot(page)
        await page.touchscreen.tap(left + width / 2, top + 40)
        assert "Wednesday, 13 May 2026\n160" in await page.locator(TIP).inner_text()
        assert len(site.asked) == 1
        await page.touchscreen.tap(left + width / 2, top + 40)
        await _address(page, "?period=day&date=2026-05-13")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()


async def test_a_graph_follows_the_theme_and_the_width(page: Page) -> None:
    """A switch to dark changes the colours that are drawn, a narrower window the size of the picture."""
    async with scripted_site(graph()) as site:
        await site.open(page)
        canvas = page.locator("figure.is-drawn canvas")
        await canvas.wait_for()
        light = await canvas.evaluate("canvas => canvas.toDataURL()")
        await page.evaluate("document.documentElement.dataset.theme = 'dark'")
        await _frame_in_which(
            page, "before => document.querySelector('#graph canvas').toDataURL() !== before", light
        )
        await page.set_viewport_size({"width": 400, "height": 700})
        await _frame_in_which(page, "() => document.querySelector('#graph canvas').clientWidth < 400")


async def test_what_a_graph_says_grows_with_the_pages_letters(page: Page) -> None:
    """At 4K and with larger letters in the browser the axes' texts and their room grow as the page does."""
    sizes = (
        "(({ font }, { offsetTop, offsetLeft }) => [parseInt(font), offsetTop, offsetLeft > 40])("
        "document.querySelector('#graph canvas').getContext('2d'), document.querySelector('#graph .u-over'))"
    )
    async with scripted_site(graph()) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        await page.keyboard.press("Home")
        assert await page.evaluate(sizes) == [12, 12, False]
        await page.set_viewport_size({"width": 3840, "height": 2160})
        await _frame_in_which(page, f"() => {sizes}[0] > 12")
        assert await page.evaluate(sizes) == [20, 20, True]
        await page.set_viewport_size({"width": 1280, "height": 720})
        await _frame_in_which(page, f"() => {sizes}[0] === 12")
        await page.evaluate("document.documentElement.style.fontSize = '32px'")
        await _frame_in_which(page, f"() => {sizes}[0] > 12")
        assert await page.evaluate(sizes) == [24, 24, True]
        assert "Sunday, 10 May 2026\n120" in await page.locator(TIP).inner_text()
        assert await page.locator("#graph canvas").count() == 1
        assert site.complaints == []


async def test_hostile_names_stay_text(page: Page) -> None:
    """What a name holds is shown as text, never run or drawn as markup."""
    name = "</script><img src=x onerror=alert(1)>"
    async with scripted_site(graph(names=[name] * 7)) as site:
        await site.open(page)
        await page.locator(".graph-stage").focus()
        await page.keyboard.press("Home")
        assert name in (await page.locator(SPOKEN).text_content() or "")
        assert await page.locator("img").count() == 0
        assert site.complaints == []


async def _address(page: Page, query: str) -> None:
    """Wait until the page is at an address with this query."""
    await page.wait_for_url(lambda url: url.endswith(PATH + query))


async def _plot(page: Page) -> tuple[float, float, float, float]:
    box = await page.locator("#graph .u-over").bounding_box()
    assert box
    return box["x"], box["y"], box["width"], box["height"]


async def _draw_over(page: Page, begin: float, end: float) -> None:
    """Draw over a part of the plot; ``begin`` and ``end`` are parts of its width."""
    left, top, width, _ = await _plot(page)
    await page.mouse.move(left + width * begin, top + 30)
    await page.mouse.down()
    await page.mouse.move(left + width * (begin + end) / 2, top + 30)
    await page.mouse.move(left + width * end, top + 30)
    await page.mouse.up()


async def _frame_in_which(page: Page, condition: str, *given: object) -> None:
    """Wait until something holds. Playwright's own way makes code of text, which the pages forbid."""
    waiting = f"async given => {{ while (!({condition})(given)) await new Promise(requestAnimationFrame); }}"
    await page.evaluate(waiting, *given)
