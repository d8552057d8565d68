"""Attempts to reach the network, from the file the containment writes them to into the library.

The keepers of confined kernels know no database; each appends one JSON object a line. The file is put aside before it
is read, so that they go on with a new one, and what a crash left half taken in is taken in the next time.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..errors import UnknownApp
from ..library import Library
from ..library.locks import exclusive

_log = logging.getLogger("microapps.attempts")

BATCH = 5_000
"""Lines taken in at once; the same attempt of one batch is one write."""

Attempt = tuple[str, str, bool, str]
"""The app, host and port, whether it was let through, and why not."""


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
    with path.open("rb") as lines:
        attempts = _attempts(lines)
        while batch := Counter(islice(attempts, BATCH)):
            for (app, target, allowed, why), times in batch.items():
                try:
                    library.log_access(app, "host", target, allowed=allowed, detail=why, times=times)
                except UnknownApp:
                    _log.info("%s, which is gone, tried %s.", app, target)
    path.unlink()


def _attempts(lines: Iterator[bytes]) -> Iterator[Attempt]:
    for line in lines:
        try:
            said = json.loads(line)
            yield str(said["app"]), f"{said['host']}:{said['port']}", bool(said["allowed"]), str(said["why"])
        except (ValueError, LookupError, TypeError):
            _log.warning("A line of the log of attempts cannot be read: %r", line[:200])
