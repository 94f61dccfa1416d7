"""What a reset ends of the readers': logins, API keys and invitations.

The set-up address is renewed by the process that has it. Shared links and second factors stay: the store has
nothing of a link but a hash, and without its second factor an account would be easier to enter, not harder.
"""

from core.resets import Breached, Held, Part
from core.sql import sql
from dashboards.mail.recipients import list_recipients
from dashboards.people.accounts import list_accounts
from dashboards.people.api_keys import all_keys, revoke_keys
from dashboards.people.invites import end_invites, open_invites
from dashboards.people.logins import end_all_logins, running_logins


def survey_logins(breached: Breached) -> Held:
    """Count accounts, what lets somebody in, and who gets reports by e-mail."""
    store = breached.store
    ((factors,),) = store.rows(sql("dashboards", "count_factors"))
    accounts, logins = len(list_accounts(store)), running_logins(store)
    keys, invites = len(all_keys(store)), len(open_invites(store, breached.now))
    recipients = len({each.email for each in list_recipients(store)})
    return Held(
        (
            f"{accounts} accounts of readers: e-mail addresses and hashes of passwords.",
            f"{factors} secrets of second factors.",
            f"{logins} logins, {keys} API keys and {invites} invitations, as hashes.",
            f"{recipients} e-mail addresses to which reports are sent.",
        )
    )


def end_logins(breached: Breached) -> str:
    """End every login, key and invitation, whoever's it is. Raises StoreError."""
    store, now = breached.store, breached.now
    keys, invites = all_keys(store), open_invites(store, now)
    ended = end_all_logins(store, now)
    revoke_keys(store, keys, now)
    end_invites(store, invites, now)
    return (
        f"{ended} logins were ended, {len(keys)} API keys revoked, {len(invites)} invitations withdrawn; "
        "the set-up address, if there was one, is another."
    )


LOGINS = Part("Logins", survey_logins, end_logins)
