"""No setting turns obedience off: a visitor who said no is not counted, whatever the operator has set."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp.test_utils import RawTestServer, TestClient

from core.deletions import DeletionRecord
from core.settings import STATEMENTS, Settings
from core.sites import SiteRegistry, add_site
from core.store import Store
from ingest.assembly import running_collector
from ingest.metrics import exposition
from ingest.routes import front, not_found
from tests.fixtures.collecting import CHROME, NOON
from tests.ingest.test_opt_outs import WAYS_IN

# Two other values of every setting there is: as little, and as much, as it may say.
OTHERS: dict[str, tuple[Any, Any]] = {
    "host": ("0.0.0.0", "::1"),  # noqa: S104
    "port": (0, 65_535),
    "public_url": ("https://stats.example", "http://10.0.0.1:8000"),
    "clickhouse": ("", "http://localhost:8123/footfall"),
    "trusted_proxies": ("127.0.0.0/8", "0.0.0.0/0,::/0"),
    "keep_ipv4_bits": (0, 24),
    "keep_ipv6_bits": (0, 48),
    "excluded_hostnames": ("", "*.example.dev"),
    "count_opt_outs": (False, True),
    "threshold": (5, 100),
    "batch_rows": (1, 100_000),
    "ship_interval": (86_400, 86_400),  # nothing leaves the spool while a test runs
    "spool_limit": ("100MB", "1TB"),
    "rate_limit": (0, 1_000_000),
    "site_rate_limit": (0, 1_000_000),
    "workers": (1, 64),
    "shutdown_timeout": (0.1, 10),
    "collector_patience": (1, 86_400),
    "metrics_token": ("", "secret"),
    "roll_interval": (1, 86_400),
    "close_grace": (0, 21_600),
    "raw_retention": (172_800, 34_560_000),
    "access_record_days": (30, 3_650),
    "removed_site_days": (0, 365),
    "check_private_sites": (False, True),
    "smtp_url": ("", "smtp://127.0.0.1:25"),
    "smtp_sender": ("", "stats@example.com"),
    "session_days": (1, 365),
    "log_level": ("DEBUG", "ERROR"),
} | dict.fromkeys(STATEMENTS, ("", "Counting is our legitimate interest."))
FOLDERS_AND_FILES = {"data", "key_folder", "country_database", "dnt_policy"}


def test_every_setting_is_tried() -> None:
    """A new setting is tried here, too."""
    assert OTHERS.keys() | FOLDERS_AND_FILES == Settings.model_fields.keys()


@pytest.mark.parametrize("side", [0, 1])
async def test_no_setting_turns_obedience_off(embedded: Store, tmp_path: Path, side: int) -> None:
    """With every setting at either end only the one visitor who did not say no is counted, by every way in."""
    chosen = {name: values[side] for name, values in OTHERS.items()}
    settings = Settings(data=tmp_path, key_folder=tmp_path, **chosen)
    add_site(embedded, "example.com", "UTC", NOON)
    sites = SiteRegistry()
    sites.refresh(embedded)
    record = DeletionRecord(embedded, tmp_path)
    async with running_collector(settings, embedded, sites, record, lambda: NOON) as collector:
        async with TestClient(RawTestServer(front(collector, not_found), access_log=None)) as client:
            for method, path, body in WAYS_IN:
                for no in ({"DNT": "1"}, {"Sec-GPC": "1"}, {"Cookie": "optout=1"}):
                    content = orjson.dumps(body) if body is not None else None
                    async with client.request(
                        method, path, data=content, headers={"User-Agent": CHROME} | no
                    ) as answer:
                        assert answer.status < 300
            async with client.post(
                "/api/event", data=orjson.dumps(WAYS_IN[0][2]), headers={"User-Agent": CHROME}
            ) as answer:
                assert answer.status == 202
        told = (await exposition(collector.meter)).decode()
    lines = [line for line in told.splitlines() if line.startswith("footfall_events_acknowledged_total")]
    dropped = [line for line in told.splitlines() if line.startswith("footfall_hits_dropped_total")]
    others = [line for line in dropped if not line.endswith(" 0.0") and "opted out" not in line]
    assert (lines, others) == (["footfall_events_acknowledged_total 1.0"], [])
