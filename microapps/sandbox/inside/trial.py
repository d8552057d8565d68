"""Tries on this machine, in the real containment, every step of a kernel's birth but ipykernel.

Run as ``python -P -m microapps.sandbox.inside.trial FD``; reads a policy from the socket, writes what failed to
standard error. Exit status 0: all of it works.
"""

from __future__ import annotations

import json
import os
import socket
import sys

from .birth import bear
from .warm import settle


def main() -> None:
    """Bear a kernel that does nothing, and hear how it ended."""
    given = socket.socket(fileno=int(sys.argv[1]))
    policy = json.loads(given.recv(1 << 20))
    settle(policy)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        ours.close()
        bear(policy, {"name": "trial"}, theirs, _start_python)
    theirs.close()
    while True:
        data, fds, _, _ = socket.recv_fds(ours, 1 << 16, 4)
        for fd in fds:
            os.close(fd)
        message = json.loads(data) if data else {"failed": "a trial kernel ended without a word"}
        if "failed" in message:
            sys.exit(message["failed"])
        if "ended" in message:
            sys.exit(message["ended"] and "a trial kernel could not be confined")


def _start_python(*_: object) -> None:
    """In place of ipykernel: find out whether Python itself can be reached from here."""
    os.execv(sys.executable, [sys.executable, "-P", "-c", "import subprocess"])  # noqa: S606


if __name__ == "__main__":
    main()
