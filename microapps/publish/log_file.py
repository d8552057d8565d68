"""A log on the disk that cannot fill it: when it is full it becomes the former one, of which one is kept."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from .settings import MEBIBYTE

LARGEST = 4 * MEBIBYTE
"""Bytes after which a new file is begun."""


class LogFile:
    """Appends lines to ``path``; the former log is beside it as ``NAME.1``. A context manager; raises ``OSError``."""

    def __init__(self, path: Path, largest: int = LARGEST) -> None:
        self._path = path
        self._largest = largest
        self._file: IO[bytes] | None = None
        self._size = 0

    def __enter__(self) -> LogFile:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a line that is written later opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, line: bytes) -> None:
        """Append a line, its end included; of a line larger than the file may be only the beginning is kept."""
        line = line[: self._largest]
        if self._size + len(line) > self._largest:
            self.close()
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
        file = self._file or self._open()
        file.write(line)
        self._size += len(line)

    def _open(self) -> IO[bytes]:
        self._file = self._path.open("ab", buffering=0)
        self._size = self._file.tell()
        return self._file
