"""The pages in an application: the table of pages."""

from aiohttp import web

from dashboards.assets import ASSETS, Assets, send_asset
from dashboards.board import BOARD, Dashboards
from dashboards.exports.export_pages import export_csv, export_zip
from dashboards.exports.picture_pages import graph_png, graph_svg
from dashboards.guard import Access, Page, answer_unknown_pages, guarded
from dashboards.mail.pages import (
    add_to_reports,
    confirm,
    remove_from_reports,
    show_confirmation,
    show_reports,
    show_unsubscribing,
    unsubscribe,
)
from dashboards.people.account_pages import log_in, log_out, set_up, show_login, show_setup
from dashboards.people.api_key_pages import make_key, revoke_key, show_keys
from dashboards.people.invite_pages import accept_invite, invite, show_invite, show_invite_form
from dashboards.people.own_account import (
    change_own_language,
    change_own_password,
    end_own_session,
    show_account,
)
from dashboards.people.people_pages import (
    change_person,
    remove_person,
    show_people,
    show_person,
    show_removal,
    withdraw_invite,
)
from dashboards.people.second_factor_pages import (
    download_codes,
    enrol,
    log_in_with_code,
    renew_codes,
    show_login_code,
    show_second_factor,
    turn_off,
)
from dashboards.permissions import Permission
from dashboards.rendering import add_templates
from dashboards.report.current_visitors_page import show_current_visitors
from dashboards.report.list_page import show_list
from dashboards.report.site_page import show_site, show_waiting
from dashboards.sharing.guests import add_password_page, guest_pages
from dashboards.sharing.sharing_pages import end_link, make_link, publish_site, show_sharing
from dashboards.sites.check_page import check_install
from dashboards.sites.goal_pages import add_new_goal, remove_old_goal, show_goals
from dashboards.sites.removing import remove, restore, show_removed, show_site_removal
from dashboards.sites.site_pages import add_new_site, show_all_sites, show_install, show_new_site, show_sites
from dashboards.sites.site_settings import change_settings, show_settings
from dashboards.stats.routes import add_stats_api

