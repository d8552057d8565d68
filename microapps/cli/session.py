"""The studio behind the commands; imported only when a command runs, so that help and completion stay quick."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import anyio

from .interrupts import on_interrupt

if TYPE_CHECKING:
    from ..library import Library
    from ..studio import Studio

Result = TypeVar("Result")


def studio() -> Studio:
    """The studio on the user's home folder; use it as an asynchronous context manager."""
    from ..studio import Studio

    return Studio.open()


def library() -> Library:
    """The user's library alone, for completion."""
    from ..folders import home, library_url
    from ..library import Library

    return Library(home(), library_url())


def with_studio(work: Callable[[Studio], Awaitable[Result]]) -> Result:
    """Run ``work`` on an open studio, and close the studio whatever happens.

    Raises KeyboardInterrupt when the person interrupted work that asked for nothing else.
    """

    async def session() -> Result:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in a task
        with on_interrupt(task.cancel):
            async with studio() as opened:
                return await work(opened)

    try:
        return anyio.run(session)
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
