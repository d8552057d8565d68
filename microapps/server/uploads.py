"""Files that a person attaches in the browser, received piece by piece onto the disk.

They lie in a folder beside that of microapps, for nothing inside it can be given to an app. A file stays as long as an
app of the library may read it. One that a job was given and no app was is removed when the job has made its app; what
is left over by a job that failed, which may be tried again, and by servers that are gone, is swept after a day.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ..errors import InvalidInput, MachineFault, UnknownApp

LARGEST = 256 << 20
"""Bytes of one file."""
MOST = 2 << 30
"""Bytes of all files that wait to be used."""
SWEPT_AFTER = 24 * 3600.0
"""Seconds a file is kept that no job is using and no app may read."""
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
            most = f"{self._room >> 20} MiB" if self._room >> 20 else f"{self._room} bytes"
            raise InvalidInput(
                f"The file is larger than {most}, the most that can be sent here.",
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
    folder : made on first use (mode 0700); all servers of one library share it.
    readable : the paths that some app of the library may read.
    now : seconds since the epoch.
    """

    def __init__(
        self, folder: Path, readable: Callable[[], Collection[str]] = tuple, now: Callable[[], float] = time.time
    ) -> None:
        self.folder = folder
        self._readable = readable
        self._now = now
        self._known: dict[str, Uploaded] = {}
        self._in_use: Counter[str] = Counter()
        self._lock = threading.Lock()

    def receive(self) -> Receiving:
        """Begin to receive a file."""
        self.sweep()
        room = MOST - self._waiting()
        if room <= 0:
            raise InvalidInput(
                f"The files that wait to be used are {MOST >> 20} MiB together, the most that is kept here.",
                "Take back what you attached and have no use for, or send the request it is for.",
            )
        try:
            self._pending.mkdir(parents=True, exist_ok=True, mode=0o700)
            return Receiving(self._pending / f"{secrets.token_hex(16)}.part", min(LARGEST, room))
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
        """The file, at the place where it stays: an app may be given it."""
        upload = self._find(id, owner)
        kept = self._kept / id
        with self._lock:
            if not kept.exists():
                kept.parent.mkdir(mode=0o700, exist_ok=True)
                (self._pending / id).rename(kept)
        return kept / upload.name

    def begin(self, ids: Collection[str]) -> None:
        """A job works with these files."""
        self._in_use.update(ids)

    def end(self, ids: Collection[str], *, done: bool) -> None:
        """That job has ended. Where it has ``done`` what it was to, the files that no app may read are removed."""
        self._in_use.subtract(ids)
        readable = self._readable() if done else ()
        for each in ids:
            place = self._kept / each
            if done and not self._in_use[each] and not self._is_read(place, readable):
                self._remove(place)

    def sweep(self) -> None:
        """Remove what is of no more use, of servers that are gone too."""
        for place in self._too_old(self._pending):
            self._remove(place)
        for place in [self._kept / each for each, jobs in self._in_use.items() if jobs > 0]:
            if place.exists():
                os.utime(place, (self._now(), self._now()))  # another server would take it for left over
        if old := self._too_old(self._kept):
            readable = self._readable()
            for place in old:
                if not self._is_read(place, readable):
                    self._remove(place)

    def _waiting(self) -> int:
        """Bytes of the files that no job was given yet; those that one has are no longer pending."""
        return sum(upload.size for upload in tuple(self._known.values()) if (self._pending / upload.id).exists())

    def _too_old(self, folder: Path) -> list[Path]:
        oldest = self._now() - SWEPT_AFTER
        return [place for place in folder.glob("*") if place.stat().st_mtime < oldest] if folder.is_dir() else []

    def _is_read(self, place: Path, readable: Collection[str]) -> bool:
        return any(str(file.resolve()) in readable for file in place.glob("*"))

    def _remove(self, place: Path) -> None:
        self._known.pop(place.name, None)
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)

    @property
    def _pending(self) -> Path:
        return self.folder / "pending"

    @property
    def _kept(self) -> Path:
        return self.folder / "kept"

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
