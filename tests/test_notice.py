"""The privacy notice of a running Footfall, in a real Chromium and beside its other commands."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.async_api import Browser

from core.control import SocketStore
from core.notices import read_versions
from ingest.pages.catalogues import catalogues
from tests.fixtures.recorder import ROOT
from tests.fixtures.serving import FOOTFALL, LIMIT, Serving, data_folder, serving, wait_until

AXE = ROOT / "node_modules/axe-core/axe.min.js"
SITES = ("shop.example", "a-rather-long-name-of-a-web-site.example.com")
STATED = {
    "FOOTFALL_CONTROLLER": "Example Ltd\n1 High Street, Kyiv",
    "FOOTFALL_PURPOSES": "To see which pages are read.",
}


@pytest.fixture(scope="module")
def footfall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Run one process for all that is looked at here."""
    with data_folder(tmp_path_factory.mktemp("notice")) as data, serving(data, **STATED) as process:
        for site in SITES:
            process.add_sites(site, timezone="Europe/Kyiv")
        yield process


def changes(footfall: Serving) -> list[list[str]]:
    """Give the paths that each version changed, the newest first."""
    with urlopen(f"{footfall.url}/privacy/changes.json", timeout=LIMIT) as answer:
        versions = json.load(answer)["versions"]
    return [[change["path"] for change in version["changes"]] for version in versions]


def test_a_new_site_is_in_the_notice_and_its_history(footfall: Serving) -> None:
    """The running process publishes a version for it, which the store, the audit and every reader have."""
    wait_until(lambda: any(f"/sites/{SITES[1]}" in paths for paths in changes(footfall)))
    versions = read_versions(SocketStore(footfall.data))
    assert [[change["path"] for change in version.changes] for version in versions] == changes(footfall)
    with urlopen(f"{footfall.url}/privacy.json", timeout=LIMIT) as answer:
        notice = json.load(answer)
    assert notice["hash"] == versions[0].hash
    assert notice["content"]["sites"].keys() == set(SITES)
    (audited,) = [each for each in json.loads(footfall.run("audit", "--json")) if each["name"] == "notice"]
    assert audited["violations"] == []
    assert audited["checked"].endswith(f"its newest version is {versions[0].sequence}.")


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize(
    ("language", "scheme", "width"), [("en", "light", 1280), ("de", "light", 320), ("uk", "dark", 320)]
)
async def test_everybody_can_read_the_notice(
    chromium: Browser, footfall: Serving, tmp_path: Path, language: str, scheme: str, width: int
) -> None:
    """Axe finds nothing, a phone has nothing to scroll sideways, and all is reached by the keyboard."""
    assert AXE.exists(), "npm has not brought axe-core: run pip install -e ."
    texts = catalogues()[language]["notice"]
    context = await chromium.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,
        viewport={"width": width, "height": 800},
        locale=language,
    )
    page = await context.new_page()
    await page.goto(f"{footfall.url}/privacy")
    assert await page.locator("h1").inner_text() == texts["title"]
    assert await page.locator("dd", has_text="1 High Street, Kyiv").count() == 1
    await page.screenshot(path=tmp_path / "notice.png", full_page=True)
    await page.locator("summary").first.press("Enter")
    assert await page.locator("details").first.get_attribute("open") is not None
    await page.add_script_tag(path=AXE)
    found = await page.evaluate("axe.run().then(({ violations }) => violations)")
    assert [f"{each['id']}: {json.dumps(each['nodes'][0]['target'])}" for each in found] == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    await context.close()


def test_a_start_is_refused_for_a_column_that_is_not_explained(footfall: Serving) -> None:
    """What an operator sees who added one: one line that names it, and exit code 1."""
    SocketStore(footfall.data).run("ALTER TABLE events ADD COLUMN address String")
    footfall.process.terminate()  # the last test here
    footfall.process.wait(LIMIT)
    start = [FOOTFALL, "serve", "--data", footfall.data, "--port", "0"]
    refused = subprocess.run(
        start, env=footfall.environment, capture_output=True, text=True, timeout=LIMIT, check=False
    )
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[-1] == (
        "footfall: The privacy notice does not explain events.address, so nothing may be collected. "
        "Drop the column, or install a Footfall that knows it."
    )
