"""The load: wrk on a core of its own, sending what traffic.lua puts together.

What wrk's latencies are: from the writing of a request to the end of its answer, as seen by wrk.
Each connection waits for its answer before it sends again, so a server that stalls is sent less
meanwhile (coordinated omission). wrk makes up for a stall only where it took more than twice as long as
a connection's usual round; with pauses, that round holds the pause. So a percentile of a paced run tells
of requests that were sent, not of those that visitors would have sent during a stall.
"""

import json
import resource
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.machine import BenchError, two_cores

TRAFFIC = Path(__file__).with_name("traffic.lua")
SITES = tuple(f"bench-{number}.example.com" for number in range(1, 6))  # as in traffic.lua
SEED = 1

_STARTING = 30  # seconds beyond its run that wrk may take


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk says of a run; latencies in milliseconds."""

    connections: int
    seconds: float
    requests: int
    refused: int
    socket_errors: int
    timeouts: int
    p50: float
    p75: float
    p90: float
    p99: float
    longest: float
    generator_share: float

    @property
    def acknowledged(self) -> int:
        """How many requests were answered 2xx: the only ones below 400 that either server knows."""
        return self.requests - self.refused

    @property
    def rate(self) -> float:
        """Acknowledged requests a second."""
        return self.acknowledged / self.seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """How a server is loaded: over how many connections, for how long, with what mean pause (milliseconds).

    ``instructions``: whether they are counted meanwhile.
    """

    connections: int
    seconds: int
    pause: float = 0.0
    instructions: bool = False


def pause_for(connections: int, rate: float) -> float:
    """Give the mean pause (milliseconds) that makes a rate, answers being quick; none for the highest: 0."""
    return connections / rate * 1000 if rate else 0.0


class RunningLoad:
    """A wrk that has been started."""

    def __init__(self, url: str, plan: Plan) -> None:
        self._plan = plan
        self._used_before = _children_seconds()
        self._process = subprocess.Popen(_command(url, plan), stdout=subprocess.PIPE, text=True)

    def lasts(self, seconds: float) -> bool:
        """Wait so long, or until it is over; tell whether it still runs."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True
        return False

    def result(self) -> Load:
        """Wait until it is over, and give what it says. Raises BenchError."""
        try:
            output, _ = self._process.communicate(timeout=self._plan.seconds + _STARTING)
        except subprocess.TimeoutExpired:
            raise BenchError("wrk does not end.") from None
        finally:
            self.stop()
        if self._process.returncode != 0:
            raise BenchError(f"wrk ended with {self._process.returncode}:\n{output}")
        return _parse(output, self._plan, _children_seconds() - self._used_before)

    def stop(self) -> None:
        """End it now, if it has not ended."""
        self._process.kill()
        self._process.wait()


def run_load(url: str, plan: Plan) -> Load:
    """Load a server and give what wrk says. Raises BenchError."""
    return RunningLoad(url, plan).result()


def _command(url: str, plan: Plan) -> list[str]:
    _server, core = two_cores()
    pinned = ["taskset", "-c", str(core)]
    sized = ["wrk", "-t1", f"-c{plan.connections}", f"-d{plan.seconds}s", "-s", str(TRAFFIC)]
    return [*pinned, *sized, url, "--", str(SEED), f"{plan.pause:.3f}"]


def _parse(output: str, plan: Plan, used: float) -> Load:
    said = json.loads(output.splitlines()[-1])
    seconds = said["duration"] / 1_000_000
    percentiles = {name: said[name] / 1000 for name in ("p50", "p75", "p90", "p99")}
    return Load(
        connections=plan.connections,
        seconds=seconds,
        requests=said["requests"],
        refused=said["refused"],
        socket_errors=said["connect"] + said["read"] + said["write"],
        timeouts=said["timeout"],
        longest=said["max"] / 1000,
        generator_share=used / seconds,
        **percentiles,
    )


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
