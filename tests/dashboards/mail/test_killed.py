"""A real process that is killed while a report goes out."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.dashboards.mail.conftest import PUBLIC, SENDER
from tests.fixtures.mail_server import mail_server

WHO = "mara@example.com"
LIMIT = 120.0  # seconds, for a process that answers at once on a machine that is free

SET_UP = """
import sys
from datetime import datetime
from core.command_line import chosen_settings, opened_store
from core.sites import add_site
from dashboards.mail.recipients import Rhythm, add_recipient, confirm_recipient
with opened_store(chosen_settings()) as store:
    then = datetime.fromisoformat(sys.argv[1])
    site = add_site(store, "example.com", sys.argv[2], then)
    added = add_recipient(store, site, sys.argv[3], Rhythm.WEEK, "en", then, has_account=False)
    confirm_recipient(store, added, then)
"""


def test_a_report_that_was_going_out_when_footfall_was_killed_is_not_sent_again(tmp_path: Path) -> None:
    """Kill -9 between the last line of the e-mail and the server's answer: after a restart nothing is sent."""
    now = datetime.now(UTC)
    zone = "UTC" if now.weekday() or now.hour >= 6 else "Pacific/Kiritimati"  # where it is not Monday night
    with mail_server() as box:
        box.to_data = ["silent"]
        named = {"DATA": tmp_path, "SMTP_URL": box.url, "SMTP_SENDER": SENDER, "PUBLIC_URL": PUBLIC}
        environment = os.environ | {f"FOOTFALL_{name}": str(value) for name, value in named.items()}

        def run(*arguments: str) -> str:
            command = [sys.executable, *arguments]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            return done.stdout

        run("-c", SET_UP, (now - timedelta(days=20)).isoformat(), zone, WHO)
        process = subprocess.Popen([sys.executable, "-m", "footfall", "mail", "send"], env=environment)
        assert box.is_silent.wait(LIMIT)
        process.kill()
        process.wait()
        assert run("-m", "footfall", "mail", "send") == "Nothing is due.\n"
        assert len(box.to(WHO)) == 1
