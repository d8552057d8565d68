"""How often one kernel may speak to the owner: whoever floods is heard now and then, with a count of the rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST = 20
"""So many notices of one kernel are passed on as they come."""

EVERY = 60.0
"""After those, one in so many seconds."""


@dataclass
class Allowance:
    """What one kernel of ``app`` has left to say. ``left_out`` counts what was held back since the last that passed."""

    app: str
    clock: Callable[[], float] = time.monotonic
    left_out: int = 0
    _passed: int = field(default=0, repr=False)
    _last: float = field(default=0.0, repr=False)

    def take(self) -> int | None:
        """None if the next notice is left out; else it passes, and the number says how many were left out before it."""
        now = self.clock()
        if self._passed >= FIRST and now - self._last < EVERY:
            self.left_out += 1
            return None
        self._passed += 1
        self._last = now
        before, self.left_out = self.left_out, 0
        return before
