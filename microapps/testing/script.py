"""The cells of a notebook that run, whatever form the notebook comes in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from ..errors import InvalidInput, InvalidNotebook
from ..notebook import RAISES_EXCEPTION, SKIP_EXECUTION, MicroApp, Role

Notebook = str | Path | MicroApp | NotebookNode


@dataclass(frozen=True)
class ScriptCell:
    """A cell to run; ``may_raise`` where it is tagged ``raises-exception``."""

    id: str
    source: str
    may_raise: bool = False


def script_of(notebook: Notebook) -> tuple[ScriptCell, ...]:
    """The code cells that Voila would run, in order: neither those tagged ``skip-execution`` nor tests.

    Raises :class:`~microapps.errors.InvalidInput` when a file cannot be read or is no notebook.
    """
    if isinstance(notebook, MicroApp):
        return tuple(
            ScriptCell(cell.id, cell.source, RAISES_EXCEPTION in cell.tags)
            for cell in notebook.cells
            if cell.runs and cell.source.strip()
        )
    if isinstance(notebook, str | Path):
        notebook = read_node(Path(notebook))
    cells = []
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        ours = cell.metadata.get("microapps", {})
        tests = isinstance(ours, Mapping) and ours.get("role") == Role.TESTS
        if cell.cell_type == "code" and cell.source.strip() and SKIP_EXECUTION not in tags and not tests:
            cells.append(ScriptCell(cell.get("id") or f"cell-{number}", cell.source, RAISES_EXCEPTION in tags))
    return tuple(cells)


def read_node(path: Path) -> NotebookNode:
    """A notebook file of any version, as an nbformat 4 node."""
    try:
        node: Any = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    except (
        nbformat.reader.NotJSONError,
        nbformat.ValidationError,
        UnicodeDecodeError,
        KeyError,
        AttributeError,
    ) as error:
        raise InvalidNotebook(
            f"{path} is no notebook: {str(error)[:200]}", "Give the path of an .ipynb file."
        ) from error
    notebook: NotebookNode = node
    return notebook
