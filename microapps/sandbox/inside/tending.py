"""What *init* of a staged app does for the app's visitors: it has them born, holds their clocks, and ends them.

Of a visitor's own it has two processes: the first of the visitor's namespaces, which rests (:mod:`.resting`) and ends
all that is in them with itself, and the visitor, a fork of the app. *init* is outside of those namespaces, so neither
can reach it. Each step waits for an open file, so that no visitor and no app can hold up another's.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
from collections.abc import Callable
from typing import Any, NoReturn

from . import birth
from .asked import Doorkeeper
from .clock import Clock, timed_out
from .files import Files

_CREDENTIALS = struct.Struct("iII")
_FDS = 8
FILES = b"."
"""What a message says that brings open files and nothing else."""

Make = Callable[[socket.socket, tuple[int, ...]], NoReturn]
"""In a fork of *init*: makes a visitor's namespaces and says so on the socket; keeps the other open files closed."""


class Tending:
    """All visitors of one app, who hears of them at ``to_app``; one piece of work may take ``seconds``."""

    def __init__(self, files: Files, door: Doorkeeper, to_app: socket.socket, seconds: float, make: Make) -> None:
        self.files, self.door, self.to_app, self.seconds, self.make = files, door, to_app, seconds, make
        self.at_work: set[Visitor] = set()

    def hear(self, channel: socket.socket) -> None:
        """A request of the keeper for one more visitor, with its end of a channel and the visitor's stream."""
        data, given, _, _ = socket.recv_fds(channel, birth.LARGEST, 2)
        if not data:
            os._exit(0)  # the keeper is gone, and with process 1 everything here
        Visitor(self, *(socket.socket(fileno=fd) for fd in given)).begin()

    @property
    def left(self) -> float | None:
        """Seconds until the next of them has worked for too long; None while none works."""
        return min((left for each in self.at_work if (left := each.clock.left) is not None), default=None)

    def look(self) -> None:
        """End those that have worked for too long."""
        for each in [each for each in self.at_work if each.clock.late]:
            each.end(each.clock.late)


class Visitor:
    """One visitor, from the keeper's word to its end. ``channel`` is where the keeper hears of it."""

    def __init__(self, tending: Tending, channel: socket.socket, stream: socket.socket) -> None:
        self.clock = Clock(tending.seconds)
        self._tending = tending
        self._channel = channel
        self._stream: socket.socket | None = stream
        self._maker: socket.socket | None = None
        self._heard: socket.socket | None = None
        self._gateway: int | None = None
        self._first = self._visitor = -1

    def begin(self) -> None:
        """Have its namespaces made."""
        self._maker, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if os.fork() == 0:
                self._tending.make(theirs, (theirs.fileno(),))
        self._watch(self._maker, self._made)
        self._watch(self._channel, self._hung_up)

    def _watch(self, what: socket.socket, then: Callable[[], None]) -> None:
        self._tending.files.watch(what.fileno(), then)

    def _close(self, what: socket.socket | None) -> None:
        if what is not None and what.fileno() >= 0:
            self._tending.files.leave(what.fileno())
            what.close()

    def _hung_up(self) -> None:
        """The keeper says nothing more, so it is gone, or wants no visitor."""
        self.end(0.0)

    def _made(self) -> None:
        """Its namespaces are there, with what leads to them; or why they are not."""
        assert self._maker is not None  # noqa: S101
        data, fds, _, _ = socket.recv_fds(self._maker, birth.LARGEST, _FDS)
        self._close(self._maker)
        match json.loads(data) if data else {}:
            case {"spaces": int(count)}:
                self._first, *spaces = fds[: count + 1]
                self._gateway = fds[count + 1] if len(fds) > count + 1 else None
                self._let_in(spaces)
            case {"failed": str(why)}:
                self._fail(why)
            case _:
                self._fail("what was to make a visitor's namespaces ended without a word")

    def _let_in(self, spaces: list[int]) -> None:
        """Have the app fork into them."""
        assert self._stream is not None  # noqa: S101
        self._heard, tells = socket.socketpair()
        self._heard.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._tending.door.expect()
        with tells, self._stream as stream:
            fds = [*spaces, stream.fileno(), tells.fileno()]
            try:
                socket.send_fds(self._tending.to_app, [FILES], fds, socket.MSG_DONTWAIT)
            except OSError as error:  # it is gone, or has taken none for long
                self._fail(f"the app takes no visitor: {error}")
                return
            finally:
                for fd in spaces:
                    os.close(fd)
        self._stream = None
        self._watch(self._heard, self._first_word)

    def _first_word(self) -> None:
        """The visitor's process number, which Linux itself adds to its first word."""
        assert self._heard is not None  # noqa: S101
        data, ancillary, _, _ = self._heard.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
        said = [value for level, kind, value in ancillary if (level, kind) == _THEIRS and data]
        pid = _CREDENTIALS.unpack(said[0][: _CREDENTIALS.size])[0] if said else 0
        try:
            if pid <= 0:
                raise ProcessLookupError("it ended before its first word")
            self._visitor = os.pidfd_open(pid)
        except OSError as error:
            self._fail(f"the app did not fork into its visitor's namespaces: {error}")
            return
        self._watch(self._heard, self._hear_clock)
        self._tending.files.watch(self._visitor, lambda: self.end(0.0))
        gateway = [self._gateway] if self._gateway is not None else []
        self._tell({"born": pid}, [self._first, self._visitor, *gateway])
        self._tell({"listening": True})
        for fd in gateway:
            os.close(fd)
        self._gateway = None

    def _hear_clock(self) -> None:
        assert self._heard is not None  # noqa: S101
        said = os.read(self._heard.fileno(), 4096)
        self.clock.hear(said)
        if not said:
            self._tending.files.leave(self._heard.fileno())  # it closed its side: only its end is left to wait for
        if self.clock.left is None:
            self._tending.at_work.discard(self)
        else:
            self._tending.at_work.add(self)

    def end(self, late: float) -> None:
        """End it with all in its namespaces. ``late``: by how much it worked for too long."""
        self._kill()
        self._tell({"ended": -int(signal.SIGKILL) if late else 0, **timed_out(late)})
        self._forget()

    def _fail(self, why: str) -> None:
        self._kill()
        self._tell({"failed": why})
        self._forget()

    def _kill(self) -> None:
        if self._first >= 0:
            try:
                signal.pidfd_send_signal(self._first, signal.SIGKILL)
            except ProcessLookupError:
                return  # and with it everything there

    def _tell(self, message: dict[str, Any], fds: list[int] | None = None) -> None:
        try:
            birth.send(self._channel, message, fds)
        except OSError:
            return  # the keeper hung up

    def _forget(self) -> None:
        for each in (self._maker, self._heard, self._stream, self._channel):
            self._close(each)
        if self._visitor >= 0:
            self._tending.files.leave(self._visitor)
        for fd in (self._first, self._visitor, self._gateway):
            if fd is not None and fd >= 0:
                os.close(fd)
        self._first = self._visitor = -1
        self._gateway = None
        self._tending.at_work.discard(self)


_THEIRS = (socket.SOL_SOCKET, socket.SCM_CREDENTIALS)
