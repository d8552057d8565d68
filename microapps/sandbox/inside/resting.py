"""A program that does nothing: process 1 of a visitor's namespaces, which only has to be there.

A process 1 keeps its namespaces alive, and its end is that of all in them. It takes in what others leave behind, which
Linux reaps for it where it ignores SIGCHLD; nothing in its namespaces can end it. A Python interpreter that does that
holds nearly two megabytes of its own for each visitor; these few bytes of machine code hold some kilobytes.
"""

from __future__ import annotations

import os
import signal
import struct
from typing import NoReturn

from .system import MACHINE

_MACHINES = {
    "x86_64": (62, bytes.fromhex("b822000000 0f05 ebf7")),
    "aarch64": (183, bytes.fromhex("000080d2 010080d2 020080d2 030080d2 280980d2 010000d4 faffff17")),
}
"""The machine's number in an ELF file, and a loop there: ``pause()``, or ``ppoll(0, 0, 0, 0)`` where there is none."""
_AT = 0x400000
_HEADER, _SEGMENT = struct.Struct("<16sHHIQQQIHHHHHH"), struct.Struct("<IIQQQQQQ")
_LOAD, _STACK = 1, 0x6474E551
_READ, _WRITE, _RUN = 4, 2, 1
_PAGE = 1 << 16  # the largest that either machine has


def image(machine: str) -> bytes:
    """The program as an ELF file. Raises KeyError for a machine that is not in the table."""
    number, code = _MACHINES[machine]
    begins = _HEADER.size + 2 * _SEGMENT.size
    size = begins + len(code)
    identity = b"\x7fELF\x02\x01\x01"  # 64 bits, little-endian, version 1
    header = _HEADER.pack(
        identity, 2, number, 1, _AT + begins, _HEADER.size, 0, 0, _HEADER.size, _SEGMENT.size, 2, 0, 0, 0
    )
    text = _SEGMENT.pack(_LOAD, _READ | _RUN, 0, _AT, _AT, size, size, _PAGE)
    stack = _SEGMENT.pack(_STACK, _READ | _WRITE, 0, 0, 0, 0, 0, 16)
    return header + text + stack + code


def program() -> int:
    """The program as an open file in memory; -1 where this machine has none, or runs none from memory."""
    if MACHINE not in _MACHINES:
        return -1
    try:
        fd = os.memfd_create("init", os.MFD_CLOEXEC)
    except OSError:
        return -1
    os.write(fd, image(MACHINE))
    return fd


def rest(fd: int) -> NoReturn:
    """Do nothing until this process is killed; ``fd`` is the :func:`program`. Every other open file is closed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN)
    os.closerange(0, max(fd, 0))
    os.closerange(fd + 1, 1 << 20)
    if fd >= 0:
        try:
            os.execve(fd, ["init"], {})  # noqa: S606 - the few bytes above
        except OSError:
            os.close(fd)  # what follows does the same, with an interpreter
    while True:
        signal.pause()
