"""Files that are to be imported, as they are written and as someone who means harm would write them."""

from __future__ import annotations

import base64
import json
import pickle
from pathlib import Path
from typing import Any

import pytest

from microapps.errors import InvalidInput, InvalidNotebook
from microapps.notebook import compose, read
from microapps.publish.carrying import LARGEST_DATA, arrived, carried
from microapps.publish.png import SIGNATURE, plain_png

from .pngs import chunk, png

APP = compose(
    title="Twice",
    about="# Twice",
    imports="import ipywidgets as widgets",
    logic='def twice(x: int) -> int:\n    """Twice."""\n    return 2 * x',
    ui="app = widgets.VBox([])",
    tests="def test_twice(app):\n    assert app.call('twice', 2) == 4",
    name="twice",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "twice.app.ipynb"
    path.write_text(carried(APP, png(), [("store.db", b"\0\1"), ("notes/a.txt", b"a")]))
    return path


def changed(file: Path, **keys: Any) -> Path:
    """The file with some of what it carries replaced."""
    node = json.loads(file.read_text())
    node["metadata"]["microapps_carried"] |= keys
    file.write_text(json.dumps(node))
    return file


def test_what_was_put_in_comes_out(file: Path) -> None:
    arrival = arrived(file)
    assert arrival.app == APP
    assert (arrival.picture, arrival.data) == (png(), (("notes/a.txt", b"a"), ("store.db", b"\0\1")))
    assert not arrival.altered and arrival.notes == ()


def test_any_other_reader_sees_the_app_alone(file: Path) -> None:
    assert read(file).app == APP
    assert "microapps_carried" not in read(file).app.notebook_metadata


def test_an_ordinary_micro_app_brings_itself(tmp_path: Path) -> None:
    path = tmp_path / "plain.ipynb"
    from microapps.notebook import write

    write(APP, path, expected=None)
    assert arrived(path).app == APP


@pytest.mark.parametrize(
    "name",
    [
        *("../out", "/etc/x", "a/../../b", "a//b", ".", "", "a\\b", "C:x", "a\0b", "a/", " a", "a.", "a\u202eb"),
        "x" * 200,
        "/".join("abcdefghij"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(file: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="out of the app's own folder"):
        arrived(changed(file, data={name: ""}))


@pytest.mark.parametrize("names", [("a", "A"), ("a", "a/b"), ("A", "a/b")])
def test_two_names_of_one_file_are_refused(file: Path, names: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput, match="one name"):
        arrived(changed(file, data=dict.fromkeys(names, "")))


def test_too_much_data_is_refused_on_both_sides(file: Path) -> None:
    with pytest.raises(InvalidInput, match="that a notebook carries"):
        carried(APP, None, [("big", bytes(LARGEST_DATA + 1))])
    with pytest.raises(InvalidInput, match="more than 24 MiB"):
        arrived(changed(file, data={"big": "A" * (LARGEST_DATA * 4 // 3 + 5000)}))
    with pytest.raises(InvalidInput, match="501 files"):
        arrived(changed(file, data={str(number): "" for number in range(501)}))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"version": 2}, "version"),
        ({"digest": "x"}, "digest"),
        ({"data": []}, "data"),
        ({"picture": 7}, "picture"),
        ({"data": {"a": {"b": "c"}}}, "data.a"),
    ],
)
def test_a_key_of_the_wrong_kind_is_named(file: Path, keys: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidNotebook, match=said):
        arrived(changed(file, **keys))


def test_data_that_is_no_base64_is_refused(file: Path) -> None:
    with pytest.raises(InvalidInput, match="base64"):
        arrived(changed(file, data={"a": "~"}))


@pytest.mark.parametrize(
    "content", [b"\x89PNG", pickle.dumps(APP.metadata.name), b"\xff\xfe\0{", b"[1]", b'{"nbformat": 4}', b"{" * 100_000]
)
def test_what_is_no_notebook_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_bytes(content)
    with pytest.raises(InvalidNotebook) as refused:
        arrived(path)
    assert refused.value.hint


def test_a_name_that_is_a_path_is_refused(file: Path) -> None:
    node = json.loads(file.read_text())
    node["metadata"]["microapps"]["name"] = "../twice"
    file.write_text(json.dumps(node))
    with pytest.raises(InvalidNotebook, match="no app name"):
        arrived(file)


@pytest.mark.parametrize(
    "picture",
    [
        b"GIF89a",
        png()[:-4],
        png()[:20],
        png(5000, 2),
        png(0, 2),
        SIGNATURE + chunk(b"IDAT", b""),
        png().replace(b"IDAT", b"IDAX"),
        png() + bytes(2 << 20),
    ],
)
def test_a_picture_that_is_none_is_left_out_and_said(file: Path, picture: bytes) -> None:
    arrival = arrived(changed(file, picture=base64.b64encode(picture).decode()))
    assert arrival.picture is None
    assert "picture was left out" in arrival.notes[0]


def test_a_picture_is_nothing_but_a_picture() -> None:
    hidden = chunk(b"tEXt", b"Comment\0<script>") + chunk(b"acTL", bytes(8)) + chunk(b"iCCP", b"x")
    assert plain_png(png(2, 2, hidden) + b"after the end") == png()
