from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import black
import nbformat
import pytest

from microapps.notebook import MicroApp, formatted
from microapps.notebook.formatting import formatted_source


def test_code_is_laid_out_and_text_is_not(app: MicroApp) -> None:
    untidy = app.with_cell("logic", "x=1\n").with_cell("about", "*  a")
    tidy = formatted(untidy)
    assert (tidy.cell("logic").source, tidy.cell("about").source) == ("x = 1", "*  a")


def test_formatting_twice_changes_nothing(app: MicroApp) -> None:
    assert formatted(formatted(app)) == formatted(app)


@pytest.mark.parametrize(
    "source", ["%matplotlib inline\nx=1", "!ls  -l", "%%time\nx=1", "def f(:", "x  = 1 +", "\0", "  "]
)
def test_what_black_cannot_read_is_left_alone(source: str) -> None:
    assert formatted_source(source) == source


def test_top_level_await_is_formatted() -> None:
    assert formatted_source("await  f( 1 )") == "await f(1)"


def test_a_last_semicolon_still_keeps_the_value_from_being_shown() -> None:
    assert formatted_source("plot( 1 );") == "plot(1);"


def test_formatting_never_runs_code() -> None:
    assert formatted_source("raise  SystemExit") == "raise SystemExit"


@pytest.mark.parametrize("source", ["(" * 3000, "-" * 3000 + "1", "x = [" + "1," * 2000 + "]"])
def test_hostile_source_does_not_crash_it(source: str) -> None:
    assert formatted_source(source)


FINISHED = sorted((Path(__file__).parents[2] / "gallery").rglob("*.ipynb"))
UNTIDY = [
    "import a\n\n\n\nb  = 1\n\n\ndef f( x ):\n  return x\n\n\n\n# of g\n@f\ndef g( ):pass\n\n\n\nf( 1 )\n",
    '"""Text."""\n\n\nx=1\n\n\n"more"\n\n\ny  =  2\n\n\n\n\n',
    "x = \"\"\"\na\n\n\n\nb = 1\n\"\"\"\n\n\ny  = 1 # y\n\n\n# z\n\n\nz  = 1; w = 2",
    "class A: pass\nif z :\n  w\n\n\n\n  w\n\n\nx  = 1",
    "# fmt: off\nx  = 1\n\n\ny  = 2\n# fmt: on\n\n\nz  = 3",
    "x  = 1\r\n\r\n\r\ny  = 2",
    "x = '\u2028'\n\n\ny  = '\x1c'\n\n\nz  =1",
    "x  = [1,\n2,]\n \n\t\n\ny  = (1,2,\n3,)\n\n\nf( 1 );",
]


def sources() -> Iterator[str]:
    yield from UNTIDY
    for path in FINISHED:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                yield cell.source


def test_a_cell_is_laid_out_as_black_does_it_whole() -> None:
    mode = black.Mode(line_length=88, target_versions={black.TargetVersion.PY311})
    differing, read = [], 0
    for source in sources():
        try:
            whole = black.format_str(source, mode=mode).rstrip("\n")
        except black.InvalidInput:
            continue
        read += 1
        if formatted_source(source).rstrip(";") != whole:
            differing.append(source)
    assert (differing, read > 30) == ([], True)
