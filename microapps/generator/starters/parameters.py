"""A starter's parameters: the constants at the top of its cells, read and replaced by name.

A value goes in as a literal (``repr``), never as text of a description, and only in place of an assignment that is
already there; the rest of the cell stays as it was written.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ...errors import MachineFault
from ...notebook.cells import MicroApp
from ...notebook.files import read
from ...notebook.syntax import expression_tree, module_tree


@functools.cache
def template(notebook: Path) -> MicroApp:
    """The starter's notebook, read once."""
    return read(notebook).app


@functools.cache
def constants(notebook: Path) -> Mapping[str, Any]:
    """Every literal constant (NAME = literal) of a starter's notebook, by name; the first one counts."""
    values: dict[str, Any] = {}
    for cell in template(notebook).cells:
        if cell.kind == "code":
            for name, node in _assignments(cell.source).items():
                try:
                    values.setdefault(name, ast.literal_eval(node.value))
                except ValueError:
                    continue  # computed from other constants: no parameter
    return MappingProxyType(values)


def with_constants(source: str, values: Mapping[str, object]) -> str:
    """The source with the top-level constants of these names given these values.

    Names that the source does not assign are left out; a value must survive ``repr``.

    Raises
    ------
    MachineFault
        A value is no literal: a fault of this package, not of the description.
    """
    lines = source.splitlines(keepends=True)
    found = _assignments(source)
    for name, node in sorted(found.items(), key=lambda item: -item[1].lineno):
        if name not in values:
            continue
        literal = repr(values[name])
        try:
            ast.literal_eval(expression_tree(literal))
        except (ValueError, SyntaxError) as error:
            raise MachineFault(f"The value of {name} is no literal: {literal[:80]}.") from error
        end = node.end_lineno or node.lineno
        newline = "\n" if lines[end - 1].endswith("\n") else ""
        lines[node.lineno - 1 : end] = [f"{name} = {literal}{newline}"]
    return "".join(lines)


def _assignments(source: str) -> dict[str, ast.Assign]:
    """Top-level ``NAME = …`` statements in capitals."""
    return {
        node.targets[0].id: node
        for node in module_tree(source).body
        if isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
    }
