"""What all tests share."""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

# Machines are shared: a slow example says nothing about the code.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

pytest_plugins = [
    "tests.fixtures.certificate",
    "tests.fixtures.chromium",
    "tests.fixtures.collecting",
    "tests.fixtures.store",
]

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3  # bytes; many times what a run was seen to take at once

# The longest first, so that no core waits at the end for the other one's last file.
LONGEST = (
    "test_kill",
    "test_closing_killed",
    "test_closing",
    "test_closing_writers",
    "test_workers",
    "test_store_away",
    "test_real_browser",
    "test_plausible_clients",
    "test_bad_clients",
    "test_imports",
    "test_canaries",
    "test_rolling",
    "test_closing_readers",
    "test_openapi",
)


def pytest_configure() -> None:
    """Put temporary folders into memory where there is room: a thousand stores wait for no shared disk then."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; files and tests keep their order otherwise."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: a test that would be, fails."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report
