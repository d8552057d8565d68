"""Any widget notebook made a micro-app: roles, root, title and proposed permissions are read off what it holds.

Nothing of the person's content is changed: sources stay byte for byte what they were. Metadata is: our key is added,
missing ids are, and left out are outputs, saved widget state, the kernel and template it names, and whatever the
notebook format does not allow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InvalidNotebook
from .cells import SKIP_EXECUTION, MicroApp, Role
from .document import checked, decode, parse, read_bytes, with_ids
from .files import KEY, as_cell, from_node, kept_notebook_metadata, to_node
from .metadata import AppMetadata, Provenance, slug
from .reach import names_relative_paths, proposed_permissions, reach
from .roles import recognise

_UNTITLED = re.compile(r"untitled[\d-]*|app|notebook")
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)")
_ATX = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.+)$")
_HTML_HEADING = re.compile(r"<h[1-6][^>]{0,400}>(.{1,400}?)</h[1-6]>", re.IGNORECASE)
_UNDERLINE = re.compile(r"^(?:=+|-{3,})[ \t]*$")
_DEFINITION = (
    r"\[[^\]]{1,400}\]:[ \t]{0,9}(?:<[^<>]{0,1000}>|[^\s<]\S*)?"
    r"(?:[ \t]{1,9}(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
"""Of an address that links and pictures refer to."""
_NOT_PROSE = re.compile(
    r"^[ \t]*(?:[>|]|[-*+][ \t]|\d+[.)][ \t]|!\[|<|\$\$|\[!\[|(?:[*_-][ \t]*){3,}$|" + _DEFINITION + ")"
)
_LENGTH = 500
_MENDED = 100


def adopt(notebook: str | Path | Mapping[str, Any], *, name: str = "") -> MicroApp:
    """A micro-app made of an existing notebook; one that is a micro-app already is returned as it is.

    Parameters
    ----------
    notebook : path or parsed notebook
        Formats 3 and 4; relative paths in its code are taken from its folder, or from the current one.
    name : str
        The app's name; made from the file's name or the title if empty.

    Raises
    ------
    InvalidInput
        There is no such file.
    InvalidNotebook
        It is no notebook, or none of Python.
    """
    if isinstance(notebook, str | Path):
        path = Path(notebook)
        try:
            node = parse(decode(read_bytes(path)))
        except InvalidNotebook as error:
            raise InvalidNotebook(f"{path}: {error.what}", error.hint, cell=error.cell, key=error.key) from error
        stem, source, folder = path.stem, path.name, path.parent
    else:
        node, stem, source, folder = checked(notebook), "", "", Path()
    if KEY in node["metadata"]:
        stored = from_node(node)
        return stored.with_metadata(name=name) if name else stored
    _require_python(node)
    app = _app(node, stem, source, name)
    found = reach(app, folder=folder)
    asked = proposed_permissions(found, folder.absolute())
    if asked.files and names_relative_paths(found):
        app = app.with_metadata(
            provenance=app.metadata.provenance.model_copy(update={"folder": str(folder.absolute())})
        )
    return _valid(app.with_metadata(permissions=asked))


def _app(node: Mapping[str, Any], stem: str, source: str, name: str) -> MicroApp:
    recognised = recognise(node["cells"])
    named = [str(role or cell["cell_type"]) for role, cell in zip(recognised.roles, node["cells"], strict=True)]
    ids = with_ids(node["cells"], named, repair=True)
    cells = []
    for identity, role, cell in zip(ids, recognised.roles, node["cells"], strict=True):
        made = as_cell(cell, identity, role)
        if role is Role.TESTS:
            tags = [*_sound_tags(made.metadata.get("tags")), SKIP_EXECUTION]
            made = replace(made, metadata={**made.metadata, "tags": tags})
        cells.append(made)
    texts = [cell.source for cell in cells if cell.kind == "markdown"]
    title, description = _title_and_description(texts, node["metadata"].get("title"))
    title = title or " ".join(re.split(r"[\W_]+", stem)).strip() or "Adopted notebook"
    own_name = slug(stem) if stem and not _UNTITLED.fullmatch(slug(stem)) else slug(title)
    metadata_of_app = AppMetadata(
        name=slug(name) if name else own_name,
        title=title[:200],
        description=description,
        provenance=Provenance(maker="adopted", source=source[:2000]),
        root=recognised.root,
    )
    return MicroApp(metadata_of_app, tuple(cells), kept_notebook_metadata(node["metadata"]))


def _sound_tags(tags: object) -> list[str]:
    words = dict.fromkeys(tags if isinstance(tags, list) else [])
    return [tag for tag in words if isinstance(tag, str) and tag and "," not in tag and tag != SKIP_EXECUTION]


def _require_python(node: Mapping[str, Any]) -> None:
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        value = node["metadata"].get(key)
        language = value.get(field) if isinstance(value, Mapping) else None
        if isinstance(language, str) and language and not re.match(r"i?python", language, re.IGNORECASE):
            raise InvalidNotebook(
                f"The notebook is written in {language[:40]}.",
                "Only notebooks of Python can be adopted.",
                key=f"{key}.{field}",
            )


def _title_and_description(texts: list[str], own_title: object) -> tuple[str, str]:
    """The first heading and the first paragraph of prose, as plain text; each empty if there is none."""
    title = own_title.strip() if isinstance(own_title, str) else ""
    description = ""
    for text in texts:
        heading, paragraph = _heading_and_paragraph(text[:100_000])
        title = title or heading
        description = description or paragraph
        if title and description:
            break
    return title, description


def _heading_and_paragraph(text: str) -> tuple[str, str]:
    heading = ""
    prose: list[str] = []
    fenced = ended = False
    lines = text.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if _FENCE.match(line):
            fenced = not fenced
            ended = ended or bool(prose)
            continue
        if fenced:
            continue
        found = _ATX.match(line) or _HTML_HEADING.search(line)
        underlined = line.strip() and not prose and _UNDERLINE.match(below) and not _NOT_PROSE.match(line)
        if found or underlined:
            heading = heading or _unmarked(found.group(1).rstrip(" \t#") if found else line)
            ended = ended or bool(prose)
        elif not line.strip() or _NOT_PROSE.match(line) or _UNDERLINE.match(line):
            ended = ended or bool(prose)
        elif not ended:
            prose.append(line.strip())
    return heading, _shortened(_unmarked(" ".join(prose)))


def _unmarked(text: str) -> str:
    """Markdown's inline marks taken off: pictures, links, emphasis, code, tags."""
    text = re.sub(r"!\[[^\]]{0,400}\](?:\([^)]{0,2000}\)|\[[^\]]{0,400}\])", "", text)
    text = re.sub(r"\[([^\]]{0,400})\]\((?:[^()]|\([^()]{0,200}\)){0,2000}\)", r"\1", text)
    text = re.sub(r"(?<!\w)\[([^\]]{0,400})\]\[[^\]]{0,400}\]", r"\1", text)
    text = re.sub(r"<[^>]{1,400}>", "", text)
    text = re.sub(r"(\*{1,3})(?=\S)(.{1,400}?)(?<=\S)\1", r"\2", text)
    text = re.sub(r"(?<!\w)_{1,3}(?=\S)(.{1,400}?)(?<=\S)_{1,3}(?!\w)", r"\1", text).replace("`", "")
    return " ".join(text.split())


