from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microapps.errors import ChangedOnDisk, InvalidInput, InvalidNotebook, MachineFault
from microapps.notebook import (
    Cell,
    Criterion,
    Host,
    MicroApp,
    Permissions,
    Role,
    compose,
    dumps,
    from_node,
    loads,
    read,
    to_node,
    write,
)

text = st.text(st.characters(exclude_categories=("Cs",)), max_size=60)


def test_text_of_an_app_reads_back_as_the_same_app(app: MicroApp) -> None:
    assert loads(dumps(app)) == app


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(about=text, logic=text, title=text.filter(bool), key=text, value=st.recursive(st.none() | text, st.lists))
def test_any_text_survives_the_file(about: str, logic: str, title: str, key: str, value: object) -> None:
    made = compose(title=title, about=about, imports="", logic=logic, ui="", tests="")
    cells = (*made.cells, Cell("note", about, "markdown", None, {"x" + key: value}))
    made = replace(made, cells=cells, notebook_metadata={"x" + key: value})
    assert loads(dumps(made)) == made


def test_every_field_survives_the_file(app: MicroApp) -> None:
    permissions = Permissions(hosts=(Host(name="api.example.org", port=8443),), packages=("pandas",), storage="shared")
    full = app.with_metadata(permissions=permissions, criteria=(Criterion(id="a", text="b"),), root="page")
    assert loads(dumps(full)) == full


def test_equal_apps_give_equal_text(app: MicroApp) -> None:
    assert dumps(app) == dumps(loads(dumps(app)))


def test_jupyter_saves_the_file_as_it_was(app: MicroApp) -> None:
    text = dumps(app)
    assert nbformat.writes(nbformat.reads(text, as_version=4)) + "\n" == text


def test_file_is_a_valid_notebook_of_format_4_5(app: MicroApp) -> None:
    node = nbformat.reads(dumps(app), as_version=nbformat.NO_CONVERT)
    nbformat.validate(node)
    assert (node.nbformat, node.nbformat_minor) == (4, 5)


def test_only_our_key_holds_our_fields(app: MicroApp) -> None:
    node = to_node(app)
    assert set(node.metadata) == {"kernelspec", "language_info", "microapps"}
    assert set(node.metadata.microapps) == set(type(app.metadata).model_fields)
    assert node.cells[3].metadata == {"microapps": {"role": "ui"}}


def test_outputs_and_saved_widgets_are_left_out(app: MicroApp) -> None:
    node = to_node(app)
    node.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    node.cells[3].outputs = ["not even an output"]
    node.cells[3].execution_count = 9
    assert from_node(node) == app


def test_kernel_and_voila_template_of_a_notebook_are_not_believed(app: MicroApp) -> None:
    node = to_node(app)
    node.metadata["kernelspec"] = {"name": "evil", "display_name": "Evil"}
    node.metadata["voila"] = {"template": "evil", "theme": "evil", "authors": "kept"}
    read_back = from_node(node)
    assert read_back.notebook_metadata == {"voila": {"authors": "kept"}}
    assert to_node(read_back).metadata.kernelspec.name == "python3"


def test_other_metadata_and_pictures_are_carried_through(app: MicroApp) -> None:
    picture = Cell("dot", "![](attachment:a.png)", "markdown", None, {"slideshow": {"slide_type": "skip"}})
    picture = replace(picture, attachments={"a.png": {"image/png": "aaaa"}})
    full = replace(app, cells=(*app.cells, picture), notebook_metadata={"toc": {"depth": 2}})
    assert loads(dumps(full)) == full


def test_a_notebook_without_our_key_names_the_way_in() -> None:
    with pytest.raises(InvalidNotebook, match="adopt") as caught:
        from_node(nbformat.v4.new_notebook())
    assert caught.value.key == "microapps"


@pytest.mark.parametrize(
    ("ours", "key"),
    [
        ({"role": "boss"}, "microapps.role"),
        ({"role": ["ui"]}, "microapps.role"),
        ({"roll": "ui"}, "microapps.roll"),
        ("ui", "microapps"),
    ],
)
def test_an_unknown_role_or_key_names_cell_and_key(app: MicroApp, ours: object, key: str) -> None:
    node = to_node(app)
    node.cells[3].metadata["microapps"] = ours
    with pytest.raises(InvalidNotebook) as caught:
        from_node(node)
    assert (caught.value.cell, caught.value.key) == ("ui", key)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"title": ""}, "microapps.title"),
        ({"name": "No Name"}, "microapps.name"),
        ({"root": "a.b"}, "microapps.root"),
        ({"surprise": 1}, "microapps.surprise"),
        ({"schema_version": 2}, "microapps.schema_version"),
        ({"permissions": {"hosts": [{"name": "bad host"}]}}, "microapps.permissions.hosts.0.name"),
        ({"permissions": {"files": [{"path": "/a/../etc"}]}}, "microapps.permissions.files.0.path"),
    ],
)
def test_an_unusable_field_names_its_key(app: MicroApp, change: dict[str, object], key: str) -> None:
    node = to_node(app)
    node.metadata["microapps"].update(change)
    with pytest.raises(InvalidNotebook) as caught:
        from_node(node)
    assert caught.value.key == key


