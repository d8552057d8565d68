"""The clock that *init* holds: whoever it looks after says on a pipe when it is at work, and may be so for a while."""

from __future__ import annotations

import time
from typing import Any

BUSY, IDLE = b"B", b"I"


class Clock:
    """How long somebody has been at work. ``seconds`` is the most that one piece of work may take."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since = 0.0

    def hear(self, said: bytes) -> None:
        """Take in what was read from the pipe; nothing, where the other side closed it, counts as work for ever."""
        if said.endswith(IDLE):
            self._since = 0.0
        elif IDLE in said or not self._since:
            self._since = time.monotonic()

    @property
    def left(self) -> float | None:
        """Seconds that are left, negative when they are over; None while nobody is at work."""
        return self._since + self._seconds - time.monotonic() if self._since else None

    @property
    def late(self) -> float:
        """By how many seconds the time is over; 0 while it is not."""
        left = self.left
        return max(-left, 1e-6) if left is not None and left <= 0 else 0.0


def timed_out(late: float) -> dict[str, Any]:
    """What the keeper is told of :attr:`Clock.late` with the end of whoever it was."""
    return {"reason": "time", "late": late} if late else {"reason": ""}
