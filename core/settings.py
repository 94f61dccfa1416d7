"""The settings: one typed table, each row with its help.

A setting comes from the environment (``FOOTFALL_PORT``), else from the TOML file that
``FOOTFALL_CONFIG`` names (``port = 8000``), else from its default. docs/settings.md is
made from this table by ``footfall settings``; a test holds them equal.
"""

import os
import re
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import ByteSize, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.errors import SettingError
from core.smtp_url import read_smtp_url

PREFIX = "FOOTFALL_"
CONFIG_VARIABLE = "FOOTFALL_CONFIG"
LEAST_THRESHOLD = 5
"""The k below which no operator can go."""
MOST_THRESHOLD = 100
"""The largest k."""
SHORTEST_RETENTION = 172_800.0
"""Seconds, 48 hours: in the last time zone a day ends 36 hours after its 00:00 UTC, and closes a little later."""
LONGEST_RETENTION = 34_560_000.0
"""Seconds, 400 days: a slip of a zero must not keep raw events for ever."""
NEW_PASSWORD_VARIABLE = "FOOTFALL_NEW_PASSWORD"  # noqa: S105 (a name; scripts that make accounts set it)

STATEMENTS = (
    *("controller", "controller_contact", "data_protection_officer", "purposes", "legal_basis"),
    *("recipients", "processors", "security_measures", "supervisory_authority"),
)
"""The settings that only the privacy notice shows, as they are."""

_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # ASCII without spaces: what every mail server takes

Names = Annotated[tuple[str, ...], NoDecode]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Statement = Annotated[str, Field(max_length=4_000)]
"""What the operator says of itself in the privacy notice, in the operator's own words and language."""


