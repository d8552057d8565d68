"""What of a snapshot is drawn, without a browser."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from microapps.publish.language import language
from microapps.publish.thin import Client, ThinPage, built_client, unknown_forms, unknown_modules
from microapps.publish.thin.numbers import written
from microapps.publish.thin.terminal import printed
from microapps.publish.visitors.protocol import Mode, Snapshot, WidgetState

VIEW = "application/vnd.jupyter.widget-view+json"


def widget(name: str, module: str = "@jupyter-widgets/controls", **state: Any) -> WidgetState:
    seen = {"_view_name": name.replace("Model", "View"), **state}
    return {"model_name": name, "model_module": module, "model_module_version": "2.0.0", "state": seen}


def page_of(
    state: WidgetState, folder: Path, query: str = "", *more: dict[str, Any], widgets: Mapping[str, WidgetState] = {}
) -> str:
    output = {"output_type": "display_data", "data": {VIEW: {"model_id": "m"}}, "metadata": {}}
    snapshot = Snapshot(
        ({"index": 0, "kind": "code", "outputs": [output, *more]},), {"m": state, **widgets}, Mode.FORKED
    )
    for name in ("page.css", "early.js"):
        (folder / name).write_text(f"/* {name} */")
    client = Client(folder, "page.js", "page.css", "early.js", "cover.js", "exported.js", "icons/")
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
    assert Client(tmp_path, "", "page.css", "early.js", "", "", "").early_source == f"'sha256-{early}'"


def test_a_broken_state_leaves_the_rest_of_the_page_whole(tmp_path: Path) -> None:
    made = page_of(widget("IntSliderModel", value="much", min=[], max={}), tmp_path)
    assert "being prepared" in made and 'id="page"' in made


def test_a_password_is_not_drawn(tmp_path: Path) -> None:
    drawn = page_of(widget("PasswordModel", value="hunter2"), tmp_path).partition('id="page"')[0]
    assert 'type="password"' in drawn and "hunter2" not in drawn


def test_a_colour_among_several_is_drawn_however_it_is_written_and_nothing_else_of_a_style_is(tmp_path: Path) -> None:
    colours = ["teal", "#1a2b3c", "rgb(200, 50, 200)", "hsl(120deg 50% 20% / 0.5)"]
    others = ["red;position:fixed", "url(https://elsewhere.example/a)", "rgb(1,2,3);top:0"]
    drawn = page_of(widget("ColorsInputModel", value=[*colours, *others]), tmp_path).partition('id="page"')[0]
    assert [colour for colour in colours if f'style="background-color: {colour}"' not in drawn] == []
    assert drawn.count("background-color:") == len(colours)


def test_a_script_that_will_not_run_is_said_to_need_permission(tmp_path: Path) -> None:
    script = {"output_type": "display_data", "data": {"application/javascript": "1", "text/plain": "<Javascript>"}}
    made = page_of(widget("TextModel"), tmp_path, "", script)
    assert "needs permission to run scripts" in made and "being prepared" not in made


def test_what_links_in_the_page_will_set_is_drawn(tmp_path: Path) -> None:
    """By ``jslink``: the one end has the other's value as soon as the page lives, and the next link passes it on."""
    ends = {"source": ["IPY_MODEL_n", "value"], "target": ["IPY_MODEL_m", "value"]}
    linked = {"n": widget("IntTextModel", value=41), "l": widget("LinkModel", **ends)}
    broken = {"x": widget("DirectionalLinkModel", source="IPY_MODEL_n", target=[None, 3])}
    drawn = page_of(widget("IntTextModel", value=7), tmp_path, widgets={**linked, **broken})
    assert 'value="41"' in drawn and 'value="7"' not in drawn


def test_lines_that_came_one_by_one_are_drawn_as_one_text(tmp_path: Path) -> None:
    lines = [{"output_type": "stream", "name": name, "text": text} for name, text in (("out", "a"), ("out", "b\n"))]
    other = {"output_type": "stream", "name": "stderr", "text": "c"}
    drawn = page_of(widget("OutputModel", "@jupyter-widgets/output", outputs=[*lines, other]), tmp_path)
    assert ">ab\n</pre>" in drawn and ">c</pre>" in drawn


