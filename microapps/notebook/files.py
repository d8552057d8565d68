"""Micro-apps as notebook files: read, written so that nothing is ever lost, and never over what others changed.

The file is plain nbformat 4.5. Our one key is ``microapps``: on the notebook it holds the fields of
:class:`~microapps.notebook.AppMetadata`, on a cell ``{"role": …}``. A file is written beside the old one, flushed to
the disk and put in its place by a rename, so that a reader or a crash sees either the old file or the new one.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ..errors import ChangedOnDisk, InvalidNotebook, MachineFault
from .cells import Cell, MicroApp, Role
from .document import checked, decode, parse, read_bytes, with_ids
from .metadata import SCHEMA_VERSION, AppMetadata

if TYPE_CHECKING:
    from nbformat import NotebookNode
if sys.platform != "win32":
    import fcntl

KEY = "microapps"
CARRIED = "microapps_carried"
"""What a file that was exported to be imported elsewhere holds besides the app (:mod:`microapps.publish.carrying`)."""
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
_OURS = (KEY, CARRIED, "kernelspec", "language_info", "widgets")
_VOILA_HINTS = ("template", "theme")
_TEMPORARY = ".microapps-"


@dataclass(frozen=True)
class Stored:
    """An app as it was read: ``digest`` is the SHA-256 (hex) of the file's bytes, for :func:`write`'s ``expected``."""

    app: MicroApp
    path: Path
    digest: str


def read(path: str | Path) -> Stored:
    """The micro-app in a file.

    Raises
    ------
    InvalidInput
        There is no such file, or it cannot be read.
    InvalidNotebook
        It is no micro-app; names the cell and the key.
    """
    path = Path(path)
    content = read_bytes(path)
    try:
        return Stored(loads(decode(content)), path, hashlib.sha256(content).hexdigest())
    except InvalidNotebook as error:
        raise InvalidNotebook(f"{path}: {error.what}", error.hint, cell=error.cell, key=error.key) from error


def write(app: MicroApp, path: str | Path, *, expected: str | None) -> str:
    """Write an app to a file, whole or not at all; the folder must exist.

    Parameters
    ----------
    expected : str or None
        The digest of the file as it was last read or written here; None if the file must not exist yet.

    Returns
    -------
    str
        The SHA-256 (hex) of the bytes now in the file.

    Raises
    ------
    ChangedOnDisk
        The file is not as expected; it was left alone.
    InvalidNotebook
        The app holds values that no notebook can carry.
    MachineFault
        The disk is full, or the folder cannot be written; an existing file is as it was.
    """
    content = dumps(app).encode()
    path = Path(path)
    # A link keeps pointing where it points: its target is replaced, in the target's folder.
    target = Path(os.path.realpath(path))
    try:
        with _writing_in(target.parent):
            mode = _require(target, path, expected)
            _replace(target, content, mode)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise MachineFault(
            f"{path} could not be written: {error.strerror or error}.",
            "Make room on the disk and try again." if full else "Check that its folder exists and can be written.",
        ) from error
    return hashlib.sha256(content).hexdigest()


def loads(text: str) -> MicroApp:
    """The micro-app in a notebook's text; raises ``InvalidNotebook``."""
    return _app(parse(text))


def from_node(node: Mapping[str, Any]) -> MicroApp:
    """The micro-app in a parsed notebook; raises ``InvalidNotebook``. Outputs and saved widget state are dropped."""
    return _app(checked(node))


def to_node(app: MicroApp) -> NotebookNode:
    """An app as an nbformat 4.5 node that shares nothing with it and is valid; raises ``InvalidNotebook``."""
    metadata: dict[str, Any] = {
        **kept_notebook_metadata(app.notebook_metadata),
        KEY: app.metadata.model_dump(mode="json"),
        "kernelspec": KERNELSPEC,
        "language_info": LANGUAGE_INFO,
    }
    cells = []
    for cell in app.cells:
        value: dict[str, Any] = {"id": cell.id, "cell_type": cell.kind, "source": cell.source}
        value["metadata"] = {key: item for key, item in cell.metadata.items() if key != KEY}
        if cell.role is not None:
            value["metadata"][KEY] = {"role": str(cell.role)}
        if cell.attachments:
            value["attachments"] = cell.attachments
        cells.append(value)
    value = checked({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})
    with_ids(cells, [""] * len(cells), repair=False)
    import nbformat

    node: NotebookNode = nbformat.from_dict(value)  # type: ignore[no-untyped-call]
    try:
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        keys = [str(part) for part in error.relative_path]
        where = app.cells[int(keys[1])].id if keys[:1] == ["cells"] and len(keys) > 1 else ""
        raise InvalidNotebook(
            f"The notebook is not valid at {'/'.join(keys) or 'its top'}: {error.message[:300]}.",
            "Remove that key, or give it a value of the notebook format.",
            cell=where,
            key="/".join(keys[2:] if where else keys),
        ) from error
    return node


