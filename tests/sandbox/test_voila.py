"""Voila, unmodified but for its manager of kernels, serves a notebook from a confined kernel."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import anyio
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

CONFIG = """
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from microapps.sandbox import Confinement, confine

class Confined(AsyncMappingKernelManager):
    def pre_start_kernel(self, kernel_name, kwargs):
        manager, name, identity = super().pre_start_kernel(kernel_name, kwargs)
        confine(manager, Confinement("voila"))
        return manager, name, identity

c.VoilaConfiguration.multi_kernel_manager_class = Confined
"""
CODE = """
import os, ipywidgets
seen = [name for name, value in os.environ.items() if 'canary' in value.lower()]
print('confined', os.environ.get('MICROAPPS_CONFINED'), 'seen', seen, 'query', os.environ.get('QUERY_STRING'))
ipywidgets.IntSlider(description='Rate')
"""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.long
@pytest.mark.sandbox
@pytest.mark.anyio
async def test_voila_serves_from_a_confined_kernel(tmp_path: Path) -> None:
    notebook = new_notebook(cells=[new_code_cell(CODE)])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "app.ipynb")
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "voila.py").write_text(CONFIG)
    port = _free_port()
    command = [
        sys.executable,
        "-P",
        "-m",
        "voila",
        "app.ipynb",
        "--no-browser",
        f"--port={port}",
        "--Voila.ip=127.0.0.1",
    ]
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "MICROAPPS_TEST_KEY": "canary-of-the-server",
    }
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            with anyio.fail_after(60):
                page = await anyio.to_thread.run_sync(_page, server, f"http://127.0.0.1:{port}/?rate=3&token=canary")
        finally:
            server.terminate()
            server.wait(20)
    assert "confined 1 seen [] query rate=3" in page.replace("&#39;", "'")


def _page(server: subprocess.Popen[bytes], address: str) -> str:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=50) as answer:
                text: str = answer.read().decode()
                return text
        except ConnectionError:
            time.sleep(0.1)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionError):
                raise
            time.sleep(0.1)  # not yet listening
    raise AssertionError(f"voila ended with status {server.returncode}")
