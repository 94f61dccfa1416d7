"""What keeps somebody from using a page, as far as axe can tell."""

from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
_ALL = "{ rules: { 'target-size': { enabled: true } } }"  # which axe leaves out, although WCAG 2.2 AA has it
_COLOURS = "{ runOnly: ['color-contrast'] }"


async def barriers_on(page: Page, options: str = _ALL) -> list[str]:
    """Give what axe finds on the page that is open: the rule, and where first."""
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(f"axe.run({options}).then(({{ violations }}) => violations)")
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


async def barriers_in_any_light(page: Page) -> list[str]:
    """Give what axe finds in the light and, of colours, in the dark."""
    await page.emulate_media(color_scheme="light")
    found = await barriers_on(page)
    await page.emulate_media(color_scheme="dark")
    return found + await barriers_on(page, _COLOURS)


async def is_too_wide(page: Page) -> bool:
    """Tell whether the page has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
