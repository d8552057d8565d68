from __future__ import annotations

from dataclasses import replace

from microapps.notebook import Cell, Criterion, FileAccess, Host, MicroApp, Permissions, difference


def test_an_app_does_not_differ_from_itself(app: MicroApp) -> None:
    same = difference(app, app)
    assert not same
    assert same.summary() == "Nothing changed."


def test_a_changed_cell_has_a_unified_diff(app: MicroApp) -> None:
    found = difference(app, app.with_cell("logic", "x = 2"))
    (cell,) = found.cells
    assert (cell.id, cell.role, cell.change) == ("logic", "logic", "changed")
    assert "+x = 2" in cell.diff.splitlines()
    assert "-    return total / people" in cell.diff.splitlines()
    assert found.summary() == "1 cell changed (logic)."


def test_added_removed_and_moved_cells_are_told_apart(app: MicroApp) -> None:
    about, imports, logic, ui, show, tests = app.cells
    chart = Cell("chart", "plot()", role=ui.role)
    found = difference(app, replace(app, cells=(about, logic, imports, chart, ui, show)))
    changes = {cell.id: cell.change for cell in found.cells}
    assert changes.pop("chart") == "added"
    assert changes.pop("tests") == "removed"
    assert list(changes.values()) == ["moved"]
    assert tests.id == "tests"


def test_a_new_role_is_a_change_without_a_diff(app: MicroApp) -> None:
    (cell,) = difference(app, replace(app, cells=(replace(app.cells[0], role=None), *app.cells[1:]))).cells
    assert (cell.change, cell.diff) == ("changed", "")


def test_permissions_are_told_as_sentences_and_what_widens_as_values(app: MicroApp) -> None:
    old = app.with_metadata(permissions=Permissions(files=(FileAccess(path="/data/a.csv"),)))
    new = app.with_metadata(permissions=Permissions(hosts=(Host(name="api.example.org"),)))
    found = difference(old, new)
    assert found.permissions_added == ("Connect to api.example.org on port 443.",)
    assert found.permissions_removed == ("Read /data/a.csv on this computer.",)
    assert found.widened == Permissions(hosts=(Host(name="api.example.org"),))


def test_criteria_are_matched_by_id(app: MicroApp) -> None:
    kept, gone = Criterion(id="kept", text="old words"), Criterion(id="gone", text="x")
    came = Criterion(id="came", text="y")
    reworded = kept.model_copy(update={"text": "new words"})
    found = difference(app.with_metadata(criteria=(kept, gone)), app.with_metadata(criteria=(reworded, came)))
    assert found.criteria_added == (came,)
    assert found.criteria_removed == (gone,)
    assert [(pair.old, pair.new) for pair in found.criteria_changed] == [(kept, reworded)]
    assert "criterion kept: new words" in found.text()


def test_fields_of_the_metadata_are_told_before_and_after(app: MicroApp) -> None:
    found = difference(app, app.with_metadata(title="Bill", tags=("a", "b")))
    assert {(field.key, field.old, field.new) for field in found.metadata} == {
        ("title", "Tip splitter", "Bill"),
        ("tags", "money", "a, b"),
    }
    assert found.summary() == "title, tags changed."
