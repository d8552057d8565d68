"""Write a small file of the person's whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ..errors import MachineFault


def save(path: Path, text: str, mode: int = 0o600) -> None:
    """Replace a file's content: a temporary file in the same folder, flushed to the disk, then put in its place.

    Raises
    ------
    MachineFault
        The disk is full or the folder cannot be written; the old file is as it was.
    """
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        if part:
            Path(part).unlink(missing_ok=True)
        raise MachineFault(
            f"{path} could not be written: {error.strerror or error}.", "Free some space there."
        ) from error
