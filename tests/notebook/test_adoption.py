from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from microapps.errors import InvalidInput, InvalidNotebook
from microapps.notebook import MicroApp, ReachKind, adopt, dumps, loads, problems, reach, to_node

from .conftest import CORPUS


@dataclass(frozen=True)
class Expected:
    """What a person would say of one notebook; roles by their first two letters, ``-`` for none."""

    title: str
    roles: str
    root: str = ""
    hosts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


EXPECTED = {
    "app_layout_dashboard": Expected(
        "Sales board", "ab im lo lo ui", "layout", files=("totals.csv",), packages=("numpy", "pandas")
    ),
    "async_ticker": Expected("Ticker", "ab im ui ui lo"),
    "bare_expression": Expected("Afterwards", "im ui ui -"),
    "colab_weather": Expected(
        "Weather at a place", "- ab im im lo ui", hosts=("api.open-meteo.com:443",), packages=("google", "requests")
    ),
    "duplicate_and_odd_metadata": Expected("Odd but usable", "ab im ui -", "toggle"),
    "fails_on_purpose": Expected(
        "Broken dashboard", "ab im lo ui -", "slider", packages=("a_package_that_nobody_has",), broken=("is not valid",)
    ),
    "format_three": Expected("Oldest of all", "ab - im lo"),
    "global_state_counter": Expected("global state counter", "ui", "app"),
    "interact_square": Expected("Squares with interact", "ab im lo ui ui ui"),
    "interactive_output_mortgage": Expected("interactive output mortgage", "ab im lo ui"),
    "lecture_random_walk": Expected(
        "Lecture 7: Random walks", "- ab - im - lo ui - -", packages=("matplotlib", "numpy")
    ),
    "no_widgets_at_all": Expected("Prime numbers", "ab lo lo -"),
    "old_outputs_and_state": Expected("Slider with a past", "ab im ui lo lo", "slider"),
    "output_callbacks": Expected("Shopping list", "ab im ui ui ui"),
    "pandas_filter": Expected("Which penguin?", "ab im lo ui", files=("data/penguins.csv",), packages=("pandas",)),
    "panel_object": Expected("Grade book", "ab im ui ui"),
    "seven_idioms": Expected("ipywidgets 7 idioms", "ab im ui ui im ui -"),
    "sine_slider": Expected("Wave explorer", "im ab lo ui", "plot", packages=("matplotlib", "numpy")),
    "stopwatch_class": Expected("Stopwatch", "ab im ui ui", "watch"),
    "tabs_and_accordion": Expected("Body measures", "ab im lo ui sh", "board"),
    "upload_csv": Expected("CSV peek", "ab im ui", "page", packages=("pandas",)),
    "with_own_tests": Expected("Roman numerals", "ab im lo lo te ui", "app", broken=("serves no criterion",)),
    "한글_더치페이": Expected("더치페이 계산기", "ab im lo ui sh", "화면"),
}
NAMES = sorted(EXPECTED)


def sources(path: Path) -> list[str]:
    """The cells' sources as the file itself holds them."""
    value: dict[str, Any] = json.loads(path.read_bytes())
    if value["nbformat"] == 3:
        cells = value["worksheets"][0]["cells"]
        marks = {"heading": lambda cell: "#" * cell["level"] + " "}
        return [
            marks.get(cell["cell_type"], lambda cell: "")(cell) + "".join(cell.get("input", cell.get("source", "")))
            for cell in cells
        ]
    return ["".join(cell["source"]) for cell in value["cells"]]


def path_of(name: str) -> Path:
    return CORPUS / f"{name}.ipynb"