PAGES = (
    Page("GET", "/login", "login", show_login, Access.ANYONE),
    Page("POST", "/login", "log_in", log_in, Access.ANYONE),
    Page("GET", "/login/code", "login_code", show_login_code, Access.ANYONE),
    Page("POST", "/login/code", "log_in_with_code", log_in_with_code, Access.ANYONE),
    Page("POST", "/logout", "logout", log_out, Access.PEOPLE),
    Page("GET", "/setup/{token}", "setup", show_setup, Access.ANYONE),
    Page("POST", "/setup/{token}", "set_up", set_up, Access.ANYONE),
    Page("GET", "/account", "account", show_account, Access.PEOPLE),
    Page("POST", "/account/password", "change_password", change_own_password, Access.PEOPLE),
    Page("POST", "/account/language", "change_language", change_own_language, Access.PEOPLE),
    Page("POST", "/account/sessions", "end_session", end_own_session, Access.PEOPLE),
    Page("GET", "/account/second-factor", "second_factor", show_second_factor, Access.PEOPLE),
    Page("POST", "/account/second-factor", "enrol", enrol, Access.PEOPLE),
    Page("POST", "/account/second-factor/codes", "renew_codes", renew_codes, Access.PEOPLE),
    Page("POST", "/account/second-factor/download", "download_codes", download_codes, Access.PEOPLE),
    Page("POST", "/account/second-factor/off", "turn_off_factor", turn_off, Access.PEOPLE),
    Page("GET", "/account/keys", "keys", show_keys, Access.PEOPLE),
    Page("POST", "/account/keys", "make_key", make_key, Access.PEOPLE),
    Page("POST", "/account/keys/revoke", "revoke_key", revoke_key, Access.PEOPLE),
    Page("GET", "/people", "people", show_people, Permission.PEOPLE),
    Page("GET", "/people/invite", "invite", show_invite_form, Permission.PEOPLE),
    Page("POST", "/people/invite", "make_invite", invite, Permission.PEOPLE),
    Page("POST", "/people/withdraw", "withdraw_invite", withdraw_invite, Permission.PEOPLE),
    Page("GET", "/people/{person}", "person", show_person, Permission.PEOPLE),
    Page("POST", "/people/{person}", "change_person", change_person, Permission.PEOPLE),
    Page("GET", "/people/{person}/remove", "remove_person", show_removal, Permission.PEOPLE),
    Page("POST", "/people/{person}/remove", "do_remove_person", remove_person, Permission.PEOPLE),
    Page("GET", "/invite/{token}", "accept_invite", show_invite, Access.ANYONE),
    Page("POST", "/invite/{token}", "do_accept_invite", accept_invite, Access.ANYONE),
    Page("GET", "/", "sites", show_sites, Access.PEOPLE),
    Page("GET", "/sites", "all_sites", show_all_sites, Access.PEOPLE),
    Page("GET", "/sites/new", "new_site", show_new_site, Permission.ADD_SITE),
    Page("POST", "/sites/new", "add_site", add_new_site, Permission.ADD_SITE),
    Page("GET", "/sites/removed", "removed_sites", show_removed, Permission.ADD_SITE),
    Page("POST", "/sites/removed", "restore_site", restore, Permission.ADD_SITE),
    Page("GET", "/sites/{domain}", "site", show_site, Permission.SEE),
    Page("GET", "/sites/{domain}/lists/{dimension}", "list", show_list, Permission.SEE),
    Page("GET", "/sites/{domain}/now", "now", show_current_visitors, Permission.SEE, is_recorded=False),
    Page("GET", "/sites/{domain}/waiting", "waiting", show_waiting, Permission.SEE, is_recorded=False),
    Page("GET", "/sites/{domain}/sharing", "sharing", show_sharing, Permission.SHARE),
    Page("POST", "/sites/{domain}/sharing", "make_link", make_link, Permission.SHARE),
    Page("POST", "/sites/{domain}/sharing/revoke", "end_link", end_link, Permission.SHARE),
    Page("POST", "/sites/{domain}/public", "publish_site", publish_site, Permission.CHANGE_SITE),
    Page("GET", "/sites/{domain}/install", "install", show_install, Permission.INSTALL),
    Page("GET", "/sites/{domain}/export.csv", "export_csv", export_csv, Permission.EXPORT, is_recorded=False),
    Page("GET", "/sites/{domain}/export.zip", "export_zip", export_zip, Permission.EXPORT, is_recorded=False),
    Page("GET", "/sites/{domain}/graph.svg", "graph_svg", graph_svg, Permission.EXPORT, is_recorded=False),
    Page("GET", "/sites/{domain}/graph.png", "graph_png", graph_png, Permission.EXPORT, is_recorded=False),
    Page("GET", "/sites/{domain}/reports", "mail_reports", show_reports, Permission.MAIL),
    Page("POST", "/sites/{domain}/reports", "add_to_reports", add_to_reports, Permission.MAIL),
    Page("POST", "/sites/{domain}/reports/remove", "remove_from_reports", remove_from_reports, Permission.MAIL),
    Page("GET", "/mail/confirm/{token}", "mail_confirm", show_confirmation, Access.ANYONE),
    Page("POST", "/mail/confirm/{token}", "confirm_mail", confirm, Access.ANYONE),
    Page("GET", "/mail/unsubscribe/{token}", "mail_unsubscribe", show_unsubscribing, Access.ANYONE),
    Page("POST", "/mail/unsubscribe/{token}", "unsubscribe", unsubscribe, Access.ANYONE, is_one_click=True),
    Page("POST", "/sites/{domain}/check", "check_install", check_install, Permission.INSTALL),
    Page("GET", "/sites/{domain}/settings", "site_settings", show_settings, Permission.CHANGE_SITE),
    Page("POST", "/sites/{domain}/settings", "change_site", change_settings, Permission.CHANGE_SITE),
    Page("GET", "/sites/{domain}/goals", "goals", show_goals, Permission.GOALS),
    Page("POST", "/sites/{domain}/goals", "add_goal", add_new_goal, Permission.GOALS),
    Page("POST", "/sites/{domain}/goals/remove", "remove_goal", remove_old_goal, Permission.GOALS),
    Page("GET", "/sites/{domain}/remove", "remove_site", show_site_removal, Permission.REMOVE_SITE),
    Page("POST", "/sites/{domain}/remove", "confirm_removal", remove, Permission.REMOVE_SITE),
)


def add_dashboards(app: web.Application, board: Dashboards) -> None:
    """Add the pages to an application; its other routes stay as they are."""
    app[BOARD] = board
    app[ASSETS] = Assets.read()
    for page in PAGES:
        _add_page(app, page)
        for guest_page, handler in guest_pages(page):
            app.router.add_get(guest_page.path, handler, name=guest_page.name)
    add_password_page(app)
    add_stats_api(app)
    app.router.add_get("/static/{name}", send_asset)
    app.middlewares.append(answer_unknown_pages)
    add_templates(app)


def _add_page(app: web.Application, page: Page) -> None:
    add = app.router.add_get if page.method == "GET" else app.router.add_post
    add(page.path, guarded(page), name=page.name)
