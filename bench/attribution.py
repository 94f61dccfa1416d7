"""Whose the CPU time is: what the kernel says of threads, parted by what py-spy saw in each."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bench.process import Thread
from bench.stacks import OURS, Frame, Stack

EVENT_LOOP = "event loop"
OTHER_PYTHON = "Python's other threads (commits, shipping, jobs)"
ENDED = "threads that have ended (ClickHouse's queries)"
NATIVE = "threads without Python (ClickHouse's)"

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Attribution:
    """CPU seconds by thread, by package, by function itself, and by function with all that it calls."""

    threads: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    groups: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    itself: dict[Frame, float] = field(default_factory=lambda: defaultdict(float))
    with_callees: dict[Frame, float] = field(default_factory=lambda: defaultdict(float))

    def total(self) -> float:
        """Give the CPU seconds of all threads."""
        return sum(self.threads.values())

    def ours(self) -> dict[Frame, float]:
        """Give our own functions with all that they call."""
        return {frame: used for frame, used in self.with_callees.items() if frame.package in OURS}


def largest(used: Mapping[Key, float], most: int | None = None) -> list[tuple[Key, float]]:
    """Give the largest entries, in order."""
    return sorted(used.items(), key=lambda entry: -entry[1])[:most]


def used_by_threads(
    process: int, before: Mapping[int, Thread], after: Mapping[int, Thread], total: float
) -> dict[int, Thread]:
    """Give the CPU seconds of each thread between two looks; number 0 are those that ended in between.

    Python's threads bear the process's name, ClickHouse's have names of their own.
    """
    python = after[process].name
    used = {}
    for number, thread in after.items():
        name = OTHER_PYTHON if thread.name == python else thread.name
        seconds = thread.seconds - (before[number].seconds if number in before else 0.0)
        used[number] = Thread(EVENT_LOOP if number == process else name, seconds)
    rest = total - sum(thread.seconds for thread in used.values())
    return used | {0: Thread(ENDED, max(rest, 0.0))}


def attribute(stacks: Sequence[Stack], used: Mapping[int, Thread]) -> Attribution:
    """Part the time of each thread among its stacks."""
    samples: Counter[int] = Counter()
    for stack in stacks:
        samples[stack.thread] += stack.samples
    found = Attribution()
    for number, thread in used.items():
        found.threads[thread.name] += thread.seconds
        if number not in samples:
            found.groups[OTHER_PYTHON if thread.name == OTHER_PYTHON else NATIVE] += thread.seconds
    for stack in stacks:
        if stack.thread in used:
            _add(found, stack, used[stack.thread].seconds * stack.samples / samples[stack.thread])
    return found


def _add(found: Attribution, stack: Stack, seconds: float) -> None:
    innermost = stack.frames[-1]
    found.groups[innermost.group] += seconds
    found.itself[innermost] += seconds
    for frame in set(stack.frames):
        found.with_callees[frame] += seconds
