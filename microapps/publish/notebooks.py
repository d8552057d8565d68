"""What of a notebook is served: the cells that run and the prose, and nothing it says about how to be served."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat

from ..errors import InvalidNotebook
from ..notebook import RAISES_EXCEPTION, SKIP_EXECUTION, Permissions, Role, from_node
from ..notebook.document import decode, parse, read_bytes
from .settings import PublishedApp

KERNEL = "python3"
_MOST_READ = 64
_SETTLED = 2.0
"""Seconds after which a file that changes again has another time of change for certain."""
_read: dict[tuple[Path, str], tuple[tuple[int, ...], tuple[nbformat.NotebookNode, str]]] = {}


def served_notebook(path: Path, title: str) -> nbformat.NotebookNode:
    """The notebook as it is run and shown; see :func:`served_content`."""
    return served_content(path, title)[0]


def served_content(path: Path, title: str) -> tuple[nbformat.NotebookNode, str]:
    """The notebook as it is run and shown, and the digest of the micro-app it is; empty where it is none.

    Tests and cells tagged ``skip-execution`` are left out, and so are outputs and all metadata: a kernel, template or
    theme that the file names has no say.

    Raises
    ------
    InvalidInput
        The file is missing, cannot be read, or is no notebook.
    """
    stored = parse(decode(read_bytes(path)))
    served: nbformat.NotebookNode = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    served.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"title": title, "kernelspec": {"name": KERNEL, "display_name": "Python 3", "language": "python"}}
    )
    served.cells = [cell for cell in map(_served_cell, stored["cells"]) if cell is not None]
    try:
        return served, from_node(stored).digest
    except InvalidNotebook:
        return served, ""


def content_as_read(path: Path, title: str) -> tuple[nbformat.NotebookNode, str]:
    """As :func:`served_content`; a file that has not changed since is not read again. The notebook must not be changed.

    Raises InvalidInput as that does.
    """
    try:
        found = os.stat(path)  # noqa: PTH116
    except OSError:
        return served_content(path, title)
    mark = (found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
    known = _read.get((path, title))
    if known is not None and known[0] == mark:
        return known[1]
    content = served_content(path, title)
    if time.time() - max(found.st_mtime, found.st_ctime) > _SETTLED:
        _read[path, title] = mark, content
        for old in list(_read)[:-_MOST_READ]:
            del _read[old]
    return content


def confined_as_granted(app: PublishedApp, digest: str) -> PublishedApp:
    """The app as content with this digest may run: with what it was given only if that is what it was given for.

    A file that was changed after the person approved it still runs, with its own data and nothing else.
    """
    if app.digest in ("", digest):
        return app
    bare = Permissions(storage=app.confinement.granted.storage)
    return replace(app, confinement=replace(app.confinement, granted=bare, sockets=()))


def _served_cell(cell: Mapping[str, Any]) -> Any | None:
    ours = cell["metadata"].get("microapps", {})
    role = ours.get("role") if isinstance(ours, dict) else None
    tags = cell["metadata"].get("tags", ())
    if role == Role.TESTS or (isinstance(tags, list | tuple) and SKIP_EXECUTION in tags):
        return None
    if cell["cell_type"] == "code":
        kept = nbformat.v4.new_code_cell(cell["source"])  # type: ignore[no-untyped-call]
        if isinstance(tags, list | tuple) and RAISES_EXCEPTION in tags:
            kept.metadata["tags"] = [RAISES_EXCEPTION]
        return kept
    if cell["cell_type"] == "markdown":
        kept = nbformat.v4.new_markdown_cell(cell["source"])  # type: ignore[no-untyped-call]
        if cell.get("attachments"):
            kept["attachments"] = nbformat.from_dict(cell["attachments"])  # type: ignore[no-untyped-call]
        return kept
    return None
