"""A canary in the environment and in the address shows up nowhere; the site ends with whoever started it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import anyio
import psutil
import pytest

from ..processes import commands_below
from .conftest import published, serve, write_notebook
from .test_site import get, open_app, visit_url

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

LOOK = """
import os, glob
seen = [repr(dict(os.environ))]
for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline"):
    try:
        seen.append(open(path, "rb").read().decode(errors="replace"))
    except OSError:
        pass
print("kernel sees", *seen)
"""


async def test_a_key_of_the_parent_is_seen_nowhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "CANARY-KEY")
    monkeypatch.setenv("SOMETHING_ELSE", "CANARY-OTHER")
    log = folder / "site.log"
    async for running in serve(
        [published(folder, "look", LOOK), published(folder, "failing", "1 / 0")], token="CANARY-TOKEN"
    ):
        running.site._log_file = log
        link = await running.site.link("look")
        page = (await get(await visit_url(running, "look"))).body.decode()
        assert "kernel sees" in page
        pages = [page]
        for url in (
            running.site.index_url,
            f"{link}?token=CANARY-TOKEN",
            f"{running.site.url}?token=CANARY-WRONG",
            await visit_url(running, "failing"),
            f"{running.site.url}x?token=CANARY-TOKEN",
        ):
            pages.append((await get(url)).body.decode())
        process = psutil.Process(running.site.process_id)
        shown = [*process.cmdline(), repr(process.environ())]
        shown += [repr(command) for command in commands_below(process).values()]
        logged = list(running.site.log)
    assert not [text for text in [*pages, *shown] if "CANARY" in text]
    capability = link.rsplit("~", 1)[1].strip("/")
    assert any("/apps/look/~…/" in line for line in logged)
    assert not [line for line in logged if "CANARY" in line or capability in line or "token=C" in line]


async def test_a_site_and_its_kernels_end_with_their_parent(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "tip.ipynb", "1")
    program = f"""
import asyncio, pathlib
from microapps.publish import PublishedApp, Site
from microapps.sandbox import Confinement
async def main():
    site = Site([PublishedApp("tip", "Tip", pathlib.Path({str(notebook)!r}), Confinement("tip"))])
    await site.start()
    print(site.process_id, await site.link("tip"), flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    number, link = (await parent.stdout.readline()).decode().split()
    site = psutil.Process(int(number))
    page = (await get(link)).body.decode()
    await get(link.split("/apps/")[0] + page.split('<iframe src="')[1].split('"')[0])
    family = [site, *site.children(recursive=True)]
    assert len(family) > 1
    os.kill(parent.pid, signal.SIGKILL)
    _, alive = await anyio.to_thread.run_sync(lambda: psutil.wait_procs(family, timeout=30))
    assert alive == []


async def test_no_configuration_of_voila_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "import pathlib; pathlib.Path(__file__).with_suffix('.ran').touch()\n"
    hostile += "c.VoilaConfiguration.strip_sources = False\n"
    (tmp_path / "voila.py").write_text(hostile)
    (tmp_path / "voila.json").write_text(json.dumps({"VoilaConfiguration": {"strip_sources": False}}))
    (tmp_path / "jupyter_config.py").write_text(hostile)
    (tmp_path / "nbformat.py").write_text("raise SystemError('imported from the working folder')")
    monkeypatch.chdir(tmp_path)
    async for running in serve([published(tmp_path, "tip", "x = 1  # SECRET-OF-THE-SOURCE\nprint('fine')")]):
        url, _ = await open_app(running)
        page = (await get(url)).body.decode()
        assert "fine" in page and "SECRET-OF-THE-SOURCE" not in page
    assert not list(tmp_path.glob("*.ran"))
