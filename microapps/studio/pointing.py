"""From a control that was pointed at on an app's page to the cell and variable that make it.

A running app says which of its code cells made the widget, and which variable holds it. Where none runs, or what it
says does not fit the code, it is read off the code, never run: the labels that a widget is given as plain text are
looked for, in the cells that run. Where a label is put together while the app runs, the variable is not known, and the
cell is the one that has widgets.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..generator import Reference
from ..notebook import MicroApp, Role
from ..notebook.syntax import module_tree

TEXTS = ("description", "value", "placeholder", "tooltip", "title", "label")
"""What of a widget a person may read; the first that matches counts."""
KINDS_END = ("Model", "View")


@dataclass(frozen=True)
class _Made:
    """A call that may make a widget: where, under which name, of which class, with which texts."""

    cell: str
    variable: str
    kind: str
    texts: dict[str, str]


def resolve(app: MicroApp, label: str, kind: str = "", there: tuple[int, str] | None = None) -> Reference:
    """The cell and variable of the control with that label and widget class.

    ``there`` is the running app's word: the number of the code cell, -1 for none, and the variable or nothing.
    """
    kind = kind.rpartition(".")[2]
    for ending in KINDS_END:
        kind = kind.removesuffix(ending)
    read = _read(app, label, kind)
    if there is None or (said := _said(app, *there)) is None:
        return read
    cell, variable = said
    return replace(read, cell=cell, variable=variable or (read.variable if read.cell == cell else ""))


def _read(app: MicroApp, label: str, kind: str) -> Reference:
    """What the code alone tells."""
    wanted = " ".join(label.split())
    found = [made for made in _made(app) if wanted and wanted in map(_plain, made.texts.values())]
    of_kind = [made for made in found if made.kind == kind] or found
    of_kind.sort(key=lambda made: min(TEXTS.index(name) for name in made.texts if _plain(made.texts[name]) == wanted))
    if of_kind:
        made = of_kind[0]
        return Reference(label=label, cell=made.cell, variable=made.variable, kind=kind or made.kind)
    ui = app.of(Role.UI)
    return Reference(label=label, cell=ui[0].id if len(ui) == 1 else "", kind=kind)


def _said(app: MicroApp, number: int, variable: str) -> tuple[str, str] | None:
    """The cell and variable that a running app names, if the app as it is now has them."""
    running = [cell for cell in app.cells if cell.runs]
    name = re.match(r"\w*", variable)
    if not 0 <= number < len(running) or not name or not any(_names_it(cell.source, name[0]) for cell in running):
        return None
    return running[number].id, variable


def _names_it(source: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", source) is not None


def _plain(text: str) -> str:
    return " ".join(text.split())


def _made(app: MicroApp) -> Iterator[_Made]:
    constants: dict[str, str] = {}
    for cell in app.cells:
        if not cell.runs:
            continue
        try:
            tree = module_tree(cell.source)
        except SyntaxError:
            continue
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    constants[name] = text
        named = dict(_names(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (texts := _texts(node, constants)):
                yield _Made(cell.id, named.get(id(node), ""), _class(node.func), texts)


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The variable that each call is assigned to, by the call's identity."""
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
                yield id(call), name
            case ast.Assign(targets=[ast.Attribute() as place], value=ast.Call() as call):
                yield id(call), ast.unparse(place)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                yield id(call), name


def _texts(call: ast.Call, constants: dict[str, str]) -> dict[str, str]:
    found = {}
    for keyword in call.keywords:
        match keyword.value:
            case ast.Constant(value=str(text)) if keyword.arg in TEXTS:
                found[keyword.arg] = text
            case ast.Name(id=name) if keyword.arg in TEXTS and name in constants:
                found[keyword.arg] = constants[name]
    return {str(name): text for name, text in found.items()}


def _class(function: ast.expr) -> str:
    return ast.unparse(function).rpartition(".")[2]
