"""The store's three verbs, on both engines and through the control socket."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from aggregate.columns import read_columns
from core.control import SOCKET, SocketStore, control_socket
from core.errors import StoreRefusedError, StoreUnavailableError
from core.store import Store, connect_server, encode_rows

COLUMNS = ("site", "day", "page", "visitor", "engaged")
LINE = (1, "2026-05-01", 'it\'s "stored"\n\\ é 🍞', 2**64 - 1, 5)


def test_rows_come_back_as_they_went_in(store: Store) -> None:
    """What is inserted is read back whole, the largest integer and odd characters included."""
    store.insert("events", COLUMNS, encode_rows([LINE]))
    assert store.rows("SELECT site, day, page, visitor, engaged FROM events") == [list(LINE)]


def test_columns_come_back_as_rows_do(store: Store) -> None:
    """What is read column by column is what is read row by row, however often a text is in it."""
    lines = [(1, "2026-05-01", page, number, 5) for number, page in enumerate(["/", "", "/", LINE[2], "/"])]
    store.insert("events", COLUMNS, encode_rows(lines))
    asked = "SELECT toLowCardinality(page) AS page, engaged, visitor FROM events WHERE site = {site:UInt32}"
    numbers, texts = read_columns(store.columns(asked, {"site": 1}))
    pages = [texts["page"].texts[code] for code in texts["page"].codes]
    found = zip(pages, numbers["engaged"].tolist(), numbers["visitor"].tolist(), strict=True)
    assert sorted(found) == sorted((page, engaged, visitor) for *_, page, visitor, engaged in lines)


def test_a_token_that_was_seen_inserts_nothing(store: Store) -> None:
    """An insert whose answer was lost is sent again under its token and counts once."""
    for _ in range(3):
        store.insert("events", COLUMNS, encode_rows([LINE]), "one-token")
    store.insert("events", COLUMNS, encode_rows([LINE]), "another-token")
    assert store.rows("SELECT sum(engaged) FROM events") == [[10]]


def test_equal_inserts_without_a_token_are_both_meant(store: Store) -> None:
    """Two views that look alike are two views."""
    for _ in range(2):
        store.insert("events", COLUMNS, encode_rows([LINE]))
    assert store.rows("SELECT sum(engaged) FROM events") == [[10]]


def test_parameters_are_never_taken_for_sql(store: Store) -> None:
    """A parameter is a value, whatever it looks like."""
    hostile = "'; DROP TABLE events; --"
    assert store.rows("SELECT {value:String}", {"value": hostile}) == [[hostile]]
    assert store.rows("SELECT count() FROM events") == [[0]]


def test_inserting_no_rows_does_nothing(store: Store) -> None:
    """An empty batch is no error."""
    store.insert("events", COLUMNS, b"")
    assert store.rows("SELECT count() FROM events") == [[0]]


def test_a_refusal_names_its_code_and_not_the_values(store: Store) -> None:
    """A statement that ClickHouse refuses is told by number and name, never with what it held."""
    with pytest.raises(StoreRefusedError) as refusal:
        store.rows("SELECT toUInt8({value:String})", {"value": "192.0.2.77"})
    assert str(refusal.value) == "ClickHouse refused the statement (code 6, CANNOT_PARSE_TEXT)."


def test_a_server_that_is_not_there_is_unavailable() -> None:
    """Nobody listening is worth another try, and the message says what to check."""
    with pytest.raises(StoreUnavailableError, match="check that it runs and that its address is right"):
        connect_server("http://127.0.0.1:1/footfall").rows("SELECT 1")


async def test_a_command_uses_the_store_through_the_socket(store: Store, tmp_path: Path) -> None:
    """While one process holds the store, another reads and writes through its 0600 socket."""
    told: list[str] = []
    async with control_socket(store, tmp_path, told.append):
        assert (tmp_path / SOCKET).stat().st_mode & 0o777 == 0o600
        other = SocketStore(tmp_path)
        await asyncio.to_thread(other.insert, "events", COLUMNS, encode_rows([LINE]), "token")
        await asyncio.to_thread(other.insert, "events", COLUMNS, encode_rows([LINE]), "token")
        read = await asyncio.to_thread(
            other.rows,
            "SELECT site, day, page, visitor, engaged FROM events WHERE site = {site:UInt32}",
            {"site": 1},
        )
        asked = "SELECT engaged FROM events WHERE site = {site:UInt32}"
        column = await asyncio.to_thread(other.columns, asked, {"site": 1})
        await asyncio.to_thread(other.run, "TRUNCATE TABLE events")
        left = await asyncio.to_thread(other.rows, "SELECT count() FROM events")
        with pytest.raises(StoreRefusedError, match="UNKNOWN_TABLE"):
            await asyncio.to_thread(other.rows, "SELECT 1 FROM nothing")
    assert (read, left, told) == ([list(LINE)], [[0]], ["events", "events"])
    assert read_columns(column)[0]["engaged"].tolist() == [5]
    with pytest.raises(StoreUnavailableError, match="footfall serve"):
        other.rows("SELECT 1")


async def test_a_statement_takes_the_same_parameters_through_the_socket(store: Store, tmp_path: Path) -> None:
    """Arrays of numbers, texts, days and pairs arrive as they were given."""
    parameters = {
        "numbers": [1, 2],
        "texts": ["a", "it's"],
        "pairs": [(7, date(2026, 5, 1)), (8, date(2026, 5, 2))],
    }
    asked = (
        "SELECT {numbers:Array(UInt32)}, {texts:Array(String)}, "
        "arrayMap(each -> concat(toString(each.1), ' ', toString(each.2)), {pairs:Array(Tuple(UInt32, Date))})"
    )
    async with control_socket(store, tmp_path, [].append):
        read = await asyncio.to_thread(SocketStore(tmp_path).rows, asked, parameters)
    assert read == store.rows(asked, parameters) == [[[1, 2], ["a", "it's"], ["7 2026-05-01", "8 2026-05-02"]]]
