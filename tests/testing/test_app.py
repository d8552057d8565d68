"""Driving a real app."""

from __future__ import annotations

import datetime as dt
import gc
import math
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest

from microapps.checks.values import candidates
from microapps.errors import CellFailed, ControlNotFound, ControlUnusable, InvalidInput, InvalidNotebook
from microapps.notebook import AppMetadata, Cell, MicroApp, Role
from microapps.testing import App, AsyncApp, Control

from ..processes import commands_below
from .conftest import PRELUDE, notebook

TIP = """
bill = w.BoundedFloatText(value=100.0, min=0, max=1000, description="Bill")
people = w.Dropdown(options=[("just me", 1), ("two", 2), ("three", 3)], value=2, description="사람")
result = w.HTML(description="Each pays")
guests = w.Output()
split = w.Button(description="Split")

def update(*_):
    result.value = f"<b>{bill.value / people.value:.2f}</b>"

@guests.capture(clear_output=True)
def show(_):
    print(f"{people.value} people")

for control in (bill, people):
    control.observe(update, "value")
split.on_click(show)
update()
app = w.VBox([bill, people, result, split, w.HBox([w.Label("Guests"), guests])])
display(app)
"""


def test_numbers_that_json_has_not_are_no_limits_and_are_read(start: Callable[..., App]) -> None:
    app = start(
        "t, b = w.FloatText(float('nan'), description='T'), w.BoundedFloatText(1, max=float('inf'), description='B')\n"
        "display(t, b)"
    )
    text, bounded = app.controls()
    assert math.isnan(text.value)
    assert (bounded.minimum, bounded.maximum) == (0, None)
    assert [each for each in candidates(bounded) if each < 0] == [] and max(candidates(bounded)) > 1e6
    app.set("B", 5000)
    app.set("T", 2.5)
    assert (app.value("B"), app.value("T")) == (5000, 2.5)


def test_an_app_is_used_by_its_labels(start: Callable[..., App]) -> None:
    app = start(TIP)
    assert app.text("Each pays") == "50.00"
    app.set("Bill", 120)
    app.choose("사람", "three")
    assert app.text("Each pays") == "40.00"
    assert app.value("사람") == 3
    app.choose("사람", 1)
    assert app.text("사람") == "just me"
    app.click("Split")
    assert app.text("Guests") == "1 people"
    app.choose("사람", 2)
    app.click("Split")
    assert app.text("Guests") == "2 people"
    assert app.text().splitlines() == ["Bill: 120", "사람: two", "Each pays 60.00", "Split", "Guests", "2 people"]
    assert app.errors == ()
    assert app.stdout == "1 people\n2 people\n"


def test_controls_say_what_they_take(start: Callable[..., App]) -> None:
    bill, people, split = start(TIP).controls()
    assert (bill.kind, bill.label, bill.value, bill.minimum, bill.maximum) == ("BoundedFloatText", "Bill", 100, 0, 1000)
    assert (people.options, people.value) == (("just me", "two", "three"), 2)
    assert (split.kind, split.value, split.visible, split.enabled) == ("Button", None, True, True)


def test_a_control_can_be_used_by_its_value(start: Callable[..., App]) -> None:
    app = start("first, second = w.IntText(), w.IntText()\ndisplay(first, second)")
    app.set(app.controls()[1], 5)
    assert [control.value for control in app.controls()] == [0, 5]
    with pytest.raises(ControlUnusable, match="none of the uploads"):
        app.upload(app.controls()[1], ("a.txt", b""))
    gone = Control("x", "IntText", 0, None, None, None, None, True, True, (), "no-such-model")
    with pytest.raises(ControlNotFound, match="no longer on the page"):
        app.set(gone, 1)


def test_what_a_person_cannot_enter_is_refused_and_never_sent(start: Callable[..., App]) -> None:
    app = start(TIP)
    with pytest.raises(ControlUnusable, match="from 0 to 1000; 5000"):
        app.set("Bill", 5000)
    with pytest.raises(ControlUnusable, match="takes a number, not 'many'"):
        app.set("Bill", "many")
    with pytest.raises(ControlUnusable, match="'just me', 'two', 'three'"):
        app.choose("사람", "four")
    with pytest.raises(ControlUnusable, match="from 0"):
        app.set("Bill", -1)
    assert app.value("Bill") == 100
    assert app.errors == ()


@pytest.mark.anyio
async def test_the_same_without_blocking() -> None:
    async with AsyncApp.open(notebook(TIP)) as app:
        await app.set("Bill", 10)
        assert app.text("Each pays") == "5.00"
        assert "BoundedFloatText 'Bill': 10" in app.tree


def test_tests_and_skipped_cells_do_not_run() -> None:
    cells = (
        Cell("about", "# Title", kind="markdown", role=Role.ABOUT),
        Cell("ui", PRELUDE + "app = w.Label('ran')", role=Role.UI),
        Cell("skipped", "raise ValueError", metadata={"tags": ["skip-execution"]}),
        Cell("show", "display(app)", role=Role.SHOW),
        Cell("tests", "raise ValueError", role=Role.TESTS),
    )
    with App.open(MicroApp(AppMetadata(name="x", title="X"), cells)) as app:
        assert app.text() == "ran"