@pytest.mark.parametrize("begun", ["<svg width='9'", "<svg xmlns='http://www.w3.org/2000/svg' width='9'"])
def test_a_drawing_that_does_not_say_what_it_is_is_drawn(tmp_path: Path, begun: str) -> None:
    output = {"output_type": "display_data", "data": {"image/svg+xml": f"<?xml version='1.0'?>{begun}><g/></svg>"}}
    drawn = unquote(page_of(widget("TextModel"), tmp_path, "", output))
    shown = drawn.partition("data:image/svg+xml;charset=utf-8,")[2].partition("</svg>")[0]
    assert shown.count("http://www.w3.org/2000/svg") == 1 and "width='9'><g/>" in shown


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (10.0, ".3g", "10.0"),
        (1000.0, ".3g", "1.00e+3"),
        (100, ".3g", "100"),
        (-3, ".2f", "−3.00"),
        (-0.255, ".1%", "−25.5%"),
        (1234.5, "$,.2f", "$1,234.50"),
        (1234, ",d", "1,234"),
        (7.5, "d", "7.5"),
        (2.0, ".2s", "2"),
        (2.0, None, "2"),
    ],
)
def test_numbers_are_written_as_the_client_will(number: float, form: str | None, shown: str) -> None:
    assert written(number, form) == shown


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("a <b>", "a &lt;b&gt;"),
        ("\x1b[1;31mred\x1b[0m plain", '<span class="ansi-bold ansi-red">red</span> plain'),
        ("\x1b[31mred \x1b[39mplain", '<span class="ansi-red">red </span>plain'),
        ("\x1b[38;5;9mx\x1b[48;2;1;2;3my\x1b[2K", "xy"),
        (" 10%\r 100%\r\nnext", " 100%\nnext"),
        ("abcd\rxy", "xycd"),
        ("ab\bc", "ac"),
        ("ab\b\b\bc\b\bde", "de"),
        ("abc\b\rX", "Xb"),
        ("\r\rabc\r\r\nd\r", "abc\nd"),
        ("10%\r\r한\x1b[0m\b", "한\x1b[0"),
    ],
)
def test_what_is_printed_is_drawn_as_in_a_terminal(output: str, shown: str) -> None:
    assert printed(output) == shown


def test_many_characters_that_move_back_are_drawn_in_one_pass() -> None:
    """Each pass over such a text that took its length again, or its half, would take longer than any test may."""
    many = 500_000
    assert printed("a" * many + "\b" * (many - 1)) == "a"
    assert printed("a" * many + "\rb" * many) == "b" + "a" * (many - 1)
    assert printed("\r" * 4 * many) == ""


def test_widget_libraries_that_the_page_lacks_are_named() -> None:
    snapshot = Snapshot((), {"m": widget("Map", "jupyter-leaflet"), "n": widget("TextModel")}, Mode.FORKED)
    assert unknown_modules(snapshot) == ("jupyter-leaflet",)
    viewed = widget("DOMWidgetModel", "@jupyter-widgets/base", _view_name="EmailView", _view_module="email_widget")
    assert unknown_modules(Snapshot((), {"m": viewed}, Mode.FORKED)) == ("email_widget",)


def test_forms_that_the_page_lacks_are_named_where_voila_may_draw_them() -> None:
    def shown(*forms: str) -> Snapshot:
        output = {"output_type": "display_data", "data": dict.fromkeys(forms, "x"), "metadata": {}}
        return Snapshot(({"index": 0, "kind": "code", "outputs": [output]},), {}, Mode.FORKED)

    chart, other = "application/vnd.vega.v5+json", "application/vnd.nobody+json"
    assert unknown_forms(shown(chart, "text/plain")) == (chart,)
    assert unknown_forms(shown(chart, "image/png")) == unknown_forms(shown("text/plain"), extended=True) == ()
    assert unknown_forms(shown(other)) == ()
    assert unknown_forms(shown(other), extended=True) == (other,)


def test_a_widget_that_was_closed_is_said_to_be_gone(tmp_path: Path) -> None:
    gone = {"output_type": "display_data", "data": {VIEW: {"model_id": "gone"}}, "metadata": {}}
    assert "no longer there" in page_of(widget("TextModel"), tmp_path, "", gone)


def test_a_formula_is_set_rather_than_its_picture(tmp_path: Path) -> None:
    both = {"output_type": "display_data", "data": {"text/latex": "$x^2$", "image/png": "AAAA"}, "metadata": {}}
    made = page_of(widget("TextModel"), tmp_path, "", both)
    assert "$x^2$</div>" in made and "base64,AAAA" not in made


@pytest.mark.parametrize(("text", "tag"), [("Split a bill", "en"), ("계산기 앱", "ko"), ("計算するアプリ", "ja")])
def test_the_language_is_told_by_its_letters(text: str, tag: str) -> None:
    assert language("App", [text, text]) == tag


def test_a_checkout_without_the_client_has_none(tmp_path: Path) -> None:
    assert built_client(tmp_path) is None
