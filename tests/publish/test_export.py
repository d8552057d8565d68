"""An app as a file of its own."""

from __future__ import annotations

import datetime as dt
import os
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path

import nbformat
import pytest
from playwright.async_api import Page

from microapps.errors import CellFailed, InvalidInput
from microapps.notebook import Criterion, Permissions, compose, read, write
from microapps.publish import PublishedApp
from microapps.publish.export import Format, export
from microapps.publish.running import Widgets
from microapps.publish.snapshot import is_picture, snapshot
from microapps.sandbox import Confinement
from microapps.testing import AsyncApp

from .conftest import Listener, inside

pytestmark = pytest.mark.anyio

VIEW = "application/vnd.jupyter.widget-view+json"
UI = """
page = widgets.Tab([
    widgets.VBox([widgets.IntSlider(description="People", value=3), widgets.Checkbox(description="Round", value=True)]),
    widgets.HTML("<b>Bold</b><script>document.title = 'ran'</script><img src='http://127.0.0.1:PORT/out'>"),
], titles=["Numbers", "Words"])
secret = widgets.Password(description="Word", value="hidden-word")
seen = widgets.Output()
with seen:
    print("printed inside")
app = widgets.VBox([page, secret, widgets.Dropdown(description="Pick", options=["one", "two"]), seen,
                    widgets.Button(description="Go"), widgets.Label("5 < 6")])
"""


@pytest.fixture
def app(tmp_path: Path) -> PublishedApp:
    made = compose(
        title="Show & tell",
        description="It shows things.",
        tags=(),
        criteria=(Criterion(id="shows", text="It shows a number.", tests=("test_shows",)),),
        about="# Show & tell\n\nIt *shows* things.",
        imports="import ipywidgets as widgets\nimport pandas as pd",
        logic="def twice(x: int) -> int:\n    return 2 * x  # SECRET-OF-THE-SOURCE",
        ui=UI,
        tests="def test_shows(app):\n    assert app.value('People') == 3",
        name="show-and-tell",
    )
    path = tmp_path / "show-and-tell.ipynb"
    write(made, path, expected=None)
    return PublishedApp("show-and-tell", "Show & tell", path, Confinement("show-and-tell"), "It shows things.")


@pytest.mark.sandbox
async def test_a_snapshot_asks_no_model(app: PublishedApp, tmp_path: Path) -> None:
    asking = read(app.notebook)
    cells = tuple(
        replace(cell, source="from microapps.runtime import ask\napp = widgets.Label(ask('What is it?'))")
        if cell.role == "ui"
        else cell
        for cell in asking.app.cells
    )
    write(replace(asking.app, cells=cells), app.notebook, expected=asking.digest)
    allowed = replace(app.confinement, granted=Permissions(model_budget=1.0))  # with no socket to ask through
    text = (await export(replace(app, confinement=allowed), "html", tmp_path / "out.html")).read_text()
    assert "Placeholder: no model is asked" in unescape(text)


@pytest.mark.sandbox
async def test_a_snapshot_shows_the_app_and_says_what_it_is(app: PublishedApp, tmp_path: Path) -> None:
    text = unescape((await export(app, "html", tmp_path / "out.html")).read_text())
    for shown in (
        "This is a snapshot: it does not calculate",
        "<h1>Show & tell</h1>",
        "Numbers",
        "Words",
        "People",
        "<b>Bold</b>",
        "printed inside",
        "Pick",
        ">Go</button>",
        "5 &lt; 6",
        "<em>shows</em>",
    ):
        assert shown in text
    for absent in ("SECRET-OF-THE-SOURCE", "hidden-word", "test_shows"):
        assert absent not in text
    assert text.count("</h1>") == 1, "what the page is called is not said twice"
    assert is_picture(tmp_path / "out.html")


@pytest.mark.sandbox
@pytest.mark.browser
async def test_nothing_in_a_snapshot_runs_or_calls_out(
    app: PublishedApp, tmp_path: Path, page: Page, listener: Listener
) -> None:
    app.notebook.write_text(app.notebook.read_text().replace("PORT", str(listener.port)))
    path = await export(app, "html", tmp_path / "out.html")
    await page.goto(path.as_uri())
    assert await page.get_by_text("This is a snapshot").is_visible()
    assert await inside(page).get_by_label("People").is_disabled()
    assert await page.title() == "Show & tell (snapshot)"
    assert listener.heard == []