def test_a_file_runs_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("from the file")
    path = tmp_path / "app.ipynb"
    nbformat.write(notebook("display(w.Label(open('data.txt').read()))"), path)
    with App.open(path) as app:
        assert app.text() == "from the file"
    with App.open(str(path), cwd=tmp_path) as app:
        assert app.text() == "from the file"


def test_what_is_no_notebook_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        App.open(tmp_path / "missing.ipynb")
    (tmp_path / "broken.ipynb").write_text("hello")
    with pytest.raises(InvalidNotebook, match="is no notebook"):
        App.open(tmp_path / "broken.ipynb")


def test_a_cell_that_raises_is_told_with_its_line() -> None:
    with pytest.raises(CellFailed, match=r"Cell 'cell-1', line 2 raised ZeroDivisionError") as failure:
        App.open(notebook("x = 0", "y = 1\ny / x"))
    assert failure.value.cell == "cell-1"
    assert "y / x" in failure.value.traceback and "y / x" in str(failure.value)


def test_a_cell_whose_value_cannot_be_shown_is_told_with_what_was_raised() -> None:
    shows = "class Box:\n    def _ipython_display_(self):\n        self.missing()\nBox()"
    with pytest.raises(CellFailed, match=r"line 5 raised AttributeError: 'Box' object has no attribute 'missing'"):
        App.open(notebook(shows))


def test_a_cell_may_raise_where_it_says_so() -> None:
    caught = "out = w.Output(); display(out)\nwith out:\n    raise ValueError('shown')"
    node = notebook("display(w.Label('still here'))", "1/0", caught, caught)
    for cell in node.cells[1:3]:
        cell.metadata["tags"] = ["raises-exception"]
    with App.open(node) as app:
        assert app.text("still") == "still here"
        assert [(error.cell, error.name) for error in app.errors] == [("cell-3", "ValueError")]


def test_uploads_arrive_and_are_checked(start: Callable[..., App], tmp_path: Path) -> None:
    app = start(
        """
        photo = w.FileUpload(accept=".txt,image/*", description="Photo")
        many = w.FileUpload(multiple=True, description="Many")
        seen = w.Label(description="Seen")
        def read(change):
            seen.value = ", ".join(f"{f.name}={f.content.tobytes().decode()}" for f in change.owner.value)
        photo.observe(read, "value"); many.observe(read, "value")
        display(photo, many, seen)
        """.replace("\n        ", "\n")
    )
    (tmp_path / "note.txt").write_text("hello")
    app.upload("Photo", tmp_path / "note.txt")
    assert app.text("Seen") == "note.txt=hello"
    assert app.value("Photo") == ("note.txt",)
    app.upload("Many", ("a", b"1"), ("b", b"2"))
    assert app.text("Seen") == "a=1, b=2"
    with pytest.raises(ControlUnusable, match=r"takes \.txt,image/\*"):
        app.upload("Photo", ("data.csv", b""))
    with pytest.raises(ControlUnusable, match="takes one file"):
        app.upload("Photo", ("a.txt", b""), ("b.txt", b""))
    with pytest.raises(ControlUnusable, match=r"Use upload"):
        app.set("Photo", ("a.txt", b""))
    with pytest.raises(InvalidInput, match="cannot be read"):
        app.upload("Photo", tmp_path / "missing.txt")


def test_pages_are_opened_by_their_titles(start: Callable[..., App]) -> None:
    app = start(
        """
tabs = w.Tab([w.IntText(description="Plain"), w.VBox([w.IntText(description="Deep")])], titles=("Basic", "Advanced"))
more = w.Accordion([w.Text(description="Note")], titles=("More",))
display(tabs, more)
"""
    )
    with pytest.raises(ControlUnusable, match=r"not selected\. Open its page first: click\('Advanced'\)"):
        app.set("Deep", 2)
    app.click("Advanced")
    app.set("Deep", 2, within="Advanced")
    assert app.value("Tab") == "Advanced"
    app.choose("More")
    app.set("Note", "x")
    app.click("More")
    assert app.text("Note") == ""


def test_output_of_all_kinds_is_read(start: Callable[..., App]) -> None:
    app = start(
        """
import matplotlib.pyplot as plt, pandas as pd
from IPython.display import HTML, Image, Markdown
out = w.Output()
with out:
    print("\\x1b[31mred\\x1b[0m")
    plt.plot([1]); plt.show()
    display(pd.DataFrame({"Name": ["Ann"], "Score": [3]}).set_index("Name"))
    display(Image(data=b"\\x89PNG", format="png", alt="A dot"))
display(out, HTML("<p>para<p>graph"), Markdown("**bold**"))
"""
    )
    assert app.text() == "red\n[image]\nScore\nName\nAnn\t3\nA dot\npara\ngraph\n**bold**"
    assert app.table() == [{"Name": "Ann", "Score": "3"}]


