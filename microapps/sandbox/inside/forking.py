"""A fork that is not followed by what Python does after one, for a process that has a single thread.

Python and its library see to what other threads may have held: locks of the import system, of ``logging``, of
``threading``. Each of these is an object that is written to, and so a page of memory that the fork no longer shares;
all of them are more than half of what a fork writes before its own first line. Where there is no other thread there is
nothing to see to.

What other libraries want done at a fork is done (:func:`note_wishes`): fonts, for one, may not be shared.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from typing import Any

Wish = Callable[[], object]

_python = ctypes.PyDLL(None, use_errno=True)
_BEFORE, _IN_PARENT, _IN_CHILD = "before", "after_in_parent", "after_in_child"
_ABOUT_THREADS = frozenset({"concurrent.futures.thread", "logging", "threading"})
_RESEEDED = frozenset({"random"})
"""Its caller sees to it (:func:`.chance.scatter_randomness`), or has it go on where it stood."""
_wishes: dict[str, list[Wish]] = {_BEFORE: [], _IN_PARENT: [], _IN_CHILD: []}


def note_wishes() -> None:
    """Hear from here on what :func:`os.register_at_fork` is told, before anything else is imported."""
    register = os.register_at_fork

    def noting(**wishes: Any) -> None:
        register(**wishes)
        if sys._getframe(1).f_globals.get("__name__") not in _ABOUT_THREADS | _RESEEDED:
            for when, wish in wishes.items():
                _wishes[when].append(wish)

    os.register_at_fork = noting


def fork() -> int:
    """The new process's id; 0 in it. Raises OSError where there is to be none."""
    _grant(reversed(_wishes[_BEFORE]))
    pid: int = _python.fork()
    if pid < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"fork: {os.strerror(number)}")
    _grant(_wishes[_IN_PARENT] if pid else _wishes[_IN_CHILD])
    return pid


def _grant(wishes: Any) -> None:
    for wish in wishes:
        try:
            wish()
        except Exception as error:  # as Python itself: said, and gone on from
            sys.excepthook(type(error), error, error.__traceback__)
