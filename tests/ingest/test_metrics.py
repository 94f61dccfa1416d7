"""The metrics: what is counted, and who may read it."""

from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request
from prometheus_client.parser import text_string_to_metric_families

from ingest.gate import Knowledge
from ingest.merged_metrics import merge_expositions
from ingest.metrics import may_read_metrics
from ingest.spool import Spool
from tests.fixtures.asking import metric, send
from tests.fixtures.collecting import collecting
from tests.fixtures.serving import data_folder, serving, wait_until


@pytest.mark.parametrize(
    ("remote", "token", "headers", "may"),
    [
        ("127.0.0.1", "", {}, True),
        ("::1", "", {}, True),
        ("192.0.2.1", "", {}, False),
        ("127.0.0.1", "", {"X-Forwarded-For": "127.0.0.1"}, False),
        ("127.0.0.1", "", {"Forwarded": "for=127.0.0.1"}, False),
        ("127.0.0.1", "secret", {}, False),
        ("192.0.2.1", "secret", {"Authorization": "Bearer secret"}, True),
        ("192.0.2.1", "secret", {"Authorization": "Bearer ÿ"}, False),
        ("192.0.2.1", "secret", {"Authorization": "secret"}, False),
    ],
)
def test_the_metrics_are_for_this_machine_or_with_the_token(
    remote: str, token: str, headers: dict[str, str], *, may: bool
) -> None:
    """Nobody reads an operator's figures through a proxy or from elsewhere without the token."""
    request = make_mocked_request("GET", "/metrics", headers=headers).clone(remote=remote)
    assert may_read_metrics(request, token) is may


async def test_refused_callers_are_told_what_to_do(spool: Spool, knowledge: Knowledge) -> None:
    """A caller through a proxy gets 403 and the setting's name."""
    async with (
        collecting(spool, knowledge) as collector,
        collector.client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}) as answer,
    ):
        assert (answer.status, "FOOTFALL_METRICS_TOKEN" in await answer.text()) == (403, True)


def test_a_running_footfall_counts_what_it_does(tmp_path: Path) -> None:
    """Received, stored, dropped by reason, spool, commits, inserts, keys: all are there, and no other label."""
    with data_folder(tmp_path) as data, serving(data) as footfall:
        footfall.add_sites("example.com")
        assert [send(footfall.url, f"/{page}") for page in "abc"] == [202] * 3
        wait_until(lambda: metric(footfall, "footfall_events_stored_total") == 3)
        names = (
            "footfall_hits_received_total",
            "footfall_events_acknowledged_total",
            'footfall_hits_dropped_total{reason="bot"}',
            "footfall_hits_refused_total",
            "footfall_insert_retries_total",
            "footfall_batches_set_aside",
            "footfall_spool_events",
            "footfall_spool_bytes",
        )
        assert [metric(footfall, name) for name in names] == [3, 3, 0, 0, 0, 0, 0, 0]
        commits, inserts = (metric(footfall, f"footfall_{each}_seconds_count") for each in ("commit", "insert"))
        assert (commits in range(1, 4), inserts in range(1, 4)) == (True, True)
        assert metric(footfall, "footfall_watermark_lag_seconds") < 60
        labels = {
            label
            for family in text_string_to_metric_families(_page(footfall.url))
            for sample in family.samples
            for label in sample.labels
        }
        assert labels == {"reason", "le"}


def test_the_metrics_of_workers_are_one_page() -> None:
    """Each sample has its worker's number; families are not repeated."""
    one = '# HELP a_total A.\n# TYPE a_total counter\na_total{reason="bot"} %d\n'
    merged = merge_expositions({"0": one % 1, "1": one % 2}).decode()
    assert merged.splitlines() == [
        "# HELP a_total A.",
        "# TYPE a_total counter",
        'a_total{reason="bot",worker="0"} 1.0',
        'a_total{reason="bot",worker="1"} 2.0',
    ]


def _page(url: str) -> str:
    import urllib.request  # noqa: PLC0415

    with urllib.request.urlopen(f"{url}/metrics", timeout=60) as answer:
        text: str = answer.read().decode()
        return text
