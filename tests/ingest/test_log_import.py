"""Importing an access log, from the file to a published report."""

import asyncio
import gzip
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregate.cells import Cell, Figures
from aggregate.periods import DayRange
from aggregate.reading import read_ledger, read_report
from aggregate.rolling import roll_day
from core.control import SocketStore, control_socket
from core.errors import ImportFileError
from core.sites import Site, add_site
from core.store import Store
from ingest.imports import importing_alone, store_import
from tests.fixtures.importing import (
    BOTH,
    BROWSER,
    FIRST,
    FIRST_TOTALS,
    NOW,
    OUTCOMES,
    SECOND,
    SECOND_TOTALS,
    SMALL,
    K,
    import_log,
    importer,
    line,
    noon,
    staging_tables,
    unheard,
)
from tests.fixtures.living_files import living_files
from tests.fixtures.serving import FOOTFALL


@pytest.fixture
def site(store: Store) -> Site:
    """The site that the small log is of."""
    return add_site(store, "example.com", "UTC", NOW - timedelta(days=90))


def test_the_small_log_gives_the_figures_counted_by_hand(store: Store, site: Site, tmp_path: Path) -> None:
    """Every line ends where a careful reader puts it, and the report holds what they count."""
    done = import_log(store, tmp_path, SMALL, site, NOW, K)
    assert done.outcomes == OUTCOMES
    assert done.not_understood == (1, 43, 51, 52, 61)
    assert done.days == (FIRST, SECOND)
    report = read_report(store, site, DayRange(FIRST, FIRST), ["page", "entry_page", "source"])
    assert report.totals == FIRST_TOTALS
    assert (report.totals.bounce_rate, report.totals.visit_duration) == (66.7, 162.0)
    assert report.unfinished == []
    assert report.rows["page"] == [
        Cell("/", Figures(14, 14, 14, 9, 0, 14)),
        Cell(None, Figures(5, 6, 8, 1, 0, 8)),  # 5 people, some of them on several of these pages
    ]
    assert report.rows["entry_page"] == []  # 14 visitors, and one who came again by /docs/: too few to tell
    assert report.rows["source"] == [
        Cell("search.example.org", Figures(8, 8, 15, 3, 2430, 15)),
        Cell("Direct / None", Figures(7, 7, 7, 7, 0, 7)),
    ]
    second = read_report(store, site, DayRange(SECOND, SECOND), ["page"])
    assert second.totals == SECOND_TOTALS
    assert (second.totals.bounce_rate, second.totals.visit_duration) == (50.0, 180.0)
    assert second.rows["page"] == []


def test_the_ledger_is_balanced(store: Store, site: Site, tmp_path: Path) -> None:
    """Received is stored and dropped together, for the site and for lines of no site of ours."""
    import_log(store, tmp_path, SMALL, site, NOW, K)
    of_site, of_none = read_ledger(store, site.number, BOTH), read_ledger(store, 0, BOTH)
    assert of_none == {"received": 2, "unknown site": 2}
    assert of_site == {name: hits for name, hits in OUTCOMES.items() if name != "unknown site"} | {"received": 58}
    assert of_site["received"] == sum(of_site.values()) - of_site["received"]
    assert read_ledger(store, site.number, DayRange(FIRST, FIRST))["not understood"] == 2


def test_days_are_the_sites_own(store: Store, tmp_path: Path) -> None:
    """In Los Angeles the views of the first UTC evening and the next night are of one day."""
    site = add_site(store, "example.com", "America/Los_Angeles", NOW)
    import_log(store, tmp_path, SMALL, site, NOW, K)
    pageviews = [
        read_report(store, site, DayRange(day, day)).totals.pageviews for day in (date(2026, 2, 28), FIRST, SECOND)
    ]
    assert pageviews == [0, 24, 6]  # 00:00:00 and 00:10:00 UTC are the evening before


def test_the_same_file_counts_once(store: Store, site: Site, tmp_path: Path) -> None:
    """Imported again, under another name and packed, a file changes nothing and says the same."""
    first = import_log(store, tmp_path, SMALL, site, NOW, K)
    packed = tmp_path / "renamed.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes(), mtime=0))
    assert importer(store, tmp_path).stage_log(packed, site, NOW, unheard) == first
    assert import_log(store, tmp_path, packed, site, NOW, K) == first
    assert read_ledger(store, site.number, BOTH)["received"] == 58
    assert read_report(store, site, DayRange(FIRST, FIRST)).totals == FIRST_TOTALS


