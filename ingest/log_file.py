"""A log file: what identifies it, and its lines, one at a time however long the file is.

A file is known by the SHA-256 of its content, uncompressed. Lines are read only as far as that
content went, so a log that a server is still writing to is one well-defined file.
"""

import gzip
import io
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO

from core.errors import ImportFileError

MOST_LINE_BYTES = 64 * 1024
_GZIP = b"\x1f\x8b"  # RFC 1952 section 2.3.1
_CHUNK_BYTES = 1024 * 1024
_LINES_A_STEP = 1_000

Progress = Callable[[int, int], None]
"""Is told how many bytes of the file are read, and of how many."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file and its content: hash and length uncompressed, ``size`` as it lies on disk."""

    path: Path
    sha256: str
    length: int
    size: int


def check_file(path: Path) -> None:
    """Find out whether there is a file that can be read, before anything else is begun. Raises ImportFileError."""
    with _opened(path):
        pass


def identify(path: Path) -> LogFile:
    """Read a file once and tell what it is. Raises ImportFileError."""
    content, length = sha256(), 0
    with _opened(path) as (_raw, file):
        while chunk := file.read(_CHUNK_BYTES):
            content.update(chunk)
            length += len(chunk)
    if not length:
        raise ImportFileError(f"{path} is empty.")
    return LogFile(path, content.hexdigest(), length, path.stat().st_size)


def numbered_lines(log: LogFile, progress: Progress) -> Iterator[tuple[int, bytes]]:
    """Yield every line that is not blank with its number, without its line break.

    Of a line over MOST_LINE_BYTES only the beginning is given. Raises ImportFileError.
    """
    number, left = 0, log.length
    with _opened(log.path) as (raw, file):
        while left > 0 and (line := file.readline(min(left, MOST_LINE_BYTES))):
            left -= len(line)
            number += 1
            if not line.endswith(b"\n"):
                left -= _skip_line(file, left)
            if not line.isspace():
                yield number, line.rstrip(b"\r\n")
            if number % _LINES_A_STEP == 0:
                progress(min(raw.tell(), log.size), log.size)
    progress(log.size, log.size)


def _skip_line(file: IO[bytes], left: int) -> int:
    """Read on to the end of a line; give how many bytes that were."""
    skipped = 0
    while skipped < left and (rest := file.readline(min(left - skipped, MOST_LINE_BYTES))):
        skipped += len(rest)
        if rest.endswith(b"\n"):
            break
    return skipped


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open a file; give it as it lies on disk, and its content uncompressed."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe, say, can be read only once
            raise ImportFileError(f"{path} is no regular file; name a log file, plain or .gz.")
        with path.open("rb") as raw:
            packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            yield raw, io.BufferedReader(gzip.GzipFile(fileobj=raw), _CHUNK_BYTES) if packed else raw
    except FileNotFoundError:
        raise ImportFileError(f"There is no file {path}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise ImportFileError(f"{path} is a damaged .gz file; nothing of it was counted.") from None
    except OSError as error:
        raise ImportFileError(f"{path} cannot be read ({error.strerror}).") from None
