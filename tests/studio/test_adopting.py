"""A notebook that names files by where they lie beside it is taken in with what it was given of them, and works."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from microapps.checks import Layer
from microapps.events import Failed, Finished
from microapps.notebook import FileAccess, Permissions
from microapps.studio import Studio

from .people import watched
from .test_live import visit

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

READS = """
import ipywidgets as widgets

table = widgets.Label(open("table.csv").read())
picture = widgets.Label(open("../pictures/one.txt").read())
try:
    beside = widgets.Label(open("beside.csv").read())
except OSError:
    beside = widgets.Label("not there")
widgets.VBox([table, picture, beside])
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    for folder in ("pictures", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pictures" / "one.txt").write_text("the picture")
    (tmp_path / "notebooks" / "table.csv").write_text("the table")
    (tmp_path / "notebooks" / "beside.csv").write_text("a secret")
    path = tmp_path / "notebooks" / "reads.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(READS)]), path)
    return path


def reading(*paths: Path) -> Permissions:
    return Permissions(files=tuple(FileAccess(path=str(path)) for path in paths))


async def test_what_was_given_is_found_by_the_relative_name_and_nothing_beside_it(
    offline: Studio, notebook: Path, tmp_path: Path
) -> None:
    given = reading(notebook.parent / "table.csv", tmp_path / "pictures" / "one.txt")
    end, (asked,) = await watched(offline.adopt(notebook, allow=given), "no")
    assert asked.permissions == reading(notebook.parent / "beside.csv")
    assert isinstance(end, Finished), end
    (policy,) = [finding.what for finding in end.report.findings if finding.layer is Layer.POLICY]
    assert "beside.csv" in policy
    async with await offline.serve([end.app]) as site:
        page = await visit(site, end.app)
        assert "the table" in page and "the picture" in page and "not there" in page and "a secret" not in page

    file = await offline.export(end.app, "app", tmp_path / "out.ipynb")
    again, _ = await watched(offline.take_in(file, allow=given))
    assert isinstance(again, Failed) and "beside.csv" in again.what  # an import wants all its checks passed
    run = again.report and again.report.layer(Layer.RUN)
    assert run and run.status == "passed"


async def test_a_folder_is_given_in_place_of_each_file_in_it(offline: Studio, notebook: Path, tmp_path: Path) -> None:
    given = reading(notebook.parent, tmp_path / "pictures")
    end, asked = await watched(offline.adopt(notebook, allow=given))
    assert isinstance(end, Finished) and asked == [] and end.report.passed
    assert offline.permissions(end.app).granted.files == given.files


async def test_a_notebook_that_names_no_file_tells_no_folder(offline: Studio, notebook: Path) -> None:
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider()")])
    nbformat.write(node, notebook)
    end, _ = await watched(offline.adopt(notebook))
    assert isinstance(end, Finished)
    assert str(notebook.parent) not in offline.library.app(end.app).path.read_text()
