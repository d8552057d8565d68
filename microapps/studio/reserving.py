"""The month's money, held back while a job spends it, so that jobs at the same time cannot spend it twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..generator import Reserve
from ..library import Library


@contextmanager
def months_money(library: Library, dollars: float) -> Iterator[Reserve]:
    """For the time of one job: what its :class:`~microapps.generator.Limits` ask for the month's money.

    When the context is left, what the job spent must have been counted. When that failed, or this process ends, it
    stays held back, and so counts, until the library counts it as spent.
    """
    hold = 0

    def reserve(model: str, spent: float, wanted: float) -> float:
        nonlocal hold
        hold, room = library.hold_for_job(hold, model, spent, wanted, dollars)
        return room

    yield reserve
    if hold:
        library.settle(hold, None)
