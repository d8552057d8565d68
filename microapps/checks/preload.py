"""Which libraries an app's kernels will import, so that a warm parent can have them ready."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator

from ..notebook import MicroApp
from ..notebook.source import tree

MOST = 12  # libraries of one app; more would make the first kernel slow for little
ALREADY_THERE = frozenset({"IPython", "ipywidgets", "traitlets", "ipykernel"})


def preloadable(app: MicroApp) -> tuple[str, ...]:
    """Dotted names of the installed third-party modules that the app's cells import at top level, sorted."""
    names: set[str] = set()
    for cell in app.cells:
        if cell.runs:
            try:
                module = tree(cell.source)
            except SyntaxError:
                continue
            names.update(name for statement in module.body for name in _imported(statement))
    return tuple(sorted(name for name in names if _third_party(name.partition(".")[0])))[:MOST]


def _imported(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        yield statement.module


def _third_party(top: str) -> bool:
    if top in sys.stdlib_module_names or top in ALREADY_THERE:
        return False
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False
