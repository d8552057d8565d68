"""Pictures that lie beside a notebook and that its text shows, taken into it as attachments.

A notebook may come from a stranger and name any file. So a file is looked at only where it lies in the notebook's
folder or below, or in what the person gave; links are followed first. It has to be a picture by what it holds, whatever
it is called, and no larger than a page can carry. Whether it may be taken in, the person is asked.

What of a text is a picture, only who renders it knows: code is none, and a definition is one if a picture refers to
it. So stand-ins are put for all that may be an address, and those that the pages then show as pictures are addresses.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import stat
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from .cells import Cell, MicroApp
from .permissions import FileAccess, Permissions

LARGEST = 2 << 20
"""Bytes of one picture."""
LARGEST_TOGETHER = 6 << 20
"""Bytes of all: every visitor loads them with the page."""
MOST = 40
LOOKED_FOR = 1000
"""Addresses that are looked at; no text of a person's own has more."""
ATTACHED = "attachment:"

_ELSEWHERE = re.compile(r"([a-z][a-z0-9+.-]*):|//", re.IGNORECASE)
_WITHIN = ("data", "attachment")
_WHENCE = {**dict.fromkeys(("", "http", "https"), "from another site"), "file": "a file: address"}
_ADDRESS = re.compile(
    r"\](?:\(|:)[ \t]{0,9}\n?[ \t]{0,9}"
    r"(?:<(?P<angled>[^<>\n]{1,1000})>|(?P<plain>(?:[^\s()<>\"`]|\([^\s()<>\"`]{0,400}\)){1,1000}))"
    r"|<img(?=\s)[^<>]{0,1000}?\ssrc=(?P<quote>[\"'])(?P<tag>[^\"'<>\n]{1,1000})(?P=quote)",
    re.IGNORECASE,
)
"""What may be an address, in Markdown of a picture, a link or a definition, or of a picture in HTML."""
_HEADS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF[\s\S]{4}WEBP"), "image/webp"),
    (
        re.compile(
            rb"(?:\xef\xbb\xbf)?\s{0,99}(?:<\?xml\s[^<>]{0,200}\?>\s{0,99})?"
            rb"(?:(?:<!--(?:(?!-->)[\s\S]){0,2000}-->|<!DOCTYPE svg[^<>\[]{0,400}>)\s{0,99}){0,9}<svg[\s>]"
        ),
        "image/svg+xml",
    ),
)

Places = tuple[tuple[int, int], ...]
"""Begin and end of each."""
Shown = Callable[[str], Collection[str]]
"""The names of the attachments that a text shows as pictures."""


@dataclass(frozen=True)
class Picture:
    """A picture that a text shows: as what it is named there, its file, and what that holds."""

    address: str
    path: Path
    media: str
    content: bytes


@dataclass(frozen=True)
class Pictures:
    """Those that can be taken in, and why others cannot: their address → a few words.

    ``places`` are where the texts name pictures: by the cell's id, the begin and end of each address in its source.
    """

    found: tuple[Picture, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Places] = field(default_factory=dict)

    @property
    def asked(self) -> Permissions:
        """What of the person's files they are, to ask for."""
        paths = dict.fromkeys(str(picture.path) for picture in self.found)
        return Permissions(files=tuple(FileAccess(path=path) for path in paths))


