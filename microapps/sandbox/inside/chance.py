"""The generators of random numbers of a process: whether an app drew from them, and what its forks are to do with them.

Two runs that end with the same state were seeded by the app, and each visitor goes on from there, as in a run of their
own. Otherwise forks must not draw the same numbers.
"""

from __future__ import annotations

import gc
import hashlib
import random
import sys
from typing import Any

from .kernel import scatter_randomness


def _numpy() -> Any:
    return sys.modules.get("numpy.random")  # numpy alone imports it only when it is used


def _digest(state: object) -> str:
    return hashlib.blake2b(repr(state).encode(), digest_size=12).hexdigest()


def shared() -> dict[str, str]:
    """Digests of the generators that everyone shares, by the module's name."""
    numpy = _numpy()
    found = {"random": _digest(random.getstate())}
    if numpy is not None:
        name, keys, *rest = numpy.get_state(legacy=True)
        found["numpy"] = _digest((name, keys.tobytes(), rest))
    return found


def own() -> list[str]:
    """Digests of the generators that were made besides, in no particular order but the same in equal runs."""
    numpy = _numpy()
    kinds = (random.Random, *((numpy.Generator, numpy.RandomState) if numpy is not None else ()))
    found = []
    for each in gc.get_objects():
        if isinstance(each, kinds) and not isinstance(each, random.SystemRandom) and not _is_shared(each):
            state = each.getstate() if isinstance(each, random.Random) else _numpy_state(each)
            found.append(_digest(state))
    return sorted(found)


def _is_shared(each: Any) -> bool:
    numpy = _numpy()
    return each is random._inst or (numpy is not None and each is numpy.mtrand._rand)


def _numpy_state(each: Any) -> object:
    bits = getattr(each, "bit_generator", None) or each._bit_generator
    return bits.state


class Kept:
    """The shared generators' states as they are now, to be taken up again."""

    def __init__(self) -> None:
        numpy = _numpy()
        self._random = random.getstate()
        self._numpy = numpy.get_state(legacy=True) if numpy is not None else None

    def restore(self) -> None:
        """Go on from there."""
        random.setstate(self._random)
        if self._numpy is not None:
            _numpy().set_state(self._numpy)


__all__ = ["Kept", "own", "scatter_randomness", "shared"]
