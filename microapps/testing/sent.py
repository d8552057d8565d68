"""Modules of this package as source, to be run in a kernel that may not have the package.

The parts that run on both sides import the standard library and each other only. They are sent as one text, in which
the imports from each other are dropped: all their names stand in one namespace.
"""

from __future__ import annotations

import ast
from functools import cache
from importlib import resources

from ..notebook.syntax import module_tree

VALUES = ("records", "arrays", "wire", "raised")


@cache
def source(*modules: str) -> str:
    """The code of some modules of this package, in the order given, as one text."""
    body: list[ast.stmt] = []
    for name in modules:
        text = (resources.files(__package__) / f"{name}.py").read_text(encoding="utf-8")
        for statement in module_tree(text).body:
            if not (isinstance(statement, ast.ImportFrom) and (statement.level or statement.module == "__future__")):
                body.append(statement)
    return "from __future__ import annotations\n" + ast.unparse(ast.Module(body, []))
