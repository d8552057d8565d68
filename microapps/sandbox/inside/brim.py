"""Memory that is filled to the brim before it is forked, so that what the forks make lies together.

What an app has freed are holes between what it keeps. A fork that fills them, and frees them again, leaves its traces
in every page that has one. Where there are none, what a fork makes is in pages of its own from the first to the last,
and most of them go back as a whole when it is not needed any more.
"""

from __future__ import annotations

import bisect
import ctypes
import itertools
from collections.abc import Callable, Iterator, Sequence

_PYTHONS = 512
"""Bytes of the largest objects that Python places itself, in steps of 16; larger ones are the C library's."""
_MOST = 1 << 16
"""Things of one size, beyond which there is more room than is worth filling."""
_SIZES = (1 << 16, 1 << 15, 1 << 14, 1 << 13, 1 << 12, 1 << 11, *range(1040, 16, -16))

_MAPS = "/proc/self/maps"
"""Where a process is told its memory, on Linux."""

_kept: list[object] = []


class _Info(ctypes.Structure):
    """``struct mallinfo2``."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in (*"abcdefghi", "keepcost"))


def fill() -> None:
    """Fill the holes in this process's memory, for good; nothing is done where a process is not told where they are."""
    try:
        there = list(_mapped())
    except FileNotFoundError:
        return
    _fill_pythons(there)
    _fill_c()


def _fill_pythons(there: Sequence[tuple[int, int]]) -> None:
    """Make objects of each size until one is placed where there was no memory before."""
    starts = [first for first, _ in there]
    for size in range(_PYTHONS, 0, -16):
        make = _bytes_of(size) if size > 32 else _number if size == 32 else object
        for _ in range(_MOST):
            one = make()
            if id(one) >= there[bisect.bisect(starts, id(one)) - 1][1]:
                break
            _kept.append(one)


def _bytes_of(size: int) -> Callable[[], object]:
    count = size - bytes.__basicsize__
    return lambda: bytes(count)


_numbers = itertools.count()


def _number() -> object:
    return float(next(_numbers))


def _mapped() -> Iterator[tuple[int, int]]:
    with open(_MAPS) as file:  # noqa: PTH123
        for line in file:
            first, last = line.split()[0].split("-")
            yield int(first, 16), int(last, 16)


def _fill_c() -> None:
    """Take memory of each size until it comes from above all that there was before."""
    libc = ctypes.CDLL(None)
    try:
        libc.mallinfo2.restype = _Info
        libc.malloc.restype = libc.sbrk.restype = ctypes.c_void_p
        free, take = libc.free, libc.malloc
    except AttributeError:
        return  # another C library
    top = libc.sbrk(ctypes.c_long(0)) - libc.mallinfo2().keepcost
    for size in _SIZES:
        for _ in range(_MOST):
            place = take(ctypes.c_size_t(size - 8))
            if place is None or place >= top:
                free(ctypes.c_void_p(place))
                break
