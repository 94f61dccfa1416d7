"""Reports by e-mail: each once, whatever happens on the way."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregate.jobs import Workplace
from aggregate.removed_sites import destroy_removed_sites
from core.accesses import read_accesses
from core.deletions import DeletionRecord
from core.settings import Settings
from core.sites import Site, add_site, remove_site
from core.store import Store, encode_rows
from dashboards.mail.job import send_reports
from dashboards.mail.recipients import Rhythm, add_recipient, confirm_recipient, list_recipients
from dashboards.mail.sendings import BACKOFF, Outcome, begin, finish, list_sendings
from dashboards.people.roles import write_standing
from dashboards.permissions import Role, Standing
from tests.dashboards.conftest import EMAIL, NOON, Desk
from tests.dashboards.mail.conftest import MONDAY, SENT, Send, subscribed
from tests.fixtures.mail_server import Postbox

WHO = "mara@example.com"
MINUTE = timedelta(minutes=1)


def _outcomes(store: Store) -> list[str]:
    rows = store.rows("SELECT outcome FROM mail_sendings ORDER BY attempt, at, outcome")
    return [outcome for (outcome,) in rows]


def _subjects(box: Postbox) -> list[str]:
    """Give what stands above the e-mails, with plain spaces."""
    return [" ".join(str(letter["Subject"]).split()) for letter in box.to(WHO)]


@pytest.mark.usefixtures("week")
def test_a_report_is_sent_once_its_week_is_closed(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """It comes on Monday at six in the site's zone, and never twice, however often the job runs."""
    subscribed(embedded, site)
    said = [send(SENT - MINUTE), send(SENT), send(SENT + MINUTE), send(SENT + timedelta(days=6))]
    assert said == ["", "sent 1", "", ""]
    assert _subjects(box) == ["example.com: 11 \N{EN DASH} 17 May 2026"]
    assert _outcomes(embedded) == ["begun", "sent"]


