"""Waiting for many open files at once, without an event loop: what is to be done when each of them is readable."""

from __future__ import annotations

import select
from collections.abc import Callable


class Files:
    """The open files of one process that it waits for."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._then: dict[int, Callable[[], None]] = {}

    def watch(self, fd: int, then: Callable[[], None]) -> None:
        """Do ``then`` whenever ``fd`` is readable or its other side is closed; in place of what was to be done."""
        if fd not in self._then:
            self._poll.register(fd, select.EPOLLIN)
        self._then[fd] = then

    def leave(self, fd: int) -> None:
        """Watch it no longer; to be called before it is closed."""
        if self._then.pop(fd, None) is not None:
            self._poll.unregister(fd)

    def wait(self, seconds: float | None) -> None:
        """Wait so long at most, and do what is to be done."""
        for fd, _ in self._poll.poll(None if seconds is None else max(0.0, seconds) + 0.001):
            if (then := self._then.get(fd)) is not None:  # one that was done before may have left it
                then()
