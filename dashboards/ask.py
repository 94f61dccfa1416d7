"""What a page is asked: by whom, with which form; and how it answers."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import aiohttp_jinja2
from aiohttp import web

from core.accesses import Access, Accessed
from core.sites import NO_SITE
from dashboards.board import BOARD, Dashboards
from dashboards.csrf import csrf_token
from dashboards.language import Language, language_of
from dashboards.origin import is_secure
from dashboards.rendering import TEMPLATES


@dataclass(frozen=True, slots=True)
class Ask:
    """A request to a page, once it is known who asks.

    ``person`` is the e-mail address of who is logged in, or "". ``secret`` is what the tokens
    of forms are made from, or "" for a page without forms.
    """

    request: web.Request
    person: str = ""
    secret: str = ""
    form: Mapping[str, str] = field(default_factory=dict)

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
        """The language of who asks: of those that the browser wants, the first that there is."""
        return language_of("", self.request.headers.get("Accept-Language", ""))

    def part(self, name: str) -> str:
        """Give a variable part of the path, such as a site's domain."""
        return self.request.match_info.get(name, "")

    def path_of(self, page: str, **parts: str) -> str:
        """Give the path of a page by its name."""
        return str(self.request.app.router[page].url_for(**parts))

    async def record(self, what: Accessed, who: str, site: int = NO_SITE, detail: str = "") -> None:
        """Write down who did what; it is on disk when this returns. Raises StoreError."""
        access = Access(self.now, who, what, site, detail)
        await asyncio.to_thread(self.board.accesses.append, access)

    def render(self, template: str, status: int = 200, **context: object) -> web.Response:
        """Answer with a page."""
        language = self.language
        common = {"person": self.person, "csrf": csrf_token(self.secret) if self.secret else ""}
        response = aiohttp_jinja2.render_template(
            template, self.request, common | context, app_key=TEMPLATES[language.code], status=status
        )
        response.headers["Content-Language"] = language.code
        response.headers.add("Vary", "Accept-Language")
        return response

    def say(self, status: int, title: str, text: str) -> web.Response:
        """Answer with a page that only says something."""
        return self.render("message.html", status, title=title, text=text)

    def missing(self) -> web.Response:
        """Answer that there is no such page."""
        return self.say(
            404,
            self.language.text("There is no such page"),
            self.language.text("The address may be mistyped, or what it showed is gone."),
        )

    def go(self, path: str) -> web.Response:
        """Answer with another page's path, to be fetched with GET."""
        return web.Response(status=303, headers={"Location": path})

    def put_cookie(self, response: web.Response, name: str, value: str, max_age: int | None = None) -> None:
        """Set a cookie that no script can read and no other site's form can send."""
        secure = is_secure(self.request, self.board.settings)
        response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=secure)

    def drop_cookie(self, response: web.Response, name: str) -> None:
        """Make the browser forget a cookie."""
        secure = is_secure(self.request, self.board.settings)
        response.del_cookie(name, path="/", httponly=True, samesite="Lax", secure=secure)
