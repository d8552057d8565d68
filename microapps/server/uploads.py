"""Files that a person attaches in the browser, received piece by piece onto the disk.

They lie in a folder beside that of microapps, for nothing inside it can be given to an app. A file that was used by a
job stays, since the app it was given to goes on reading it; any other is swept after a day.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..errors import InvalidInput, MachineFault, UnknownApp

LARGEST = 256 << 20
"""Bytes of one file."""
MOST = 2 << 30
"""Bytes of all files that wait to be used."""
SWEPT_AFTER = 24 * 3600.0
"""Seconds a file that no job used is kept."""
LONGEST_NAME = 120


@dataclass(frozen=True)
class Uploaded:
    """A file that was received; ``owner`` is who sent it."""

    id: str
    name: str
    size: int
    owner: str


class Receiving:
    """A file that is coming in: written as it comes, and gone unless it is kept."""

    def __init__(self, place: Path, room: int) -> None:
        self.path = place
        self.size = 0
        self._room = room
        self._file: BinaryIO = place.open("xb")

    def take(self, piece: bytes) -> None:
        """Write a piece; raises InvalidInput when that is more than a file may be, MachineFault when the disk fails."""
        self.size += len(piece)
        if self.size > self._room:
            raise InvalidInput(
                f"The file is larger than {self._room >> 20} MiB, the most that can be sent here.",
                "Put it in the folder that Jupyter shows, and choose it there.",
            )
        try:
            self._file.write(piece)
        except OSError as error:
            raise MachineFault(f"The file could not be kept: {error.strerror}.", "Make room on the disk.") from error

    def close(self) -> None:
        """No more is coming."""
        self._file.close()

    def drop(self) -> None:
        """Forget it, if it was not kept."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class Uploads:
    """The files of one server.

    Parameters
    ----------
    folder : the server's own; made on first use (mode 0700).
    now : seconds since the epoch.
    """

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._now = now
        self._known: dict[str, Uploaded] = {}

    def receive(self) -> Receiving:
        """Begin to receive a file."""
        self.sweep()
        waiting = sum(upload.size for upload in self._known.values())
        try:
            self._pending.mkdir(parents=True, exist_ok=True, mode=0o700)
            return Receiving(self._pending / f"{secrets.token_hex(16)}.part", min(LARGEST, MOST - waiting))
        except OSError as error:
            raise MachineFault(
                f"There is no room for files in {self.folder}: {error.strerror}.", "Check the disk."
            ) from error

    def keep(self, received: Receiving, name: str, owner: str) -> Uploaded:
        """Keep what was received under an id of its own. Raises InvalidInput for a name that is none."""
        plain = usable(name)
        upload = Uploaded(secrets.token_hex(16), plain, received.size, owner)
        received.close()
        (self._pending / upload.id).mkdir(mode=0o700)
        received.path.rename(self._pending / upload.id / plain)
        self._known[upload.id] = upload
        return upload

    def forget(self, id: str, owner: str) -> None:
        """Remove a file that no job used."""
        self._find(id, owner)
        del self._known[id]
        shutil.rmtree(self._pending / id, ignore_errors=True)

    def use(self, id: str, owner: str) -> Path:
        """The file, for good from now on: an app is about to be given it."""
        upload = self._find(id, owner)
        kept = self.folder / "kept" / id
        if not kept.exists():
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            (self._pending / id).rename(kept)
        return kept / upload.name

    def sweep(self) -> None:
        """Remove what was not used for too long, of servers that are gone too."""
        for place in self._pending.glob("*") if self._pending.is_dir() else ():
            if place.stat().st_mtime < self._now() - SWEPT_AFTER:
                self._known.pop(place.name, None)
                if place.is_dir():
                    shutil.rmtree(place, ignore_errors=True)
                else:
                    place.unlink(missing_ok=True)

    @property
    def _pending(self) -> Path:
        return self.folder / "pending"

    def _find(self, id: str, owner: str) -> Uploaded:
        upload = self._known.get(id)
        if upload is None or upload.owner != owner:
            raise UnknownApp("There is no such file here.", "Attach it again.")
        return upload


def usable(name: str) -> str:
    """A file's name without anything of a path; raises InvalidInput when nothing is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = re.sub(r"[\x00-\x1f\x7f<>:\"|?*\ud800-\udfff]", "", last).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem[: LONGEST_NAME - len(ending[:20]) - 1]}.{ending[:20]}" if dot else plain[:LONGEST_NAME]
    if not plain.strip("."):
        raise InvalidInput("The file has no name that can be used.", "Give it another name.")
    return plain