def dumps(app: MicroApp) -> str:
    """An app as a notebook's text, laid out as Jupyter does; equal apps give equal text. Raises ``InvalidNotebook``."""
    import nbformat

    text: str = nbformat.v4.writes(to_node(app), allow_nan=False)  # type: ignore[no-untyped-call]
    return text + "\n"


def kept_notebook_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What of a notebook's metadata is carried through unchanged.

    Left out are our own keys, saved widget state, the kernel and language a notebook names (always Python 3 here), and
    the template and theme that it would have Voila load: code of someone else's choice that is never believed.
    """
    kept = {key: value for key, value in metadata.items() if key not in _OURS}
    voila = kept.get("voila")
    if isinstance(voila, Mapping):
        hints = {key: value for key, value in voila.items() if key not in _VOILA_HINTS}
        kept["voila"] = hints
        if not hints:
            del kept["voila"]
    return kept


def _app(node: Mapping[str, Any]) -> MicroApp:
    metadata = _metadata(node["metadata"].get(KEY))
    roles = [_role(cell, number) for number, cell in enumerate(node["cells"], 1)]
    names = [str(role or cell["cell_type"]) for role, cell in zip(roles, node["cells"], strict=True)]
    ids = with_ids(node["cells"], names, repair=False)
    cells = tuple(as_cell(*parts) for parts in zip(node["cells"], ids, roles, strict=True))
    return MicroApp(metadata, cells, kept_notebook_metadata(node["metadata"]))


def as_cell(cell: Mapping[str, Any], id: str, role: Role | None) -> Cell:
    """A cell of a checked notebook as a value, without our key in its metadata."""
    metadata = {key: value for key, value in cell["metadata"].items() if key != KEY}
    return Cell(id, cell["source"], cell["cell_type"], role, metadata, cell.get("attachments", {}))


def _metadata(value: object) -> AppMetadata:
    if value is None:
        raise InvalidNotebook(
            "The notebook is no micro-app: its metadata has no key 'microapps'.",
            "Make it one with 'microapps adopt FILE.ipynb'.",
            key=KEY,
        )
    if not isinstance(value, Mapping):
        raise InvalidNotebook("The notebook's key 'microapps' is no object.", key=KEY)
    version = value.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InvalidNotebook(
            f"The app was written by a newer microapps (schema {version}; here {SCHEMA_VERSION}).",
            "Upgrade microapps.",
            key=f"{KEY}.schema_version",
        )
    try:
        return AppMetadata.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join([KEY, *(str(part) for part in first["loc"])])
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InvalidNotebook(
            f"The notebook's key {key!r} cannot be used: {first['msg']}{more}.", "Mend that value.", key=key
        ) from error


def _role(cell: Mapping[str, Any], number: int) -> Role | None:
    ours = cell["metadata"].get(KEY)
    if ours is None:
        return None
    name = cell.get("id", f"number {number}")
    if not isinstance(ours, Mapping):
        raise InvalidNotebook(f"The key {KEY!r} of cell {name} is no object.", cell=name, key=KEY)
    for key in ours:
        if key != "role":
            raise InvalidNotebook(
                f"The key '{KEY}.{key}' of cell {name} is not known.", "Remove it.", cell=name, key=f"{KEY}.{key}"
            )
    role = ours.get("role")
    if role is None:
        return None
    if role not in tuple(Role):
        raise InvalidNotebook(
            f"The key '{KEY}.role' of cell {name} is {role!r}.",
            f"It must be one of {', '.join(Role)}.",
            cell=name,
            key=f"{KEY}.role",
        )
    return Role(role)


@contextmanager
def _writing_in(folder: Path) -> Iterator[None]:
    """Hold the folder against every other writer of this module, and flush its entries to the disk at the end.

    What a killed writer left behind is swept. Closing the descriptor, or the end of the process, releases the lock.
    Windows opens no folders: there a write is whole or not at all as well, but two writers are not kept apart.
    """
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in folder.glob(f"{_TEMPORARY}*.tmp"):
            left.unlink(missing_ok=True)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _require(target: Path, path: Path, expected: str | None) -> int | None:
    """Raise ``ChangedOnDisk`` unless the file is as expected; the mode of the file that is there."""
    try:
        content = read_bytes(target) if target.exists() else None
    except InvalidNotebook as error:
        raise ChangedOnDisk(f"{path} is not as it was last read: {error.what}", "Read it again first.") from error
    if content is None:
        if expected is not None:
            raise ChangedOnDisk(f"{path} is gone since it was last read.", "Restore it, or write it as a new file.")
        return None
    if expected is None:
        raise ChangedOnDisk(f"{path} exists already; nothing was written.", "Choose another name, or read it first.")
    if hashlib.sha256(content).hexdigest() != expected:
        raise ChangedOnDisk(f"{path} was changed since it was last read; nothing was written.", "Read it again first.")
    return target.stat().st_mode & 0o777


def _replace(target: Path, content: bytes, mode: int | None) -> None:
    temporary = target.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if mode is not None and sys.platform != "win32":
                os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
