"""Keys in a real browser: each does what it names, and none while something is typed."""

import pytest
from playwright.async_api import Page

from tests.fixtures.scripted_pages import scripted_site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LETTERS = "dewftnmpylax"
ARROWS = {"ArrowLeft": "earlier", "ArrowRight": "later", "Escape": "clear"}
LINKS = "".join(f'<a href="#{key}" data-key="{key}">{key}</a>' for key in LETTERS)
STEPS = "".join(f'<a href="#{name}" data-key="{key}">{name}</a>' for key, name in ARROWS.items())
BODY = f"""
<p>{LINKS}{STEPS}</p>
<label>Search <input id="search" type="search"></label>
<button commandfor="keys" command="show-modal">Keys</button>
<dialog id="keys"><p>Keys: D today</p><form method="dialog"><button>Close</button></form></dialog>
"""


async def test_every_key_follows_its_link(page: Page) -> None:
    """Each letter, the arrows and Esc do what a click on the element that names them does."""
    async with scripted_site(BODY) as site:
        await site.open(page)
        for key, name in {letter: letter for letter in LETTERS}.items() | ARROWS.items():
            await page.keyboard.press(key)
            assert await page.evaluate("location.hash") == f"#{name}"


async def test_letters_work_on_any_keyboard(page: Page) -> None:
    """On a keyboard without Latin letters the key in the same place does the same."""
    async with scripted_site(BODY) as site:
        await site.open(page)
        await page.evaluate(
            "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ц', code: 'KeyW', bubbles: true}))"
        )
        assert await page.evaluate("location.hash") == "#w"


async def test_no_key_fires_while_typing(page: Page) -> None:
    """In a field letters are text; with a modifier they are the browser's; Shift makes no shortcut."""
    async with scripted_site(BODY) as site:
        await site.open(page)
        await page.keyboard.press("/")
        await page.keyboard.type("weft?")
        assert await page.locator("#search").input_value() == "weft?"
        await page.keyboard.press("ArrowLeft")
        await page.locator("#search").blur()
        for chord in ("Control+e", "Alt+f", "Meta+d", "Shift+W"):
            await page.keyboard.press(chord)
        assert await page.evaluate("location.hash") == ""
        assert await page.locator("dialog[open]").count() == 0


async def test_a_question_mark_shows_the_keys(page: Page) -> None:
    """The list of keys opens by ? and closes by it, by Esc, by its button and by a click beside it."""
    async with scripted_site(BODY) as site:
        await site.open(page)
        keys = page.locator("dialog#keys")
        for close in ("?", "Escape"):
            await page.keyboard.press("?")
            assert await keys.is_visible()
            await page.keyboard.press("d")  # what lies below a dialog cannot be reached
            assert await page.evaluate("location.hash") == ""
            await page.keyboard.press(close)
            assert await keys.is_hidden()
        await page.get_by_role("button", name="Keys").click()
        await page.get_by_role("button", name="Close").click()
        assert await keys.is_hidden()
        await page.get_by_role("button", name="Keys").click()
        await page.mouse.click(5, 5)
        assert await keys.is_hidden()
        assert await page.evaluate("document.activeElement.textContent") == "Keys"
        assert site.complaints == []
