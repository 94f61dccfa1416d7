"""The day's keys: random, shared on one host, destroyed at local midnight."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.deletions import DeletionRecord
from core.errors import StoreUnavailableError
from core.key_names import KeyName
from core.memory_folder import is_tmpfs, memory_folder
from core.sites import Site
from core.store import Store
from geo.network import Cut, cut_address
from ingest.keys import DayKeys, ImportKeys
from ingest.tokens import visitor_token
from ingest.upkeep import KeyDestruction

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 2, tzinfo=UTC)


def site(number: int = 1, zone: str = "UTC") -> Site:
    """Give a site of a number and a zone."""
    return Site(number, f"{number}.example", zone, NOON, ZoneInfo(zone))


def secret(keys: DayKeys, of: Site, at: datetime) -> bytes:
    """Give a key's bytes as they are now."""
    found = keys.secret(of, at)
    assert found is not None
    return bytes(found)


def test_every_site_and_day_has_a_random_key_of_its_own(tmp_path: Path) -> None:
    """The same site and day have one key; another site, another day, another store have others."""
    keys, elsewhere = DayKeys(tmp_path), DayKeys(None)
    same = {secret(keys, site(), NOON), secret(keys, site(), NOON + timedelta(hours=11))}
    others = {secret(keys, site(2), NOON), secret(keys, site(), MIDNIGHT), secret(elsewhere, site(), NOON)}
    assert len(same) == 1
    assert len(same | others) == 4
    assert {len(each) for each in same | others} == {32}


def test_processes_on_one_host_share_the_key(tmp_path: Path) -> None:
    """A second process, or a restarted one, finds the day's key; only its owner may read it."""
    first = secret(DayKeys(tmp_path), site(), NOON)
    assert secret(DayKeys(tmp_path), site(), NOON) == first
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.name == "1_2026-05-01_1777680000.key"


def test_a_day_ends_at_the_sites_own_midnight(tmp_path: Path) -> None:
    """At 23:30 in Kyiv the key is the same as at noon, half an hour later it is another."""
    kyiv = site(zone="Europe/Kyiv")
    keys = DayKeys(tmp_path)
    noon, late, next_day = (secret(keys, kyiv, NOON.replace(hour=hour, minute=30)) for hour in (9, 20, 21))
    assert noon == late != next_day
    assert keys.day(kyiv, NOON.replace(hour=21)) == date(2026, 5, 2)


def test_at_midnight_the_key_is_destroyed(tmp_path: Path) -> None:
    """Before midnight nothing goes; after it the key is gone from memory and from its file."""
    keys = DayKeys(tmp_path)
    living = keys.secret(site(), NOON)
    before = list(keys.destroy_expired(MIDNIGHT - timedelta(microseconds=1)))
    gone = list(keys.destroy_expired(MIDNIGHT))
    assert (before, gone) == ([], [KeyName(1, date(2026, 5, 1), MIDNIGHT)])
    assert living == bytes(32)
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_a_stopped_process_left_is_destroyed_too(tmp_path: Path) -> None:
    """A process that was down at midnight destroys yesterday's key when it starts."""
    stopped = DayKeys(tmp_path)
    stopped.secret(site(), NOON)
    stopped.close()
    (tmp_path / "something-else.txt").write_text("not a key")
    gone = list(DayKeys(tmp_path).destroy_expired(MIDNIGHT + timedelta(days=3)))
    assert [(name.site, name.day) for name in gone] == [(1, date(2026, 5, 1))]
    assert [file.name for file in tmp_path.iterdir()] == ["something-else.txt"]


def test_a_key_is_destroyed_when_the_last_process_lets_go_of_it(tmp_path: Path) -> None:
    """Of two processes that share a key, the one that forgets it last destroys it, and says so once."""
    first, second = DayKeys(tmp_path), DayKeys(tmp_path)
    living = [keys.secret(site(), NOON) for keys in (first, second)]
    at_first, files = list(first.destroy_expired(MIDNIGHT)), len(list(tmp_path.iterdir()))
    at_last = list(second.destroy_expired(MIDNIGHT))
    assert (at_first, files, [name.site for name in at_last]) == ([], 1, [1])
    assert list(first.destroy_expired(MIDNIGHT)) == list(tmp_path.iterdir()) == []
    assert living == [bytes(32), bytes(32)]


