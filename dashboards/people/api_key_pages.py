"""The page of one's API keys."""

import asyncio

from aiohttp import web

from core.accesses import Accessed
from core.errors import AccountError
from dashboards.ask import Ask
from dashboards.people.api_keys import MOST_NAME, add_key, keys_of, revoke_keys


async def show_keys(ask: Ask) -> web.Response:
    """``GET /account/keys``: the keys, and the form for another one."""
    return await _keys_page(ask)


async def make_key(ask: Ask) -> web.Response:
    """``POST /account/keys``: make a key, and show it this once."""
    name = ask.form.get("name", "")
    try:
        async with ask.board.changing_people:
            key = await asyncio.to_thread(
                add_key,
                ask.board.store,
                ask.person,
                name,
                ask.now,
                lambda name: ask.write_down(Accessed.KEY_ADDED, ask.person, detail=name),
            )
    except AccountError as error:
        return await _keys_page(ask, name=name, error=ask.why(error))
    return await _keys_page(ask, made=key)


async def revoke_key(ask: Ask) -> web.Response:
    """``POST /account/keys/revoke``: the key opens nothing from now on."""
    name = ask.form.get("key", "")
    keys = await asyncio.to_thread(keys_of, ask.board.store, ask.person)
    revoked = [each for each in keys if each.api_key == name]
    for each in revoked:
        await ask.record(Accessed.KEY_REVOKED, ask.person, detail=each.name)
    await asyncio.to_thread(revoke_keys, ask.board.store, revoked, ask.now)
    return ask.go(ask.path_of("keys"))


async def _keys_page(ask: Ask, *, name: str = "", error: str = "", made: str = "") -> web.Response:
    keys = await asyncio.to_thread(keys_of, ask.board.store, ask.person)
    return ask.render(
        "keys.html", 400 if error else 200, keys=keys, name=name, error=error, made=made, most_name=MOST_NAME
    )
