"""A Unix socket that its owner alone may open."""

import os
import socket
from pathlib import Path

from core.errors import StoreError


def private_socket(path: Path) -> socket.socket:
    """Bind a socket that is 0600 from its first moment; one that is there already goes. Raises StoreError."""
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        bound.bind(str(path))
    except OSError as error:
        bound.close()
        raise StoreError(f"The socket {path} cannot be created ({error}); choose a shorter --data.") from None
    finally:
        os.umask(before)
    return bound