def test_another_site_may_have_the_same_file(store: Store, site: Site, tmp_path: Path) -> None:
    """What one site imported is not the other's."""
    import_log(store, tmp_path, SMALL, site, NOW, K)
    other = add_site(store, "other.example.org", "UTC", NOW)
    assert (
        import_log(store, tmp_path, SMALL, other, NOW, K).outcomes["stored"] == 30 - 2 + 1
    )  # by the hosts that lines state


def test_a_packed_log_is_read(store: Store, site: Site, tmp_path: Path) -> None:
    """A .gz file gives what the file in it gives; progress goes by the bytes on disk."""
    packed = tmp_path / "access.log.gz"
    packed.write_bytes(gzip.compress(SMALL.read_bytes(), mtime=0))
    told: list[tuple[int, int]] = []
    record = importer(store, tmp_path).stage_log(packed, site, NOW, lambda *both: told.append(both))
    assert record.outcomes == OUTCOMES
    assert told[-1] == (packed.stat().st_size, packed.stat().st_size)


def test_who_said_no_is_counted_nowhere(
    store: Store, site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Lines with DNT, GPC or the opt-out leave no row and nothing in the ledger, whatever they ask for."""
    log = tmp_path / "said.log"
    no = ('DNT="1"', 'Sec-GPC="1"', 'DNT="0" Sec-GPC="0, 1"', 'optout="1"')
    yes = ('DNT="0"', 'Sec-GPC="-"', 'Sec-Purpose="prefetch"')
    lines = [line(noon(1), f"/{number}").rstrip() + f" {field}\n" for number, field in enumerate(no + yes)]
    lines += [line(noon(1), "/logo.png").rstrip() + ' DNT="1"\n', "no line\n"]
    log.write_text("".join(lines), encoding="utf-8")
    done = import_log(store, tmp_path, log, site, NOW, K)
    assert done.outcomes == {"received": 4, "stored": 2, "prefetch": 1, "not understood": 1}
    assert store.rows("SELECT page FROM events ORDER BY page") == [["/4"], ["/5"]]
    assert read_report(store, site, DayRange(FIRST, FIRST)).totals.pageviews == 2
    assert read_ledger(store, 0, BOTH) == {}
    assert caplog.text == ""


def test_opt_outs_of_a_log_are_one_number_if_the_operator_counts_them(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """By line and for all sites together, as they are counted of beacons."""
    log = tmp_path / "said.log"
    log.write_text(line(noon(1)).rstrip() + ' DNT="1"\n' + line(noon(1)), encoding="utf-8")
    counting = replace(importer(store, tmp_path), count_opt_outs=True)
    assert counting.stage_log(log, site, NOW, unheard).outcomes == {"received": 2, "opted out": 1, "stored": 1}


def test_a_log_that_says_nothing_of_opt_outs_is_told(
    store: Store, site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator learns that visitors who said no are counted, and where a better log format is."""
    import_log(store, tmp_path, SMALL, site, NOW, K)
    (told,) = caplog.messages
    assert told == (
        f"{SMALL} does not say who sent Do Not Track or Global Privacy Control: they are counted, too. "
        "docs/log-import.md has a log format that says it."
    )


def test_every_key_is_destroyed_and_written_down(store: Store, site: Site, tmp_path: Path) -> None:
    """Each day of the log had a key, and the deletion record says that it is gone."""
    importer(store, tmp_path).stage_log(SMALL, site, NOW, unheard)
    rows = store.rows("SELECT what, site, day FROM deletions ORDER BY sequence")
    assert rows == [["key", site.number, "2026-03-01"], ["key", site.number, "2026-03-02"]]


def test_a_closed_day_takes_no_more(store: Store, site: Site, tmp_path: Path) -> None:
    """Another file with lines of a closed day leaves its report as it is, and the ledger says why."""
    import_log(store, tmp_path, SMALL, site, NOW, K)
    late = tmp_path / "late.log"
    late.write_text(line(noon(1)) + line(noon(3)), encoding="utf-8")
    done = import_log(store, tmp_path, late, site, NOW, K)
    assert done.outcomes == {"received": 2, "stored": 1, "day closed": 1}
    assert done.days == (date(2026, 3, 3),)
    assert read_report(store, site, DayRange(FIRST, FIRST)).totals == FIRST_TOTALS


def test_a_day_closed_while_its_log_was_read_takes_no_more(store: Store, site: Site, tmp_path: Path) -> None:
    """A day that is closed between reading and storing stays as it was published."""
    staged = importer(store, tmp_path).stage_log(SMALL, site, NOW, unheard)
    roll_day(store, site, SECOND, K, NOW, close=True)
    done = store_import(store, staged, NOW)
    assert done.outcomes == OUTCOMES | {"stored": 22, "day closed": 8}
    assert done.days == (FIRST,)
    assert store.rows("SELECT day, count() FROM events GROUP BY day") == [["2026-03-01", 22]]
    assert read_ledger(store, site.number, DayRange(SECOND, SECOND))["day closed"] == 8


def test_today_is_counted_and_stays_open(store: Store, site: Site, tmp_path: Path) -> None:
    """Lines of the present day count, the day is closed by its own job; the future is not understood."""
    log = tmp_path / "today.log"
    log.write_text(line(NOW - timedelta(hours=1)) + line(NOW + timedelta(seconds=1)), encoding="utf-8")
    done = import_log(store, tmp_path, log, site, NOW, K)
    assert done.outcomes == {"received": 2, "stored": 1, "not understood": 1}
    assert done.not_understood == (2,)
    assert store.rows("SELECT count() FROM published") == [[0]]


def test_views_of_one_second_keep_the_files_order(store: Store, site: Site, tmp_path: Path) -> None:
    """Of pages in one second the first line is the entry and the last line the exit."""
    at, other = noon(1), noon(1) + timedelta(seconds=30)
    lines = []
    for visitor in range(K):
        address = f"2001:db8:{visitor}::1"
        for target, when in (("/a", at), ("/c", other), ("/b", at), ("/a", other), ("/b", other)):
            lines.append(line(when, target, address))
    log = tmp_path / "order.log"
    log.write_text("".join(lines), encoding="utf-8")
    import_log(store, tmp_path, log, site, NOW, K)
    rows = read_report(store, site, DayRange(FIRST, FIRST), ["entry_page", "exit_page"]).rows
    assert [cell.value for cell in rows["entry_page"]] == ["/a"]
    assert [cell.value for cell in rows["exit_page"]] == ["/b"]


def test_a_log_of_many_days_and_batches_is_staged_whole(
    store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More rows than a batch and more days than an insert may touch come through, in any order."""
    monkeypatch.setattr("ingest.log_import.MOST_ROWS", 200)
    log = tmp_path / "long.log"
    lines = (line(noon(1) - timedelta(days=number * 7 % 115, seconds=number)) for number in range(345))
    log.write_text("".join(lines), encoding="utf-8")
    staged = importer(store, tmp_path).stage_log(log, site, NOW, unheard)
    assert (staged.outcomes, len(staged.days)) == ({"received": 345, "stored": 345}, 115)
    assert store.rows(f"SELECT count(), uniqExact(received), uniqExact(visitor) FROM {staged.table}") == [  # noqa: S608
        [345, 345, 115]
    ]


def test_a_line_without_end_is_not_kept(store: Store, site: Site, tmp_path: Path) -> None:
    """A line longer than any request is not understood, and the lines after it are."""
    log = tmp_path / "odd.log"
    at = noon(1)
    log.write_text(line(at) + "x" * 300_000 + "\n\n" + line(at, "/" + "y" * 3_000) + line(at), encoding="utf-8")
    done = import_log(store, tmp_path, log, site, NOW, K)
    assert done.outcomes == {"received": 4, "stored": 2, "not understood": 2}
    assert done.not_understood == (2, 4)


async def test_a_log_is_imported_while_another_process_serves(embedded: Store, tmp_path: Path) -> None:
    """Through the socket of the process that holds the store, an import is the same."""
    site = add_site(embedded, "example.com", "UTC", NOW)
    async with control_socket(embedded, tmp_path):
        done = await asyncio.to_thread(import_log, SocketStore(tmp_path), tmp_path, SMALL, site, NOW, K)
    assert done.outcomes == OUTCOMES
    assert read_report(embedded, site, DayRange(FIRST, FIRST)).totals == FIRST_TOTALS


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.log", None, "There is no file"),
        ("empty.log", b"", "is empty"),
        ("empty.log.gz", gzip.compress(b"", mtime=0), "is empty"),
        ("photo.jpg", bytes(range(256)) * 9, "no access log in combined format; a line looks like 192.0.2.1 - -"),
        ("notes.txt", b"a canary line\n" * 1_500, "no access log in combined format"),
        ("cut.log.gz", gzip.compress(b"a canary line\n" * 9, mtime=0)[:-9], "damaged .gz"),
        ("torn.log.gz", b"\x1f\x8b" + b"a canary line\n" * 9, "damaged .gz"),
    ],
)
def test_what_is_no_log_is_refused_in_one_line(
    embedded: Store, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    """A file that cannot be imported is named with what is wrong, never with what it holds."""
    site = add_site(embedded, "example.com", "UTC", NOW)
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ImportFileError) as refusal:
        import_log(embedded, tmp_path, file, site, NOW)
    assert said in str(refusal.value)
    assert "canary" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert staging_tables(embedded) == []
    assert read_ledger(embedded, site.number, BOTH) == {}


@pytest.mark.parametrize(
    ("name", "said"), [("missing.log", "There is no file {}."), (".", "{} is no regular file; name a log file")]
)
def test_a_file_that_is_none_is_told_before_anything_begins(tmp_path: Path, name: str, said: str) -> None:
    """The command says one line, with no bar of a reading that never was, and makes no store."""
    command = [FOOTFALL, "import", "log", tmp_path / name, "--site", "example.com", "--data", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"footfall: {said.format(tmp_path / name)}")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_log(embedded: Store, tmp_path: Path) -> None:
    """A folder is refused in words."""
    site = add_site(embedded, "example.com", "UTC", NOW)
    with pytest.raises(ImportFileError, match="no regular file"):
        import_log(embedded, tmp_path, tmp_path, site, NOW)


def test_two_imports_do_not_run_at_once(embedded: Store, tmp_path: Path) -> None:
    """The second is told to wait."""
    site = add_site(embedded, "example.com", "UTC", NOW)
    with importing_alone(tmp_path), pytest.raises(ImportFileError, match="Another import is running"):
        import_log(embedded, tmp_path, SMALL, site, NOW)


# Nobody is in what is left.


def test_a_canary_is_found_nowhere(
    store: Store, site: Site, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """An address, a user name and a user agent of the log are in no file, no table and no log line."""
    addresses, agent, user = ("203.0.113.241", "2001:db8:77:1:2:3:4:5eed"), "Quetzalcoatl/7.31", "xiuhtecuhtli"
    browser = BROWSER.replace("Firefox/128.0", agent)
    data, logs = tmp_path / "data", tmp_path / "logs"
    data.mkdir()
    logs.mkdir()
    lines = []
    for address in addresses:
        for target in ("/", "/logo.png", f"/u/{address}", f"/?from={address}&utm_source={address}", "/%"):
            for status in (200, 404):
                whole = line(noon(1), target, address, browser)
                lines.append(whole.replace(" - - ", f" - {user} ").replace(" 200 ", f" {status} "))
        lines.append(line(noon(1), "/", address, f"{agent} bot"))
        lines.append(line(noon(1), "/", address, browser).replace('"-"', f'"https://{address}/x"'))
        lines.append(f"{address} {agent} {user}\n")
        lines.append(line(noon(1, year=2030), "/", address, browser))
    log = logs / "access.log"
    log.write_text("".join(lines), encoding="utf-8")
    done = import_log(store, data, log, site, NOW, 1)
    importer(store, data).stage_log(log, site, NOW, unheard)
    bad = logs / "bad.log"
    bad.write_text(f"{addresses[0]} {agent} {user}\n", encoding="utf-8")
    with pytest.raises(ImportFileError) as refusal:
        import_log(store, data, bad, site, NOW, 1)
    assert done.outcomes["stored"] == 10
    canaries = [text.encode() for text in (*addresses, agent.partition("/")[0], user)]
    told = f"{caplog.text}{refusal.value}{done!r}".encode()
    disks = [Path(folder) for (folder,) in store.rows("SELECT path FROM system.disks")]
    files = living_files(data, *disks, *(folder.parent / "inserts" for folder in disks))
    seen = [told, *_every_text(store), *(content for _file, content in files)]
    assert len(seen) > 50
    assert not [canary for canary in canaries if any(canary in content for content in seen)]


def _every_text(store: Store) -> list[bytes]:
    """Give every row of every table as text."""
    tables = store.rows("SELECT name FROM system.tables WHERE database = currentDatabase()")
    return [str(store.rows(f"SELECT * FROM {name}")).encode() for (name,) in tables]  # noqa: S608
