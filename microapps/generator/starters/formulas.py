"""Formulas as checked syntax trees: written by a person, never evaluated as text.

A formula is parsed by :mod:`ast`, held against a short whitelist (numbers, names, arithmetic, comparisons inside a
choice, a few functions of :mod:`math`), and then either evaluated here, node by node, or written out as Python by
``ast.unparse``. Nothing of the person's text reaches generated code in any other way.
"""

from __future__ import annotations

import ast
import keyword
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ...errors import InvalidInput
from ...notebook.syntax import expression_tree

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "ceil": math.ceil,
    "cos": math.cos,
    "degrees": math.degrees,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "log10": math.log10,
    "max": max,
    "min": min,
    "radians": math.radians,
    "round": round,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tan": math.tan,
}
BUILT_IN = ("abs", "max", "min", "round")
CONSTANTS = {"pi": math.pi}
LONGEST = 500  # characters of one formula
MOST_NODES = 200
LARGEST = 1e15  # of a number written in a formula

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


@dataclass(frozen=True)
class Formula:
    """One checked expression. ``names`` are its free names, in the order they first appear."""

    tree: ast.expr
    names: tuple[str, ...]

    def evaluate(self, values: Mapping[str, float]) -> float:
        """Its value for these values of its names.

        Raises
        ------
        ArithmeticError, ValueError
            There is no finite real value (division by zero, a root of a negative number, overflow).
        """
        result = _value(self.tree, values)
        if isinstance(result, complex) or not math.isfinite(result):
            raise ValueError("no finite real value")
        return float(result)

    def python(self, calls: Mapping[str, tuple[str, ...]] | None = None) -> str:
        """The expression as Python; a name in ``calls`` becomes a call of that function with those arguments."""
        return ast.unparse(_Written(calls or {}).visit(expression_tree(ast.unparse(self.tree))))

    def spoken(self, labels: Mapping[str, str]) -> str:
        """The expression for a person to read, with labels for names; empty where it has a choice in it."""
        if any(isinstance(node, ast.IfExp | ast.Compare) for node in ast.walk(self.tree)):
            return ""
        return _spoken(self.tree, labels)[0]


def parse(text: str) -> Formula:
    """A formula from Python-like text.

    Raises
    ------
    InvalidInput
        It is no expression, or it holds something other than arithmetic.
    """
    if len(text) > LONGEST:
        raise InvalidInput("The formula is too long.", f"Write at most {LONGEST} characters.")
    try:
        tree = expression_tree(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise InvalidInput(f"{text!r} is no formula.", "Write one like 'width * height'.") from error
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise InvalidInput("The formula is too long.", "Split it into several.")
    names: list[str] = []
    _check(tree, names)
    return Formula(_folded(tree), tuple(dict.fromkeys(names)))


def identifier(name: str, taken: tuple[str, ...] = ()) -> str:
    """A Python name for any text: words joined by underscores, no keyword, none of ``taken``."""
    joined = "".join(c if c.isalnum() else "_" for c in name.strip().lower()).strip("_")
    while "__" in joined:
        joined = joined.replace("__", "_")
    if not joined or not joined.isidentifier():
        joined = f"value_{joined}".rstrip("_") if f"value_{joined}".isidentifier() else "value"
    base, number = joined, 2
    while keyword.iskeyword(joined) or joined in taken:
        joined, number = f"{base}_{number}", number + 1
    return joined


def _check(node: ast.AST, names: list[str]) -> None:
    match node:
        case ast.Constant(value=bool()):
            raise InvalidInput("A formula holds numbers, not true or false.", "Write it with numbers.")
        case ast.Constant(value=int() | float() as number) if abs(number) <= LARGEST:
            return
        case ast.Name(id=name):
            if name not in CONSTANTS:
                names.append(name)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            _check(left, names)
            _check(right, names)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, names)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS and args:
            for argument in args:
                _check(argument, names)
        case ast.IfExp(test=ast.Compare(left=left, ops=[op], comparators=[right]), body=body, orelse=orelse) if (
            type(op) in _COMPARE
        ):
            for part in (left, right, body, orelse):
                _check(part, names)
        case _:
            raise InvalidInput(
                f"A formula cannot hold {ast.unparse(node)!r}." if isinstance(node, ast.expr) else "No formula.",
                f"Use numbers, names, + - * / ** % and {', '.join(FUNCTIONS)}.",
            )


