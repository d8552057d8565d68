from __future__ import annotations

import ast
import time

import pytest

from microapps.notebook.source import magic_call, tree


def magics(source: str) -> list[tuple[int, tuple[str, str, str]]]:
    return [(node.lineno, found) for node in ast.walk(tree(source)) if (found := magic_call(node))]  # type: ignore[attr-defined]


def test_magics_and_shell_lines_become_calls_with_their_lines() -> None:
    assert magics("\n%matplotlib inline\nx = 1\n!pip install y\nz = !ls") == [
        (2, ("line", "matplotlib", "inline")),
        (4, ("shell", "", "pip install y")),
        (5, ("shell", "", "ls")),
    ]


def test_a_foreign_cell_magic_keeps_its_body_as_text() -> None:
    ((_, (kind, name, text)),) = magics("%%bash\nrm -rf /")
    assert (kind, name) == ("cell", "bash")
    assert "rm -rf /" in text


def test_the_body_of_a_python_cell_magic_is_python_with_its_own_lines() -> None:
    (statement,) = tree("%%time\n\nimport os").body
    assert isinstance(statement, ast.Import)
    assert statement.lineno == 3


def test_a_modulo_and_a_comparison_are_no_magics() -> None:
    assert magics("x = 7\ny = x %2\nz = x != 3") == []


@pytest.mark.parametrize("source", ["def f(:", "%x\ndef f(:", "\0", "(" * 1000, "x" * 500_000])
def test_what_is_no_python_is_a_syntax_error(source: str) -> None:
    with pytest.raises(SyntaxError):
        tree(source)


def test_thousands_of_magics_end_soon() -> None:
    begun = time.monotonic()
    with pytest.raises(SyntaxError, match="too many magics"):
        tree("%x\n" * 3000)
    assert time.monotonic() - begun < 5
