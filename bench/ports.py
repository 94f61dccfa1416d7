"""Ports of the loopback address, for servers of a measurement's or a test's own."""

import random
import socket
from pathlib import Path

_GIVEN_TO_CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """Give a port that nobody listens on, and that the system gives to no client before a server takes it."""
    first_of_clients = int(_GIVEN_TO_CLIENTS.read_text(encoding="ascii").split()[0])
    while True:
        port = random.randrange(first_of_clients // 2, first_of_clients)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def is_open(port: int) -> bool:
    """Tell whether somebody listens on a port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