def test_values_that_no_notebook_carries_are_refused(app: MicroApp) -> None:
    for metadata in ({"x": float("nan")}, {"x": "\ud800"}, {"tags": "not a list"}):
        wrong = replace(app, cells=(replace(app.cells[0], metadata=metadata), *app.cells[1:]))
        with pytest.raises(InvalidNotebook) as caught:
            dumps(wrong)
        assert caught.value.cell == "about"


def test_two_cells_of_one_id_are_refused(app: MicroApp) -> None:
    with pytest.raises(InvalidNotebook, match="Two cells have the id 'ui'"):
        dumps(replace(app, cells=(*app.cells, app.cell("ui"))))


def test_write_then_read(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "나누기.ipynb"
    digest = write(app, path, expected=None)
    stored = read(path)
    assert (stored.app, stored.path, stored.digest) == (app, path, digest)
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == [path.name]


def test_write_replaces_what_it_was_told_is_there(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    first = write(app, path, expected=None)
    path.chmod(0o600)
    write(app.with_metadata(title="Second"), path, expected=first)
    assert read(path).app.metadata.title == "Second"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_write_leaves_a_changed_file_alone(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    digest = write(app, path, expected=None)
    path.write_text("mine now")
    with pytest.raises(ChangedOnDisk):
        write(app, path, expected=digest)
    with pytest.raises(ChangedOnDisk):
        write(app, path, expected=None)
    assert path.read_text() == "mine now"


def test_write_does_not_bring_back_a_removed_file(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    digest = write(app, path, expected=None)
    path.unlink()
    with pytest.raises(ChangedOnDisk, match="gone"):
        write(app, path, expected=digest)
    assert not path.exists()


def test_of_two_writers_at_once_one_wins_and_the_other_hears_of_it(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    digest = write(app, path, expected=None)
    outcomes: list[object] = []

    def change(title: str) -> None:
        try:
            outcomes.append(write(app.with_metadata(title=title), path, expected=digest))
        except ChangedOnDisk as error:
            outcomes.append(error)

    writers = [threading.Thread(target=change, args=(f"Title {n}",)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sum(isinstance(outcome, str) for outcome in outcomes) == 1
    assert len(outcomes) == 8


def test_a_link_keeps_pointing_where_it_points(app: MicroApp, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.ipynb", tmp_path / "link.ipynb"
    digest = write(app, real, expected=None)
    link.symlink_to(real)
    write(app.with_metadata(title="Second"), link, expected=digest)
    assert link.is_symlink()
    assert read(real).app.metadata.title == "Second"


def test_what_a_killed_writer_left_is_swept(app: MicroApp, tmp_path: Path) -> None:
    (tmp_path / ".microapps-0123.tmp").write_text("half")
    write(app, tmp_path / "a.ipynb", expected=None)
    assert not list(tmp_path.glob(".microapps-*"))


def test_a_write_that_fails_keeps_the_old_file(app: MicroApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ipynb"
    digest = write(app, path, expected=None)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MachineFault, match="Make room"):
        write(app.with_metadata(title="Second"), path, expected=digest)
    assert read(path).app == app
    assert not list(tmp_path.glob(".microapps-*"))


def test_a_folder_that_is_not_there_is_a_fault_of_the_machine(app: MicroApp, tmp_path: Path) -> None:
    with pytest.raises(MachineFault):
        write(app, tmp_path / "nowhere" / "a.ipynb", expected=None)


def test_read_says_what_a_path_is_instead(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no file"):
        read(tmp_path / "none.ipynb")
    with pytest.raises(InvalidNotebook, match="a folder"):
        read(tmp_path)
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(InvalidNotebook, match="no ordinary file"):
        read(tmp_path / "pipe.ipynb")
    with pytest.raises(InvalidInput):
        read("a\0b.ipynb")


def test_ids_that_an_old_jupyter_dropped_come_back_from_the_roles(app: MicroApp) -> None:
    value = json.loads(dumps(app))
    value["nbformat_minor"] = 4
    for cell in value["cells"]:
        del cell["id"]
    assert loads(json.dumps(value)) == app
    assert [cell.role for cell in loads(json.dumps(value)).cells] == list(Role)
