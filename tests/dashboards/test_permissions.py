"""Roles and permissions: the one table, and what follows from it."""

from itertools import pairwise

import pytest

from core.errors import AccountError
from core.migrate import migrations
from core.sites import add_site
from core.store import Store
from dashboards.people.accounts import (
    add_account,
    change_standing,
    find_account,
    list_accounts,
    remove_account,
)
from dashboards.permissions import (
    INSTALL_ROLES,
    NOTHING,
    OWNER,
    PERMISSIONS,
    SITE_ROLES,
    Permission,
    Principal,
    Role,
    Standing,
)
from tests.dashboards.conftest import EMAIL, NOON, PASSWORD

JO = "jo@example.com"


def test_the_table_has_every_permission_and_the_roles_are_a_ladder() -> None:
    """Whatever a viewer may, a marketer may; so up to the owner, who may everything; a viewer only looks."""
    assert PERMISSIONS.keys() == set(Permission)
    allowed = [{each for each in Permission if role in PERMISSIONS[each]} for role in Role]
    assert allowed[0] == set(Permission)
    assert all(more > fewer for more, fewer in pairwise(allowed))
    assert allowed[-1] == {Permission.SEE}
    assert {*INSTALL_ROLES, *SITE_ROLES} == set(Role)


def test_a_role_on_a_site_holds_there_alone() -> None:
    """A marketer of one site is nobody on another, and nobody where no site is asked for."""
    principal = Principal(standing=Standing(by_site={7: Role.MARKETER, 8: Role.VIEWER}))
    answers = [[principal.may(each, site) for site in (7, 8, 9, 0)] for each in (Permission.SEE, Permission.SHARE)]
    assert answers == [[True, True, False, False], [True, False, False, False]]
    assert not any(Principal().may(each, site) for each in Permission for site in (0, 7))


def test_an_admin_may_everything_but_deal_with_owners() -> None:
    """On every site and on none."""
    admin = Standing(Role.ADMIN)
    assert [each for each in Permission if not (admin.may(each, 7) and admin.may(each))] == [Permission.OWNERS]


def test_roles_are_kept(store: Store) -> None:
    """What was given is found again, by account; who has an account and no row may nothing."""
    by_site = Standing(by_site={4_294_967_295: Role.VIEWER, 7: Role.MARKETER})
    add_account(store, EMAIL, PASSWORD, NOON)
    add_account(store, JO, PASSWORD, NOON, by_site)
    assert {each.email: each.standing for each in list_accounts(store)} == {EMAIL: OWNER, JO: by_site}
    assert change_standing(store, JO, Standing(Role.ADMIN), NOON).standing == Standing(Role.ADMIN)
    assert find_account(store, JO).standing == Standing(Role.ADMIN)
    store.run("TRUNCATE TABLE roles")
    assert find_account(store, EMAIL).standing == NOTHING


def test_who_had_an_account_before_there_were_roles_is_an_owner(store: Store) -> None:
    """The migration leaves nobody outside; run again, after roles were given, it gives none back."""
    [migration] = [each for each in migrations() if each.name == "people"]
    add_account(store, EMAIL, PASSWORD, NOON)
    store.run("TRUNCATE TABLE roles")
    for statement in migration.statements:
        store.run(statement)
    assert find_account(store, EMAIL).standing == OWNER
    add_account(store, JO, PASSWORD, NOON, Standing(Role.ADMIN))
    for statement in migration.statements:
        store.run(statement)
    assert find_account(store, JO).standing == Standing(Role.ADMIN)


@pytest.mark.parametrize(
    "standing",
    [Standing(Role.VIEWER), Standing(by_site={7: Role.ADMIN}), Standing(Role.OWNER, {7: Role.VIEWER})],
)
def test_roles_that_do_not_go_together_are_refused(embedded: Store, standing: Standing) -> None:
    """Owners and admins are for all sites, marketers and viewers for each."""
    with pytest.raises(AccountError, match="site by site"):
        add_account(embedded, EMAIL, PASSWORD, NOON, standing)
    assert list_accounts(embedded) == []


def test_one_owner_always_remains(embedded: Store) -> None:
    """The only owner can neither be removed nor be made anything less, however many others there are."""
    add_account(embedded, EMAIL, PASSWORD, NOON)
    add_account(embedded, JO, PASSWORD, NOON, Standing(Role.ADMIN))
    for standing in (Standing(Role.ADMIN), NOTHING):
        with pytest.raises(AccountError, match="Make somebody else an owner first"):
            change_standing(embedded, EMAIL, standing, NOON)
    with pytest.raises(AccountError, match="Make somebody else an owner first"):
        remove_account(embedded, EMAIL, NOON)
    change_standing(embedded, JO, OWNER, NOON)
    remove_account(embedded, EMAIL, NOON)
    assert [each.email for each in list_accounts(embedded)] == [JO]


def test_sites_are_seen_by_role(embedded: Store) -> None:
    """Of all the sites each sees their own, in the same order."""
    sites = [add_site(embedded, f"{name}.example", "UTC", NOON) for name in "abc"]
    viewer = Principal(standing=Standing(by_site={sites[2].number: Role.VIEWER, sites[0].number: Role.MARKETER}))
    assert viewer.seen(sites) == [sites[0], sites[2]]
    assert Principal(standing=OWNER).seen(sites) == sites
    assert Principal().seen(sites) == []
