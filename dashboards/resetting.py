"""What a reset ends of the readers': every login. The set-up address is renewed by the process that has it."""

from core.resets import Breached, Held, Part
from dashboards.accounts import list_accounts
from dashboards.logins import end_all_logins, running_logins
from dashboards.mail.recipients import list_recipients


def survey_logins(breached: Breached) -> Held:
    """Count accounts and logins, and who gets reports by e-mail."""
    accounts, logins = len(list_accounts(breached.store)), running_logins(breached.store)
    recipients = len({each.email for each in list_recipients(breached.store)})
    return Held(
        (
            f"{accounts} accounts of readers: e-mail addresses and hashes of passwords.",
            f"{logins} logins.",
            f"{recipients} e-mail addresses to which reports are sent.",
        )
    )


def end_logins(breached: Breached) -> str:
    """End every login, whoever's it is. Raises StoreError."""
    ended = end_all_logins(breached.store, breached.now)
    return f"{ended} logins were ended; the set-up address, if there was one, is another."


LOGINS = Part("Logins", survey_logins, end_logins)
