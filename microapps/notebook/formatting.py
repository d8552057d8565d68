"""The code of an app laid out by black, in this process: black reads code and never runs it."""

from __future__ import annotations

import ast
import re
import threading
from dataclasses import replace
from itertools import pairwise

from .cells import MicroApp
from .source import MAX_CHARACTERS
from .syntax import module_tree

LINE_LENGTH = 88
_IMPORTING = threading.Lock()
_APART = re.compile(r"\n(?:[ \t]*\n){2,}")
"""Two blank lines or more: as many as black leaves between two statements that are not within another."""
_TOGETHER = re.compile(r"fmt:|yapf:|[\r\f]")
"""What makes black read a cell as a whole: marks that span statements, and other ends of lines."""
_REMEMBERED = 2048
"""Pieces whose layout is kept: while an app is written, the same ones are laid out at every edit and every check."""
_KEPT: dict[str, str] = {}
_KEEPING = threading.Lock()


def formatted(app: MicroApp) -> MicroApp:
    """The same app with every code cell formatted; equal to ``app`` when nothing was to be done.

    A cell that black cannot read (IPython magics, a syntax error) is left as it is.
    """
    return replace(
        app,
        cells=tuple(
            replace(cell, source=formatted_source(cell.source)) if cell.kind == "code" else cell for cell in app.cells
        ),
    )


def formatted_source(source: str) -> str:
    """One cell's source, formatted, without a newline at its end; as it was if black cannot read it."""
    if len(source) > MAX_CHARACTERS or not source.strip():
        return source
    # black's import takes a fifth of a second, and most commands format nothing. It is compiled, and a thread that
    # imports it while another is at it gets a module without its names.
    with _IMPORTING:
        from black.parsing import InvalidInput

    try:
        result = "\n\n\n".join([_laid_out(piece) for piece in _pieces(source)])
    except (InvalidInput, RecursionError, MemoryError, AssertionError):
        return source
    # A semicolon at the end of a cell keeps its last value from being shown; black would drop it.
    silent = source.rstrip().endswith(";") and not result.endswith(";")
    return result + ";" if silent else result


def _pieces(source: str) -> list[str]:
    """The parts of a cell that black lays out alike alone and together: what two blank lines part at the top level.

    Not after an import or a text, which black may have followed by one.
    """
    if _TOGETHER.search(source):
        return [source]
    try:
        body = module_tree(source).body
    except (SyntaxError, ValueError):
        return [source]  # black says what it thinks of it
    lines = source.splitlines(keepends=True)
    if len(lines) != source.count("\n") + (not source.endswith("\n")):
        return [source]  # characters that end a line for one of them only
    starts = [0]
    for before, after in pairwise(body):
        end, begin = before.end_lineno or 0, _first_line(after) - 1
        gap = [match.end() for match in _APART.finditer("\n" + "".join(lines[end:begin]))]
        if gap and not isinstance(before, ast.Import | ast.ImportFrom) and not _is_text(before) and not _is_text(after):
            starts.append(sum(map(len, lines[:end])) + gap[-1] - 1)
    return [source[begin:end].strip("\n") for begin, end in pairwise([*starts, len(source)])]


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _is_text(node: ast.stmt) -> bool:
    """Whether a statement is a text alone, which black takes for a docstring where it is the first."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _laid_out(source: str) -> str:
    """What black makes of it: a tenth of a second for a hundred lines. What it raises is not remembered."""
    import black
    from black.mode import TargetVersion

    if (known := _KEPT.get(source)) is not None:
        return known
    mode = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    result = black.format_str(source, mode=mode).rstrip("\n")
    with _KEEPING:
        while len(_KEPT) > _REMEMBERED:
            del _KEPT[next(iter(_KEPT))]  # the oldest
        _KEPT[source] = _KEPT[result] = result  # black leaves its own work as it is
    return result
