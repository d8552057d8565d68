"""An app as one notebook to be imported elsewhere: with its picture and, if asked for, its data.

Both are under a key of their own in the notebook's metadata, which no other reader keeps; the notebook itself is the
app as it is, with its criteria, tests and the permissions that it asks for. Nothing in the file says what it *may* do.

A file comes from anyone. What is read from it is an :class:`Arrival`: a checked app whose permissions nobody has given
yet, a picture reduced to a picture, and files with names that stay within one folder.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ..errors import InvalidInput, InvalidNotebook
from ..notebook import MicroApp, from_node, to_node
from ..notebook.document import decode, parse, read_bytes
from ..notebook.files import CARRIED
from .png import plain_png

LARGEST_DATA = 24 << 20
"""Bytes of data that a file carries; in the notebook they take a third more."""
MOST_FILES = 500
LONGEST_PART = 120
"""Bytes of one part of a file's name."""
DEEPEST = 8
_ODD = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|\u202a-\u202e\u2066-\u2069]')
_AGAIN = "Ask for the file to be exported again."


class _Carried(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    words: str = ""
    exported: datetime | None = None
    picture: str = ""
    data: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """What a file brings.

    Attributes
    ----------
    app : as the file has it, checked for form alone: it has not run.
    picture : a PNG of it; None where there is none that can be shown.
    data : the files that it kept, by their names below its data folder.
    altered : whether the app is another than the one that was exported.
    notes : sentences on what was left out.
    """

    app: MicroApp
    picture: bytes | None = None
    data: tuple[tuple[str, bytes], ...] = ()
    altered: bool = False
    notes: tuple[str, ...] = ()


def carried(app: MicroApp, picture: bytes | None, data: Iterable[tuple[str, bytes]] = ()) -> str:
    """The text of a notebook that carries an app with its picture and data.

    Raises InvalidInput when the data is too much to be carried.
    """
    files: dict[str, str] = {}
    size = 0
    for name, content in data:
        size += len(content)
        if size > LARGEST_DATA or len(files) == MOST_FILES:
            raise InvalidInput(
                f"The app keeps more than the {LARGEST_DATA >> 20} MiB or {MOST_FILES} files that a notebook carries.",
                "Export to zip, or without its data.",
            )
        files[name] = base64.b64encode(content).decode()
    value = _Carried(
        version=1,
        digest=app.digest,
        words=app.words,
        exported=datetime.now(UTC),
        picture=base64.b64encode(picture).decode() if picture else "",
        data=files,
    )
    import nbformat

    node = to_node(app)
    node.metadata[CARRIED] = value.model_dump(mode="json", exclude_defaults=True) | {"version": 1}
    return f"{nbformat.v4.writes(node, allow_nan=False)}\n"  # type: ignore[no-untyped-call]


def arrived(path: Path) -> Arrival:
    """What the file at ``path`` brings; a micro-app that was not exported so brings itself alone.

    Raises
    ------
    InvalidInput
        There is no such file, or the data in it cannot be taken.
    InvalidNotebook
        It is no micro-app; names the cell and the key.
    """
    try:
        node = parse(decode(read_bytes(path)))
        return _arrival(node)
    except InvalidNotebook as error:
        raise InvalidNotebook(f"{path.name}: {error.what}", error.hint, cell=error.cell, key=error.key) from error


def _arrival(node: dict[str, Any]) -> Arrival:
    brought = node["metadata"].get(CARRIED)
    app = from_node(node)
    if brought is None:
        return Arrival(app)
    try:
        value = _Carried.model_validate_json(json.dumps(brought))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join([CARRIED, *map(str, first["loc"])])[:200]
        raise InvalidNotebook(f"The key {key!r} cannot be used: {first['msg'][:200]}.", _AGAIN, key=key) from error
    notes: tuple[str, ...] = ()
    picture = None
    if value.picture:
        try:
            picture = plain_png(_decoded(value.picture))
        except InvalidInput as error:
            notes = (f"Its picture was left out: {error.what}",)
    altered = app.digest != value.digest or value.words not in ("", app.words)
    return Arrival(app, picture, _files(value.data), altered, notes)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput("It is not written in base64.", _AGAIN) from error


def _files(data: dict[str, str]) -> tuple[tuple[str, bytes], ...]:
    if len(data) > MOST_FILES:
        raise InvalidInput(f"The file carries {len(data)} files of data; at most {MOST_FILES} are taken.", _AGAIN)
    if sum(map(len, data.values())) > LARGEST_DATA * 4 // 3 + 4 * MOST_FILES:
        raise InvalidInput(f"The file carries more than {LARGEST_DATA >> 20} MiB of data.", _AGAIN)
    for name in data:
        _require_plain(name)
    folded = {name.casefold() for name in data}
    folders = {str(parent).casefold() for name in data for parent in PurePosixPath(name).parents}
    if len(folded) < len(data) or folded & folders:
        raise InvalidInput("Two files of the data that the file carries have one name.", _AGAIN)
    return tuple((name, _decoded(content)) for name, content in sorted(data.items()))


def _require_plain(name: str) -> None:
    """Raise InvalidInput unless a name stays within a folder, on every system."""
    parts = name.split("/")
    plain = all(
        part and part not in (".", "..") and part == part.strip(" ") and not part.endswith(".")
        and len(part.encode()) <= LONGEST_PART
        for part in parts
    )  # fmt: skip
    if not plain or len(parts) > DEEPEST or _ODD.search(name):
        raise InvalidInput(
            f"The file carries data under the name {name[:80]!r}, which could lead out of the app's own folder.",
            "Nothing was taken in. Ask for the file to be exported without its data.",
        )
