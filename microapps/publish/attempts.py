"""How often a password may be guessed: a few times from one address, and not too often from all of them together."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

FREE = 5
"""Wrong passwords in a row from one address for one app before it has to wait."""
FIRST_WAIT, LONGEST_WAIT = 4.0, 900.0
"""Seconds to wait after those; each further one doubles it."""
FORGET = 3600.0
"""Seconds after which an address begins anew."""
ALL, ALL_EVERY = 60, 2.0
"""So many tries for one app from all addresses together come through at once, and one in so many seconds after that."""
NEAR, NEAR_EVERY = 20, 10.0
"""The same for all networks of IPv6 that a provider may give one customer, who so cannot use up everyone's tries."""
CUSTOMER = 48
"""Bits of the largest of those (RFC 6177)."""
MOST = 20_000
"""Addresses that are remembered."""


@dataclass
class _Address:
    wrong: int = 0
    until: float = 0.0
    last: float = 0.0


@dataclass
class _Tries:
    """How many are left of ``most``, of which one comes back in every so many seconds."""

    most: float
    every: float
    last: float
    left: float

    def wait(self, now: float) -> float:
        """Seconds until one is left."""
        self.left = min(self.most, self.left + (now - self.last) / self.every)
        self.last = now
        return 0.0 if self.left >= 1 else (1 - self.left) * self.every


@dataclass
class Attempts:
    """Counts tries by app and by where they come from. ``now`` gives seconds on a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    _addresses: dict[tuple[str, str], _Address] = field(default_factory=dict, repr=False)
    _all: dict[str, _Tries] = field(default_factory=dict, repr=False)
    _near: dict[tuple[str, str], _Tries] = field(default_factory=dict, repr=False)
    _turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)

    def turn(self, app: str, address: str) -> asyncio.Lock:
        """Held for a try, so that those of one place come after one another: many people may share one address."""
        return self._turns.setdefault((app, place(address)), asyncio.Lock())

    def wait(self, app: str, address: str) -> float:
        """Seconds before a try may be made; 0 takes one."""
        now = self.now()
        mine = self._addresses.get((app, place(address)))
        if mine is not None and mine.until > now:
            return mine.until - now
        shared = self._shared(app, address, now)
        if wait := max(tries.wait(now) for tries in shared):
            return wait
        for tries in shared:
            tries.left -= 1
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
        """A try was right, and takes none from anybody."""
        self._addresses.pop((app, place(address)), None)
        for tries in self._shared(app, address, self.now()):
            tries.left = min(tries.most, tries.left + 1)

    def _shared(self, app: str, address: str, now: float) -> list[_Tries]:
        """The tries that somebody there shares with others."""
        shared = [self._all.setdefault(app, _Tries(ALL, ALL_EVERY, now, ALL))]
        if near := customer(address):
            found = self._near.pop((app, near), None) or _Tries(NEAR, NEAR_EVERY, now, NEAR)
            self._near[app, near] = found  # the last in order
            while len(self._near) > MOST:
                del self._near[next(iter(self._near))]
            shared.append(found)
        return shared


def place(address: str) -> str:
    """What counts as one place: an address of IPv4, a network of IPv6, of which one person has many addresses."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def customer(address: str) -> str:
    """The networks of IPv6 that may all be one customer's; empty for IPv4, and where a network is its own."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address) or found.ipv4_mapped or not found.is_global:
        return ""
    return str(ipaddress.ip_network((found, CUSTOMER), strict=False))
