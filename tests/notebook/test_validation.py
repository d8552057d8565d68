from __future__ import annotations

from dataclasses import replace

import pytest

from microapps.notebook import Cell, Criterion, MicroApp, Provenance, Role, problems


def said(app: MicroApp) -> list[str]:
    return [problem.what for problem in problems(app)]


def test_a_sound_app_has_no_problem(app: MicroApp) -> None:
    assert problems(app) == ()


@pytest.mark.parametrize("role", list(Role))
def test_a_missing_role_is_named(app: MicroApp, role: Role) -> None:
    without = replace(app, cells=tuple(cell for cell in app.cells if cell.role is not role))
    assert f"There is no cell of the role {role.value!r}." in said(without)


@pytest.mark.parametrize("role", list(Role))
def test_an_empty_cell_is_named(app: MicroApp, role: Role) -> None:
    assert any(problem.cell == role.value for problem in problems(app.with_cell(role.value, " \n")))


def test_the_wrong_order_is_named(app: MicroApp) -> None:
    swapped = replace(app, cells=(*app.cells[:2], app.cells[3], app.cells[2], *app.cells[4:]))
    assert any("comes after a 'ui' cell" in what for what in said(swapped))


def test_a_code_cell_without_role_is_named_and_a_note_is_not(app: MicroApp) -> None:
    note, code = Cell("note", "hello", "markdown"), Cell("loose", "x = 1")
    found = problems(replace(app, cells=(*app.cells, note, code)))
    assert [problem.cell for problem in found] == ["loose"]


def test_a_second_tests_cell_is_named(app: MicroApp) -> None:
    second = replace(app.cell("tests"), id="more", source="def test_more(app): ...")
    assert "There are 2 cells of the role 'tests'." in said(replace(app, cells=(*app.cells, second)))


def test_a_tests_cell_that_would_run_is_named(app: MicroApp) -> None:
    untagged = replace(app, cells=(*app.cells[:-1], replace(app.cells[-1], metadata={})))
    assert [problem.key for problem in problems(untagged)] == ["tags"]


def test_about_must_be_markdown(app: MicroApp) -> None:
    wrong = replace(app, cells=(replace(app.cells[0], kind="raw"), *app.cells[1:]))
    assert [problem.key for problem in problems(wrong)] == ["cell_type"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ny = (", 2),
        ("\n\nreturn 1", 3),
        ("x = '\0'", 1),
        ("%%time\nx = 1\ny ==", 3),
        ("%matplotlib inline\ny ==", 2),
    ],
)
def test_a_syntax_error_names_cell_and_line(app: MicroApp, source: str, line: int) -> None:
    (problem,) = [found for found in problems(app.with_cell("logic", source)) if found.cell == "logic"]
    assert f"line {line}" in problem.what


@pytest.mark.parametrize("source", ["%time x = 1", "!ls", "await thing()", "files = !ls", "%%html\n<b>", "x?"])
def test_what_only_ipython_reads_is_no_syntax_error(app: MicroApp, source: str) -> None:
    assert problems(app.with_cell("logic", source)) == ()


@pytest.mark.parametrize("source", ["-" * 20_000 + "1", "(" * 5000, "x" * 500_000, "a" + ".b" * 50_000])
def test_hostile_source_is_a_problem_and_no_crash(app: MicroApp, source: str) -> None:
    problems(app.with_cell("logic", source))


@pytest.mark.parametrize(
    "source",
    ["app = 1", "app: object = 1", "a = app = 1", "(app, b) = 1, 2", "if True:\n    app = 1", "with x() as app: ..."],
)
def test_the_root_may_be_assigned_in_any_way(app: MicroApp, source: str) -> None:
    assert problems(app.with_cell("ui", source)) == ()


@pytest.mark.parametrize("source", ["page = 1", "def f():\n    app = 1", "[app for app in ()]", "app.x = 1"])
def test_a_root_that_is_not_assigned_is_named(app: MicroApp, source: str) -> None:
    assert said(app.with_cell("ui", source)) == ["No 'ui' cell assigns the root widget 'app'."]


@pytest.mark.parametrize(
    ("source", "shows"),
    [("app", True), ("display(app)", True), ("IPython.display.display(app)", True), ("print(app)", False)],
)
def test_show_must_display_the_root(app: MicroApp, source: str, shows: bool) -> None:
    assert (problems(app.with_cell("show", source)) == ()) is shows


def test_two_tests_of_one_name_are_named(app: MicroApp) -> None:
    twice = app.with_cell("tests", "def test_split(app): ...\ndef test_split(app): ...")
    assert any("Two tests are called 'test_split'" in what for what in said(twice))


def test_a_test_that_does_not_take_the_app_is_named(app: MicroApp) -> None:
    assert any("does not take the app" in what for what in said(app.with_cell("tests", "def test_split(): ...")))


def test_a_criterion_without_its_test_is_named(app: MicroApp) -> None:
    missing = app.with_metadata(criteria=(*app.metadata.criteria, Criterion(id="b", text="t", tests=("test_b",))))
    (problem,) = problems(missing)
    assert problem.key == "microapps.criteria.1"
    assert "'test_b', which does not exist" in problem.what


def test_criteria_are_required_with_tests_and_single_ids(app: MicroApp) -> None:
    assert "The app has no acceptance criterion." in said(app.with_metadata(criteria=()))
    assert any("No test shows" in what for what in said(app.with_metadata(criteria=(Criterion(id="a", text="b"),))))
    twice = app.metadata.criteria * 2
    assert any("Two criteria" in what for what in said(app.with_metadata(criteria=twice)))


def test_a_test_without_criterion_is_a_warning(app: MicroApp) -> None:
    more = app.with_cell("tests", app.cell("tests").source + "\n\ndef test_more(app): ...")
    assert [(problem.warning, problem.cell) for problem in problems(more)] == [(True, "tests")]


def test_an_adopted_notebook_may_lack_roles_tests_and_root(app: MicroApp) -> None:
    adopted = app.with_metadata(provenance=Provenance(maker="adopted"), criteria=(), root="")
    assert problems(replace(adopted, cells=(Cell("a", "x = 1"), Cell("b", "", "markdown")))) == ()


def test_an_adopted_root_must_still_be_assigned(app: MicroApp) -> None:
    adopted = app.with_metadata(provenance=Provenance(maker="adopted"), root="page")
    assert [problem.key for problem in problems(adopted)] == ["microapps.root"]


def test_metadata_that_no_file_holds_is_a_problem(app: MicroApp) -> None:
    wrong = replace(app, cells=(replace(app.cells[0], id="no spaces"), *app.cells[1:]))
    assert [problem.key for problem in problems(wrong)] == ["id"]
