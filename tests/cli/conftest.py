"""Consoles of a fixed width."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from rich.console import Console

from microapps.cli.console import Output


@pytest.fixture
def narrow() -> Callable[[], tuple[Console, Callable[[], str]]]:
    """Makes a console of 60 columns and a function that gives what was printed on it."""

    def make() -> tuple[Console, Callable[[], str]]:
        stream = io.StringIO()
        console = Console(file=stream, width=60, markup=False, emoji=False, highlight=False)
        return console, stream.getvalue

    return make


@pytest.fixture
def output(narrow: Callable[[], tuple[Console, Callable[[], str]]]) -> Output:
    """An output whose two consoles keep what they print, 60 columns wide; read it from ``output.out.file``."""
    made = Output()
    made.__dict__["out"], made.__dict__["err"] = narrow()[0], narrow()[0]
    return made
