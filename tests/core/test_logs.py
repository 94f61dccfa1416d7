"""Logs that cannot tell who a visitor was."""

import asyncio
import logging

import pytest

from core.logs import set_up_logging, withhold_loop_details

CANARY = "203.0.113.77"


@pytest.fixture(autouse=True)
def _restored() -> object:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before


def test_what_libraries_say_about_requests_is_withheld(capsys: pytest.CaptureFixture[str]) -> None:
    """An error of aiohttp names the peer and quotes the request: only the kind of error is logged."""
    set_up_logging("DEBUG")
    try:
        raise ValueError(f"bad header from {CANARY}")
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request from %s", CANARY)
        logging.getLogger("asyncio").error("transport %s", CANARY, stack_info=True)
    logging.getLogger("footfall").info("our own lines stay")
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "ERROR aiohttp.server: a request or connection failed (ValueError); details withheld",
        "ERROR asyncio: a request or connection failed (no exception); details withheld",
        "INFO footfall: our own lines stay",
    ]


def test_one_of_several_processes_says_which_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A worker's lines stand among those of others."""
    set_up_logging("INFO", "collector 1")
    logging.getLogger("footfall").info("its line")
    assert capsys.readouterr().err.endswith(" INFO footfall: collector 1: its line\n")


async def test_the_event_loop_names_no_peer(capsys: pytest.CaptureFixture[str]) -> None:
    """A connection that breaks is reported by its kind of error alone."""
    set_up_logging("DEBUG")
    loop = asyncio.get_running_loop()
    withhold_loop_details(loop)
    loop.call_exception_handler({"message": f"peer {CANARY}", "exception": ConnectionError(CANARY)})
    loop.set_exception_handler(None)
    text = capsys.readouterr().err
    assert text.endswith("ERROR footfall: a background task or connection failed (ConnectionError)\n")
    assert CANARY not in text
