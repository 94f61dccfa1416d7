"""A change is written down before it is made: no record, no change.

A function that checks what is asked, and then does it, takes a ``WriteDown``. It calls that between the two, right
before its first write: what is refused leaves no line in the access record, and what cannot be written down is
not done.
"""

from collections.abc import Callable
from typing import TypeVar

Changed = TypeVar("Changed")
WriteDown = Callable[[Changed], None]
"""Puts the line on disk; it is given what is about to change, and raises StoreError."""


def write_nothing(_changed: object) -> None:
    """Write no line: for what no person changes, such as the sites and accounts that a demo makes up."""
