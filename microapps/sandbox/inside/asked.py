"""Being asked about a system call: the one that a staged app may make only while a visitor is being born.

Linux stops the caller and tells a listener outside of it which call it is and its arguments (numbers, which cannot
change afterwards). Here the call is ``setns``: it is let through as often as the harness asked for a visitor, and for
the kinds of namespaces that a visitor has; at all other times it is refused as it is to every kernel.
"""

from __future__ import annotations

import errno
import fcntl
import struct

from . import system

_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTICE, _ANSWER = 80, struct.Struct("QqiI")
_ARGUMENTS = 32
"""Where in a notice the six arguments of the call begin."""
_GO_ON = 1

KINDS = (
    system.CLONE_NEWUSER,
    system.CLONE_NEWNET,
    system.CLONE_NEWIPC,
    system.CLONE_NEWPID,
    system.CLONE_NEWNS,
)
"""What a visitor enters, in this order: first the user namespace, which gives the right to enter the others."""


class Doorkeeper:
    """Answers for ``setns``. ``listener`` comes from :func:`.seccomp.restrict`."""

    def __init__(self, listener: int) -> None:
        self._listener = listener
        self._expected: list[int] = []

    def expect(self) -> None:
        """Let one more process in."""
        self._expected += KINDS

    def answer(self) -> None:
        """Answer one call; to be called when the listener is readable."""
        notice = bytearray(_NOTICE)
        try:
            fcntl.ioctl(self._listener, _RECEIVE, notice)
        except OSError:
            return  # the caller is gone
        (identity,) = struct.unpack_from("Q", notice)
        kind = struct.unpack_from("6Q", notice, _ARGUMENTS)[1] & 0xFFFFFFFF
        allowed = kind in self._expected
        if allowed:
            self._expected.remove(kind)
        answer = _ANSWER.pack(identity, 0, 0, _GO_ON) if allowed else _ANSWER.pack(identity, 0, -errno.EPERM, 0)
        try:
            fcntl.ioctl(self._listener, _SEND, bytearray(answer))
        except OSError:
            return  # the caller is gone
