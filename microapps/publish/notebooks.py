"""What of a notebook is served: the cells that run and the prose, and nothing it says about how to be served."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from ..notebook import SKIP_EXECUTION, Role
from ..notebook.document import decode, parse, read_bytes

KERNEL = "python3"


def served_notebook(path: Path, title: str) -> nbformat.NotebookNode:
    """The notebook as it is run and shown.

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
    return served


def _served_cell(cell: Mapping[str, Any]) -> Any | None:
    ours = cell["metadata"].get("microapps", {})
    role = ours.get("role") if isinstance(ours, dict) else None
    tags = cell["metadata"].get("tags", ())
    if role == Role.TESTS or (isinstance(tags, list | tuple) and SKIP_EXECUTION in tags):
        return None
    if cell["cell_type"] == "code":
        return nbformat.v4.new_code_cell(cell["source"])  # type: ignore[no-untyped-call]
    if cell["cell_type"] == "markdown":
        kept = nbformat.v4.new_markdown_cell(cell["source"])  # type: ignore[no-untyped-call]
        if cell.get("attachments"):
            kept["attachments"] = nbformat.from_dict(cell["attachments"])  # type: ignore[no-untyped-call]
        return kept
    return None
