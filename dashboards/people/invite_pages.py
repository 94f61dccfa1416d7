"""The pages of invitations: whom to invite, the link to copy, and where who has it makes their account."""

import asyncio

from aiohttp import web

from core.accesses import Accessed
from core.errors import AccountError
from dashboards.ask import Ask
from dashboards.language import message
from dashboards.origin import public_origin
from dashboards.people.account_pages import logged_in
from dashboards.people.accounts import Account, add_account, canonical_email, list_accounts
from dashboards.people.invites import INVITE_LASTS, Invite, add_invite, end_invites, find_invite
from dashboards.people.passwords import LEAST_PASSWORD
from dashboards.people.people_pages import ONLY_OWNERS, in_record, may_give, role_choices, site_role_choices
from dashboards.people.role_form import RoleForm, standing_in_words
from dashboards.permissions import Standing


async def show_invite_form(ask: Ask) -> web.Response:
    """``GET /people/invite``."""
    return _form_page(ask, RoleForm())


async def invite(ask: Ask) -> web.Response:
    """``POST /people/invite``: make the link, and show it this once."""
    form, text = RoleForm.read(ask.form, ask.board.sites.all()), ask.form.get("email", "")
    errors = dict[str, str]()
    email, standing = "", Standing()
    try:
        email = await asyncio.to_thread(_free_email, ask, text)
    except AccountError as error:
        errors["email"] = ask.why(error)
    try:
        standing = form.standing()
    except AccountError as error:
        errors["role"] = ask.why(error)
    if not may_give(ask, standing):
        errors["role"] = ask.language.text(ONLY_OWNERS)
    if errors:
        return _form_page(ask, form, text, errors)
    detail = f"{email}: {in_record(ask, standing)}"
    await ask.record(Accessed.PERSON_INVITED, ask.person, detail=detail)
    token = await asyncio.to_thread(add_invite, ask.board.store, email, standing, ask.person, ask.now)
    link = public_origin(ask.request, ask.board.settings) + ask.path_of("accept_invite", token=token)
    return ask.render("invited.html", email=email, link=link, days=INVITE_LASTS.days)


async def show_invite(ask: Ask) -> web.Response:
    """``GET /invite/{token}``: where the person who was invited chooses a password."""
    return await _accept_page(ask)


async def accept_invite(ask: Ask) -> web.Response:
    """``POST /invite/{token}``: make the account, once, and log in."""
    board = ask.board
    async with board.changing_people:
        found = await asyncio.to_thread(find_invite, board.store, ask.part("token"), ask.now)
        if found is None:
            return _gone(ask)
        password = ask.form.get("password", "")
        try:
            async with board.hashing:
                await asyncio.to_thread(
                    add_account,
                    board.store,
                    found.email,
                    password,
                    ask.now,
                    found.standing,
                    lambda account: _write_down_acceptance(ask, account, found),
                )
        except AccountError as error:
            return await _accept_page(ask, ask.why(error))
        await asyncio.to_thread(end_invites, board.store, [found], ask.now)
    return await logged_in(ask, found.email, ask.path_of("sites"))


def _write_down_acceptance(ask: Ask, account: Account, accepted: Invite) -> None:
    detail = f"{account.email}, invited by {accepted.inviter}"
    ask.write_down(Accessed.PERSON_ADDED, account.email, detail=detail)


def _free_email(ask: Ask, text: str) -> str:
    email = canonical_email(text)
    if any(account.email == email for account in list_accounts(ask.board.store)):
        raise AccountError(message("%(email)s already has an account."), email=email)
    return email


def _form_page(ask: Ask, form: RoleForm, email: str = "", errors: dict[str, str] | None = None) -> web.Response:
    return ask.render(
        "invite.html",
        400 if errors else 200,
        form=form,
        email=email,
        errors=errors or {},
        days=INVITE_LASTS.days,
        sites=ask.board.sites.all(),
        role_choices=role_choices(ask),
        site_role_choices=site_role_choices(ask),
    )


async def _accept_page(ask: Ask, error: str = "") -> web.Response:
    found = await asyncio.to_thread(find_invite, ask.board.store, ask.part("token"), ask.now)
    if found is None:
        return _gone(ask)
    return ask.render(
        "accept_invite.html",
        400 if error else 200,
        email=found.email,
        inviter=found.inviter,
        role=standing_in_words(found.standing, ask.board.sites.all(), ask.language),
        least_password=LEAST_PASSWORD,
        error=error,
    )


def _gone(ask: Ask) -> web.Response:
    text = ask.language.text
    return ask.say(
        404,
        text("This invitation no longer works"),
        text(
            "It has been used or withdrawn, or is more than seven days old. Ask whoever invited you for a new one."
        ),
    )
