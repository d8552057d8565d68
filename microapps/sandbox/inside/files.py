"""Waiting for many open files at once, without an event loop: what is to be done when each of them is readable."""

from __future__ import annotations

import select
import signal
import socket
from collections.abc import Callable


class _Watch:
    """What is to be done for one open file, from when it is watched until it is left."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.then = then


class Files:
    """The open files of one process that it waits for."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._watched: dict[int, _Watch] = {}

    def watch(self, fd: int, then: Callable[[], None]) -> None:
        """Do ``then`` whenever ``fd`` is readable or its other side is closed; in place of what was to be done."""
        if (watched := self._watched.get(fd)) is not None:
            watched.then = then
            return
        self._poll.register(fd, select.EPOLLIN)
        self._watched[fd] = _Watch(then)

    def leave(self, fd: int) -> None:
        """Watch it no longer; to be called before it is closed."""
        if self._watched.pop(fd, None) is not None:
            self._poll.unregister(fd)

    def wait(self, seconds: float | None) -> None:
        """Wait so long at most, and do what is to be done."""
        found = self._poll.poll(None if seconds is None else max(0.0, seconds) + 0.001)
        for fd, watched in [(fd, self._watched[fd]) for fd, _ in found if fd in self._watched]:
            if self._watched.get(fd) is watched:  # else one before has left it; another file may have its number now
                watched.then()


def wake_on_child() -> socket.socket:
    """An open file that is readable once a child of this process has ended; it does not block."""
    woken, wakes = socket.socketpair()
    woken.setblocking(False)
    wakes.setblocking(False)
    signal.set_wakeup_fd(wakes.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return woken
