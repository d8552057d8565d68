from __future__ import annotations

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
