"""The sites that run just now, told by a file each, so that a command beside them can say where a published app is.

A file is locked for as long as its site runs; one that nobody holds is what a killed process left, and is removed. The
port and the token of the last site that ``serve`` ran are kept, so that links lead somewhere again after a restart.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..library.locks import made_held, sweep

FOLDER = "sites"
_PORT = "port"
_TOKEN = "token"  # noqa: S105 - the file's name

if sys.platform != "win32":  # where no app is run, and so no site
    import fcntl


@dataclass(frozen=True)
class RunningSite:
    """A site that runs.

    Attributes
    ----------
    url : its address up to the base URL, which ends with a slash.
    visits : how many visits each app has.
    generation : what the library was when the site took it up last; see :meth:`microapps.library.Library.generation`.
    """

    url: str
    visits: Mapping[str, int] = field(default_factory=dict)
    generation: str = ""

    @property
    def local(self) -> bool:
        """Whether its address is one of this machine alone."""
        return is_local(self.url)


class Notice:
    """The file of one running site; :meth:`write` tells what it is now, :meth:`close` takes it away."""

    def __init__(self, home: Path) -> None:
        self._path = home / FOLDER / f"{os.getpid()}-{secrets.token_hex(4)}.json"
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = made_held(self._path)

    def write(self, site: RunningSite) -> None:
        """Say what the site is now."""
        text = json.dumps(asdict(site)).encode()
        os.pwrite(self._file, text, 0)
        os.ftruncate(self._file, len(text))

    def close(self) -> None:
        """The site has stopped."""
        self._path.unlink(missing_ok=True)
        os.close(self._file)


def running(home: Path) -> tuple[RunningSite, ...]:
    """The sites of this library that run now, those that others can reach first."""
    found = []
    sweep(home / FOLDER)
    for path in sorted((home / FOLDER).glob("*.json")):
        with suppress(OSError, ValueError, TypeError):
            told = _told(path)
            if told is not None:
                found.append(RunningSite(**told))
    return tuple(sorted(found, key=lambda site: site.local))


def _told(path: Path) -> dict[str, Any] | None:
    with path.open("rb") as file:
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                told: dict[str, Any] = json.loads(file.read())
                return told
        path.unlink(missing_ok=True)
        return None


def last_port(home: Path) -> int:
    """The port of the site that was last served, or one that is free and is kept for it."""
    path = home / FOLDER / _PORT
    with suppress(OSError, ValueError):
        port = int(path.read_text())
        if 0 < port < 65536:
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    keep_port(home, port)
    return port


def keep_port(home: Path, port: int) -> None:
    """Remember the port of a site; without it the next site has another, and nothing else is lost."""
    folder = home / FOLDER
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / _PORT).write_text(f"{port}\n")


def last_token(home: Path, *, new: bool = False) -> str:
    """The token of the site that was served last (192 bits), or a ``new`` one, kept where only its owner can read it.

    Where it cannot be kept, the next site has another.
    """
    path = home / FOLDER / _TOKEN
    with suppress(OSError, ValueError):
        mine = not new and path.stat().st_mode & 0o077 == 0
        if mine and re.fullmatch(r"[\w-]{32}", known := path.read_text("ascii")):
            return known
    token = secrets.token_urlsafe(24)
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f".{_TOKEN}.{secrets.token_hex(4)}.new")  # which `sweep` removes, if it is left
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(token)
        fresh.replace(path)
    return token


def is_local(url: str) -> bool:
    """Whether an address leads to this machine only."""
    host = url.partition("://")[2].partition("/")[0]
    return host.startswith(("127.", "localhost", "[::1]"))