class Settings(BaseSettings):
    """What an operator can choose. Attribute names are the settings' names in lower case."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    data: Path = Field(
        default=Path("footfall-data"),
        description="The folder that holds everything: the embedded store, the spool, the control socket.",
    )
    host: str = Field(default="127.0.0.1", description="The address to listen on; 0.0.0.0 for all.")
    port: int = Field(default=8000, ge=0, le=65_535, description="The port to listen on; 0 takes a free one.")
    public_url: str = Field(
        default="",
        description="The address by which visitors' browsers reach Footfall, such as "
        "https://stats.example.com. Empty: taken from each request.",
    )
    clickhouse: str = Field(
        default="",
        description="A ClickHouse server, such as http://user:password@host:8123/footfall. "
        "Empty: the embedded store in the data folder.",
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Comma-separated networks (CIDR) of the proxies in front. Only they may state a "
        "visitor's address (X-Forwarded-For, Forwarded) and scheme (X-Forwarded-Proto).",
    )
    keep_ipv4_bits: int = Field(
        default=24, ge=0, le=24, description="How much of an IPv4 address is kept: 24 bits or fewer."
    )
    keep_ipv6_bits: int = Field(
        default=48, ge=0, le=48, description="How much of an IPv6 address is kept: 48 bits or fewer."
    )
    country_database: Path | None = Field(
        default=None,
        description="Another country database in MaxMind's format (mmdb). Empty: the DB-IP Lite that "
        "comes with Footfall. The file is read again when it changes.",
    )
    excluded_hostnames: Names = Field(
        default=(),
        description="Comma-separated host names whose pageviews are not counted, such as "
        "localhost,staging.example.com; *.example.dev stands for every name under it.",
    )
    key_folder: Path = Field(
        default=Path("/dev/shm"),  # noqa: S108 (tmpfs on purpose: keys must never touch a disk)
        description="The tmpfs folder where the day's keys are kept across a restart. On another file "
        "system they are kept only in the process, and a restart counts returning visitors again.",
    )
    count_opt_outs: bool = Field(
        default=False,
        description="Count how many requests came from visitors who said no (DNT, Sec-GPC or the opt-out): one "
        "number a day for all sites together, for nothing else is read of them. No setting makes Footfall "
        "count such a visitor.",
    )
    dnt_policy: Path | None = Field(
        default=None,
        description="The file dnt-policy-1.0.txt as the EFF publishes it, to be served as "
        "/.well-known/dnt-policy.txt: with it the operator promises to keep it for a year at a time. It needs an "
        "https:// public_url, and count_opt_outs off.",
    )
    threshold: int = Field(
        default=10,
        ge=LEAST_THRESHOLD,
        le=MOST_THRESHOLD,
        description="A row of a report is shown only when at least this many visitors are in it (k). A site can "
        "have its own threshold and profile: docs/profiles.md.",
    )
    check_private_sites: bool = Field(
        default=False,
        description="For development: let the dashboard's installation check also fetch sites at private and "
        "loopback addresses. Otherwise anyone who may check a site could probe the network that Footfall runs in.",
    )
    batch_rows: int = Field(
        default=50_000,
        ge=1,
        le=100_000,
        description="The most events in one insert into ClickHouse.",
    )
    ship_interval: Seconds = Field(
        default=5.0,
        description="Seconds between checks of the spool for events to ship to ClickHouse. Each check "
        "that finds some makes ClickHouse write and merge a part.",
    )
    spool_limit: ByteSize = Field(
        default=ByteSize(2 * 1024**3),
        gt=0,
        description="How many bytes of events a collector keeps on disk while ClickHouse is unreachable, such as "
        "500MB or 2GiB. At the limit it answers 503 until there is room.",
    )
    rate_limit: float = Field(
        default=100.0,
        ge=0,
        description="Events a second from one network (/24 or /48); ten seconds' worth may come at once. "
        "More is answered 429. Each worker counts what comes to it. 0: no limit.",
    )
    site_rate_limit: float = Field(
        default=5_000.0,
        ge=0,
        description="Events a second for one site; ten seconds' worth may come at once. More is answered "
        "429. Each worker counts what comes to it. 0: no limit.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Collector processes on the one port. 1: inside the process that does everything else; more: "
        "separate processes, each with its own spool. Use one for each core that is to collect.",
    )
    shutdown_timeout: Seconds = Field(
        default=10.0,
        description="Seconds that a stopping process takes to answer what is under way, and as many again "
        "to ship what it can; the rest stays in the spool.",
    )
    collector_patience: Seconds = Field(
        default=21_600.0,
        description="Seconds after which a silent collector no longer keeps days from becoming final. "
        "What it still brings for a final day is counted as late.",
    )
    metrics_token: str = Field(
        default="",
        description="The token that /metrics asks for (Authorization: Bearer ...). Empty: /metrics answers "
        "only callers on this machine, and nobody who comes through a proxy.",
    )
    roll_interval: Seconds = Field(
        default=60.0, description="Seconds between updates of the current day's reports."
    )
    close_grace: float = Field(
        default=300.0,
        ge=0,
        le=21_600,
        description="Seconds after local midnight before a day becomes final and is published.",
    )
    raw_retention: float = Field(
        default=SHORTEST_RETENTION,
        description="Seconds from 00:00 UTC of a day after which its raw events are gone. 48 hours, the least: "
        "they are destroyed as soon as the day is final at every site. More: not before the time is over.",
    )
    controller: Statement = Field(
        default="",
        description="Who is responsible for the counting, for the privacy notice: name and address. If this or "
        "one of the following is empty, the notice says that the operator has not stated it.",
    )
    controller_contact: Statement = Field(
        default="",
        description="How to reach the controller about privacy: an e-mail address, a telephone number.",
    )
    data_protection_officer: Statement = Field(
        default="", description="The data protection officer and how to reach them, if there is one."
    )
    purposes: Statement = Field(
        default="", description="What the counts are used for, such as: to see which pages are read."
    )
    legal_basis: Statement = Field(
        default="", description="The legal basis, such as: Art. 6(1)(f) GDPR, our interest in a site that is used."
    )
    recipients: Statement = Field(default="", description="Who else gets to read the reports.")
    processors: Statement = Field(
        default="",
        description="Who processes data for the controller, such as the company whose servers are used.",
    )
    security_measures: Statement = Field(
        default="", description="What the operator does for security beyond what Footfall does by itself."
    )
    supervisory_authority: Statement = Field(
        default="", description="The authority with which a visitor can lodge a complaint."
    )
    access_record_days: int = Field(
        default=365,
        ge=30,
        le=3_650,
        description="Days for which the access record (who read which reports when) is kept. Lines are dropped "
        "by whole months, so the oldest of a month stay up to 31 days longer.",
    )
    removed_site_days: int = Field(
        default=30,
        ge=0,
        le=365,
        description="Days for which a removed site can be restored; then its reports are destroyed.",
    )
    smtp_url: str = Field(
        default="",
        repr=False,
        description="The mail server that sends reports, such as smtp://user:password@host:587?starttls or "
        "smtps://user:password@host. Empty: nothing is sent. `footfall mail test --to` tries it; docs/mail.md.",
    )
    smtp_sender: str = Field(
        default="",
        description="The sender of e-mails, such as Footfall <stats@example.com>. Needed with smtp_url.",
    )
    session_days: int = Field(default=30, ge=1, le=365, description="Days until people have to log in again.")
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the base class names it)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: command line, environment, TOML file."""
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls))

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _parse_networks(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(_network(text) for text in _split(value))

    @field_validator("excluded_hostnames", mode="before")
    @classmethod
    def _parse_names(cls, value: Any) -> Any:
        return tuple(name.lower() for name in _split(value)) if isinstance(value, str) else value

    @field_validator("public_url", "clickhouse")
    @classmethod
    def _check_url(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
            raise ValueError("must be an address such as https://host:port")
        return value.rstrip("/")

    @field_validator(*STATEMENTS)
    @classmethod
    def _check_statement(cls, value: str) -> str:
        if any(not (character.isprintable() or character == "\n") for character in value):
            raise ValueError("must be text that can be printed: letters, spaces, signs, new lines")
        return value.strip()

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, value: str) -> str:
        if value:
            read_smtp_url(value)
        return value

    @field_validator("smtp_sender")
    @classmethod
    def _check_sender(cls, value: str) -> str:
        if value and (not value.isprintable() or not _ADDRESS.fullmatch(parseaddr(value)[1])):
            raise ValueError("must be an e-mail address, such as Footfall <stats@example.com>")
        return value

    @field_validator("raw_retention")
    @classmethod
    def _check_retention(cls, value: float) -> float:
        if not SHORTEST_RETENTION <= value <= LONGEST_RETENTION:
            raise ValueError(
                f"must be at least {SHORTEST_RETENTION:.0f} seconds (48 hours: in the last time zone a day ends "
                f"36 hours after 00:00 UTC) and at most {LONGEST_RETENTION:.0f} (400 days)"
            )
        return value

    @field_validator("log_level")
    @classmethod
    def _check_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()


def read_settings(**chosen: Any) -> Settings:
    """Read the settings; ``chosen`` are those of the command line (None: not chosen).

    Raises SettingError, one line that names the first wrong setting.
    """
    config = os.environ.get(CONFIG_VARIABLE, "")
    if config and not Path(config).is_file():
        raise SettingError(
            f"{CONFIG_VARIABLE}: there is no file {config}; name an existing TOML file or unset it."
        )

    class Configured(Settings):
        model_config = SettingsConfigDict(toml_file=config or None)

    try:
        return Configured(**{name: value for name, value in chosen.items() if value is not None})
    except ValidationError as error:
        raise SettingError(_first_problem(error)) from None
    except ValueError as error:  # a TOML file that is no TOML
        raise SettingError(f"{CONFIG_VARIABLE}: {config} is not understood: {error}") from None


def unknown_settings(environment: Mapping[str, str]) -> list[str]:
    """Name the ``FOOTFALL_*`` variables that are no setting: most likely misspelt.

    They do not stop the start: Kubernetes sets such names by itself for a service
    that is called footfall.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {CONFIG_VARIABLE, NEW_PASSWORD_VARIABLE}
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    stated = str(problem["loc"][0])
    if stated not in Settings.model_fields:
        return f"{CONFIG_VARIABLE}: the file names {stated}, which is not a setting (see docs/settings.md)"
    name = PREFIX + stated.upper()
    message = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {message[0].lower()}{message[1:]} (see docs/settings.md)"


def _split(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"{text!r} is not a network; write it like 10.0.0.0/8 or 127.0.0.1") from None
