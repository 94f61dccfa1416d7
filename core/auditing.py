"""What an audit gives: each part of Footfall has audits of its own, `footfall audit` runs them all."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from core.store import Store


@dataclass(frozen=True, slots=True)
class Result:
    """What an audit looked at, and every violation it found, in one line each."""

    name: str
    checked: str
    violations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inspected:
    """The installation that is audited. ``logs`` are log files that the operator named."""

    settings: Settings
    store: Store
    logs: tuple[Path, ...] = ()


OtherAudit = Callable[[Inspected], Result]
"""An audit of a part that ``aggregate`` cannot know, such as the ways in."""
