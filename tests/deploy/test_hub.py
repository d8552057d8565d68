"""The service of JupyterHub in a real Hub: who has a link and who has none, the way through its proxy, its end.

Needs the programs ``jupyterhub`` and ``configurable-http-proxy``; skipped where they are not installed.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import anyio
import psutil
import pytest

from microapps.notebook import read
from microapps.publish.deploy import PORT, export_deployment
from microapps.publish.gallery import gallery_folder

from ..publish.test_site import get

HUB, PROXY = shutil.which("jupyterhub"), shutil.which("configurable-http-proxy")
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.sandbox,
    pytest.mark.hub,
    pytest.mark.skipif(not HUB or not PROXY, reason="jupyterhub and configurable-http-proxy are not installed"),
]

TOKEN = "token-of-the-site-0123456789"
HUBS_OWN = """
c.JupyterHub.bind_url = "http://127.0.0.1:{hub}/base/"
c.JupyterHub.hub_port = {inner}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.db_url = "sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = "{folder}/cookie"
"""


@dataclass
class Hub:
    """A Hub that runs."""

    process: asyncio.subprocess.Process
    url: str
    log: Path


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    folder = export_deployment("hub", read(gallery_folder() / "converter.ipynb").app, tmp_path / "service")
    outer, inner, api, service = free_ports(4)
    for name in ("jupyterhub_config.py", "start.sh"):
        text = (
            (folder / name)
            .read_text()
            .replace("/srv/microapps/converter", str(folder))
            .replace(str(PORT), str(service))
        )
        (folder / name).write_text(text)
    lines = HUBS_OWN.format(hub=outer, inner=inner, api=api, folder=tmp_path)
    (tmp_path / "hub.py").write_text(lines + (folder / "jupyterhub_config.py").read_text())
    programs = os.pathsep.join(
        (str(Path(sys.executable).parent), *(str(Path(p).parent) for p in (HUB or "", PROXY or "")))
    )
    with (tmp_path / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(HUB or "", "-f", str(tmp_path / "hub.py")),
            env={
                "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path), "MICROAPPS_TOKEN": TOKEN,
            },
            cwd=tmp_path, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            yield Hub(process, f"http://127.0.0.1:{outer}/base/", tmp_path / "log")
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            await process.wait()


async def test_its_app_is_open_to_whoever_has_the_link_through_the_hub(hub: Hub) -> None:
    at = f"{hub.url}services/converter/"
    with anyio.fail_after(240):
        while not await comes_up(f"{at}healthz"):
            assert hub.process.returncode is None, hub.log.read_text()[-3000:]
            await anyio.sleep(0.5)
    stranger = await get(at)
    assert stranger.code == 403 and "needs its full link" in stranger.body.decode()
    cards = (await get(f"{at}?token={TOKEN}")).body.decode()
    link = re.search(r'href="(/base/services/converter/apps/converter/~[^"]+)"', cards)
    assert link
    frame = (await get(urljoin(at, link[1]))).body.decode()
    visit = re.search(r'<iframe[^>]* src="([^"]+)"', frame)
    assert visit and visit[1].startswith("/base/services/converter/visits/")
    page = await get(urljoin(at, visit[1]))
    assert page.code == 200 and "Unit and cooking converter" in page.body.decode()
    assert "sandbox" in page.headers["Content-Security-Policy"], "it shares nothing with the Hub's own pages"

    started = psutil.Process(hub.process.pid).children(recursive=True)
    hub.process.send_signal(signal.SIGTERM)
    await hub.process.wait()
    _, left = await asyncio.to_thread(psutil.wait_procs, started, 30)
    assert not left
    assert TOKEN not in hub.log.read_text()


async def comes_up(url: str) -> bool:
    try:
        answer = await get(url)
    except OSError:
        return False
    return answer.code == 200 and answer.body == b"ok\n"
