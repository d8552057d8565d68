"""Whether an app keeps to the format: roles, order, ids, the root widget, and tests tied to criteria.

An adopted notebook (``provenance.maker == "adopted"``) was written by someone who knew nothing of roles: it may lack
any of them, in any order, and tests and criteria too. What it has must still be sound.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from ..errors import InvalidNotebook
from .cells import SKIP_EXECUTION, Cell, MicroApp, Role
from .files import to_node
from .source import tree
from .syntax import compiled

_ORDER = tuple(Role)
_REQUIRED = {
    Role.ABOUT: "A markdown cell with the title and what the app does.",
    Role.IMPORTS: "A code cell with the imports and constants.",
    Role.LOGIC: "A code cell with the pure functions that the app is about.",
    Role.UI: "A code cell with the widgets, ending in a root widget called 'app'.",
    Role.SHOW: "A code cell with 'display(app)'.",
    Role.TESTS: "A code cell with functions 'test_…(app)'.",
}
_SINGLE = (Role.SHOW, Role.TESTS)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Problem:
    """One way in which an app does not keep to the format.

    ``cell`` is a cell's id and ``key`` a metadata key, each empty where none is meant; a ``warning`` keeps no app
    from being used.
    """

    cell: str
    key: str
    what: str
    hint: str
    warning: bool = False


def problems(app: MicroApp) -> tuple[Problem, ...]:
    """Every problem of an app's format, errors and warnings; empty for a sound app. Nothing is run."""
    try:
        to_node(app)
    except InvalidNotebook as error:
        return (Problem(error.cell, error.key, error.what, error.hint),)
    trees: dict[str, ast.Module] = {}
    found = list(_syntax(app, trees))
    if app.metadata.provenance.maker != "adopted":
        found += _roles(app)
        found += _root(app, trees)
    elif app.metadata.root and not any(app.metadata.root in assigned(tree) for tree in trees.values()):
        found.append(
            Problem(
                "",
                "microapps.root",
                f"No cell assigns the root widget {app.metadata.root!r}.",
                "Name the variable that holds the widget to show, or leave the root empty.",
            )
        )
    found += _kinds(app)
    found += _tests(app, trees)
    return tuple(found)


def assigned(module: ast.Module) -> frozenset[str]:
    """The names that a cell's own statements bind, also inside ``if``, ``with``, ``for`` and ``try``."""
    names: set[str] = set()
    waiting: list[ast.AST] = list(module.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif not isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting += ast.iter_child_nodes(node)
    return frozenset(names)


def displays(module: ast.Module, name: str) -> bool:
    """Whether a cell shows a variable: by ``display(name)``, or by ending in the bare name."""
    if module.body and isinstance(module.body[-1], ast.Expr):
        last = module.body[-1].value
        if isinstance(last, ast.Name) and last.id == name:
            return True
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "display"
        and any(isinstance(argument, ast.Name) and argument.id == name for argument in node.args)
        for node in ast.walk(module)
    )


def tests_in(module: ast.Module) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    """The functions ``test_…`` that a cell defines at its top, in order, duplicates too."""
    return tuple(node for node in module.body if isinstance(node, _FUNCTIONS) and node.name.startswith("test_"))


