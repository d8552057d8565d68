"""An exported notebook keeps its data where nothing of ours can be imported."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbclient
import pytest

from microapps.notebook import Cell, MicroApp, compose, dumps, read, write
from microapps.notebook.files import to_node
from microapps.notebook.validation import problems
from microapps.publish import PublishedApp
from microapps.publish.export import export
from microapps.publish.inlining import OURS, inlined
from microapps.runtime import Store
from microapps.sandbox import Confinement

HIDDEN = """
import sys
for name in [name for name in sys.modules if name.partition(".")[0] == "microapps"]:
    del sys.modules[name]
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "microapps":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nothing())
"""
"""What a machine without microapps does to an import of it."""


def app(imports: str, logic: str = "", name: str = "study-log") -> MicroApp:
    return compose(
        title="Study log",
        description="Keeps a log.",
        about="# Study log",
        imports=f"import ipywidgets as widgets\nfrom IPython.display import display\n{imports}",
        logic=logic or "def nothing() -> None:\n    return None",
        ui="app = widgets.Label('x')",
        tests="from microapps.runtime import store\n\n\ndef test_nothing(app):\n    assert app.text()",
        name=name,
    )


def run(path: Path, code: str) -> str:
    """Run a notebook in nbclient in its folder, on a machine without microapps, then some code; what that prints."""
    cells = [Cell("hidden", HIDDEN), *read(path).app.cells, Cell("then", code)]
    node = to_node(replace(read(path).app, cells=tuple(cells)))
    resources: dict[str, Any] = {"metadata": {"path": str(path.parent)}}
    ran = nbclient.NotebookClient(node, timeout=60, kernel_name="python3", resources=resources).execute()
    return "".join(output.text for output in ran.cells[-1].outputs if output.output_type == "stream").strip()


def stored(made: MicroApp, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(made, path, expected=None)
    return path


USE = """
store["goal"] = (1, 2)
store.update("count", lambda n: n + 1, 0)
entries = store.table("entries")
entries.add(text="x", done=False)
with store.transaction():
    entries.update(entries.rows()[-1]["id"], done=True)
try:
    store["bad"] = object()
except StoreError as error:
    print(error)
try:
    ask("Hello")
except AskError as error:
    print(type(error).__name__)
print(store["goal"], store["count"], len(entries.rows(done=True)))
"""


def test_it_runs_without_us_and_keeps_its_data(tmp_path: Path) -> None:
    made = inlined(app("from microapps.runtime import AskError, StoreError, ask, store"))
    path = stored(made, tmp_path / "study-log.ipynb")
    first = run(path, USE).splitlines()
    assert first[0].startswith("store['bad'] is of the type object")
    assert first[1:] == ["AskNotPermittedError", "(1, 2) 1 1"]
    assert run(path, USE).splitlines()[-1] == "(1, 2) 2 2"
    assert Store(tmp_path / "study-log-data")["goal"] == (1, 2)


def test_beside_exported_data_it_goes_on_with_it(tmp_path: Path) -> None:
    Store(tmp_path / "study-log" / "data")["goal"] = 7
    path = stored(inlined(app("from microapps.runtime import store")), tmp_path / "study-log" / "study-log.ipynb")
    assert run(path, "print(store['goal'])") == "7"


def test_without_it_the_notebook_would_not_run(tmp_path: Path) -> None:
    path = stored(app("from microapps.runtime import store"), tmp_path / "a.ipynb")
    with pytest.raises(nbclient.exceptions.CellExecutionError, match="No module named 'microapps"):
        run(path, "")


@pytest.mark.parametrize(
    ("imports", "use"),
    [
        ("from microapps.runtime import store as kept", "kept"),
        ("from microapps.runtime import (\n    StoreError,\n    store,\n)  # why", "store"),
        ("import microapps.runtime", "microapps.runtime.store"),
        ("import microapps.runtime as rt", "rt.store"),
        ("import json, microapps.runtime as rt, math", "rt.store"),
        ("from microapps import runtime", "runtime.store"),
        ("from microapps import runtime as r", "r.store"),
        ("from microapps.runtime import *", "store"),
        ("from microapps.runtime.storage import Store\nstore = Store()", "store"),
        ('grüße = "한국어"; from microapps.runtime import store; x = 1', "store"),
        ("%matplotlib inline\nfrom microapps.runtime import store", "store"),
    ],
)
def test_every_way_of_importing_it_works(tmp_path: Path, imports: str, use: str) -> None:
    made = inlined(app(imports))
    assert "import microapps" not in made.cell("imports").source
    assert run_bare(made, tmp_path, f"{use}['a'] = 1; print({use}['a'])") == "1"


def run_bare(made: MicroApp, folder: Path, code: str) -> str:
    """Run the code cells but the last ones in a bare Python, and then some code; what that prints."""
    cells = [made.cell(OURS), *(cell for cell in made.cells if cell.id in ("imports", "logic"))]
    source = "\n".join((HIDDEN, *(cell.source for cell in cells), code))
    source = source.replace("import ipywidgets as widgets", "").replace("from IPython.display import display", "")
    command = [sys.executable, "-c", source.replace("%matplotlib inline", "")]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def test_an_import_within_a_function_is_found_and_the_names_of_the_app_are_left_alone(tmp_path: Path) -> None:
    logic = """
import json as Table

packed = Store = MARK = None


def kept() -> int:
    from microapps.runtime import store

    store["x"] = [1]
    return len(store["x"])
"""
    made = inlined(app("", logic.strip()))
    assert [cell.id for cell in made.cells].index(OURS) == 2  # right before the cell that needs it
    assert run_bare(made, tmp_path, "print(kept(), Store, Table.__name__)") == "1 None json"


def test_an_app_that_does_not_use_it_stays_as_it_is() -> None:
    plain = app("import microapps_not_ours_at_all  # microapps.runtime")
    assert inlined(plain) is plain


def test_what_comes_out_is_a_sound_micro_app_and_stays_small() -> None:
    made = inlined(app("from microapps.runtime import store"))
    assert [problem.what for problem in problems(made) if not problem.warning and "criteri" not in problem.what] == []
    assert made.cell("tests").source == app("").cell("tests").source
    assert len(made.cell(OURS).source.splitlines()) < 600
    assert inlined(made) is made


@pytest.mark.anyio
@pytest.mark.parametrize("to", ["notebook", "zip"])
async def test_an_export_has_it_inside(tmp_path: Path, to: Any) -> None:
    path = stored(app("from microapps.runtime import store"), tmp_path / "app" / "study-log.ipynb")
    Store(tmp_path / "app" / "data")["goal"] = 7
    published = PublishedApp("study-log", "Study log", path, Confinement("study-log", data=tmp_path / "app" / "data"))
    target = await export(published, to, tmp_path / f"out.{to}", with_data=to == "zip")
    if to == "zip":
        zipfile.ZipFile(target).extractall(tmp_path / "out")
        target = tmp_path / "out" / "study-log" / "study-log.ipynb"
    else:
        target = target.rename(tmp_path / "out.ipynb")
    assert any(isinstance(cell, Cell) and cell.id == OURS for cell in read(target).app.cells)
    assert run(target, "print(store.get('goal'))") == ("7" if to == "zip" else "None")
    assert "microapps.runtime" in dumps(read(path).app)  # the app itself is left as it is
