"""docs/settings.md, made from the table of settings."""

from pathlib import Path

from pydantic import ByteSize
from pydantic.fields import FieldInfo

from core.settings import CONFIG_VARIABLE, PREFIX, Settings

_HEAD = f"""# Settings

<!-- Made from core/settings.py by `footfall settings`; a test holds them equal. -->

Footfall is set up with environment variables. The same names in lower case and without
`{PREFIX}` may stand in a TOML file that `{CONFIG_VARIABLE}` names; a variable beats the file, an
option of the command line beats both. A value that cannot be used stops the start in one line.

| setting | default | what it does |
| --- | --- | --- |
"""


def settings_page() -> str:
    """Give the page as Markdown."""
    rows = (
        f"| `{PREFIX}{name.upper()}` | {_default(field)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return _HEAD + "".join(rows)


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is None or value in ("", ()):
        return "empty"
    if isinstance(value, ByteSize):
        return f"`{value.human_readable()}`"
    if isinstance(value, Path):
        return f"`{value.as_posix()}`"
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
