"""The page where a site's reports are shared: by links, and in public."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from aiohttp import web

from core.accesses import Accessed
from core.errors import AccountError
from dashboards.ask import Ask
from dashboards.origin import public_origin
from dashboards.permissions import Permission
from dashboards.sharing.guests import LINK_PREFIX, PUBLIC_PREFIX
from dashboards.sharing.public_sites import is_public, make_public
from dashboards.sharing.shared_links import (
    LEAST_LINK_PASSWORD,
    SharedLink,
    add_link,
    check_link_name,
    check_link_password,
    links_of,
    read_origins,
    revoke_link,
)


async def show_sharing(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/sharing``: the links, a form for another one, whether the dashboard is public."""
    return await _sharing_page(ask)


async def make_link(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/sharing``: make a link, and show it this once."""
    form = {field: ask.form.get(field, "") for field in ("name", "password", "origins")}
    links = await asyncio.to_thread(links_of, ask.board.store, ask.site.number)
    errors = _errors(ask, form, links)
    if errors:
        return await _sharing_page(ask, form, errors)
    origins = read_origins(form["origins"])
    try:
        token = await _add(ask, form, origins)
    except AccountError as error:  # the same form at the same time
        return await _sharing_page(ask, form, {"name": ask.why(error)})
    return await _sharing_page(ask, made=_address(ask, LINK_PREFIX, token=token), framed=bool(origins))


async def _add(ask: Ask, form: Mapping[str, str], origins: Sequence[str]) -> str:
    async with ask.board.hashing:
        return await asyncio.to_thread(
            add_link,
            ask.board.store,
            ask.site.number,
            ask.person,
            ask.now,
            form["name"],
            form["password"],
            origins,
            lambda name: ask.write_down(Accessed.LINK_ADDED, ask.person, ask.site.number, name),
        )


async def end_link(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/sharing/revoke``: the link opens nothing from now on."""
    await asyncio.to_thread(
        revoke_link,
        ask.board.store,
        ask.site.number,
        ask.form.get("link", ""),
        ask.now,
        lambda link: ask.write_down(Accessed.LINK_REVOKED, ask.person, link.site, link.name),
    )
    return ask.go(ask.site_path("sharing"))


async def publish_site(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/public``: open the dashboard to everybody, or close it again."""
    opens = ask.form.get("public", "") == "yes"
    what = Accessed.SITE_PUBLISHED if opens else Accessed.SITE_CLOSED
    await ask.record(what, ask.person, ask.site.number)
    await asyncio.to_thread(make_public, ask.board.store, ask.site.number, ask.now, is_public=opens)
    return ask.go(ask.site_path("sharing"))


def _errors(ask: Ask, form: Mapping[str, str], links: Iterable[SharedLink]) -> dict[str, str]:
    errors, origins = dict[str, str](), list[str]()
    try:
        origins = read_origins(form["origins"])
    except AccountError as error:
        errors["origins"] = ask.why(error)
    check_name = partial(check_link_name, links=links)
    for field, check in (("name", check_name), ("password", check_link_password)):
        try:
            check(form[field])
        except AccountError as error:
            errors[field] = ask.why(error)
    if form["password"] and origins:
        errors["origins"] = ask.language.text(
            "An embedded page cannot ask for a password, because browsers keep no cookies there. Leave one of "
            "these empty."
        )
    return errors


async def _sharing_page(
    ask: Ask,
    form: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    made: str = "",
    framed: bool = False,
) -> web.Response:
    links, public = await asyncio.to_thread(_read, ask)
    return ask.render(
        "sharing.html",
        400 if errors else 200,
        site=ask.site,
        links=links,
        form=form or {"name": "", "password": "", "origins": ""},
        errors=errors or {},
        made=made,
        framed=framed,
        is_public=public,
        public_address=_address(ask, PUBLIC_PREFIX, domain=ask.site.domain),
        may_publish=ask.may(Permission.CHANGE_SITE),
        least_password=LEAST_LINK_PASSWORD,
    )


def _read(ask: Ask) -> tuple[list[SharedLink], bool]:
    return links_of(ask.board.store, ask.site.number), is_public(ask.board.store, ask.site.number)


def _address(ask: Ask, prefix: str, **parts: str) -> str:
    return public_origin(ask.request, ask.board.settings) + ask.path_of(f"{prefix}site", **parts)
