"""What only a browser does: links, players, Enter, and widgets of other libraries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from microapps.errors import ControlUnusable
from microapps.testing import App


def test_linked_values_follow_each_other(start: Callable[..., App]) -> None:
    app = start(
        """
a, b, c = (w.IntText(description=name) for name in "abc")
w.jslink((a, "value"), (b, "value")); w.jsdlink((b, "value"), (c, "value"))
def held(): return a.value, b.value, c.value
reset = w.Button(description="Reset"); reset.on_click(lambda _: setattr(a, "value", 1))
display(a, b, c, reset)
"""
    )
    app.set("a", 5)
    assert app.call("held") == (5, 5, 5)
    app.set("b", 7)
    assert app.call("held") == (7, 7, 7)
    app.set("c", 9)
    assert app.call("held") == (7, 7, 9)
    app.click("Reset")
    assert app.call("held") == (1, 1, 1)
    assert app.value("c") == 1


def test_a_link_starts_with_its_source(start: Callable[..., App]) -> None:
    app = start(
        "a, b = w.IntText(3, description='a'), w.IntText(description='b')\n"
        "w.jslink((a, 'value'), (b, 'value')); display(a, b)"
    )
    assert app.value("b") == 3


def test_a_link_carries_no_nothing_to_a_control_that_has_a_value(start: Callable[..., App]) -> None:
    app = start(
        "day, size = w.DatePicker(description='Day'), w.FloatSlider(description='Size', value=3)\n"
        "w.jslink((day, 'value'), (size, 'value')); display(day, size)"
    )
    assert app.value("Size") == 3 and app.errors == ()


def test_a_player_plays_while_time_passes(start: Callable[..., App]) -> None:
    app = start(
        """
play, frame = w.Play(max=3, interval=20, description="Play"), w.IntSlider(description="Frame")
w.jslink((play, "value"), (frame, "value")); display(w.HBox([play, frame]))
"""
    )
    app.click("Play")
    app.wait_until(lambda: app.wait(0.05) or app.value("Frame") == 3, 20)
    app.wait(0.1)
    assert app.value("Play", trait="playing") is False


def test_enter_submits_a_text(start: Callable[..., App]) -> None:
    app = start(
        """
import warnings
warnings.simplefilter("ignore")
name, hello = w.Text(description="Name"), w.Label(description="Hello")
name.on_submit(lambda text: setattr(hello, "value", text.value)); display(name, hello)
"""
    )
    app.set("Name", "Ann")
    assert app.text("Hello") == ""
    app.submit("Name")
    assert app.text("Hello") == "Ann"


def test_traits_of_other_widgets_can_be_read_and_set(start: Callable[..., App]) -> None:
    app = start(
        """
import anywidget, traitlets
class Counter(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    count = traitlets.Int(0).tag(sync=True)
    blob = traitlets.Any().tag(sync=True)
counter, now = Counter(), w.Label(description="Now")
counter.observe(lambda change: setattr(now, "value", str(change.new)), "count")
def blob(): return bytes(counter.blob)
display(w.VBox([counter, now]))
"""
    )
    app.set_trait("Counter", "count", 5)
    assert app.value("Counter", trait="count") == 5
    assert app.text("Now") == "5"
    app.set_trait("Counter", "blob", b"\x00\x01")
    assert app.call("blob") == app.value("Counter", trait="blob") == b"\x00\x01"
    app.set_trait("Counter", "blob", {"parts": [b"a", {"deep": b"b"}]})
    assert app.errors == ()
    with pytest.raises(ControlUnusable, match="has no trait 'size'"):
        app.set_trait("Counter", "size", 1)


def test_options_that_change_keep_their_values(start: Callable[..., App]) -> None:
    app = start(
        """
import datetime
pick = w.Dropdown(options=[("today", datetime.date(2024, 1, 1))], description="Pick")
more = w.Button(description="More")
more.on_click(lambda _: setattr(pick, "options", [("a", (1, 2)), ("b", (3, 4))]))
display(pick, more)
"""
    )
    assert str(app.value("Pick")) == "2024-01-01"
    app.click("More")
    app.choose("Pick", (3, 4))
    assert (app.text("Pick"), app.value("Pick")) == ("b", (3, 4))


def test_toggle_buttons_and_titles_take_clicks(start: Callable[..., App]) -> None:
    app = start(
        "size = w.ToggleButtons(options=['S', 'L'], description='Size'); on = w.ToggleButton(description='On')\n"
        "display(size, on, w.Checkbox(description='Agree'))"
    )
    app.click("L")
    assert app.value("Size") == "L"
    app.click("On")
    app.click("Agree")
    app.click("Agree")
    assert (app.value("On"), app.value("Agree")) == (True, False)
