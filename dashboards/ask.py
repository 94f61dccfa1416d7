"""What a page is asked: by whom, about which site, with which form; and how it answers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp_jinja2
from aiohttp import web
from yarl import URL

from core.accesses import Access, Accessed
from core.errors import SaidError
from core.sites import NO_SITE, Site
from dashboards.board import BOARD, Dashboards
from dashboards.cookies import drop_cookie, put_cookie, read_cookie
from dashboards.csrf import csrf_token
from dashboards.language import Language, language_of
from dashboards.permissions import NOBODY, Kind, Permission, Principal
from dashboards.rendering import TEMPLATES
from dashboards.theme import theme_of


@dataclass(frozen=True, slots=True)
class Way:
    """By which addresses the pages of the asked site are reached by who asks.

    ``prefix`` leads the names of these pages' routes, ``parts`` are the variable parts of their paths.
    """

    prefix: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to a page, once it is known who asks, and that they may.

    ``secret`` is what the tokens of forms are made from, or "" for a page without forms.
    ``about`` is the site that the path names, or None for a page that is about no site.
    """

    request: web.Request
    principal: Principal = NOBODY
    secret: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    about: Site | None = None
    way: Way = field(default_factory=Way)

    @property
    def person(self) -> str:
        """The e-mail address of who is logged in, or ""."""
        return self.principal.name if self.principal.kind is Kind.ACCOUNT else ""

    @property
    def site(self) -> Site:
        """The site that the path names. Raises LookupError on a page that is about none."""
        if self.about is None:
            raise LookupError(f"{self.request.path} is about no site")
        return self.about

    @property
    def sites(self) -> list[Site]:
        """The sites that who asks may see, ordered by domain."""
        return self.principal.seen(self.board.sites.all())

    @property
    def board(self) -> Dashboards:
        """What the pages stand on."""
        return self.request.app[BOARD]

    @property
    def now(self) -> datetime:
        """The present instant."""
        return self.board.clock()

    @property
    def language(self) -> Language:
        """The language of who asks: the one they chose, or of those that the browser wants the first there is."""
        return language_of(self.principal.language, self.request.headers.get("Accept-Language", ""))

    def may(self, permission: Permission) -> bool:
        """Tell whether who asks may do something: on the asked site, or on a page about none everywhere."""
        return self.principal.may(permission, self.about.number if self.about else NO_SITE)

    def why(self, error: SaidError) -> str:
        """Say in the language of who asks what is wrong."""
        return self.language.text(error.template, **error.values)

    def part(self, name: str) -> str:
        """Give a variable part of the path, such as an invitation's token."""
        return self.request.match_info.get(name, "")

    def path_of(self, page: str, **parts: str) -> str:
        """Give the path of a page by its name."""
        return str(self.request.app.router[page].url_for(**parts))

    def site_url(self, page: str = "site", query_: Mapping[str, str] | None = None, **parts: str) -> URL:
        """Give the path of a page about the asked site, by its name, as who asks reaches it.

        Who came by a shared link gets paths under /share/…; only pages that need Permission.SEE have those.
        Raises KeyError for a page that who asks has no way to: ask ``may`` before.
        """
        url = self.request.app.router[self.way.prefix + page].url_for(**self.way.parts, **parts)
        return url.with_query(query_) if query_ else url

    def site_path(self, page: str = "site", query_: Mapping[str, str] | None = None, **parts: str) -> str:
        """Give ``site_url`` as a text."""
        return str(self.site_url(page, query_, **parts))

    def write_down(self, what: Accessed, who: str, site: int = NO_SITE, detail: str = "") -> None:
        """Write down who does what; it is on disk when this returns. Blocks; raises StoreError."""
        self.board.accesses.append(Access(self.now, who, what, site, detail))

    async def record(self, what: Accessed, who: str, site: int = NO_SITE, detail: str = "") -> None:
        """Write down who does what, in a thread: before what is done, or it is not done. Raises StoreError."""
        await asyncio.to_thread(self.write_down, what, who, site, detail)

    def render(self, template: str, status: int = 200, **context: object) -> web.Response:
        """Answer with a page."""
        language = self.language
        common = {
            "person": self.person,
            "csrf": csrf_token(self.secret) if self.secret else "",
            "may": self.may,
            "manages_people": self.principal.may(Permission.PEOPLE),
            "adds_sites": self.principal.may(Permission.ADD_SITE),
            "home": self.site_path() if self.way.prefix else self.path_of("sites"),
            "site_url": self.site_url,
            "theme": theme_of(self.request),
        }
        response = aiohttp_jinja2.render_template(
            template, self.request, common | context, app_key=TEMPLATES[language.code], status=status
        )
        response.headers["Content-Language"] = language.code
        response.headers.add("Vary", "Accept-Language")
        return response

    def say(self, status: int, title: str, text: str, *, again: str = "") -> web.Response:
        """Answer with a page that only says something; ``again`` is the path of what is worth another try."""
        return self.render("message.html", status, title=title, text=text, again=again)

    def missing(self) -> web.Response:
        """Answer that there is no such page."""
        return self.say(
            404,
            self.language.text("Page not found"),
            self.language.text("The address may be mistyped, or the page may be gone."),
        )

    def go(self, path: str) -> web.Response:
        """Answer with another page's path, to be fetched with GET."""
        return web.Response(status=303, headers={"Location": path})

    def cookie(self, name: str) -> str:
        """Give the value of a cookie of ours, or ""."""
        return read_cookie(self.request, self.board.settings, name)

    def put_cookie(self, response: web.Response, name: str, value: str, max_age: int | None = None) -> None:
        """Set a cookie that no script can read and no other site's form can send; ``max_age`` is in seconds."""
        put_cookie(response, self.request, self.board.settings, name, value, max_age)

    def drop_cookie(self, response: web.Response, name: str) -> None:
        """Make the browser forget a cookie."""
        drop_cookie(response, self.request, self.board.settings, name)
