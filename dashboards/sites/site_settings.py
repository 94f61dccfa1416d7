"""The settings of a site: how its days are published, and what is not counted."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from core.accesses import Accessed
from core.errors import SiteError
from core.exclusions import Exclusions
from core.profiles import SETTINGS_THRESHOLD, Profile, check_profile
from core.settings import LEAST_THRESHOLD, MOST_THRESHOLD
from core.sites import Site, change_site
from dashboards.ask import Ask
from dashboards.language import message
from dashboards.origin import public_origin

_OPT_OUT = "/privacy/opt-out"
"""The collector's page on which a browser says that it is not to be counted."""

PROFILE_WORDS: Mapping[Profile, tuple[str, str]] = {
    Profile.BALANCED: (
        message("Balanced"),
        message("Exact numbers for rows that reach the minimum below. Today is shown while it is under way."),
    ),
    Profile.STRICT: (
        message("Strict"),
        message(
            "Shows days only once they are final. Numbers are rounded to tens, and chance decides how many "
            "visitors a row needs."
        ),
    ),
    Profile.DP: (
        message("Differential privacy"),
        message(
            "Shows days only once they are final, with noise that limits what anybody can learn about one visitor."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class SettingsForm:
    """What stands in the form, and what is wrong with it by field."""

    profile: str
    threshold: str
    pages: str
    hostnames: str
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, site: Site) -> Self:
        """Fill the form with what holds."""
        threshold = str(site.threshold) if site.threshold != SETTINGS_THRESHOLD else ""
        return cls(site.profile, threshold, "\n".join(site.exclusions.pages), "\n".join(site.exclusions.hostnames))

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self:
        """Read what was sent."""
        profile, threshold, pages, hostnames = (form.get(name, "").strip() for name in _READERS)
        return cls(profile, threshold, pages, hostnames)


async def show_settings(ask: Ask) -> web.Response:
    """``GET /sites/{domain}/settings``."""
    return _page(ask, SettingsForm.of(ask.site), saved="saved" in ask.request.query)


async def change_settings(ask: Ask) -> web.Response:
    """``POST /sites/{domain}/settings``: all of it or nothing is changed."""
    form = SettingsForm.read(ask.form)
    errors, chosen = dict[str, str](), _Chosen()
    for name, read in _READERS.items():
        try:
            read(form, chosen)
        except SiteError as error:
            errors[name] = ask.why(error)
    if errors:
        return _page(ask, SettingsForm(form.profile, form.threshold, form.pages, form.hostnames, errors), 400)
    await asyncio.to_thread(
        change_site,
        ask.board.store,
        ask.site.domain,
        ask.now,
        chosen.profile,
        chosen.threshold,
        Exclusions(chosen.pages, chosen.hostnames),
        lambda site: _write_down(ask, site),
    )
    await asyncio.to_thread(ask.board.sites.refresh, ask.board.store)
    return ask.go(ask.site_path("site_settings", {"saved": ""}))


def _write_down(ask: Ask, changed: Site) -> None:
    k = changed.threshold or ask.board.settings.threshold
    excluded = len(changed.exclusions.pages) + len(changed.exclusions.hostnames)
    detail = f"{changed.profile}, threshold {k}, {excluded} exclusions"
    ask.write_down(Accessed.SITE_CHANGED, ask.principal.name, changed.number, detail)


@dataclass(slots=True)
class _Chosen:
    """What was read so far."""

    profile: Profile = Profile.BALANCED
    threshold: int = SETTINGS_THRESHOLD
    pages: tuple[str, ...] = ()
    hostnames: tuple[str, ...] = ()


def _read_profile(form: SettingsForm, chosen: _Chosen) -> None:
    if form.profile not in set(Profile):
        raise SiteError("Choose a profile.")
    chosen.profile = Profile(form.profile)
    check_profile(chosen.profile)


def _read_threshold(form: SettingsForm, chosen: _Chosen) -> None:
    text = form.threshold
    is_number = text.isascii() and text.isdigit()
    if text and not (is_number and LEAST_THRESHOLD <= int(text[:9]) <= MOST_THRESHOLD):
        raise SiteError(
            "Enter a number from %(least)s to %(most)s, or leave this empty.",
            least=LEAST_THRESHOLD,
            most=MOST_THRESHOLD,
        )
    chosen.threshold = int(text) if text else SETTINGS_THRESHOLD


def _read_pages(form: SettingsForm, chosen: _Chosen) -> None:
    chosen.pages = Exclusions.read(form.pages.splitlines(), ()).pages


def _read_hostnames(form: SettingsForm, chosen: _Chosen) -> None:
    chosen.hostnames = Exclusions.read((), form.hostnames.splitlines()).hostnames


_READERS = {
    "profile": _read_profile,
    "threshold": _read_threshold,
    "pages": _read_pages,
    "hostnames": _read_hostnames,
}


def _page(ask: Ask, form: SettingsForm, status: int = 200, *, saved: bool = False) -> web.Response:
    return ask.render(
        "site_settings.html",
        status,
        site=ask.site,
        form=form,
        saved=saved,
        profiles=PROFILE_WORDS,
        usual=ask.board.settings.threshold,
        least=LEAST_THRESHOLD,
        most=MOST_THRESHOLD,
        opt_out=public_origin(ask.request, ask.board.settings) + _OPT_OUT,
    )
