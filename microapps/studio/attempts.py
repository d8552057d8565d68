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
from pathlib import Path

from ..errors import UnknownApp
from ..library import Library
from ..library.accesses import Tried
from ..library.locks import exclusive

_log = logging.getLogger("microapps.attempts")

TIMES = 1_000_000
"""Most attempts that one line stands for."""


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