def _syntax(app: MicroApp, trees: dict[str, ast.Module]) -> Iterator[Problem]:
    for cell in app.cells:
        if cell.kind != "code":
            continue
        try:
            trees[cell.id] = tree(cell.source)
            # Compiling finds what parsing does not, like a 'return' outside a function; nothing is run.
            # One statement at a time, as IPython does, which takes a late 'from __future__' without complaint.
            for statement in trees[cell.id].body:
                module = ast.Module([statement], [])
                compiled(module, cell.id, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except RecursionError:
            yield Problem(cell.id, "", f"Cell {cell.id!r} is nested too deeply.", "Write it more plainly.")
        except SyntaxError as error:
            line = f", line {error.lineno}" if error.lineno else ""
            text = f": {error.text.strip()}" if error.text and error.text.strip() else ""
            yield Problem(cell.id, "", f"Cell {cell.id!r}{line} is not valid Python ({error.msg}){text}", "Mend it.")


def _roles(app: MicroApp) -> Iterator[Problem]:
    for role, holds in _REQUIRED.items():
        cells = app.of(role)
        if not cells:
            yield Problem("", "microapps.role", f"There is no cell of the role {role.value!r}.", f"Add it: {holds}")
        elif all(not cell.source.strip() for cell in cells):
            yield Problem(cells[0].id, "", f"The {role.value!r} cell is empty.", holds)
        if role in _SINGLE and len(cells) > 1:
            yield Problem(
                cells[1].id, "microapps.role", f"There are {len(cells)} cells of the role {role.value!r}.", "Keep one."
            )
    last = 0
    for cell in app.cells:
        if cell.role is None:
            if cell.kind == "code":
                yield Problem(
                    cell.id,
                    "microapps.role",
                    f"The code cell {cell.id!r} has no role.",
                    f"Give it one of {', '.join(Role)}, or join it to a cell that has one.",
                )
            continue
        place = _ORDER.index(cell.role)
        if place < last:
            yield Problem(
                cell.id,
                "microapps.role",
                f"The {cell.role.value!r} cell {cell.id!r} comes after a {_ORDER[last].value!r} cell.",
                f"The order is {', '.join(Role)}.",
            )
        last = max(last, place)


def _kinds(app: MicroApp) -> Iterator[Problem]:
    for cell in app.cells:
        if cell.role is None:
            continue
        expected = "markdown" if cell.role is Role.ABOUT else "code"
        if cell.kind != expected:
            yield Problem(
                cell.id,
                "cell_type",
                f"The {cell.role.value!r} cell {cell.id!r} is a {cell.kind} cell.",
                f"Make it a {expected} cell.",
            )
        if cell.role is Role.TESTS and SKIP_EXECUTION not in cell.tags:
            yield Problem(
                cell.id,
                "tags",
                f"The tests cell {cell.id!r} is not tagged {SKIP_EXECUTION!r}: Voila would run it.",
                f"Tag it {SKIP_EXECUTION!r}.",
            )


def _root(app: MicroApp, trees: dict[str, ast.Module]) -> Iterator[Problem]:
    root = app.metadata.root
    if not root:
        yield Problem("", "microapps.root", "The app names no root widget.", "Name the variable: 'app'.")
        return
    for role, done, what, hint in (
        (Role.UI, assigned, "assigns", f"End it with '{root} = VBox([…])' or another widget."),
        (Role.SHOW, None, "displays", f"It is one line: 'display({root})'."),
    ):
        cells = app.of(role)
        read = [trees[cell.id] for cell in cells if cell.id in trees]
        if not read or len(read) < len(cells):
            continue
        if not any(root in done(module) if done else displays(module, root) for module in read):
            yield Problem(cells[-1].id, "", f"No {role.value!r} cell {what} the root widget {root!r}.", hint)


def _tests(app: MicroApp, trees: dict[str, ast.Module]) -> Iterator[Problem]:
    cells: dict[str, Cell] = {}
    read_all = True
    for cell in app.of(Role.TESTS):
        if cell.id not in trees:
            read_all = False
            continue
        for function in tests_in(trees[cell.id]):
            if function.name in cells:
                yield Problem(
                    cell.id,
                    "",
                    f"Two tests are called {function.name!r} (line {function.lineno}): the first would never run.",
                    "Rename one of them.",
                )
            if "app" not in [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]:
                yield Problem(
                    cell.id,
                    "",
                    f"The test {function.name!r} (line {function.lineno}) does not take the app.",
                    f"Write 'def {function.name}(app):'.",
                )
            cells[function.name] = cell
    yield from _criteria(app, cells, read_all)


def _criteria(app: MicroApp, tests: dict[str, Cell], read_all: bool) -> Iterator[Problem]:
    adopted = app.metadata.provenance.maker == "adopted"
    criteria = app.metadata.criteria
    if not criteria and not adopted:
        yield Problem("", "microapps.criteria", "The app has no acceptance criterion.", "Say what it must do.")
    seen: set[str] = set()
    for number, criterion in enumerate(criteria):
        key = f"microapps.criteria.{number}"
        if criterion.id in seen:
            yield Problem("", key, f"Two criteria have the id {criterion.id!r}.", "Give one another id.")
        seen.add(criterion.id)
        if not criterion.tests:
            yield Problem(
                "", key, f"No test shows the criterion {criterion.id!r}: {criterion.text}", "Name the tests that do."
            )
        for name in criterion.tests:
            if read_all and name not in tests:
                yield Problem(
                    "",
                    key,
                    f"The criterion {criterion.id!r} names the test {name!r}, which does not exist.",
                    f"The tests are: {', '.join(tests) or 'none'}.",
                )
    served = {name for criterion in criteria for name in criterion.tests}
    for name, cell in tests.items():
        if name not in served:
            yield Problem(
                cell.id,
                "microapps.criteria",
                f"The test {name!r} serves no criterion.",
                "Add it to the criterion that it shows, or remove it.",
                warning=True,
            )
