"""The templates of the pages: compiled once for each language, so that a page is rendered in its reader's."""

from collections.abc import Mapping

import aiohttp_jinja2
import jinja2
from aiohttp import web

from dashboards.assets import ASSETS
from dashboards.language import Language, languages
from dashboards.permissions import Permission

TEMPLATES: Mapping[str, web.AppKey[jinja2.Environment]] = {
    code: web.AppKey(f"templates_{code}", jinja2.Environment) for code in languages()
}
"""Where an application keeps its templates, by language."""


def add_templates(app: web.Application) -> None:
    """Add the templates of all languages to an application whose assets are known."""
    for code, language in languages().items():
        templates = aiohttp_jinja2.setup(
            app,
            app_key=TEMPLATES[code],
            loader=jinja2.PackageLoader("dashboards"),
            auto_reload=False,  # a page would look fifty times whether a file of its templates has changed
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        templates.policies["ext.i18n.trimmed"] = True
        templates.install_gettext_translations(language.catalogue, newstyle=True)  # type: ignore[attr-defined]
        templates.globals |= {"asset": app[ASSETS].url, "language": language, "Permission": Permission}
        templates.filters |= _filters(language)


def _filters(language: Language) -> dict[str, object]:
    return {
        "number": language.number,
        "decimal": language.decimal,
        "percent": language.percent,
        "duration": language.duration,
        "day_in_words": language.day,
    }
