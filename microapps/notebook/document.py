"""Any Jupyter notebook, however hostile its file, as a checked value of format 4.5 that holds only what we keep.

A file is never believed: size, text encoding, JSON, nesting and every cell are looked at one by one, so that an error
names the cell and the key. Outputs, execution counts and saved widget state are dropped before they are looked at.
nbformat is imported only for what needs it: with its JSON schema library it takes more than a second.
"""

from __future__ import annotations

import json
import math
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from ..errors import InvalidInput, InvalidNotebook

MAX_BYTES = 64 << 20
MAX_CELLS = 5_000
MAX_DEPTH = 64
"""Nesting allowed in metadata and attachments; Jupyter's own tools use less than ten levels."""

_CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
_KINDS = ("code", "markdown", "raw")
_RESAVE = "Open it in Jupyter and save it again."
_TRANSIENT_CELL_KEYS = ("trusted", "execution")
_TRANSIENT_NOTEBOOK_KEYS = ("widgets", "signature", "orig_nbformat", "orig_nbformat_minor")


def read_bytes(path: Path) -> bytes:
    """The bytes of a notebook file of at most :data:`MAX_BYTES`.

    Raises :class:`~microapps.errors.InvalidInput` when there is no such file or it cannot be read, and
    :class:`~microapps.errors.InvalidNotebook` when it is no ordinary file or too large.
    """
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            kind = "a folder" if stat.S_ISDIR(state.st_mode) else "no ordinary file"
            raise InvalidNotebook(f"{path} is {kind}, not a notebook.", "Name an .ipynb file.")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise InvalidInput(f"There is no file {path}.", "Check the name and the folder.") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InvalidInput(f"{path} cannot be read: {reason}.", "Check its name and its permissions.") from error
    if len(content) > MAX_BYTES:
        raise InvalidNotebook(
            f"{path} is larger than {MAX_BYTES >> 20} MiB.", "Clear its outputs in Jupyter and save it again."
        )
    return content


def decode(content: bytes) -> str:
    """A notebook file's bytes as text; a byte order mark is dropped. Raises ``InvalidNotebook`` if not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidNotebook(f"The file is not UTF-8 text (byte {error.start}).", _RESAVE) from error


def parse(text: str) -> dict[str, Any]:
    """A notebook's text as a checked value of format 4.5; see :func:`checked`."""
    if len(text) > MAX_BYTES:
        raise InvalidNotebook(
            f"The notebook is larger than {MAX_BYTES >> 20} MiB.", "Clear its outputs in Jupyter and save it again."
        )
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise InvalidNotebook("The file is nested too deeply to be a notebook.", _RESAVE) from error
    except ValueError as error:
        raise InvalidNotebook(f"The file is not JSON: {error}.", "Name an .ipynb file.") from error
    return checked(value)


def checked(value: object) -> dict[str, Any]:
    """A parsed notebook as a new value of format 4.5, in plain dictionaries and lists.

    Sources are strings; outputs, execution counts and saved widget state are left out.
    Formats 3 and 4.0 to 4.5 are accepted. A cell has an ``id`` only if the notebook gave it one.

    Raises
    ------
    InvalidNotebook
        Naming the cell (its id, or its number from 1) and the key.
    """
    if not isinstance(value, Mapping) or "nbformat" not in value:
        raise InvalidNotebook("The file is JSON, but no notebook.", "Name an .ipynb file.", key="nbformat")
    value = _as_version_4(value)
    cells = value.get("cells")
    if not isinstance(cells, Sequence) or isinstance(cells, str):
        raise InvalidNotebook("The notebook has no list of cells.", _RESAVE, key="cells")
    if len(cells) > MAX_CELLS:
        raise InvalidNotebook(
            f"The notebook has {len(cells)} cells; at most {MAX_CELLS} are read.", "Split it into several.", key="cells"
        )
    metadata = _mapping(value.get("metadata", {}), "", "metadata", _TRANSIENT_NOTEBOOK_KEYS)
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": [_cell(cell, number) for number, cell in enumerate(cells, 1)],
    }


def with_ids(cells: Sequence[Mapping[str, Any]], names: Sequence[str], *, repair: bool) -> list[str]:
    """One id for each cell: its own, or one made from its name (``ui``, then ``ui-2`` …).

    A second cell of the same id is an ``InvalidNotebook``, or with ``repair`` gets a new id.
    """
    kept = [str(cell.get("id", "")) for cell in cells]
    taken = set(kept) - {""}
    seen: set[str] = set()
    ids = []
    for own, name in zip(kept, names, strict=True):
        if own and own in seen and not repair:
            raise InvalidNotebook(f"Two cells have the id {own!r}.", "Give one of them another id.", cell=own, key="id")
        if not own or own in seen:
            own = next(candidate for candidate in _numbered(name) if candidate not in taken)
        taken.add(own)
        seen.add(own)
        ids.append(own)
    return ids


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1