def _shortened(text: str) -> str:
    """At most :data:`_LENGTH` characters, cut after a sentence, or else after a word."""
    if len(text) <= _LENGTH:
        return text
    cut = text[:_LENGTH]
    end = max(cut.rfind(mark) for mark in (". ", "! ", "? ", "。"))
    return cut[: end + 1] if end > 0 else f"{cut.rpartition(' ')[0] or cut}…"


def _valid(app: MicroApp) -> MicroApp:
    """The app without the metadata that the notebook format forbids; Jupyter shows such notebooks, with a warning."""
    for _ in range(_MENDED):
        try:
            to_node(app)
        except InvalidNotebook as error:
            app = _without(app, error)
        else:
            return app
    to_node(app)
    return app


def _without(app: MicroApp, error: InvalidNotebook) -> MicroApp:
    """The app without the metadata key that an error names; the error itself if it names none."""
    section, _, rest = error.key.partition("/")
    key = rest.partition("/")[0]
    if section != "metadata" or not key:
        raise error
    if not error.cell:
        kept = {name: value for name, value in app.notebook_metadata.items() if name != key}
        return replace(app, notebook_metadata=kept)
    return replace(
        app,
        cells=tuple(
            replace(cell, metadata={name: value for name, value in cell.metadata.items() if name != key})
            if cell.id == error.cell
            else cell
            for cell in app.cells
        ),
    )
