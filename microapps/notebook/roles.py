"""Which role each cell of a notebook plays that was written without roles, and which variable holds its root widget.

Read off the code, never run. What fits no role has none; an adopted app is not held to them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .cells import Role
from .reach.names import Names
from .source import magic_call, tree

WIDGET_PACKAGES = frozenset(
    {"anywidget", "bqplot", "ipycanvas", "ipycytoscape", "ipydatagrid", "ipyfilechooser", "ipyleaflet", "ipympl"}
    | {"ipysheet", "ipyvolume", "ipyvuetify", "ipywidgets", "itables", "jupyter_ui_poll", "pythreejs", "sidecar"}
)
_MAKERS = frozenset({"interactive", "interactive_output", "interact", "interact_manual", "jsdlink", "jslink"})
_LISTENING = frozenset({"observe", "on_click", "on_displayed", "on_msg", "on_submit"})
_CONSTANT_CALLS = frozenset({"os.environ.get", "os.getenv", "pathlib.Path", "pathlib.Path.cwd", "pathlib.Path.home"})
_HEADING = re.compile(r"^[ ]{0,3}(?:#{1,6}[ \t]+\S|<h[1-6][ >])|^\S.*\n(?:=+|-{3,})[ \t]*$", re.MULTILINE)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Recognised:
    """One role or None for each cell, and the root variable's name, empty where no single variable holds all."""

    roles: tuple[Role | None, ...]
    root: str


def recognise(cells: Sequence[Mapping[str, Any]]) -> Recognised:
    """The roles and the root of the cells of a checked notebook."""
    trees: dict[int, ast.Module] = {}
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code" and cell["source"].strip():
            try:
                trees[place] = tree(cell["source"])
            except SyntaxError:
                continue
    reader = _Reader(list(trees.values()))
    roles = {place: reader.role(module) for place, module in trees.items()}
    about = _about(cells, roles)
    return Recognised(
        tuple(Role.ABOUT if place == about else roles.get(place) for place in range(len(cells))),
        reader.root([module for place, module in trees.items() if roles[place] is not Role.TESTS]),
    )


def _about(cells: Sequence[Mapping[str, Any]], roles: Mapping[int, Role | None]) -> int | None:
    """The first text before any code but imports that has a heading, or else the first text there."""
    first = None
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code" and cell["source"].strip() and roles.get(place) is not Role.IMPORTS:
            break
        if cell["cell_type"] == "markdown" and cell["source"].strip():
            if _HEADING.search(cell["source"][:20_000]):
                return place
            first = place if first is None else first
    return first


