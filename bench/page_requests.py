"""How long the server takes for a page, and how many bytes it is: asked over one connection on loopback."""

from dataclasses import dataclass
from http.client import HTTPConnection
from time import perf_counter
from urllib.parse import urlsplit

from bench.engines import Engine
from bench.machine import BenchError
from bench.page_server import Served
from bench.process import cpu_seconds
from bench.rolls import timed

CODINGS = ("identity", "gzip", "br")
_WARM_UP = 3
_OK = 200


@dataclass(frozen=True, slots=True)
class Answers:
    """The rounds of one page: seconds from the request to the answer's last byte, and of a SELECT 1 before them.

    ``cpu`` are the seconds of a core that a round took, in the server's processes and, which is little, in the
    one that asks: a noisy machine lengthens them least. ``sizes`` are bytes of the body by the coding asked for.
    """

    name: str
    seconds: tuple[float, ...]
    bare: tuple[float, ...]
    cpu: float
    sizes: dict[str, int]


def ask_page(served: Served, engine: Engine, name: str, path: str, rounds: int) -> Answers:
    """Ask for a page so many times. Raises BenchError for an answer that is none."""
    connection = HTTPConnection(urlsplit(served.address).netloc)
    try:
        sizes = {coding: _asked(connection, served, path, coding)[1] for coding in CODINGS}
        for _round in range(_WARM_UP):
            _asked(connection, served, path)
        bare = [timed(lambda: engine.store.rows("SELECT 1")) for _round in range(rounds)]
        before = _cpu_seconds(engine)
        seconds = [_asked(connection, served, path)[0] for _round in range(rounds)]
        cpu = (_cpu_seconds(engine) - before) / rounds
    finally:
        connection.close()
    return Answers(name, tuple(seconds), tuple(bare), cpu, sizes)


def _cpu_seconds(engine: Engine) -> float:
    return sum(map(cpu_seconds, engine.processes))


def _asked(connection: HTTPConnection, served: Served, path: str, coding: str = "br, gzip") -> tuple[float, int]:
    """Give the seconds until the last byte, and the body's size as it came."""
    headers = {"Accept": "text/html", "Accept-Encoding": coding, "Cookie": "=".join(served.cookie)}
    begun = perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    taken = perf_counter() - begun
    if answer.status != _OK:
        raise BenchError(f"GET {path} was answered {answer.status}.")
    return taken, len(body)
