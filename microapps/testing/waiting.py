"""How long to go on waiting for something on the page."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..errors import AppFault

AGAIN = 0.2  # seconds after which to ask again though the app said nothing: the answer may lie in its kernel


class Waiting:
    """A wait of at most ``timeout`` seconds that starts now."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._end = time.monotonic() + timeout

    def left(self, text: Callable[[], str]) -> float:
        """Seconds until the next look; raises :class:`~microapps.errors.AppFault` when the time is up."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise AppFault(
                f"What was waited for did not come within {self._timeout:g} seconds.",
                f"The page reads: {text()[:500]}",
            )
        return min(left, AGAIN)