def test_the_corpus_is_all_there() -> None:
    assert sorted(path.stem for path in CORPUS.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_source_is_changed(name: str) -> None:
    app = adopt(path_of(name))
    assert [cell.source for cell in app.cells] == sources(path_of(name))
    assert [cell.source for cell in loads(dumps(app)).cells] == sources(path_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_an_adopted_notebook_is_a_valid_micro_app_that_survives_the_file(name: str) -> None:
    app = adopt(path_of(name))
    nbformat.validate(to_node(app))
    assert loads(dumps(app)) == app
    assert app.metadata.provenance.maker == "adopted"
    assert app.metadata.provenance.source == f"{name}.ipynb"


@pytest.mark.parametrize("name", NAMES)
def test_title_roles_and_root_are_what_a_person_would_say(name: str) -> None:
    app = adopt(path_of(name))
    expected = EXPECTED[name]
    assert app.metadata.title == expected.title
    assert " ".join((cell.role or "-")[:2] for cell in app.cells) == expected.roles
    assert app.metadata.root == expected.root


@pytest.mark.parametrize("name", NAMES)
def test_permissions_are_what_the_code_reaches_for(name: str) -> None:
    asked = adopt(path_of(name)).metadata.permissions
    expected = EXPECTED[name]
    assert tuple(str(host) for host in asked.hosts) == expected.hosts
    assert tuple(str(Path(file.path).relative_to(CORPUS)) for file in asked.files) == expected.files
    assert asked.packages == expected.packages


@pytest.mark.parametrize("name", NAMES)
def test_only_what_is_broken_has_problems(name: str) -> None:
    found = problems(adopt(path_of(name)))
    assert len(found) == len(EXPECTED[name].broken)
    assert all(said in problem.what for said, problem in zip(EXPECTED[name].broken, found, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_adopting_twice_gives_the_same(name: str) -> None:
    assert adopt(path_of(name)) == adopt(path_of(name))
    app = adopt(path_of(name))
    assert adopt(to_node(app)) == app


def test_ids_that_are_there_are_kept() -> None:
    value = json.loads(path_of("upload_csv").read_bytes())
    assert [cell.id for cell in adopt(value).cells] == [cell["id"] for cell in value["cells"]]


def test_description_is_the_first_paragraph_as_plain_text() -> None:
    assert adopt(path_of("lecture_random_walk")).metadata.description.startswith("Statistical physics, second year. A")
    assert adopt(path_of("tabs_and_accordion")).metadata.description == "Three small calculators behind tabs."
    assert "팁은 백분율로 넣습니다." in adopt(path_of("한글_더치페이")).metadata.description


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ('[r]: images/a.png "A title"\n\nWhat it is for.', "What it is for."),
        ("![A picture][r]\n\n[r]: <images/a b.png>\n\n![r]", ""),
        ("[r]: a.png\n---\n\nIt has ![a picture][r] and [a link][r]: A[0][1].", "It has and a link: A[0][1]."),
        ("[Note]: this is prose.", "[Note]: this is prose."),
    ],
)
def test_neither_pictures_nor_definitions_of_addresses_are_a_description(text: str, description: str) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": text}
    about = adopt({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).metadata
    assert (about.title, about.description) == ("Adopted notebook", description)


def test_what_a_notebook_carries_is_kept_but_for_what_is_dangerous() -> None:
    board = adopt(path_of("app_layout_dashboard"))
    assert board.notebook_metadata == {"voila": {"show_tracebacks": True}}
    old = adopt(path_of("old_outputs_and_state"))
    assert set(old.notebook_metadata) == {"toc", "varInspector"}
    assert old.cells[-1].metadata == {"tags": ["raises-exception"]}
    assert old.cells[2].metadata == {}
    assert adopt(path_of("colab_weather")).cells[0].metadata == {"id": "view-in-github", "colab_type": "text"}


def test_metadata_that_the_format_forbids_is_left_out() -> None:
    app = adopt(path_of("duplicate_and_odd_metadata"))
    assert [cell.id for cell in app.cells] == ["twin", "imports", "ui", "picture"]
    assert [cell.metadata for cell in app.cells] == [{"collapsed": "false"}, {}, {}, {}]
    assert "dot.png" in app.cells[-1].attachments


def test_its_own_tests_of_an_app_will_not_run_with_the_notebook() -> None:
    (tests,) = [cell for cell in adopt(path_of("with_own_tests")).cells if cell.role == "tests"]
    assert tests.tags == ("extra", "skip-execution")
    assert not tests.runs


def test_what_an_adopted_notebook_reaches_for_is_told_with_its_lines() -> None:
    items = reach(adopt(path_of("colab_weather"))).items
    assert [item.sentence() for item in items if item.kind is ReachKind.COMMAND] == [
        "Line 1 runs the command 'pip install -q requests ipywidgets' (!)."
    ]
    assert [item.detail for item in items if item.kind is ReachKind.ENVIRONMENT] == ["WEATHER_KEY"]


def test_the_name_comes_from_the_person_the_file_or_the_title(tmp_path: Path) -> None:
    assert adopt(path_of("한글_더치페이")).metadata.name == "한글-더치페이"
    assert adopt(path_of("upload_csv"), name="My Peek!").metadata.name == "my-peek"
    untitled = tmp_path / "Untitled3.ipynb"
    untitled.write_bytes(path_of("upload_csv").read_bytes())
    assert adopt(untitled).metadata.name == "csv-peek"


def test_a_micro_app_is_returned_as_it_is(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(dumps(app))
    assert adopt(path) == app


def test_roles_that_a_foreign_notebook_claims_are_not_believed() -> None:
    value = json.loads(path_of("upload_csv").read_bytes())
    value["cells"][1]["metadata"]["microapps"] = {"role": "tests", "grant": "all"}
    app = adopt(value)
    assert app.cells[1].role == "imports"
    assert app.cells[1].metadata == {}


@pytest.mark.parametrize(
    "metadata",
    [{"kernelspec": {"language": "R", "name": "ir", "display_name": "R"}}, {"language_info": {"name": "julia"}}],
)
def test_other_languages_are_refused(metadata: dict[str, object]) -> None:
    with pytest.raises(InvalidNotebook, match="written in"):
        adopt({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": []})


def test_an_empty_notebook_is_adopted() -> None:
    app = adopt({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})
    assert (app.metadata.title, app.cells, problems(app)) == ("Adopted notebook", (), ())


def test_a_file_that_is_not_there_or_no_notebook_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There is no file"):
        adopt(tmp_path / "none.ipynb")
    (tmp_path / "no.ipynb").write_text("hello")
    with pytest.raises(InvalidNotebook, match=r"no\.ipynb: The file is not JSON"):
        adopt(tmp_path / "no.ipynb")


@pytest.mark.parametrize(
    "text",
    ["*" * 50_000, "[" * 50_000, "# " + "a" * 5000, "_" * 50_000, "![" * 20_000, "<h1>" * 9000, "(" * 9000 + "]("],
)
def test_hostile_text_is_adopted_soon(text: str) -> None:
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    assert len(adopt(node).metadata.title) <= 200
