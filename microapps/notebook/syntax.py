"""Making syntax trees, one thread at a time.

Python 3.11 counts the depth of a tree that is being made, or compiled, in one place for all threads, and raises
``SystemError: AST constructor recursion depth mismatch`` where two do so at once (cpython issue 106905; the mend of it
did not reach every 3.11). The server and the site read notebooks in several threads.
"""

from __future__ import annotations

import ast
import threading
import warnings
from types import CodeType

_one_at_a_time = threading.Lock()


def module_tree(source: str) -> ast.Module:
    """The syntax tree of a module, without a word of warning about it. Raises what :func:`ast.parse` does."""
    with _one_at_a_time, warnings.catch_warnings():  # which are of all threads too
        warnings.simplefilter("ignore")
        return ast.parse(source)


def expression_tree(source: str) -> ast.expr:
    """The syntax tree of one expression. Raises what :func:`ast.parse` does."""
    with _one_at_a_time:
        return ast.parse(source, mode="eval").body


def compiled(tree: ast.Module, name: str, flags: int = 0) -> CodeType:
    """The code of a tree, under that file name; nothing is run. Raises what :func:`compile` does."""
    with _one_at_a_time:
        code: CodeType = compile(tree, name, "exec", flags, dont_inherit=True)
    return code