class _Folding(ast.NodeTransformer):
    """Powers of plain numbers become one number, so that no generated code computes 9**9**9 with integers."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        both = isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant)
        if not isinstance(node.op, ast.Pow) or not both:
            return node
        try:
            value = _value(node, {})
        except (ArithmeticError, ValueError) as error:
            raise InvalidInput("A number in the formula is too large.", "Write a smaller one.") from error
        if isinstance(value, complex) or abs(value) > LARGEST:
            raise InvalidInput("A number in the formula is too large.", "Write a smaller one.")
        return ast.Constant(int(value) if value == int(value) else value)


def _folded(tree: ast.expr) -> ast.expr:
    folded = _Folding().visit(tree)
    assert isinstance(folded, ast.expr)  # noqa: S101 - the transformer returns what it was given
    return ast.fix_missing_locations(folded)


def _value(node: ast.expr, values: Mapping[str, float]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return CONSTANTS[name] if name in CONSTANTS else float(values[name])
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, values), _value(right, values))
        case ast.UnaryOp(op=op, operand=operand):
            value = _value(operand, values)
            return -value if isinstance(op, ast.USub) else value
        case ast.Call(func=ast.Name(id=name), args=args):
            arguments = [_value(argument, values) for argument in args]
            if name == "round" and len(arguments) == 2:
                return round(arguments[0], int(arguments[1]))
            return FUNCTIONS[name](*arguments)
        case ast.IfExp(test=ast.Compare(left=left, ops=[compare], comparators=[right]), body=body, orelse=orelse):
            chosen = body if _COMPARE[type(compare)](_value(left, values), _value(right, values)) else orelse
            return _value(chosen, values)
    raise ValueError(f"unchecked node {type(node).__name__}")


class _Written(ast.NodeTransformer):
    """Names become what they are in generated code: ``math.sqrt``, ``math.pi``, a call of another formula."""

    def __init__(self, calls: Mapping[str, tuple[str, ...]]) -> None:
        self.calls = calls

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.calls:
            arguments: list[ast.expr] = [ast.Name(name) for name in self.calls[node.id]]
            return ast.Call(ast.Name(node.id), arguments, [])
        in_math = node.id in CONSTANTS or (node.id in FUNCTIONS and node.id not in BUILT_IN)
        return ast.Attribute(ast.Name("math"), node.id) if in_math else node


_SIGNS = {ast.Add: ("+", 1), ast.Sub: ("−", 1), ast.Mult: ("×", 2), ast.Div: ("÷", 2), ast.Mod: ("mod", 2)}


def _spoken(node: ast.expr, labels: Mapping[str, str]) -> tuple[str, int]:
    """The text of a node and how tightly it binds (4 tightest)."""
    match node:
        case ast.Constant(value=number):
            return f"{number:g}" if isinstance(number, float) else str(number), 4
        case ast.Name(id=name):
            return labels.get(name, "π" if name == "pi" else name), 4
        case ast.UnaryOp(op=op, operand=operand):
            return ("−" if isinstance(op, ast.USub) else "") + _bracketed(operand, labels, 3), 3
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            raised = {"2.0": "²", "3.0": "³", "2": "²", "3": "³"}.get(ast.unparse(right))
            base = _bracketed(left, labels, 4)
            return (base + raised, 3) if raised else (f"{base} ^ {_bracketed(right, labels, 4)}", 3)
        case ast.BinOp(left=left, op=op, right=right):
            sign, tight = _SIGNS[type(op)]
            return f"{_bracketed(left, labels, tight)} {sign} {_bracketed(right, labels, tight + 1)}", tight
        case ast.Call(func=ast.Name(id=name), args=args):
            inside = ", ".join(_spoken(argument, labels)[0] for argument in args)
            return (f"√({inside})" if name == "sqrt" else f"{name}({inside})"), 4
    return "", 4


def _bracketed(node: ast.expr, labels: Mapping[str, str], least: int) -> str:
    text, tight = _spoken(node, labels)
    return f"({text})" if tight < least else text
