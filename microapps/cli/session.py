"""The studio behind the commands; imported only when a command runs, so that help and completion stay quick."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import anyio

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
    from ..folders import home
    from ..library import Library

    return Library(home())


def with_studio(work: Callable[[Studio], Awaitable[Result]]) -> Result:
    """Run ``work`` on an open studio, and close the studio whatever happens."""

    async def session() -> Result:
        async with studio() as opened:
            return await work(opened)

    return anyio.run(session)