class _Reader:
    def __init__(self, modules: Sequence[ast.Module]) -> None:
        self.names = Names(modules)
        self.modules = modules
        self.own_makers: frozenset[str] = frozenset()
        self.own_makers = self._own_makers()

    def role(self, module: ast.Module) -> Role | None:
        """The role of one cell."""
        if len(module.body) == 1 and _is_foreign(module.body[0]):
            return None
        if self._holds_tests(module):
            return Role.TESTS
        if any(self._makes_widget(node) for node in ast.walk(module)):
            return Role.UI
        if module.body and all(self._shows_widget(statement) for statement in module.body):
            return Role.SHOW
        if any(self._shows_widget(statement) for statement in module.body):
            return Role.UI
        if self._is_preparation(module):
            return Role.IMPORTS
        return Role.LOGIC if module.body else None

    def root(self, modules: Sequence[ast.Module]) -> str:
        """The one widget variable that is shown; ``app`` if it is among several or none; else none."""
        shown = {name for module in modules for name in _shown_names(module) if self._is_widget_variable(name)}
        if len(shown) == 1:
            return shown.pop()
        return "app" if "app" in shown or (not shown and self._is_widget_variable("app")) else ""

    def _own_makers(self) -> frozenset[str]:
        """The notebook's own classes that are widgets, and its functions that return one."""
        own: set[str] = set()
        for module in self.modules:
            for node in ast.walk(module):
                match node:
                    case ast.ClassDef(name=name, bases=bases) if any(self._is_widget_class(base) for base in bases):
                        own.add(name)
                    case ast.FunctionDef(name=name) if any(self._returns_widget(inner) for inner in ast.walk(node)):
                        own.add(name)
        return frozenset(own)

    def _returns_widget(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Return) and node.value is not None and self._is_widget(node.value)

    def _is_widget_class(self, node: ast.expr) -> bool:
        return self._is_widget_maker(self.names.dotted(node))

    def _is_widget_maker(self, name: str) -> bool:
        package, _, last = name.rpartition(".")
        if not package and self.names.stars & WIDGET_PACKAGES:
            package = next(iter(self.names.stars & WIDGET_PACKAGES))
        known = package.partition(".")[0] in WIDGET_PACKAGES and "()" not in package
        return known and last != "Layout" and (last[:1].isupper() or last in _MAKERS) and not last.endswith("Style")

    def _is_widget(self, node: ast.expr) -> bool:
        name = self.names.dotted(node)
        if not name.endswith("()"):
            return False
        maker = name.removesuffix("()")
        return self._is_widget_maker(maker) or maker.removeprefix("?.") in self.own_makers

    def _is_widget_variable(self, name: str) -> bool:
        return name.isidentifier() and self._is_widget(ast.Name(name, ast.Load()))

    def _makes_widget(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Call):
            name = self.names.dotted(node.func)
            if name.partition(".")[0] in WIDGET_PACKAGES and "." in name:
                return True
            if isinstance(node.func, ast.Attribute) and node.func.attr in _LISTENING:
                return True
            if isinstance(node.func, ast.Name) and self._is_widget_maker(name):
                return True
            return name.removeprefix("?.") in self.own_makers and not isinstance(node.func, ast.Attribute)
        if isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            bases = node.bases if isinstance(node, ast.ClassDef) else []
            return any(self._is_widget_maker(self.names.dotted(part)) for part in [*node.decorator_list, *bases])
        return False

    def _shows_widget(self, statement: ast.stmt) -> bool:
        if not isinstance(statement, ast.Expr):
            return False
        value = statement.value
        if _is_display(value):
            assert isinstance(value, ast.Call)  # noqa: S101 - told to the type checker
            return bool(value.args) and all(self._leads_to_widget(argument) for argument in value.args)
        return self._leads_to_widget(value)

    def _leads_to_widget(self, node: ast.expr) -> bool:
        """A widget variable, or an attribute of an object of the notebook's own, like ``calculator.panel``."""
        if isinstance(node, ast.Name):
            return self._is_widget(node)
        return isinstance(node, ast.Attribute) and self.names.dotted(node).startswith("?.")

    def _holds_tests(self, module: ast.Module) -> bool:
        """Whether a cell is nothing but tests in the form that can be run here, which no other code uses."""
        tests = [node for node in module.body if isinstance(node, _FUNCTIONS)]
        if not tests or len(tests) != len(module.body):
            return False
        names = {node.name for node in tests}
        if not all(node.name.startswith("test_") and len(node.args.args) == 1 for node in tests):
            return False
        return not any(
            isinstance(node, ast.Name) and node.id in names for other in self.modules for node in ast.walk(other)
        )

    def _is_preparation(self, module: ast.Module) -> bool:
        """Imports, constants, magics and settings of what was imported; nothing that computes."""
        waiting = list(module.body)
        imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(module))
        for statement in waiting:
            match statement:
                case ast.Import() | ast.ImportFrom() | ast.Pass():
                    continue
                case ast.Try(body=body, handlers=handlers):
                    waiting += [*body, *(inner for handler in handlers for inner in handler.body)]
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Expr(value=ast.Call() as call) if magic_call(call) or (imports and self._sets_up(call)):
                    continue
                case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if self._is_constant(value):
                    continue
                case _:
                    return False
        return bool(waiting)

    def _sets_up(self, call: ast.Call) -> bool:
        """A setting of an imported module, like ``plt.style.use('ggplot')``: named directly, with constants only."""
        return self.names.is_imported(call.func) and all(
            self._is_constant(argument) for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        )

    def _is_constant(self, node: ast.expr) -> bool:
        """Nothing is called in it but what reads a setting or names a path."""
        return all(
            self.names.dotted(inner.func) in _CONSTANT_CALLS if isinstance(inner, ast.Call) else True
            for inner in ast.walk(node)
            if isinstance(inner, ast.Call | ast.Lambda | ast.Await)
        )


def _is_foreign(statement: ast.stmt) -> bool:
    """Whether a cell is one cell magic whose text is not Python, like ``%%html``."""
    magic = magic_call(statement.value) if isinstance(statement, ast.Expr) else None
    return magic is not None and magic[0] == "cell"


def _is_display(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and (
        (isinstance(node.func, ast.Name) and node.func.id == "display")
        or (isinstance(node.func, ast.Attribute) and node.func.attr == "display")
    )


def _shown_names(module: ast.Module) -> list[str]:
    """The variables that a cell shows itself, by ``display`` or as its last value, in order."""
    shown: list[str] = []
    for statement in module.body:
        if isinstance(statement, ast.Expr) and _is_display(statement.value):
            assert isinstance(statement.value, ast.Call)  # noqa: S101 - told to the type checker
            shown += [argument.id for argument in statement.value.args if isinstance(argument, ast.Name)]
    last = module.body[-1] if module.body else None
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Name):
        shown.append(last.value.id)
    return shown
