"""What perf sees of a process: in which libraries, and in the kernel, its CPU time goes."""

import re
import shutil
import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

_SAMPLES_A_SECOND = 500
_REPORT_LIMIT = 120  # seconds
_STARTING = 30
_LINE = re.compile(r"^\s*([\d.]+)%\s+(.+?)\s{2,}(\S.*?)\s*$", re.MULTILINE)
_BUILD = re.compile(r"\.(?:cpython-|abi3).*|\.so.*")


@dataclass(frozen=True, slots=True)
class Libraries:
    """Shares of the CPU time by library: in threads that Python started, and in others (ClickHouse's)."""

    of_python: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    of_others: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def of_all(self) -> dict[str, float]:
        """Give the shares of both together."""
        names = self.of_python.keys() | self.of_others.keys()
        return {name: self.of_python.get(name, 0.0) + self.of_others.get(name, 0.0) for name in names}


def record_libraries(process: int, seconds: int, folder: Path) -> Libraries | None:
    """Watch a process for a while; None where there is no perf, or where it may not look."""
    if shutil.which("perf") is None:
        return None
    path = folder / "perf.data"
    watched = ("-F", str(_SAMPLES_A_SECOND), "-e", "cpu-clock", "-p", str(process))
    done = subprocess.run(
        ["perf", "record", "-q", *watched, "-o", path, "--", "sleep", str(seconds)],
        capture_output=True,
        timeout=seconds + _STARTING,
        check=False,
    )
    return _report(path, Path(f"/proc/{process}/comm").read_text().strip()) if done.returncode == 0 else None


def parse_report(text: str, python: str) -> Libraries:
    """Read perf's report by thread name and library; ``python`` is the name of Python's own threads."""
    found = Libraries()
    for share, name, library in _LINE.findall(text):
        shares = found.of_python if name == python else found.of_others
        shares[_BUILD.sub("", library).strip("[]").removesuffix(".kallsyms")] += float(share) / 100
    return found


def _report(path: Path, python: str) -> Libraries | None:
    done = subprocess.run(
        ["perf", "report", "-i", path, "--stdio", "--sort", "comm,dso"],
        capture_output=True,
        text=True,
        timeout=_REPORT_LIMIT,
        check=False,
    )
    return parse_report(done.stdout, python) if done.returncode == 0 else None
