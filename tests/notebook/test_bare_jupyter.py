"""A notebook written here runs where nothing of ours is installed: bare nbclient, bare Voila."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbclient
import nbformat
import pytest

from microapps.notebook import Cell, MicroApp, adopt, write

from .conftest import CORPUS


def test_nbclient_runs_it_without_ours_and_leaves_the_tests_alone(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "app.ipynb"
    write(app.with_cell("tests", "raise SystemError('a test ran')"), path, expected=None)
    node = nbformat.read(path, as_version=4)
    node.cells.insert(5, nbformat.v4.new_code_cell("import sys; print('microapps' in sys.modules)"))
    ran = nbclient.NotebookClient(node, timeout=60, kernel_name="python3").execute()
    assert ran.cells[4].outputs[0].data["text/plain"].startswith("VBox(")
    assert ran.cells[5].outputs[0].text.strip() == "False"
    assert ran.cells[6].outputs == []


@pytest.mark.parametrize("name", ["seven_idioms", "한글_더치페이", "async_ticker"])
def test_an_adopted_notebook_runs_in_nbclient(name: str, tmp_path: Path) -> None:
    path = tmp_path / "adopted.ipynb"
    write(adopt(CORPUS / f"{name}.ipynb"), path, expected=None)
    node = nbformat.read(path, as_version=4)
    # The backend of '%matplotlib notebook' is not installed here; it is not what this test is about.
    for cell in node.cells:
        cell.source = cell.source.replace("%matplotlib notebook", "")
    nbclient.NotebookClient(node, timeout=60, kernel_name="python3").execute()


@contextlib.contextmanager
def voila(path: Path) -> Iterator[str]:
    """The address of a bare Voila that serves one notebook."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(path), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    environment = {**os.environ, "HOME": str(path.parent), "JUPYTER_CONFIG_DIR": str(path.parent / "none")}
    server = subprocess.Popen(
        command, cwd=path.parent, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


def fetched(address: str, seconds: float = 90) -> str:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=seconds) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            # The server is not listening yet, and says nothing when it is.
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.mark.long
def test_bare_voila_serves_it(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "app.ipynb"
    marked = app.with_cell("ui", app.cell("ui").source + "\nprint('reached', 6 * 7)")
    write(marked.with_cell("tests", "print('a test', 'ran')"), path, expected=None)
    with voila(path) as address:
        page = fetched(address)
    assert "Tip splitter" in page
    assert "reached 42" in page
    assert re.search(r"widget-view\+json", page)
    assert "a test ran" not in page


def test_a_cell_without_role_is_written_without_our_key(app: MicroApp, tmp_path: Path) -> None:
    path = tmp_path / "app.ipynb"
    write(MicroApp(app.metadata, (*app.cells, Cell("note", "hello", "markdown"))), path, expected=None)
    assert nbformat.read(path, as_version=4).cells[-1].metadata == {}
