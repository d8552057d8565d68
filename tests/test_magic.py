"""The magics in a real kernel, with its event loop running, as a notebook has it."""

from __future__ import annotations

import os
import re
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import start_new_async_kernel

from microapps.library import Library

from .cli.shelf import fill


@dataclass
class Ran:
    """What one cell did, as a notebook would keep it."""

    stdout: str = ""
    stderr: str = ""
    displayed: list[dict[str, Any]] = field(default_factory=list)
    redrawn: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""


@dataclass
class Notebook:
    """A kernel with the extension loaded; ``answer`` is what the person types when asked."""

    client: AsyncKernelClient
    answer: str = ""

    async def run(self, source: str) -> Ran:
        ran = Ran()

        def take(message: dict[str, Any]) -> None:
            content = message["content"]
            match message["msg_type"]:
                case "stream":
                    setattr(ran, content["name"], getattr(ran, content["name"]) + content["text"])
                case "display_data":
                    ran.displayed.append(content["data"])
                case "update_display_data":
                    ran.redrawn.append(content["data"])
                case "error":
                    ran.error = "\n".join(content["traceback"])

        await self.client.execute_interactive(
            source, output_hook=take, stdin_hook=lambda _: self.client.input(self.answer), timeout=120
        )
        return ran


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("magic") / "home"


@pytest.fixture(scope="module")
async def running(anyio_backend: str, home: Path) -> AsyncIterator[Notebook]:
    """One notebook for all tests of this file: what they make they tell from what was there."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}
    own = {"MICROAPPS_HOME": str(home), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    manager, client = await start_new_async_kernel(kernel_name="python3", env={**known, **own})
    try:
        notebook = Notebook(client)
        loaded = await notebook.run("%load_ext microapps")
        assert not loaded.error
        yield notebook
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=False)


@pytest.fixture
def notebook(running: Notebook, home: Path, monkeypatch: pytest.MonkeyPatch) -> Notebook:
    monkeypatch.setenv("MICROAPPS_HOME", str(home))
    return running


@pytest.mark.anyio
async def test_the_line_magic_lists_the_apps(notebook: Notebook) -> None:
    assert "No apps yet" in (await notebook.run("%microapp")).stdout
    fill()
    (shown,) = (await notebook.run("%microapp")).displayed
    assert "times" in shown["text/plain"]
    assert "두 배 계산기" in shown["text/html"]


@pytest.mark.anyio
async def test_a_mistake_is_two_lines_and_no_traceback(notebook: Notebook) -> None:
    ran = await notebook.run("%microapp nothing-here")
    assert ran.error == ""
    assert ran.stderr.startswith("✗ ") and "→ " in ran.stderr
    ran = await notebook.run("%%microapp --speed sluggish\nA timer.")
    assert "sluggish" in ran.stderr
    assert ran.error == ""


@pytest.mark.anyio
@pytest.mark.sandbox
async def test_a_cell_makes_an_app_and_shows_it_running_under_it(notebook: Notebook) -> None:
    ran = await notebook.run("import asyncio\nassert asyncio.get_running_loop().is_running()")
    assert not ran.error
    before = {record.name for record in Library().apps()}
    ran = await notebook.run("%%microapp my-bill\nsplit a restaurant bill with a tip between friends")
    assert (ran.error, ran.stderr) == ("", "")
    assert "is ready" in ran.redrawn[-1]["text/plain"]
    assert "✓" in ran.redrawn[-1]["text/html"]
    assert {record.name for record in Library().apps()} - before == {"my-bill"}
    link = re.search(r'src="([^"]+)"', ran.displayed[-1]["text/html"])
    assert link is not None
    with urllib.request.urlopen(link[1], timeout=60) as page:
        assert "localhost:*" in page.headers["Content-Security-Policy"]
        assert page.status == 200


@pytest.mark.anyio
async def test_a_request_beyond_the_starters_is_said_so(notebook: Notebook) -> None:
    ran = await notebook.run("%%microapp\nsimulate the weather of Jupiter in three dimensions")
    assert ran.error == ""
    assert "✗" in ran.redrawn[-1]["text/plain"]
    assert "config key" in ran.redrawn[-1]["text/plain"]


def test_progress_escapes_what_a_model_says() -> None:
    from rich.text import Text

    from microapps.magic.progress import _html

    assert _html(Text.assemble(("<script>", "bold red"), " & more")) == (
        '<span style="font-weight:bold;color:#c62828">&lt;script&gt;</span> &amp; more'
    )
