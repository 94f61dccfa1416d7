"""`footfall mail`: try the mail server, and send what is due."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer

from aggregate.jobs import Workplace, run_job
from core.clock import system_clock
from core.command_line import Data, chosen_settings, opened_store
from core.deletions import DeletionRecord
from core.errors import MailError, RecipientError
from core.settings import Settings
from dashboards.mail.job import MAIL_JOB
from dashboards.mail.letters import test_letter
from dashboards.mail.recipients import check_address
from dashboards.mail.server import check_settings, send_one

mail_commands = typer.Typer(no_args_is_help=True, help="Reports by e-mail.")


@mail_commands.command("test")
def mail_test(
    to: Annotated[str, typer.Option(help="The address to send the test to.")], data: Data = None
) -> None:
    """Send a test e-mail, or say what is wrong."""
    chosen = chosen_settings(begins=True, data=data)
    asyncio.run(send_test(chosen, to, system_clock()))
    typer.echo(f"The mail server accepted the test. If it does not arrive at {to} soon, check the spam folder.")


@mail_commands.command("send")
def mail_send(data: Data = None) -> None:
    """Send the reports that are due now."""
    chosen = chosen_settings(data=data)
    check_settings(chosen)
    with opened_store(chosen) as store:
        done = run_job(MAIL_JOB, Workplace(store, chosen, DeletionRecord(store, chosen.data)), system_clock())
    typer.echo(done or "Nothing is due.")


async def send_test(settings: Settings, to: str, now: datetime) -> None:
    """Send a test e-mail. Raises MailError, with the server's own words: who asks wants to read them."""
    try:
        address = check_address(to)
    except RecipientError as error:
        raise MailError(f"--to: {error}") from None
    check_settings(settings)
    try:
        await send_one(settings, test_letter(settings, address, now))
    except MailError as error:
        raise MailError(f"{error} The server said: {error.said}" if error.said else str(error)) from None
