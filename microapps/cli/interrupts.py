"""Ctrl-C and SIGTERM: the first asks, the next one ends the process at once.

What the first asks for (stop a job, stop serving) takes a while to end well: kernels are shut down, what was done is
kept. From the first on, and for the rest of the process, another one leaves without waiting: kernels and sites die with
their parent. An exception thrown into a running event loop would do neither reliably.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from .exits import Exit

SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR = "\x1b[?25h"


@contextmanager
def on_interrupt(ask: Callable[[], object]) -> Iterator[None]:
    """Within it, the first interrupt calls ``ask`` in the running event loop. Contexts nest; the inner one is asked."""
    loop = asyncio.get_running_loop()

    def first(number: int, frame: FrameType | None) -> None:
        for each in SIGNALS:
            signal.signal(each, _leave)
        loop.call_soon_threadsafe(ask)

    before = {each: signal.signal(each, first) for each in SIGNALS}
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is first:
            for each, handler in before.items():
                signal.signal(each, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    if sys.stderr.isatty():
        os.write(sys.stderr.fileno(), _SHOW_CURSOR.encode())
    os._exit(Exit.STOPPED)
