"""What names and expressions stand for, as far as reading tells: imports, constants, and what made a value."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .calls import SAME, STARRED

_BUILTIN_WRAPPERS = ("str", "pathlib.Path", "pathlib.PurePath", "os.fspath", "os.path.abspath", "os.path.expanduser")
_UNKNOWN = "?"
_MAX_TEXT = 4096


@dataclass(frozen=True)
class Written:
    """Text as far as it is written in the code; not ``whole`` if the running code adds to it."""

    text: str
    whole: bool = True


class Names:
    """The names of a whole notebook, in all its cells and functions together.

    A name that is bound twice to different texts is known by neither. ``stars`` are the packages of ``import *``: what
    a name of theirs stands for is known where that is one of :data:`calls.STARRED`.
    """

    def __init__(self, modules: Iterable[ast.Module]) -> None:
        self._imported: dict[str, str] = {}
        self._values: dict[str, list[ast.expr]] = defaultdict(list)
        self._defined: set[str] = set()
        self.stars: set[str] = set()
        self._starred: list[str] = []
        # Each name is followed once: names that stand for each other, or for one another twice, cost no more.
        self._made_by: dict[str, str] = {}
        self._texts: dict[str, Written | None] = {}
        for module in modules:
            for node in ast.walk(module):
                self._note(node)

    def _note(self, node: ast.AST) -> None:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.asname:
                        self._imported[alias.asname] = alias.name
                    else:
                        top = alias.name.partition(".")[0]
                        self._imported[top] = top
            case ast.ImportFrom(module=module, names=names, level=0) if module:
                for alias in names:
                    if alias.name == "*":
                        self.stars.add(module.partition(".")[0])
                        self._starred.append(SAME.get(module, module))
                    else:
                        self._imported[alias.asname or alias.name] = f"{SAME.get(module, module)}.{alias.name}"
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                self._bind(target, value)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                for item in items:
                    if item.optional_vars is not None:
                        self._bind(item.optional_vars, item.context_expr)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._defined.add(name)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values[target.id].append(value)
        elif isinstance(target, ast.Attribute):
            self._values[f".{target.attr}"].append(value)

    def dotted(self, node: ast.AST, depth: int = 0) -> str:
        """The dotted name of what an expression stands for, like ``requests.Session().get``; ``?`` where unknown."""
        if depth > 24:
            return _UNKNOWN
        match node:
            case ast.Name(id=name):
                if name in self._imported:
                    return self._imported[name]
                if name in self._defined:
                    return f"{_UNKNOWN}.{name}"
                if name in self._values:
                    return self._made(name)
                starred = (f"{module}.{name}" for module in reversed(self._starred))
                return next((known for known in starred if known in STARRED), name)
            case ast.Attribute(value=value, attr=attr):
                if isinstance(value, ast.Name) and value.id == "self" and f".{attr}" in self._values:
                    return self._made(f".{attr}")
                return f"{self.dotted(value, depth + 1)}.{attr}"
            case ast.Call(func=func):
                return f"{self.dotted(func, depth + 1)}()"
            case ast.Await(value=value):
                return self.dotted(value, depth + 1)
            case ast.BinOp(left=left, op=ast.Div()):
                # A path divided by a part is a path.
                return self.dotted(left, depth + 1)
        return _UNKNOWN

    def is_imported(self, node: ast.expr) -> bool:
        """Whether an expression is an imported name or an attribute of one, without a call between."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._imported

    def _made(self, name: str) -> str:
        if name not in self._made_by:
            self._made_by[name] = _UNKNOWN
            made = {self.dotted(value) for value in self._values[name]}
            self._made_by[name] = made.pop() if len(made) == 1 else _UNKNOWN
        return self._made_by[name]

    def written(self, node: ast.AST | None, depth: int = 0) -> Written | None:
        """The text an expression stands for, as far as it is written; None if nothing of it is."""
        if depth > 24 or node is None:
            return None
        match node:
            case ast.Constant(value=str() as text):
                return Written(text[:_MAX_TEXT])
            case ast.Constant(value=bytes() as content):
                return Written(content[:_MAX_TEXT].decode("utf-8", "replace"))
            case ast.JoinedStr(values=values):
                return self._joined(values, "", depth)
            case ast.FormattedValue(value=value, format_spec=None):
                return self.written(value, depth + 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([left, right], "", depth)
            case ast.BinOp(left=left, op=ast.Mod()):
                return _until(self.written(left, depth + 1), "%")
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._joined([left, right], "/", depth)
            case ast.Name(id=name) if name in self._values:
                return self._only(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=attr) if f".{attr}" in self._values:
                return self._only(f".{attr}")
            case ast.Call():
                return self._called(node, depth)
        return None

    def _called(self, node: ast.Call, depth: int) -> Written | None:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return _until(self.written(node.func.value, depth + 1), "{")
        name = self.dotted(node.func)
        if name in ("os.path.join", *_BUILTIN_WRAPPERS) and node.args:
            return self._joined(node.args, "/", depth)
        if name == "pathlib.Path.home":
            return Written("~")
        if name == "pathlib.Path.cwd":
            return Written(".")
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("expanduser", "resolve", "absolute"):
            return self.written(node.func.value, depth + 1)
        return None

    def _joined(self, parts: list[ast.expr], between: str, depth: int) -> Written | None:
        text = ""
        for number, part in enumerate(parts):
            piece = self.written(part, depth + 1)
            if piece is None:
                return Written(text, False) if number else None
            if number and between:
                text = piece.text if piece.text.startswith("/") else f"{text.rstrip('/')}{between}{piece.text}"
            else:
                text += piece.text
            if not piece.whole:
                return Written(text, False)
        return Written(text[:_MAX_TEXT])

    def _only(self, name: str) -> Written | None:
        if name not in self._texts:
            self._texts[name] = None
            texts = {self.written(value) for value in self._values[name]}
            self._texts[name] = texts.pop() if len(texts) == 1 else None
        return self._texts[name]


def _until(written: Written | None, mark: str) -> Written | None:
    if written is None or mark not in written.text:
        return written
    return Written(written.text.partition(mark)[0], False)
