"""What an app's own Python tries to reach is noted outside, whether or not it was given any host.

A kernel has no network to try: looking up a name fails in it before anything leaves. So the process itself tells, on a
socket inherited from the warm parent, by Python's audit events. Nothing comes back on that socket. This informs the
owner of an app; it confines nothing, and code that goes around Python's own sockets is not heard.
"""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

from . import PROXY_PORT

_TARGETS = 200
"""Different targets that one process tells of."""
_EVENTS = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.connect": 1, "socket.sendto": 1}
"""Event to the place of the host, or of an address, among its arguments."""


def note_attempts(fd: int) -> None:
    """Tell on the open socket ``fd``, from now on and in all forks: the first time, and whenever the count doubles."""
    if fd < 0:
        return
    tells = socket.socket(fileno=fd)
    seen: dict[tuple[str, int], int] = {}

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _EVENTS:
            return
        target = _target(event, arguments)
        if target is None or (target not in seen and len(seen) >= _TARGETS):
            return
        if target in seen and event == "socket.connect":
            return  # what was looked up before it is connected to is one attempt
        times = seen[target] = seen.get(target, 0) + 1
        if times & (times - 1) == 0:
            said = {"host": target[0], "port": target[1], "times": max(1, times // 2)}
            try:
                tells.send(json.dumps(said).encode())
            except OSError:
                return  # nobody keeps up with the notes, or the app closed the socket

    sys.addaudithook(heard)


def _target(event: str, arguments: tuple[Any, ...]) -> tuple[str, int] | None:
    """Host and port; None for what leads nowhere outside, or to the way out, which has notes of its own."""
    given = arguments[_EVENTS[event]]
    port: Any = arguments[1] if event == "socket.getaddrinfo" else 0
    if isinstance(given, tuple) and len(given) >= 2:
        given, port = given[0], given[1]
    host = given.decode("ascii", "replace") if isinstance(given, bytes) else given
    if not isinstance(host, str) or not host or (event.endswith(("connect", "sendto")) and port == 0):
        return None
    try:
        number = int(port or 0)
    except (TypeError, ValueError):
        number = 0
    return None if (host, number) == ("127.0.0.1", PROXY_PORT) else (host[:255], number)