def pictures_shown(app: MicroApp, folder: Path, given: Permissions, shown: Shown) -> Pictures:
    """The pictures by relative addresses in an app's text, with their files read.

    Parameters
    ----------
    app : adopted from a notebook in ``folder``.
    given : what the person gave; a picture that lies elsewhere is found in its files and folders.
    shown : how the pages render a text.
    """
    places = {cell.id: _places(cell.source, shown) for cell in app.cells if cell.kind == "markdown"}
    named = (cell.source[begin:end] for cell in app.cells for begin, end in places.get(cell.id, ()))
    roots = [folder.resolve(), *(Path(access.path).resolve() for access in given.files)]
    found: list[Picture] = []
    left: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    size = 0
    for address in list(dict.fromkeys(named))[:LOOKED_FOR]:
        if outside := _ELSEWHERE.match(address):
            scheme = (outside[1] or "").lower()
            if scheme not in _WITHIN:
                elsewhere[address] = _WHENCE.get(scheme, "not beside the notebook")
            continue
        picture = _read(address, folder, roots)
        if isinstance(picture, Picture) and (len(found) == MOST or size + len(picture.content) > LARGEST_TOGETHER):
            picture = "too much for one page"
        if isinstance(picture, str):
            left[address] = picture
        else:
            found.append(picture)
            size += len(picture.content)
    return Pictures(tuple(found), left | elsewhere, places)


def with_pictures(app: MicroApp, pictures: Pictures) -> MicroApp:
    """The app with those pictures attached to the cells that show them, whose text names them so.

    A link to what a picture of the same cell refers to leads to the attachment, too: the file does not come along.
    """
    by_address = {picture.address: picture for picture in pictures.found}
    return replace(
        app, cells=tuple(_with_attached(cell, pictures.places.get(cell.id, ()), by_address) for cell in app.cells)
    )


def _places(text: str, shown: Shown) -> Places:
    """Where a text has the addresses of pictures that it shows.

    It is looked at twice: a stand-in for what is no address may have changed what is around it.
    """
    places = tuple(match.span(match.lastgroup or 0) for match in _ADDRESS.finditer(text))
    for _ in range(2):
        if places:
            names = [secrets.token_hex(8) for _ in places]  # in no text
            drawn = shown(_with_addresses(text, zip(places, names, strict=True)))
            places = tuple(place for place, name in zip(places, names, strict=True) if name in drawn)
    return places


def _with_addresses(text: str, attached: Iterable[tuple[tuple[int, int], str]]) -> str:
    """A text with the names of attachments in some places."""
    parts, done = [], 0
    for (begin, end), name in attached:
        parts += [text[done:begin], ATTACHED, name]
        done = end
    return "".join((*parts, text[done:]))


def _read(address: str, folder: Path, roots: list[Path]) -> Picture | str:
    """The picture at a relative address, or why there is none."""
    plain = unescape(address).partition("?")[0].partition("#")[0]
    for name in dict.fromkeys((plain, unquote(plain))):
        if "\0" in name:
            continue
        path = Path(os.path.realpath(folder / name))
        if not any(path.is_relative_to(root) for root in roots):
            return "not beside the notebook"
        if (content := _content(path)) is None:
            continue
        if len(content) > LARGEST:
            return f"larger than {LARGEST >> 20} MiB"
        media = next((media for head, media in _HEADS if head.match(content)), "")
        return Picture(address, path, media, content) if media else "no picture"
    return "not there"


def _content(path: Path) -> bytes | None:
    """What an ordinary file holds, or a little more than a picture may; None if there is none that can be read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(LARGEST + 1)


def _with_attached(cell: Cell, places: Places, pictures: Mapping[str, Picture]) -> Cell:
    attachments = dict(cell.attachments)
    names: dict[Path, str] = {}
    attached = []
    for begin, end in places:
        if picture := pictures.get(cell.source[begin:end]):
            if picture.path not in names:
                names[picture.path] = name = _free_name(picture.path, attachments)
                attachments[name] = {picture.media: base64.b64encode(picture.content).decode()}
            attached.append(((begin, end), names[picture.path]))
    return replace(cell, source=_with_addresses(cell.source, attached), attachments=attachments) if names else cell


def _free_name(path: Path, taken: Mapping[str, object]) -> str:
    """A name that needs no marks in Markdown, in HTML or in an address."""
    name = re.sub(r"[^\w.-]+", "-", path.name, flags=re.ASCII)
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{number}-{name}"
    return free
