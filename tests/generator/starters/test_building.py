"""What a starter becomes: a valid app, filled from the description, with nothing of it as code."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import black
import pytest

from microapps.errors import UnknownApp
from microapps.generator.starters import Match, best, catalogue, explain
from microapps.generator.starters import build as make
from microapps.generator.starters.building import FILLERS
from microapps.generator.starters.language import language_of
from microapps.generator.starters.parameters import constants, template, with_constants
from microapps.notebook import MicroApp, Role
from microapps.notebook.files import dumps, loads
from microapps.notebook.validation import problems

STARTERS = sorted(catalogue().starters)
RECIPES = sorted(f"calculator/{name}" for name in catalogue().recipes)
INJECTIONS = [
    "checklist: '); __import__('os').system('ls') #, \"\"\"end, <script>alert(1)</script>",
    "expense tracker with categories \"], food', {x}, </style><img src=x onerror=alert(1)>",
    "flashcards: {0.__class__} = \\'); print(1); 한\\n국 = <b>bold</b>",
    "pie chart: '''a 1, \"b 2, <svg/onload=x> 3",
    "area<script> = width * __import__('os')",
    'width """ area = __class__ * __globals__',
    "random name picker: %s, {WORDS}, \\x00, ' + open('/etc/passwd').read() + '",
    "settle up trip: </style>, Bob'); exit()",
]

build: Callable[..., MicroApp] = cache(make)
"""An app is a value, and the same for the same words: each is built once for all tests."""


def code_of(app: MicroApp) -> str:
    return "\n".join(cell.source for cell in app.cells if cell.kind == "code" and cell.role is not Role.TESTS)


def value_of(app: MicroApp, name: str) -> object:
    for node in ast.walk(ast.parse(code_of(app))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"no {name}")


def test_every_starter_has_a_filler_and_a_notebook():
    assert set(FILLERS) == set(STARTERS)
    assert len(STARTERS) >= 8


@pytest.mark.parametrize("name", STARTERS)
def test_a_template_is_what_its_own_filler_makes(name: str):
    made = build(name)
    held = template(catalogue().starter(name).notebook)
    assert [cell.source for cell in made.cells] == [cell.source for cell in held.cells]
    assert problems(held) == ()


@pytest.mark.parametrize("key", [*STARTERS, *RECIPES])
def test_every_starter_builds_a_valid_korean_app(key: str):
    app = build(key, "앱 만들어줘")
    assert problems(app) == ()
    assert app.metadata.provenance.maker == f"starter:{key.split('/')[0]}"
    assert all(any("가" <= c <= "힣" for c in criterion.text) for criterion in app.metadata.criteria)


@pytest.mark.parametrize("key", STARTERS)
def test_an_app_survives_its_file_and_is_formatted(key: str):
    app = build(key)
    assert loads(dumps(app)).cells == app.cells
    for cell in app.cells:
        if cell.kind == "code":
            assert cell.source == black.format_str(cell.source, mode=black.Mode()).rstrip("\n")


@pytest.mark.parametrize("name", STARTERS)
def test_every_word_of_an_app_is_there_in_korean(name: str):
    starter = catalogue().starter(name)
    english, korean = constants(starter.notebook)["WORDS"], starter.korean["words"]
    assert set(korean) == {key for key, text in english.items() if text not in ("{label}, {how}",)} | set(korean)
    for key, text in korean.items():
        names = set(re.findall(r"{(\w+)}", str(english[key])))
        assert set(re.findall(r"{(\w+)}", str(text))) == names, key
    assert set(starter.korean["criteria"]) == {c.id for c in template(starter.notebook).metadata.criteria}


@pytest.mark.parametrize("name", STARTERS)
def test_every_criterion_is_tied_to_tests_and_every_test_to_a_criterion(name: str):
    app = build(name)
    tests = {
        node.name
        for node in ast.parse(app.cell("tests").source).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert {test for criterion in app.metadata.criteria for test in criterion.tests} == tests


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_needs_nothing_but_ipywidgets(name: str):
    imported = {
        node.names[0].name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(ast.parse(code_of(build(name))))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported - {"csv", "datetime", "html", "io", "json", "math", "os"} <= {
        "ipywidgets",
        "random",
        "re",
        "statistics",
        "time",
        "unicodedata",
    }


def test_all_pages_wear_the_same_style():
    assert len({constants(s.notebook)["PAGE_STYLE"] for s in catalogue().starters.values()}) == 1


@pytest.mark.parametrize(
    ("name", "description"),
    [(name, description) for place, name in enumerate(STARTERS) for description in INJECTIONS[place % 4 :: 4]],
)
def test_a_description_never_becomes_code(name: str, description: str):
    plain, hostile = build(name, "나" if language_of(description) == "ko" else ""), build(name, description)
    for ours, theirs in zip(plain.cells, hostile.cells, strict=True):
        if ours.kind == "code":
            assert shape(ours.source) == shape(theirs.source)
    assert "<script" not in hostile.cell("about").source
    assert "<img" not in hostile.cell("about").source


def shape(source: str) -> str:
    """The code with every constant's value left out: what a description must not be able to change."""
    tree = ast.parse(source)
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper())
    ]
    return ast.dump(tree)


def test_a_formula_becomes_a_typed_function():
    app = build(best("a calculator for E = m * c**2 with mass in kg"))
    function = next(n for n in ast.parse(app.cell("logic").source).body if isinstance(n, ast.FunctionDef))
    assert (function.name, ast.unparse(function.body[-1])) == ("e", "return m * c ** 2")
    assert ast.get_docstring(function)
    labels = [field["label"] for field in value_of(app, "FIELDS")]  # type: ignore[attr-defined]
    assert labels == ["Mass m (kg)", "c"]


def test_names_of_a_formula_cannot_hide_the_apps_own():
    app = build(best("html = math * problem + calculate"))
    names = [node.name for node in ast.parse(app.cell("logic").source).body if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))


def test_an_explanation_says_what_was_taken_and_what_was_left_out():
    said = explain(best("split a dinner bill of $90 between 3 people and 2 dogs"))
    assert "calculator/bill-splitter" in said and "% sure" in said
    assert "Bill ($) 90" in said and "People 3" in said
    assert said.endswith("It left out: 2, 'dogs'.")


def test_what_is_left_out_is_said_once():
    assert explain(best("to-do list with due dates")).endswith("It left out: due dates.")


def test_unknown_starters_and_recipes_are_named():
    for key in ("nothing", "calculator/nothing", "calculator/formula"):
        with pytest.raises(UnknownApp):
            build(key)
    with pytest.raises(UnknownApp):
        build(replace(best("BMI calculator"), recipe="nothing"))


def test_a_constant_is_replaced_in_its_place_only():
    source = "import os\n\nA = [\n    1,\n]\nb = A\nC = 3"
    assert with_constants(source, {"A": {"x": "'\"\n"}, "C": 4, "D": 5}) == (
        "import os\n\nA = {'x': '\\'\"\\n'}\nb = A\nC = 4"
    )


def test_a_match_is_all_that_build_needs():
    found = Match("checklist", "", 1.0, "because", "packing checklist: hat, map")
    assert value_of(build(found), "ITEMS") == ["hat", "map"]
