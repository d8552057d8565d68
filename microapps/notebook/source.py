"""A code cell's Python as a syntax tree, with IPython's magics, shell lines and top-level ``await`` understood.

Only read, never run. Plain Python is parsed as it is; what does not parse goes through IPython's own text
transformation first, which turns ``%magic`` and ``!command`` into calls of ``get_ipython()``. The body of a cell
magic that runs Python (``%%time``) is parsed as Python, that of any other stays text in a ``run_cell_magic`` call.
"""

from __future__ import annotations

import ast
import re

from .syntax import module_tree

MAX_CHARACTERS = 400_000
"""The longest source that is parsed: beyond it a parser takes seconds and gigabytes."""

MAX_MAGIC_CHARACTERS = 1_000_000
"""Characters times magics: IPython's transformation reads the whole cell again for each of them."""

PYTHON_CELL_MAGICS = frozenset({"time", "timeit", "capture", "prun", "python", "python3", "pypy"})

MAX_CELL_MAGICS = 20
"""Cell magics within one another: each is taken off, and the rest of the cell read again."""

_MAGIC = re.compile(r"^(?:[ \t]*[%!?]|.*=[ \t]*[%!][ \t]*\S|.*\?[ \t]*$)", re.MULTILINE)
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*\n?")


def tree(source: str, *, deepest: int = MAX_CELL_MAGICS) -> ast.Module:
    """The syntax tree of a cell's source; line numbers are those of the source, from 1.

    Raises
    ------
    SyntaxError
        It is no Python that a notebook runs; ``lineno`` is the line in the source.
    """
    if len(source) > MAX_CHARACTERS:
        raise SyntaxError(f"the cell is longer than {MAX_CHARACTERS} characters", ("", 1, 1, ""))
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        raise SyntaxError("it holds a null character", ("", line, 1, ""))
    try:
        return _parse(source)
    except SyntaxError:
        if not _MAGIC.search(source) and not source[:1].isspace():
            raise
    magic = _CELL_MAGIC.match(source)
    if magic and magic.group(1) in PYTHON_CELL_MAGICS:
        skipped = source[: magic.end()].count("\n")
        # The body keeps its lines, below as many empty ones as the magic took.
        if not deepest:
            raise SyntaxError("too many cell magics are within one another", ("", 1, 1, ""))
        return tree("\n" * skipped + source[magic.end() :], deepest=deepest - 1)
    if len(_MAGIC.findall(source)) * len(source) > MAX_MAGIC_CHARACTERS and not magic:
        raise SyntaxError("the cell has too many magics for its length", ("", 1, 1, ""))
    return _transformed(source)


def _transformed(source: str) -> ast.Module:
    # IPython's import takes a tenth of a second, and most cells have no magic.
    from IPython.core.inputtransformer2 import TransformerManager

    skipped = len(source) - len(source.lstrip("\r\n\t \f"))
    skipped_lines = source[:skipped].count("\n")
    try:
        module = _parse(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    except SyntaxError as error:
        if error.lineno is not None:
            error.lineno += skipped_lines
        raise
    if skipped_lines:
        ast.increment_lineno(module, skipped_lines)
    return module


def _parse(source: str) -> ast.Module:
    try:
        return module_tree(source)
    except (ValueError, RecursionError, MemoryError) as error:
        # Nesting deeper than the parser goes.
        raise SyntaxError(str(error) or "it is nested too deeply", ("", 1, 1, "")) from error


def magic_call(node: ast.AST) -> tuple[str, str, str] | None:
    """What a call written by IPython's transformation does: its kind, name and text; None for any other node.

    ``("line", "matplotlib", "inline")``, ``("cell", "bash", "…body")`` or ``("shell", "", "pip install x")``.
    """
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    owner = node.func.value
    if not (isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "get_ipython"):
        return None
    words = [argument.value if isinstance(argument, ast.Constant) else "" for argument in node.args]
    texts = [word if isinstance(word, str) else "" for word in words] + ["", "", ""]
    match node.func.attr:
        case "run_line_magic" | "magic":
            return ("line", texts[0], texts[1])
        case "run_cell_magic":
            return ("cell", texts[0], texts[1] + "\n" + texts[2])
        case "system" | "getoutput":
            return ("shell", "", texts[0])
    return None