@pytest.mark.usefixtures("week")
def test_everybody_gets_their_own(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """One report a recipient, with their own link to unsubscribe; who has not answered yet gets none."""
    people = [subscribed(embedded, site, f"{name}@example.org") for name in ("ann", "bob")]
    add_recipient(embedded, site, "cy@example.org", Rhythm.WEEK, "en", NOON, has_account=False)
    assert send(SENT) == "sent 2"
    links = {whom: letter["List-Unsubscribe"] for whom, letter in box.letters}
    assert links == {each.email: f"<https://stats.example.com/mail/unsubscribe/{each.token}>" for each in people}
    lines = [(line.who, line.what, line.detail) for line in read_accesses(embedded)]
    assert sorted(lines) == sorted(
        ("footfall", "report mailed", f"{each.label}, 2026-05-11 to 2026-05-17") for each in people
    )


def test_a_report_waits_for_its_last_day(
    embedded: Store, site: Site, box: Postbox, send: Send, desk: Desk
) -> None:
    """While a day is open its numbers may still change: the report is sent when it is closed."""
    subscribed(embedded, site)
    desk.visits(site, 20, day=MONDAY)
    desk.roll(site, MONDAY)
    assert send(SENT) == ""
    desk.roll(site, MONDAY, close=True)
    assert send(SENT + MINUTE) == "sent 1"
    assert len(box.letters) == 1


@pytest.mark.usefixtures("week")
def test_the_first_report_is_of_the_week_that_was_running(
    embedded: Store, site: Site, box: Postbox, send: Send
) -> None:
    """Who subscribes on Monday hears of that week when it is over, not of the one before."""
    subscribed(embedded, site, now=SENT)
    assert [send(SENT), send(SENT + timedelta(days=7))] == ["", "sent 1"]
    assert _subjects(box) == ["example.com: 18 \N{EN DASH} 24 May 2026"]


def test_a_monthly_report_is_of_the_whole_month(embedded: Store, site: Site, box: Postbox, send: Send) -> None:
    """It comes on the first morning; months that were missed while Footfall was off are not sent after."""
    subscribed(embedded, site, rhythm=Rhythm.MONTH)
    june = datetime.fromisoformat("2026-06-01T04:00:00+00:00")
    assert [send(SENT), send(june - MINUTE), send(june)] == ["", "", "sent 1"]
    assert send(june.replace(month=9)) == "sent 1"
    assert _subjects(box) == [
        "example.com: 1 \N{EN DASH} 31 May 2026",
        "example.com: 1 \N{EN DASH} 31 Aug 2026",
    ]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("where", ["before", "after"])
def test_who_is_killed_while_sending_sends_no_second_one(
    embedded: Store, site: Site, box: Postbox, settings: Settings, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """Killed right before or right after the e-mail went out: it is not sent again, and the log says so once."""
    subscribed(embedded, site)
    store: Any = _Killed(embedded, where)
    with pytest.raises(KeyboardInterrupt):
        send_reports(Workplace(store, settings, DeletionRecord(embedded, settings.data)), SENT)
    again = Workplace(embedded, settings, DeletionRecord(embedded, settings.data))
    caplog.set_level(logging.WARNING, "footfall.mail")
    said = [send_reports(again, SENT + minutes * MINUTE) for minutes in (5, 59, 60, 600)]
    assert said == ["", "", "", ""]
    assert len(box.letters) == (1 if where == "after" else 0)
    assert _outcomes(embedded) == ["begun", "unclear"]
    [record] = caplog.records
    assert "Whether it arrived is not known" in record.getMessage()
    assert "example.com" not in record.getMessage()


class _Killed:
    """A store whose process ends when an attempt was begun, or before its outcome is written."""

    def __init__(self, store: Store, where: str) -> None:
        self._store, self._where = store, where

    def insert(self, table: str, columns: Any, rows: bytes, token: str = "") -> None:
        """Pass it on, or end."""
        if table == "mail_sendings" and self._where == "after" and b"begun" not in rows:
            raise KeyboardInterrupt
        self._store.insert(table, columns, rows, token)
        if table == "mail_sendings" and self._where == "before":
            raise KeyboardInterrupt

    def __getattr__(self, name: str) -> object:
        """Pass everything else on."""
        return getattr(self._store, name)


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("at", ["recipient", "data"])
def test_what_is_not_taken_now_is_tried_again(
    embedded: Store, site: Site, box: Postbox, send: Send, at: str
) -> None:
    """A full mailbox, a server that wants to see us again: after five minutes, and no sooner."""
    subscribed(embedded, site)
    box.replies = {WHO: "451 come again"} if at == "recipient" else {}
    box.to_data = ["451 come again"] if at == "data" else []
    said = [send(SENT)]
    box.replies = {}
    said += [send(SENT + 4 * MINUTE), send(SENT + 5 * MINUTE), send(SENT + 60 * MINUTE)]
    assert said == ["postponed 1", "", "sent 1", ""]
    assert len(box.to(WHO)) == 1


@pytest.mark.usefixtures("week")
def test_an_address_that_is_refused_is_given_up(
    embedded: Store, site: Site, box: Postbox, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    """A mailbox that is gone is not knocked at again; the log does not tell the address; others get theirs."""
    gone = subscribed(embedded, site)
    subscribed(embedded, site, "ann@example.org")
    box.replies = {WHO: f"550 no mailbox {WHO} here"}
    assert [send(SENT), send(SENT + timedelta(days=2))] == ["refused 1, sent 1", ""]
    [message] = [record.getMessage() for record in caplog.records if record.name == "footfall.mail"]
    assert message == (
        f"The report of example.com, {gone.label}: The mail server does not take the recipient (reply 550). "
        "It is not tried again."
    )
    assert "mara" not in caplog.text


@pytest.mark.usefixtures("week")
def test_a_server_that_is_away_is_tried_less_and_less_often(
    embedded: Store, site: Site, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """All reports wait; each try waits longer than the last; after days they are given up, which is logged."""
    subscribed(embedded, site)
    away = settings.model_copy(update={"smtp_url": "smtp://127.0.0.1:1"})
    workplace = Workplace(embedded, away, DeletionRecord(embedded, settings.data))
    now, said = SENT, [send_reports(workplace, SENT)]
    for wait in BACKOFF:
        now += wait
        said += [send_reports(workplace, now - MINUTE), send_reports(workplace, now)]
    said.append(send_reports(workplace, SENT + timedelta(days=6)))
    assert said == ["postponed 1", *["", "postponed 1"] * (len(BACKOFF) - 1), "", "refused 1", ""]
    assert list(BACKOFF) == sorted(BACKOFF)
    messages = [record.getMessage() for record in caplog.records if record.name == "footfall.mail"]
    assert len(messages) == len(BACKOFF) + 1
    assert "was not reached (ConnectionRefusedError)" in messages[0]
    assert messages[-1].endswith("This was the last try.")


@pytest.mark.usefixtures("week")
def test_a_connection_that_is_lost_after_the_last_line_leaves_it_open(
    embedded: Store, site: Site, box: Postbox, send: Send
) -> None:
    """Nobody knows whether the server took it, so it is not sent again; the next in line gets theirs later."""
    subscribed(embedded, site)
    subscribed(embedded, site, "ann@example.org")
    box.to_data = ["lost"]
    said = [send(SENT + minutes * MINUTE) for minutes in (0, 5, 60)]
    assert said == ["postponed 1, unclear 1", "sent 1", ""]
    assert sorted(whom for whom, _letter in box.letters) == ["ann@example.org", WHO]


def test_of_several_processes_one_sends(store: Store) -> None:
    """Two that begin the same report at the same moment agree on who does it; the next attempt is open again."""
    assert [begin(store, 7, MONDAY, 1, SENT) for _process in range(3)] == [True, False, False]
    finish(store, 7, MONDAY, 1, Outcome.POSTPONED, SENT + MINUTE)
    assert begin(store, 7, MONDAY, 2, SENT + 9 * MINUTE)
    assert not begin(store, 7, MONDAY, 2, SENT + 9 * MINUTE)
    [newest] = list_sendings(store, [7, 8])[7]
    assert (newest.attempt, newest.outcome, newest.first) == (2, Outcome.BEGUN, MONDAY)


def test_no_address_outlives_its_reason(store: Store, settings: Settings) -> None:
    """A site that is destroyed, an account that may see no more, a question without an answer: all go."""
    kept, gone = (add_site(store, domain, "UTC", NOON) for domain in ("kept.example", "gone.example"))
    columns = ("email", "password", "created", "removed", "version")
    store.insert("accounts", columns, encode_rows([(EMAIL, "x", NOON, False, 1)]))
    write_standing(store, EMAIL, Standing(by_site={kept.number: Role.VIEWER}), NOON)
    subscribed(store, kept, "stays@example.org")
    subscribed(store, gone, "goes@example.org")
    colleague = add_recipient(store, kept, EMAIL, Rhythm.MONTH, "en", NOON, has_account=True)
    confirm_recipient(store, colleague, NOON)
    add_recipient(store, kept, "silent@example.org", Rhythm.WEEK, "en", NOON, has_account=False)
    remove_site(store, "gone.example", NOON + MINUTE)
    workplace = Workplace(store, settings, DeletionRecord(store, settings.data))
    send_reports(workplace, NOON + timedelta(days=6))
    assert len(list_recipients(store)) == 4
    write_standing(store, EMAIL, Standing(by_site={gone.number: Role.VIEWER}), NOON + MINUTE)
    destroy_removed_sites(store, workplace.deletions, timedelta(days=6), NOON + timedelta(days=7))
    send_reports(workplace, NOON + timedelta(days=7))
    assert [each.email for each in list_recipients(store)] == ["stays@example.org"]
    parts = "SELECT uniqExact(partition) FROM system.parts WHERE table = 'mail_recipients' AND active AND rows > 0"
    assert store.rows(f"{parts} AND database = currentDatabase()") == [[1]]
    details = [line.detail for line in read_accesses(store) if line.what == "report recipient removed"]
    assert len(details) == 2
    assert not any("@" in detail for detail in details)


def test_without_a_mail_server_nothing_is_tried(
    embedded: Store, site: Site, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Reports of a Footfall that may not send wait for nothing and complain of nothing."""
    subscribed(embedded, site)
    silent = settings.model_copy(update={"smtp_url": ""})
    assert send_reports(Workplace(embedded, silent, DeletionRecord(embedded, settings.data)), SENT) == ""
    assert _outcomes(embedded) == []
    assert caplog.records == []
