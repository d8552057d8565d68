"""The next kernel's *init*, made in advance: it waits in namespaces of its own for the request that gives it a name."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from .birth import Policy, stand_by


class Spare:
    """At most one at a time. ``leave`` is called in its process, to let go of what only the warm parent is to have."""

    def __init__(self, policy: Policy, become_kernel: Callable[..., None], leave: Callable[[], None]) -> None:
        self._policy = policy
        self._become_kernel = become_kernel
        self._leave = leave
        self._waiting: socket.socket | None = None
        self._ready = False
        self.wanted = policy["nested"]
        """Whether one is to be made; never again once one could not be, since a birth of its own can say why."""

    def fileno(self) -> int:
        """Readable when there is something to :meth:`hear`; -1 while there is none."""
        return -1 if self._waiting is None else self._waiting.fileno()

    def make(self) -> int:
        """Begin to make one; the process that will have forked it."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._leave()
            stand_by(self._policy, theirs, self._become_kernel)
        theirs.close()
        self._waiting, self._ready, self.wanted = ours, False, False
        return pid

    def hear(self) -> None:
        """It says that it is ready, or it is gone."""
        assert self._waiting is not None  # noqa: S101
        if self._waiting.recv(16):
            self._ready = True
        else:
            self.wanted = self._ready
            self.let_go()

    def give(self, request: bytes, channel: int) -> bool:
        """Hand the request over; False if none is ready."""
        if self._waiting is None or not self._ready:
            return False
        try:
            socket.send_fds(self._waiting, [request], [channel])
        except OSError:
            return False  # it ended at this very moment
        finally:
            self.let_go()
            self.wanted = True
        return True

    def let_go(self) -> None:
        """Close the connection; one that still waits ends."""
        if self._waiting is not None:
            self._waiting.close()
            self._waiting = None
