"""A notebook that names files by where they lie beside it is taken in with what it was given of them, and works.

So it is with the pictures that its text shows, which become part of it.
"""

from __future__ import annotations

import base64
import html
from pathlib import Path

import nbformat
import pytest

from microapps.checks import Layer
from microapps.events import Failed, Finished
from microapps.notebook import FileAccess, Permissions
from microapps.notebook.pictures import LARGEST
from microapps.studio import Studio
from tests.publish.pngs import png

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


@pytest.mark.long
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


async def test_what_no_app_is_given_is_said_and_nothing_is_asked_for_in_its_place(
    offline: Studio, notebook: Path, tmp_path: Path
) -> None:
    node = nbformat.read(notebook, 4)
    node.cells.insert(0, nbformat.v4.new_code_cell("try:\n    open('/etc/hosts').read()\nexcept OSError:\n    pass"))
    nbformat.write(node, notebook)
    (tmp_path / "unneeded").mkdir()
    needed = reading(notebook.parent, tmp_path / "pictures")
    given = needed.merged(reading(tmp_path / "unneeded"))
    end, asked = await watched(offline.adopt(notebook, allow=given))
    assert isinstance(end, Finished) and asked == []
    assert "/etc/hosts cannot be given to an app: /etc is the system's own." in end.note
    assert {access.path for access in offline.show(end.app).metadata.permissions.files} == {
        access.path for access in needed.files
    }


async def test_a_notebook_that_names_no_file_tells_no_folder(offline: Studio, notebook: Path) -> None:
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.IntSlider()")])
    nbformat.write(node, notebook)
    end, _ = await watched(offline.adopt(notebook))
    assert isinstance(end, Finished)
    assert str(notebook.parent) not in offline.library.app(end.app).path.read_text()


SHOWN = """
# Pictures

![One](images/one.png "a title") and <img width="9" src='two%20b.svg'> and ![](images/one.png).
`![](images/one.png)` and ![](https://elsewhere.invalid/a.png)

![](../pictures/near.png) ![](images/out.png) ![](images/rows.png) ![](images/huge.gif) ![](gone.png) ![](images)

```
![](images/one.png)
```
"""
SVG = b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'/>"


@pytest.fixture
def illustrated(notebook: Path, tmp_path: Path) -> Path:
    """A notebook that shows pictures beside it, and names files that are none or lie elsewhere."""
    folder = notebook.parent
    (folder / "images").mkdir()
    (folder / "images" / "one.png").write_bytes(png())
    (folder / "two b.svg").write_bytes(SVG)
    (tmp_path / "pictures" / "near.png").write_bytes(png(4))
    (folder / "images" / "out.png").symlink_to(tmp_path / "pictures" / "near.png")
    (folder / "images" / "rows.png").write_text("name,account\nAnn,7\n")
    (folder / "images" / "huge.gif").write_bytes(b"GIF89a" + bytes(LARGEST))
    cells = [nbformat.v4.new_markdown_cell(SHOWN), nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.Text()")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "illustrated.ipynb")
    return folder / "illustrated.ipynb"


def data(media: str, content: bytes) -> str:
    return f'src="data:{media};base64,{base64.b64encode(content).decode()}"'


async def test_pictures_beside_a_notebook_are_taken_in_where_the_person_agrees(
    offline: Studio, illustrated: Path, tmp_path: Path
) -> None:
    folder = illustrated.parent
    end, (asked,) = await watched(offline.adopt(illustrated), "yes")
    assert asked.permissions == reading(folder / "images" / "one.png", folder / "two b.svg")
    assert isinstance(end, Finished) and not offline.permissions(end.app).granted.files
    for named in (
        "../pictures/near.png (not beside the notebook)",
        "images/out.png (not beside the notebook)",
        "images/rows.png (no picture)",
        "images/huge.gif (larger than 2 MiB)",
        "gone.png (not there)",
    ):
        assert named in end.note
    text = offline.library.revision(end.app).notebook.cells[0].source
    assert text.count("attachment:one.png") == 2 and text.count("![](images/one.png)") == 2  # those in code

    file = await offline.export(end.app, "html", tmp_path / "out.html")
    async with await offline.serve([end.app]) as site:
        for page in (await visit(site, end.app), await visit(site, end.app, "?full=1"), file.read_text()):
            page = html.unescape(page)
            assert page.count(data("image/png", png())) == 2 and data("image/svg+xml", SVG) in page
            assert data("image/png", png(4)) not in page


REFERRING = """
![A dot][dot] ![Dot][] ![dot] and [a link][dot], [another][unused]

![in code `![x](images/two.png)`](images/two.png) ![in a comment](images/copy(2).png)
![](https://elsewhere.invalid/a.png) ![](file:///pictures/b.png) ![](data:image/gif;base64,R0lGODlhAQABAAAAACw=)

[dot]: <images/a dot.png> "a title"
[unused]: images/unused.png
"""


async def test_pictures_that_a_text_refers_to_are_taken_in_and_those_that_are_elsewhere_are_named(
    offline: Studio, notebook: Path, tmp_path: Path
) -> None:
    (folder := notebook.parent / "images").mkdir()
    for size, name in enumerate(("a dot.png", "two.png", "copy(2).png", "unused.png"), 3):
        (folder / name).write_bytes(png(size))
    code = nbformat.v4.new_code_cell("import ipywidgets\nipywidgets.Text()")
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(REFERRING), code]), notebook)
    end, (asked,) = await watched(offline.adopt(notebook), "yes")
    assert set(asked.permissions.files) == set(
        reading(*(folder / name for name in ("a dot.png", "two.png", "copy(2).png"))).files
    )
    assert isinstance(end, Finished)
    assert end.note.endswith(
        "Pictures that are not part of it: "
        "https://elsewhere.invalid/a.png (from another site), file:///pictures/b.png (a file: address)."
    )
    app = offline.library.revision(end.app).notebook
    assert "`![x](images/two.png)`](attachment:two.png)" in app.cells[0].source
    assert '[dot]: <attachment:a-dot.png> "a title"\n[unused]: images/unused.png' in app.cells[0].source
    assert app.metadata.description == ""

    file = await offline.export(end.app, "html", tmp_path / "out.html")
    async with await offline.serve([end.app]) as site:
        for page in (await visit(site, end.app), await visit(site, end.app, "?full=1"), file.read_text()):
            page = html.unescape(page)
            assert [page.count(data("image/png", png(size))) for size in range(3, 7)] == [3, 1, 1, 0]
            assert "![x](images/two.png)" in page


async def test_no_picture_is_taken_in_unasked(offline: Studio, illustrated: Path) -> None:
    end, _ = await watched(offline.adopt(illustrated), "no")
    assert isinstance(end, Finished) and "images/one.png (not allowed)" in end.note
    cells = offline.library.revision(end.app).notebook.cells
    assert cells[0].source == SHOWN and not cells[0].attachments


@pytest.mark.long
async def test_a_picture_that_lies_elsewhere_is_taken_in_where_its_folder_was_given(
    offline: Studio, illustrated: Path, tmp_path: Path
) -> None:
    given = reading(illustrated.parent, tmp_path / "pictures")
    end, asked = await watched(offline.adopt(illustrated, allow=given))
    assert isinstance(end, Finished) and asked == [] and "near.png" not in end.note and "out.png" not in end.note
    assert {"near.png", "one.png"} < set(offline.library.revision(end.app).notebook.cells[0].attachments)