def test_no_key_to_be_had_is_no_key(tmp_path: Path) -> None:
    """Where a key cannot be kept there is none, and never a substitute."""
    folder = tmp_path / "keys"
    keys = DayKeys(folder)
    folder.rmdir()
    folder.write_text("a file where the folder was")
    assert keys.secret(site(), NOON) is None


def test_the_keys_of_an_import_live_for_the_import(tmp_path: Path) -> None:
    """Past days get keys too, in the process alone, all destroyed at its end."""
    keys = ImportKeys()
    living = [keys.secret(site(), NOON - timedelta(days=days)) for days in (3, 400)]
    assert len(set(map(bytes, filter(None, living)))) == 2
    assert [name.day for name in keys.destroy_all()] == [date(2025, 3, 27), date(2026, 4, 28)]
    assert living == [bytes(32), bytes(32)]


def test_every_destruction_is_written_down(embedded: Store, tmp_path: Path) -> None:
    """The deletion record says which key went and when; a store that is away gets its line later."""
    keys = DayKeys(tmp_path / "keys")
    keys.secret(site(5), NOON)
    store = _AwayOnce(embedded)
    destruction = KeyDestruction(keys, DeletionRecord(store, tmp_path))
    with pytest.raises(StoreUnavailableError):
        destruction.run(MIDNIGHT)
    destruction.run(MIDNIGHT + timedelta(seconds=5))
    destruction.run(MIDNIGHT + timedelta(seconds=10))
    lines = embedded.rows("SELECT at, what, site, day FROM deletions ORDER BY sequence")
    assert lines == [["2026-05-02T00:00:00.000Z", "key", 5, "2026-05-01"]]


class _AwayOnce:
    """A store whose first answer does not come."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._calls = 0

    def rows(self, *arguments: object) -> object:
        """Fail once, then answer."""
        self._calls += 1
        if self._calls == 1:
            raise StoreUnavailableError("away")
        return self._store.rows(*arguments)  # type: ignore[arg-type]

    def __getattr__(self, name: str) -> object:
        """Pass everything else on."""
        return getattr(self._store, name)


NETWORKS = st.ip_addresses().map(lambda address: cut_address(str(address), Cut())).filter(bool)


@given(NETWORKS, NETWORKS, st.text(max_size=50), st.text(max_size=50))
def test_only_the_same_network_and_user_agent_are_one_visitor(
    network: object, other_network: object, agent: str, other_agent: str
) -> None:
    """A token stands for a network and a user agent; two pairs never read alike."""
    key = bytes(range(32))
    token = visitor_token(key, network, agent)  # type: ignore[arg-type]
    other = visitor_token(key, other_network, other_agent)  # type: ignore[arg-type]
    assert (token == other) == ((network, agent) == (other_network, other_agent))
    assert 0 < token < 2**64


def test_a_token_is_the_keyed_hash_that_the_design_names() -> None:
    """BLAKE2b-64 under the key, over length-prefixed network and user agent."""
    network = cut_address("192.0.2.77", Cut())
    assert network is not None
    message = b"\x00\x05" + b"\x18\xc0\x00\x02\x00" + b"\x00\x03" + b"abc"
    expected = int.from_bytes(hashlib.blake2b(message, key=b"k" * 32, digest_size=8).digest(), "big")
    assert visitor_token(b"k" * 32, network, "abc") == expected


def test_keys_are_kept_on_tmpfs_only(tmp_path: Path) -> None:
    """/dev/shm is memory and is taken; a disk is refused."""
    assert is_tmpfs(Path("/dev/shm"))
    assert not is_tmpfs(Path("/"))
    assert memory_folder(Path("/proc"), tmp_path) is None
    folder = memory_folder(Path("/dev/shm"), tmp_path)
    assert folder is not None
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.rmdir()
