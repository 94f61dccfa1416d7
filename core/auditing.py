"""What an audit gives: each part of Footfall has audits of its own, `footfall audit` runs them all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What an audit looked at, and every violation it found, in one line each."""

    name: str
    checked: str
    violations: tuple[str, ...] = ()
