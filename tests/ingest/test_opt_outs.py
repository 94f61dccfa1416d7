"""No means no, at the collector: what is an opt-out, and what is none."""

import pytest

from ingest.gate import Knowledge
from ingest.spool import Spool
from tests.fixtures.collecting import collecting

OK = (202, "ok")
STORED = {(7, "received"): 1, (7, "stored"): 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"DNT": "1"},
        {"DNT": "1x"},
        {"Sec_GPC": "1"},
        {"Cookie": "other=2; optout=1"},
        {"Cookie": 'prefs={"a":"b"}; optout=1; x'},
        {"Cookie": 'a b=[1, 2];optout="1"'},
    ],
)
async def test_no_means_no(spool: Spool, knowledge: Knowledge, headers: dict[str, str]) -> None:
    """A visitor who said no gets the same answer and leaves nothing, not even a count."""
    async with collecting(spool, knowledge) as collector:
        assert (await collector.send(**headers), collector.batch()) == (OK, None)
        assert (await collector.send(b"not even JSON", **headers), collector.batch()) == (OK, None)


@pytest.mark.parametrize(
    "headers", [{"DNT": "0"}, {"Sec_GPC": "0"}, {"Sec_GPC": "11"}, {"Cookie": "optout=0"}, {"Cookie": "xoptout=1"}]
)
async def test_what_is_no_opt_out_is_counted(spool: Spool, knowledge: Knowledge, headers: dict[str, str]) -> None:
    """Only what the specifications call an opt-out is one."""
    async with collecting(spool, knowledge) as collector:
        assert (await collector.send(**headers), collector.ledger()) == (OK, STORED)