@pytest.mark.browser
async def test_a_snapshots_markup_cannot_act(tmp_path: Path, page: Page, listener: Listener) -> None:
    to = listener.url
    act = (
        f'<meta http-equiv=refresh content="0;url={to}/meta"><LINK rel=preconnect href={to}><link/rel=stylesheet '
        f'href={to}/css><base href={to}/><iframe srcdoc="<meta http-equiv=refresh content=0;url={to}/nested>"></iframe>'
        f"<object data={to}/object></object><embed src={to}/embed><img src={to}/img><p>Drawn</p></div></main></body>"
        f"<style>.snapshot-note {{ display: none }}</style><a id=go href={to}/link>Go on</a>"
    )
    notebook = nbformat.v4.new_notebook()
    output = nbformat.v4.new_output("display_data", {"text/html": act})
    notebook.cells = [nbformat.v4.new_markdown_cell(act), nbformat.v4.new_code_cell("x", outputs=[output])]
    path = tmp_path / "out.html"
    path.write_text(snapshot("T", "D", notebook, Widgets({}, {}), dt.datetime.now()))
    await page.goto(path.as_uri())
    await inside(page).get_by_text("Drawn").last.wait_for()
    await inside(page).get_by_text("Go on").last.click()
    await page.wait_for_timeout(1500)
    assert await page.get_by_text("This is a snapshot").is_visible()
    assert page.url == path.as_uri()
    assert listener.heard == []


@pytest.mark.parametrize(
    "state",
    [
        {"_model_name": "IntProgressModel", "value": [1], "min": "low", "max": 10**400},
        {"_model_name": "IntProgressModel", "value": {}, "min": None, "max": "high"},
        {"_model_name": "OutputModel", "outputs": [7]},
        {"_model_name": "OutputModel", "outputs": [{"output_type": "display_data", "data": {VIEW: 7}}]},
        {"_model_name": "VBoxModel", "children": 7},
    ],
)
async def test_an_odd_widget_is_left_out(state: dict[str, object]) -> None:
    notebook = nbformat.v4.new_notebook()
    output = nbformat.v4.new_output("display_data", {VIEW: {"model_id": "m"}})
    notebook.cells = [nbformat.v4.new_code_cell("x", outputs=[output])]
    text = snapshot("T", "D", notebook, Widgets({"m": state}, {}), dt.datetime.now())
    assert "This is a snapshot" in text


@pytest.mark.parametrize("to", ["html", "zip"])
async def test_an_export_overwrites_nothing(to: Format, app: PublishedApp, tmp_path: Path) -> None:
    there = tmp_path / "mine"
    there.write_text("mine")
    with pytest.raises(InvalidInput, match="there already") as refused:
        await export(app, to, there)
    assert "another name" in refused.value.hint
    assert there.read_text() == "mine"


@pytest.mark.sandbox
async def test_an_app_that_fails_gives_no_snapshot(app: PublishedApp, tmp_path: Path) -> None:
    app.notebook.write_text(app.notebook.read_text().replace("import pandas as pd", "1 / 0"))
    with pytest.raises(CellFailed, match="ZeroDivisionError"):
        await export(app, "html", tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()


async def test_the_notebook_runs_with_nothing_of_ours(app: PublishedApp, tmp_path: Path) -> None:
    written = await export(app, "notebook", tmp_path / "plain.ipynb")
    notebook = nbformat.read(written, as_version=4)
    nbformat.validate(notebook)
    assert "microapps" not in "".join(cell.source for cell in notebook.cells)
    async with AsyncApp.open(written) as running:  # in an ordinary kernel
        assert not running.errors and running.value("People") == 3


async def test_another_notebook_is_not_overwritten(app: PublishedApp, tmp_path: Path) -> None:
    there = tmp_path / "mine.ipynb"
    there.write_text("{}")
    with pytest.raises(InvalidInput, match="another notebook"):
        await export(app, "notebook", there)
    assert there.read_text() == "{}"


async def test_a_zip_holds_what_is_needed_and_data_only_if_asked(app: PublishedApp, tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "deep").mkdir(parents=True)
    (data / "deep" / "notes.txt").write_text("kept")
    (tmp_path / "outside.txt").write_text("OUTSIDE")
    (data / "link.txt").symlink_to(tmp_path / "outside.txt")
    (data / "linked").symlink_to(tmp_path)
    os.mkfifo(data / "pipe")
    app = replace(app, confinement=Confinement("show-and-tell", data=data))
    with zipfile.ZipFile(await export(app, "zip", tmp_path / "a.zip")) as made:
        assert {name.split("/")[1] for name in made.namelist()} == {
            "show-and-tell.ipynb",
            "README.md",
            "requirements.txt",
            "criteria.md",
        }
        assert "It shows a number." in made.read("show-and-tell/criteria.md").decode()
        needed = made.read("show-and-tell/requirements.txt").decode()
        assert "pandas>=" in needed and "ipywidgets>=" in needed and "microapps" not in needed
    with zipfile.ZipFile(await export(app, "zip", tmp_path / "b.zip", with_data=True)) as made:
        assert [name for name in made.namelist() if "/data/" in name] == ["show-and-tell/data/deep/notes.txt"]


async def test_data_goes_into_a_zip_only(app: PublishedApp, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot carry"):
        await export(app, "notebook", tmp_path / "x.ipynb", with_data=True)
