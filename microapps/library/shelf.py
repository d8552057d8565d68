"""The files beside the database: ``apps/NAME/NAME.ipynb`` with the app's ``data`` folder, and the trash.

Nothing here decides what a file should hold; it moves folders and reads and writes notebooks so that a crash leaves
either the old state or the new one. Places are POSIX paths below the library's home.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
from pathlib import Path, PurePosixPath

from .. import app_files
from ..errors import MachineFault
from ..notebook import MicroApp, write
from ..notebook.document import read_bytes

_LOG = logging.getLogger(__name__)


class Shelf:
    """The folders ``apps`` and ``trash`` of one library."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @staticmethod
    def place(name: str, id: int, *, trashed: bool) -> str:
        """Where an app's notebook belongs; ``~`` is in no app's name, so places in the trash are unique."""
        return f"trash/{name}~{id}/{name}.ipynb" if trashed else f"apps/{name}/{name}.ipynb"

    def path(self, place: str) -> Path:
        """A place as a path of this machine."""
        return self.home.joinpath(*PurePosixPath(place).parts)

    def free(self, name: str) -> bool:
        """Whether no folder of this name lies among the apps, ours or the person's own."""
        return not os.path.lexists(self.home / "apps" / name)

    def digest(self, place: str) -> str | None:
        """SHA-256 (hex) of the file's bytes, None if there is no file.

        Raises :class:`~microapps.errors.InvalidInput` if it cannot be read and
        :class:`~microapps.errors.InvalidNotebook` if it is no ordinary file or far too large.
        """
        path = self.path(place)
        return hashlib.sha256(read_bytes(path)).hexdigest() if path.exists() else None

    def move(self, place: str, wanted: str) -> str:
        """Move an app's folder with all it holds; where it is afterwards.

        That is ``place`` again when the system does not let it go or something else lies where it should be. Running
        it again after a crash finishes what was begun.
        """
        old, new = self.path(place), self.path(wanted)
        try:
            if old.parent != new.parent and old.parent.is_dir():
                new.parent.parent.mkdir(parents=True, exist_ok=True)
                if new.parent.is_dir():
                    new.parent.rmdir()  # an empty one is no loss; a full one stops us here
                old.parent.rename(new.parent)
                _flush(old.parent.parent)
                _flush(new.parent.parent)
            (new.parent / "data").mkdir(parents=True, exist_ok=True)
            former = new.parent / old.name
            if former != new and former.exists() and not new.exists():
                former.rename(new)
                _flush(new.parent)
        except OSError as error:
            if not old.parent.is_dir():
                raise MachineFault(
                    f"The folder {new.parent} cannot be made: {error.strerror or error}.",
                    "Check the disk and the permissions of the folders above it.",
                ) from error
            _LOG.warning("%s stays where it is: it could not become %s: %s", old.parent, new.parent, error)
            return place
        return wanted

    def write(self, app: MicroApp, place: str, *, expected: str | None) -> None:
        """Write a notebook over the file with the digest ``expected``; see :func:`microapps.notebook.write`."""
        write(app, self.path(place), expected=expected)

    def discard(self, place: str) -> None:
        """Delete an app's folder in the trash for good. Raises ``MachineFault`` if the system does not let it go."""
        folder = self.path(place).parent
        try:
            if folder.is_dir():
                app_files.remove(folder)
        except OSError as error:
            raise MachineFault(
                f"{folder} cannot be deleted: {error.strerror or error}.", "Close what uses its files, and try again."
            ) from error


def _flush(folder: Path) -> None:
    """Have the system write a folder's entries to the disk, where it lets folders be opened."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
