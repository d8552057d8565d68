"""How often a password may be guessed: a few times from one address, and not too often from all of them together."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FREE = 5
"""Wrong passwords in a row from one address for one app before it has to wait."""
FIRST_WAIT, LONGEST_WAIT = 4.0, 900.0
"""Seconds to wait after those; each further one doubles it."""
FORGET = 3600.0
"""Seconds after which an address begins anew."""
ALL, ALL_EVERY = 60, 2.0
"""So many tries for one app from all addresses together come through at once, and one in so many seconds after that."""
MOST = 20_000
"""Addresses that are remembered."""


@dataclass
class _Address:
    wrong: int = 0
    until: float = 0.0
    last: float = 0.0


@dataclass
class _All:
    left: float = ALL
    last: float = 0.0


@dataclass
class Attempts:
    """Counts tries by app and by where they come from. ``now`` gives seconds on a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    _addresses: dict[tuple[str, str], _Address] = field(default_factory=dict, repr=False)
    _all: dict[str, _All] = field(default_factory=dict, repr=False)

    def wait(self, app: str, address: str) -> float:
        """Seconds before a try may be made; 0 takes one."""
        now = self.now()
        mine = self._addresses.get((app, place(address)))
        if mine is not None and mine.until > now:
            return mine.until - now
        everyone = self._all.setdefault(app, _All(last=now))
        everyone.left = min(ALL, everyone.left + (now - everyone.last) / ALL_EVERY)
        everyone.last = now
        if everyone.left < 1:
            return (1 - everyone.left) * ALL_EVERY
        everyone.left -= 1
        return 0.0

    def wrong(self, app: str, address: str) -> None:
        """A try was wrong."""
        now = self.now()
        key = (app, place(address))
        mine = self._addresses.pop(key, None)
        if mine is None or now - mine.last > FORGET:
            mine = _Address()
        mine.wrong, mine.last = mine.wrong + 1, now
        if mine.wrong >= FREE:
            mine.until = now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(mine.wrong - FREE, 20))
        self._addresses[key] = mine  # the last in order
        while len(self._addresses) > MOST:
            del self._addresses[next(iter(self._addresses))]

    def right(self, app: str, address: str) -> None:
        """A try was right."""
        self._addresses.pop((app, place(address)), None)


def place(address: str) -> str:
    """What counts as one place: an address of IPv4, a network of IPv6, of which one person has many addresses."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)
