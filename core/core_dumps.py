"""Core dumps: files in which the system keeps a crashed process's memory, and so the day's keys."""

import resource


def refuse_core_dumps() -> None:
    """Let the system write none of this process, and of those that it starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
