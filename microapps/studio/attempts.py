"""Attempts to reach the network, from the file the containment writes them to into the library.

The keepers of confined kernels know no database; each appends one JSON object a line. The file is put aside before it
is read, so that they go on with a new one, and what a crash left half taken in is taken in the next time. A keeper
writes no more once the file has two megabytes, so that this is quick; it is one transaction for each app.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ..errors import UnknownApp
from ..library import Library
from ..library.accesses import Tried
from ..library.locks import exclusive

_log = logging.getLogger("microapps.attempts")

TIMES = 1_000_000
"""Most attempts that one line stands for."""


class Attempts:
    """Takes the file at ``path`` in, beside whatever else goes on; :meth:`close` before the library is closed."""

    def __init__(self, path: Path, library: Library) -> None:
        self._path, self._library = path, library
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="attempts")
        self._taking: Future[None] | None = None

    def take_soon(self) -> None:
        """Take in what there is, without waiting for it. What fails is tried again the next time."""
        if self._taking is None or self._taking.done():
            self._taking = self._worker.submit(take_attempts, self._path, self._library)
            self._taking.add_done_callback(_tell_of_failure)

    def close(self) -> None:
        """Finish what was begun."""
        self._worker.shutdown()


def _tell_of_failure(taking: Future[None]) -> None:
    if (error := taking.exception()) is not None:
        _log.warning("What apps tried to reach is not in the library yet: %s", error)


def take_attempts(path: Path, library: Library) -> None:
    """Log every attempt of the file at ``path`` under its app's name, and remove the file."""
    aside = path.with_suffix(".taken")
    if not path.exists() and not aside.exists():
        return
    with exclusive(path.with_suffix(".lock")):
        if aside.exists():
            _take(aside, library)
        if path.exists():
            path.rename(aside)
            _take(aside, library)


def _take(path: Path, library: Library) -> None:
    apps: dict[str, Counter[Tried]] = {}
    with path.open("rb") as lines:
        for app, tried, times in _attempts(lines):
            apps.setdefault(app, Counter())[tried] += times
    for app, attempts in apps.items():
        try:
            library.log_accesses(app, attempts)
        except UnknownApp:
            _log.info("%s, which is gone, tried %d hosts.", app, len(attempts))
    path.unlink()


def _attempts(lines: Iterator[bytes]) -> Iterator[tuple[str, Tried, int]]:
    for line in lines:
        try:
            said = json.loads(line)
            target = f"{said['host']}:{said['port']}" if said["port"] else str(said["host"])
            times = min(max(1, int(said.get("times", 1))), TIMES)
            yield str(said["app"]), Tried("host", target, bool(said["allowed"]), str(said["why"])), times
        except (ValueError, LookupError, TypeError, AttributeError):
            _log.warning("A line of the log of attempts cannot be read: %r", line[:200])
