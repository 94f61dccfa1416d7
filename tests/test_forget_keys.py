"""`footfall forget-keys`: what a stopped Footfall leaves in memory, and who destroys it."""

import json
import subprocess
from pathlib import Path

from tests.fixtures.asking import SITE, send
from tests.fixtures.serving import FOOTFALL, Serving, data_folder, serving, zone_far_from_midnight
from tests.test_reset import key_files


def forget(footfall: Serving) -> tuple[int, str, str]:
    """Run the command; give its exit code and what it says."""
    done = subprocess.run(
        [FOOTFALL, "forget-keys"], env=footfall.environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


def test_the_days_key_outlives_a_stop_until_it_is_forgotten(tmp_path: Path) -> None:
    """A restart finds it, a running Footfall keeps it; after the last stop the command destroys and records it."""
    zone = zone_far_from_midnight()
    with data_folder(tmp_path) as data:
        with serving(data) as footfall:
            footfall.add_sites(SITE, timezone=zone)
            assert send(footfall.url, "/") == 202
            known = key_files(data)
        left = key_files(data)
        with serving(data) as footfall:
            assert send(footfall.url, "/") == 202
            running = forget(footfall)
            kept = key_files(data)
        ended = [forget(footfall) for _ in range(2)]
        gone = key_files(data)
        audit = {each["name"]: each["checked"] for each in json.loads(footfall.run("audit", "--json"))}
    assert len(known) == 1
    assert known == left == kept
    assert (running[:2], gone) == ((1, ""), {})
    assert running[2].startswith("footfall: A running Footfall knows 1 of the keys")
    assert ended == [(0, f"Keys destroyed: {count}. None is left in memory.\n", "") for count in (1, 0)]
    assert audit["deletion record"].startswith("1 lines, each chained")
