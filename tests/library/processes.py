"""Real child processes, forked cheaply, that use a library and are killed, or race one another."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event


def child(work: Callable[[], object]) -> int:
    """Fork a child that does the work and exits with 0, or with 1 and a traceback on standard error."""
    pid = os.fork()
    if pid:
        return pid
    gc.freeze()  # what the parent holds is not looked through for garbage in each child
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


def ended(pid: int) -> int:
    """Wait for a child; its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


_KINDS = {"os.rename", "os.mkdir", "os.remove", "os.rmdir"}


def die_at(step: int) -> None:
    """Kill this process at its ``step``-th step (from 1) that touches a file or the database's transactions.

    Steps are what Python's audit hooks tell of changes to files, the moments before and after every flush to the disk,
    and those before a transaction begins and before it commits. SQLite's own writes happen inside a commit; killing
    there is left to chance.
    """
    count = 0

    def tick(*_: Any) -> None:
        nonlocal count
        count += 1
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(kind: str, details: tuple[Any, ...]) -> None:
        if kind in _KINDS or (kind == "open" and details[2] & (os.O_WRONLY | os.O_RDWR)):
            tick()

    flush = os.fsync

    def fsync(descriptor: int) -> None:
        tick()
        flush(descriptor)
        tick()

    os.fsync = fsync
    event.listen(Engine, "begin", tick)
    event.listen(Engine, "commit", tick)
    sys.addaudithook(hook)
