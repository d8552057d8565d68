"""When a failed attempt is made again, and how long after.

Pure rules: no clock, no network. The delays are those of the Messages API's own advice: exponential, with jitter, and
the server's ``retry-after`` where it names one, up to a limit, since a person is waiting.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Retries:
    """Bounds of trying again; times in seconds.

    Attributes
    ----------
    attempts : how often one turn is tried at most, the first attempt included.
    first : the delay after the first failure; it doubles each time.
    longest : no computed delay is longer.
    longest_asked : no delay is longer even if the server asks for one.
    """

    attempts: int = 4
    first: float = 1.0
    longest: float = 16.0
    longest_asked: float = 30.0

    def delay(self, failures: int, asked: float | None, chance: Callable[[], float]) -> float:
        """The delay after that many failures; ``chance`` gives a number from 0 to 1 and spreads out the clients."""
        backoff = min(self.longest, self.first * 2.0 ** (failures - 1)) * (0.5 + 0.5 * chance())
        return backoff if asked is None else max(backoff, min(self.longest_asked, asked))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds a response asks to wait (``retry-after-ms``, or ``retry-after`` as seconds or a date), or None."""
    try:
        return max(0.0, float(headers["retry-after-ms"]) / 1000)
    except (KeyError, ValueError):
        pass
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    date = email.utils.parsedate_tz(value)
    return None if date is None else max(0.0, email.utils.mktime_tz(date) - time.time())
