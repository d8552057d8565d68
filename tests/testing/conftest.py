"""Apps to drive: notebooks written in the tests, running in real kernels."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from microapps.testing import App, KernelSource
from tests.warm import warm_kernels

PRELUDE = "import ipywidgets as w\nfrom IPython.display import display\n"


def notebook(*sources: str, ids: tuple[str, ...] = ()) -> NotebookNode:
    """A notebook of code cells; the first begins with the usual imports. Cells are called cell-0, cell-1, … ."""
    cells = [new_code_cell(source) for source in (PRELUDE + sources[0], *sources[1:])]
    for number, cell in enumerate(cells):
        cell["id"] = ids[number] if ids else f"cell-{number}"
    return new_notebook(cells=cells)


@pytest.fixture(scope="package")
async def warm(anyio_backend: str) -> AsyncIterator[KernelSource]:
    """Kernels that start fast."""
    async with warm_kernels("tested", "ipywidgets", "pytest") as source:
        yield source


@pytest.fixture
def start(warm: KernelSource) -> Iterator[Callable[..., App]]:
    """Opens an app from source in a kernel that starts fast, and closes it after the test."""
    opened: list[App] = []

    def open_app(*sources: str) -> App:
        opened.append(App.open(notebook(*sources), kernels=warm))
        return opened[-1]

    yield open_app
    for app in opened:
        app.close()
