"""The answers that are under way, so that a site that stops can finish them first."""

from __future__ import annotations

import asyncio
from typing import Any


class UnderWay:
    """Requests that have begun and are not answered; belongs to one event loop."""

    def __init__(self) -> None:
        self._open: set[Any] = set()
        self._none = asyncio.Event()
        self._none.set()

    def begin(self, request: Any) -> None:
        """A request came."""
        self._open.add(request)
        self._none.clear()

    def end(self, request: Any) -> None:
        """It is answered, or whoever asked has gone."""
        self._open.discard(request)
        if not self._open:
            self._none.set()

    async def finished(self, seconds: float) -> bool:
        """Wait until all are answered, at most so long; whether they are."""
        try:
            async with asyncio.timeout(seconds):
                await self._none.wait()
        except TimeoutError:
            return False
        return True
