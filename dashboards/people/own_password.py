"""Asking who is logged in for their password once more, before something that would let a thief stay."""

import asyncio

from dashboards.ask import Ask
from dashboards.people.accounts import verify_password
from dashboards.people.logins import COOKIE
from dashboards.people.tokens import hash_of
from dashboards.people.too_many_tries import wait_in_words


async def wrong_password(ask: Ask, password: str) -> str:
    """Say what is wrong with the password that stands in the form, or "" if it is the account's own.

    Tries are counted by session: nobody who guesses elsewhere keeps its owner from changing the password.
    """
    board, now, session = ask.board, ask.now, hash_of(ask.cookie(COOKIE))
    wait = board.throttle.begin(ask.person, now, session)
    if wait:
        return wait_in_words(ask.language, wait)
    async with board.hashing:
        account = await asyncio.to_thread(verify_password, board.store, ask.person, password, now)
    if account is None:
        return ask.language.text("This is not your current password.")
    board.throttle.succeeded(ask.person, session)
    return ""