def test_display_handles_and_clearing_work_in_callbacks(start: Callable[..., App]) -> None:
    app = start(
        """
from IPython.display import clear_output
out, go, count = w.Output(), w.Button(description="Go"), [0]
handle = display("start", display_id=True)
def run(_):
    count[0] += 1
    with out:
        clear_output(wait=True)
        print("run", count[0])
        inner = display("first", display_id=True)
        inner.update("second")
    handle.update(f"after {count[0]}")
    print("on no page"); display("on no page either")
go.on_click(run)
clear = w.Button(description="Clear"); clear.on_click(lambda _: out.clear_output())
assign = w.Button(description="Assign"); assign.on_click(lambda _: setattr(out, "outputs", ()))
append = w.Button(description="Append"); append.on_click(lambda _: out.append_stdout("appended"))
display(go, clear, assign, append, out)
"""
    )
    buttons = "Go\nClear\nAssign\nAppend"
    app.click("Go")
    app.click("Go")
    assert app.text() == f"'after 2'\n{buttons}\nrun 2\n'second'"
    app.click("Clear")
    assert app.text() == f"'after 2'\n{buttons}"
    app.click("Go")
    app.click("Assign")
    assert app.text() == f"'after 3'\n{buttons}"
    app.click("Append")
    app.click("Append")
    assert app.text() == f"'after 3'\n{buttons}\nappended\nappended"


@pytest.mark.parametrize(
    ("source", "act", "text"),
    [
        ("w.interact(lambda x, s: print('got', x, s), x=(0, 10), s=['p', 'q']);", ("x", 7), "got 7 p"),
        ("@w.interact(n=5)\ndef f(n): return n * 2", ("n", 6), "12"),
        (
            "a = w.IntText(description='a')\ndisplay(a, w.interactive_output(lambda a: print('is', a), {'a': a}))",
            ("a", 3),
            "is 3",
        ),
        ("display(w.interactive(lambda on: print('on' if on else 'off'), on=False))", ("on", True), "on"),
    ],
)
def test_interact_works(start: Callable[..., App], source: str, act: tuple[str, object], text: str) -> None:
    app = start(source)
    app.set(*act)
    assert app.text().splitlines()[-1] == text


def test_interact_manual_runs_on_its_button(start: Callable[..., App]) -> None:
    app = start("@w.interact_manual(n=(0, 5))\ndef double(n): return n * 2")
    app.set("n", 3)
    assert "6" not in app.text()
    app.click("Run Interact")
    assert app.text().endswith("6")


def test_widgets_that_come_later_are_found(start: Callable[..., App]) -> None:
    app = start(
        """
box = w.VBox([w.Button(description="More")])
def more(_):
    box.children = (*box.children, w.IntText(description=f"Row {len(box.children)}"))
box.children[0].on_click(more)
gone = w.Button(description="Gone"); gone.on_click(lambda _: gone.close())
display(box, gone)
"""
    )
    app.click("More")
    app.click("More")
    app.set("Row 2", 7)
    assert app.value("Row 2") == 7
    app.click("Gone")
    assert [control.label for control in app.controls()] == ["More", "Row 1", "Row 2"]


def test_later_changes_are_waited_for(start: Callable[..., App]) -> None:
    app = start(
        """
import asyncio
go, state, gate = w.Button(description="Go"), w.Label("idle", description="State"), asyncio.Event()
async def work():
    await gate.wait()
    state.value = "done"
def let_go_on():
    asyncio.get_running_loop().call_later(0.2, gate.set)
go.on_click(lambda _: asyncio.create_task(work()))
display(go, state)
"""
    )
    app.click("Go")
    assert app.text("State") == "idle"
    app.call("let_go_on")
    assert app.wait_until(lambda: app.text("State") == "done", 60)


def test_two_hundred_controls_are_no_burden(start: Callable[..., App]) -> None:
    app = start("display(w.VBox([w.IntText(description=f'n{i}') for i in range(200)]))")
    app.set("n150", 5)
    assert len(app.controls()) == 200
    assert app.value("n150") == 5


def test_dates_are_dates(start: Callable[..., App]) -> None:
    app = start("when = w.DatePicker(description='When')\ndisplay(when)")
    assert app.value("When") is None
    app.set("When", "2024-02-29")
    assert app.value("When") == dt.date(2024, 2, 29)
    assert app.text("When") == "2024-02-29"
    with pytest.raises(ControlUnusable, match="ISO text such as '2024-02-29'"):
        app.set("When", "yesterday")
    app.set("When", None)
    assert app.value("When") is None


def kernels() -> set[int]:
    below = commands_below(psutil.Process())
    return {pid for pid, command in below.items() if "ipykernel_launcher" in " ".join(command)}


def test_a_forgotten_app_takes_its_kernel_with_it() -> None:
    before = kernels()
    app = App.open(notebook("x = 1"))
    assert len(kernels() - before) == 1
    del app
    gc.collect()
    assert kernels() - before == set()


def test_an_app_left_open_does_not_keep_python_from_ending() -> None:
    code = """
        from nbformat.v4 import new_code_cell, new_notebook
        from microapps.testing import App
        app = App.open(new_notebook(cells=[new_code_cell("x = 1")]))
        print("end")
    """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120, check=True
    )
    assert (ended.stdout, ended.stderr) == ("end\n", "")
