"""What of a snapshot is drawn, without a browser."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest

from microapps.publish.thin import Client, ThinPage, built_client, unknown_modules
from microapps.publish.thin.language import language
from microapps.publish.visitors.protocol import Mode, Snapshot, WidgetState

VIEW = "application/vnd.jupyter.widget-view+json"


def widget(name: str, module: str = "@jupyter-widgets/controls", **state: Any) -> WidgetState:
    seen = {"_view_name": name.replace("Model", "View"), **state}
    return {"model_name": name, "model_module": module, "model_module_version": "2.0.0", "state": seen}


def page_of(state: WidgetState, folder: Path, query: str = "") -> str:
    output = {"output_type": "display_data", "data": {VIEW: {"model_id": "m"}}, "metadata": {}}
    snapshot = Snapshot(({"index": 0, "kind": "code", "outputs": [output]},), {"m": state}, Mode.FORKED)
    for name in ("page.css", "early.js"):
        (folder / name).write_text(f"/* {name} */")
    client = Client(folder, "page.js", "page.css", "early.js", "icons/")
    return ThinPage(snapshot, title="<Mine>", client=client, statics="/statics/").html(query)


def test_nothing_an_app_says_becomes_markup(tmp_path: Path) -> None:
    evil = '"><script>alert(1)</script>'
    made = page_of(widget("TextModel", description=evil, value=evil, placeholder=evil), tmp_path, "?Name=</script><b>")
    assert "<script>alert" not in made
    assert "<title>&lt;Mine&gt;</title>" in made
    assert "</script><b>" not in made


def test_the_style_and_the_early_script_are_within_the_page(tmp_path: Path) -> None:
    made = page_of(widget("TextModel"), tmp_path)
    assert "<style>/* page.css */</style>" in made
    assert "<script>/* early.js */</script>" in made
    early = base64.b64encode(hashlib.sha256(b"/* early.js */").digest()).decode()
    assert Client(tmp_path, "", "page.css", "early.js", "").early_source == f"'sha256-{early}'"


def test_a_broken_state_leaves_the_rest_of_the_page_whole(tmp_path: Path) -> None:
    made = page_of(widget("IntSliderModel", value="much", min=[], max={}), tmp_path)
    assert "being prepared" in made and 'id="page"' in made


def test_a_password_is_not_drawn(tmp_path: Path) -> None:
    drawn = page_of(widget("PasswordModel", value="hunter2"), tmp_path).partition('id="page"')[0]
    assert 'type="password"' in drawn and "hunter2" not in drawn


def test_widget_libraries_that_the_page_lacks_are_named() -> None:
    snapshot = Snapshot((), {"m": widget("Map", "jupyter-leaflet"), "n": widget("TextModel")}, Mode.FORKED)
    assert unknown_modules(snapshot) == ("jupyter-leaflet",)


@pytest.mark.parametrize(("text", "tag"), [("Split a bill", "en"), ("계산기 앱", "ko"), ("計算するアプリ", "ja")])
def test_the_language_is_told_by_its_letters(text: str, tag: str) -> None:
    assert language("App", [text, text]) == tag


def test_a_checkout_without_the_client_has_none(tmp_path: Path) -> None:
    assert built_client(tmp_path) is None