def _as_version_4(value: Mapping[str, Any]) -> Mapping[str, Any]:
    major, minor = value.get("nbformat"), value.get("nbformat_minor", 0)
    for key, number in (("nbformat", major), ("nbformat_minor", minor)):
        if not isinstance(number, int) or isinstance(number, bool):
            raise InvalidNotebook(f"The notebook's {key} is no whole number.", _RESAVE, key=key)
    if major == 4 and minor <= 5:
        return value
    if major == 3:
        import nbformat

        try:
            old = nbformat.versions[3].to_notebook_json(dict(value), minor=minor)
            return _without_ids(nbformat.convert(old, 4))  # type: ignore[no-untyped-call]
        except RecursionError as error:
            raise InvalidNotebook("The notebook is nested too deeply.", _RESAVE) from error
        except (AttributeError, KeyError, TypeError, ValueError, nbformat.ValidationError) as error:
            raise InvalidNotebook(f"The notebook, of format 3, cannot be upgraded: {error!r}.", _RESAVE) from error
    if isinstance(major, int) and major < 3:
        raise InvalidNotebook(f"The notebook's format {major} is too old.", _RESAVE, key="nbformat")
    raise InvalidNotebook(
        f"The notebook's format {major}.{minor} is newer than 4.5, the newest that is understood here.",
        "Upgrade microapps, or save it as format 4.5.",
        key="nbformat",
    )


def _without_ids(node: Mapping[str, Any]) -> dict[str, Any]:
    """An upgraded node without the random ids of nbformat's upgrade: the same file always gives the same app."""
    return {**node, "cells": [{key: value for key, value in cell.items() if key != "id"} for cell in node["cells"]]}


def _cell(value: object, number: int) -> dict[str, Any]:
    name = f"number {number}"
    if not isinstance(value, Mapping):
        raise InvalidNotebook(f"Cell {name} is no object.", _RESAVE, cell=name)
    cell: dict[str, Any] = {}
    if "id" in value:
        identity = value["id"]
        if not isinstance(identity, str) or not _CELL_ID.match(identity):
            _reject(name, "id", "must be 1 to 64 letters, digits, '-' or '_'")
        cell["id"] = name = identity
    kind = value.get("cell_type")
    if kind not in _KINDS:
        _reject(name, "cell_type", f"must be one of {', '.join(_KINDS)}")
    source = _joined(value.get("source", ""))
    if not isinstance(source, str):
        _reject(name, "source", "must be text")
    _inspect(source, name, "source")
    metadata = _mapping(value.get("metadata", {}), name, "metadata", _TRANSIENT_CELL_KEYS)
    cell |= {"cell_type": kind, "source": source, "metadata": metadata}
    if kind == "code":
        cell |= {"outputs": [], "execution_count": None}
    elif value.get("attachments"):
        cell["attachments"] = {
            file: {media: _joined(content) for media, content in contents.items()}
            if isinstance(contents, dict)
            else contents
            for file, contents in _mapping(value["attachments"], name, "attachments", ()).items()
        }
    return cell


def _joined(lines: object) -> object:
    """Text that the file holds as a list of lines; anything else as it is."""
    if isinstance(lines, list | tuple) and all(isinstance(line, str) for line in lines):
        return "".join(lines)
    return lines


def _mapping(value: object, cell: str, key: str, without: Sequence[str]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        _reject(cell, key, "must be an object")
    kept = {name: item for name, item in value.items() if name not in without}
    _inspect(kept, cell, key)
    return {name: plain(item) for name, item in kept.items()}


def plain(value: Any) -> Any:
    """A copy in plain dictionaries and lists, of whatever kinds of them it was made."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _inspect(value: object, cell: str, key: str) -> None:
    """Reject what JSON, UTF-8 or a recursive reader cannot carry: lone surrogates, NaN, too deep nesting."""
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > MAX_DEPTH:
            _reject(cell, key, f"is nested deeper than {MAX_DEPTH} levels")
        if isinstance(item, str):
            try:
                item.encode()
            except UnicodeEncodeError:
                _reject(cell, key, "holds half of a character (a lone surrogate)")
        elif isinstance(item, float) and not math.isfinite(item):
            _reject(cell, key, f"holds {item}, which JSON does not have")
        elif isinstance(item, Mapping):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list | tuple):
            waiting += [(part, depth + 1) for part in item]


def _reject(cell: str, key: str, what: str) -> NoReturn:
    where = f"{key!r} of cell {cell}" if cell else f"{key!r} of the notebook"
    raise InvalidNotebook(f"The key {where} {what}.", _RESAVE, cell=cell, key=key)
