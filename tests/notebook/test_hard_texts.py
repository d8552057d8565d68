"""Notebooks made to be slow to read are read: where it took the square of a length, each would outlast any test."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.notebook import Permissions, adopt, pictures_shown
from microapps.notebook.reach import page
from microapps.notebook.source import MAX_CELL_MAGICS, MAX_CHARACTERS, tree


@pytest.mark.parametrize("blank", [" ", "\t"])
def test_a_cell_of_blanks_that_is_no_python(blank: str) -> None:
    with pytest.raises(SyntaxError):
        tree(blank * (MAX_CHARACTERS - 1) + "(")


def test_cell_magics_within_one_another_are_taken_off_some_times() -> None:
    assert len(tree("%%time\n" * MAX_CELL_MAGICS + "x = 1").body) == 1
    with pytest.raises(SyntaxError, match="too many cell magics"):
        tree("%%time\n" * 50_000 + "x = 1")


@pytest.mark.parametrize("beginning", ["url(", "@import", "<img src=", '<img src="', "href="])
def test_html_with_many_blanks_where_an_address_may_be(beginning: str) -> None:
    markup = beginning + " " * (page.MAX_CHARACTERS - 100)
    assert list(page.loaded(markup)) == list(page.scripts(markup)) == []


def test_each_host_and_each_script_has_its_line_however_many_there_are() -> None:
    every = 20_000
    assert [line for line, _ in page.loaded("url(//a.b/)\n" * every)] == list(range(every))
    assert [line for line, _ in page.scripts("<script>\n" * every)] == list(range(every))
    assert list(page.loaded('<img\nsrc = " //a.b/c"')) == [(0, "a.b")]


def test_a_heading_of_many_marks() -> None:
    marks = "# a " + "#" * 90_000
    cell = {"cell_type": "markdown", "metadata": {}, "source": f"{marks}x"}
    app = adopt({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert app.metadata.title.startswith("a #")


@pytest.mark.parametrize("mark", ["](<", "](x", "](x(", "]: \n", "<img ", "<img src='", "![](a)", "[a]: b\n"])
def test_a_text_of_many_beginnings_of_pictures(mark: str, tmp_path: Path) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": mark * (500_000 // len(mark))}
    app = adopt({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    rendered: list[str] = []

    def none_shown(text: str) -> set[str]:
        rendered.append(text)
        return set()

    assert not pictures_shown(app, tmp_path, Permissions(), none_shown).found
    assert len(rendered) <= 1
