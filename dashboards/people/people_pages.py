"""The pages about people: who there is, what each may, and who leaves."""

import asyncio

from aiohttp import web

from core.accesses import Accessed
from core.errors import AccountError
from dashboards.ask import Ask
from dashboards.language import message
from dashboards.people.accounts import Account, change_standing, list_accounts, remove_account
from dashboards.people.invites import Invite, end_invites, open_invites
from dashboards.people.role_form import ROLE_MEANINGS, ROLE_NAMES, RoleForm, standing_in_words
from dashboards.people.tokens import hash_of
from dashboards.permissions import Permission, Role, Standing

ONLY_OWNERS = message("Only an owner can add, change or remove owners.")


async def show_people(ask: Ask) -> web.Response:
    """``GET /people``: everybody who may log in, and who is invited."""
    accounts, invites = await asyncio.to_thread(_everybody, ask)
    return ask.render(
        "people.html", people=[_line(ask, each) for each in accounts], invites=_invited(ask, invites)
    )


async def show_person(ask: Ask) -> web.Response:
    """``GET /people/{person}``: what somebody may."""
    account = await _person_asked(ask)
    if account is None:
        return ask.missing()
    if not may_give(ask, account.standing):
        return _only_owners(ask)
    return _person_page(ask, account, RoleForm.of(account.standing))


async def change_person(ask: Ask) -> web.Response:
    """``POST /people/{person}``: give other roles; they hold at once."""
    account = await _person_asked(ask)
    if account is None:
        return ask.missing()
    form = RoleForm.read(ask.form, ask.board.sites.all())
    try:
        standing = form.standing(account.standing)
        if not (may_give(ask, account.standing) and may_give(ask, standing)):
            return _only_owners(ask)
        async with ask.board.changing_people:
            await asyncio.to_thread(
                change_standing,
                ask.board.store,
                account.email,
                standing,
                ask.now,
                lambda changed: _write_down_role(ask, changed),
            )
    except AccountError as error:
        return _person_page(ask, account, form, ask.why(error))
    return ask.go(ask.path_of("people"))


async def show_removal(ask: Ask) -> web.Response:
    """``GET /people/{person}/remove``: what happens if somebody is removed."""
    account = await _person_asked(ask)
    if account is None:
        return ask.missing()
    if not may_give(ask, account.standing):
        return _only_owners(ask)
    return ask.render("remove_person.html", person_line=_line(ask, account), error="")


async def remove_person(ask: Ask) -> web.Response:
    """``POST /people/{person}/remove``: their sessions, keys and invitations end with them."""
    account = await _person_asked(ask)
    if account is None:
        return ask.missing()
    if not may_give(ask, account.standing):
        return _only_owners(ask)
    try:
        async with ask.board.changing_people:
            await asyncio.to_thread(
                remove_account,
                ask.board.store,
                account.email,
                ask.now,
                lambda account: ask.write_down(Accessed.PERSON_REMOVED, ask.person, detail=account.email),
            )
    except AccountError as error:
        return ask.render("remove_person.html", 400, person_line=_line(ask, account), error=ask.why(error))
    return ask.go(ask.path_of("people"))


async def withdraw_invite(ask: Ask) -> web.Response:
    """``POST /people/withdraw``: the invitation's link opens nothing any more."""
    name = ask.form.get("invite", "")
    invites = await asyncio.to_thread(open_invites, ask.board.store, ask.now)
    invite = next((each for each in invites if each.invite == name), None)
    if invite is None:
        return ask.go(ask.path_of("people"))
    if not may_give(ask, invite.standing):
        return _only_owners(ask)
    await ask.record(Accessed.INVITE_WITHDRAWN, ask.person, detail=invite.email)
    await asyncio.to_thread(end_invites, ask.board.store, [invite], ask.now)
    return ask.go(ask.path_of("people"))


def may_give(ask: Ask, standing: Standing) -> bool:
    """Tell whether who asks may give, change or take away a standing: owners are the owners' own matter."""
    return standing.role is not Role.OWNER or ask.may(Permission.OWNERS)


def role_choices(ask: Ask) -> list[tuple[str, str, str]]:
    """Give the roles for all sites that who asks may give: value, name and meaning."""
    roles = (Role.OWNER, Role.ADMIN) if ask.may(Permission.OWNERS) else (Role.ADMIN,)
    text = ask.language.text
    return [(role.value, text(ROLE_NAMES[role]), text(ROLE_MEANINGS[role])) for role in roles]


def site_role_choices(ask: Ask) -> list[tuple[str, str, str]]:
    """Give the roles on a site: value, name and meaning."""
    text = ask.language.text
    return [
        (role.value, text(ROLE_NAMES[role]), text(ROLE_MEANINGS[role])) for role in (Role.VIEWER, Role.MARKETER)
    ]


def in_record(ask: Ask, standing: Standing) -> str:
    """Say for the access record what somebody became."""
    if standing.role is not None:
        return standing.role
    by_number = {site.number: site.name for site in ask.board.sites.all()}
    roles = sorted((by_number.get(site, str(site)), role.value) for site, role in standing.by_site.items())
    return ", ".join(f"{role} of {domain}" for domain, role in roles)


def _write_down_role(ask: Ask, changed: Account) -> None:
    detail = f"{changed.email}: {in_record(ask, changed.standing)}"
    ask.write_down(Accessed.ROLE_CHANGED, ask.person, detail=detail)


def _everybody(ask: Ask) -> tuple[list[Account], list[Invite]]:
    return list_accounts(ask.board.store), open_invites(ask.board.store, ask.now)


async def _person_asked(ask: Ask) -> Account | None:
    accounts = await asyncio.to_thread(list_accounts, ask.board.store)
    return next((each for each in accounts if _name(each.email) == ask.part("person")), None)


def _name(email: str) -> str:
    """Name somebody in the address of a page: proxies write those down, and an e-mail address is not for them."""
    return hash_of(email)[:16]


def _line(ask: Ask, account: Account) -> dict[str, object]:
    return {
        "email": account.email,
        "role": standing_in_words(account.standing, ask.board.sites.all(), ask.language),
        "since": account.created.date(),
        "name": _name(account.email),
        "is_own": account.email == ask.person,
        "may_change": may_give(ask, account.standing),
    }


def _invited(ask: Ask, invites: list[Invite]) -> list[dict[str, object]]:
    return [
        {
            "invite": each.invite,
            "email": each.email,
            "role": standing_in_words(each.standing, ask.board.sites.all(), ask.language),
            "until": each.expires.date(),
            "may_change": may_give(ask, each.standing),
        }
        for each in invites
    ]


def _person_page(ask: Ask, account: Account, form: RoleForm, error: str = "") -> web.Response:
    return ask.render(
        "person.html",
        400 if error else 200,
        person_line=_line(ask, account),
        form=form,
        error=error,
        sites=ask.board.sites.all(),
        role_choices=role_choices(ask),
        site_role_choices=site_role_choices(ask),
    )


def _only_owners(ask: Ask) -> web.Response:
    text = ask.language.text
    return ask.say(403, text("You do not have access"), text(ONLY_OWNERS))
