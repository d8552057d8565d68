"""What of a notebook is served: the cells that run and the prose, and nothing it says about how to be served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

from ..errors import InvalidNotebook
from ..notebook import SKIP_EXECUTION, Role

KERNEL = "python3"


def served_notebook(path: Path, title: str) -> nbformat.NotebookNode:
    """The notebook as it is run and shown.

    Tests and cells tagged ``skip-execution`` are left out, and so are outputs and all metadata: a kernel, template or
    theme that the file names has no say.

    Raises
    ------
    InvalidNotebook
        The file is missing or no notebook.
    """
    try:
        stored = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise InvalidNotebook(
            f"The notebook {path.name} could not be read: {type(error).__name__}.",
            "Check it with 'microapps check'.",
        ) from error
    served: nbformat.NotebookNode = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
    served.metadata = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"title": title, "kernelspec": {"name": KERNEL, "display_name": "Python 3", "language": "python"}}
    )
    served.cells = [cell for cell in map(_served_cell, stored.cells) if cell is not None]
    return served


def _served_cell(cell: Any) -> Any | None:
    ours = cell.metadata.get("microapps", {})
    role = ours.get("role") if isinstance(ours, dict) else None
    tags = cell.metadata.get("tags", ())
    if role == Role.TESTS or (isinstance(tags, list | tuple) and SKIP_EXECUTION in tags):
        return None
    if cell.cell_type == "code":
        return nbformat.v4.new_code_cell(cell.source)  # type: ignore[no-untyped-call]
    if cell.cell_type == "markdown":
        kept = nbformat.v4.new_markdown_cell(cell.source)  # type: ignore[no-untyped-call]
        if "attachments" in cell:
            kept["attachments"] = cell.attachments
        return kept
    return None
