"""The tracker in a real Firefox: with Global Privacy Control on, or after an opt-out, nothing is sent."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fixtures import recorder
from tests.fixtures.firefox import GPC, unattended_firefox
from tests.fixtures.recorder import SENTINEL, Shop
from tests.ingest.test_tracker_refusals import BODY, EVERYTHING, OPT_OUT, VISIT

pytestmark = pytest.mark.browser

# The visit, and then a request past the tracker: what has not come before that does not come.
BY_ITSELF = f"""
<script>
  addEventListener("load", async () => {{
    const signal = navigator.globalPrivacyControl;
    await ({VISIT})();
    await fetch("COLLECTOR/api/event", {{
      method: "POST", mode: "no-cors", body: JSON.stringify({{ n: "sentinel", gpc: signal }}),
    }});
  }});
</script>
"""
TOLD = [
    *("404", "File Download", "Form: Submission", "Menu", "Outbound Link: Click", "Signup"),
    *("engagement", "engagement", "pageview", "pageview"),
]


@pytest_asyncio.fixture
async def shop() -> AsyncIterator[Shop]:
    """Open a site whose one page does by itself all that can be told."""
    async with recorder.open_shop() as opened:
        opened.body = BODY + BY_ITSELF.replace("COLLECTOR", opened.collector)
        opened.attributes, opened.engagement = EVERYTHING, True
        yield opened


@pytest.mark.parametrize(
    ("preferences", "stub", "signal", "told"),
    [
        ((GPC,), "", True, []),
        ((), OPT_OUT, False, []),
        ((), "", False, TOLD),
    ],
)
async def test_firefox_tells_nothing_of_who_said_no(
    shop: Shop, tmp_path: Path, preferences: tuple[str, ...], stub: str, *, signal: bool, told: list[str]
) -> None:
    """By its own setting, or by the opt-out; without either all is told."""
    shop.stub = stub
    sentinel = SENTINEL | {"gpc": signal}
    async with unattended_firefox(f"{shop.origin}/no-such-hat", tmp_path / "profile", *preferences):
        await shop.until(lambda: sentinel["n"] in [event["n"] for event in shop.received()])
        await shop.until(lambda: len(shop.received()) > len(told))
    received = shop.received()
    assert [event for event in received if event["n"] == "sentinel"] == [sentinel]
    assert sorted(event["n"] for event in received if event["n"] != "sentinel") == told
