"""Who is measured: our own site and its peers, each from an environment of its own, each serving one calculator."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from microapps.publish import PublishedApp, Site, SiteSettings
from microapps.sandbox import Confinement

from .loans import notebook, script, static_page

OURS = "microapps"
PLAIN_VOILA = "voila"
STATIC = "a static page"
"""No peer: a file of a few lines as a web server sends it, which shows what the browser itself takes."""
PEERS = {
    PLAIN_VOILA: ("voila", "ipywidgets", "ipykernel"),
    "voila (heated pool)": ("voila", "ipywidgets", "ipykernel"),
    "streamlit": ("streamlit",),
    "panel": ("panel",),
    "gradio": ("gradio",),
    "shiny": ("shiny",),
    "marimo": ("marimo",),
}
"""Packages of each peer; matplotlib besides."""
START_SECONDS = 120.0


@dataclass(frozen=True)
class Served:
    """A contender that answers at ``url()``. ``pid`` is the process above all others that serve it."""

    url: Callable[[], Awaitable[str]]
    pid: int


@asynccontextmanager
async def serving(name: str, cache: Path, folder: Path, *, chart: bool) -> AsyncIterator[Served]:
    """A contender with the calculator, until the end of the block. ``folder`` is an empty one for it."""
    if name == OURS:
        async with _ours(folder, chart=chart) as served:
            yield served
        return
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    if name == STATIC:
        static_page(folder)
        command, path = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], "/"
    else:
        command, path = _command(name, environment(cache, name), folder, port, chart=chart)
    with (folder / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, stdout=log, stderr=log, cwd=folder, env=_surroundings(folder), start_new_session=True
        )
    try:
        await _answers(port, process, folder / "log")
        address = f"http://127.0.0.1:{port}{path}"

        async def url() -> str:
            return address

        yield Served(url, process.pid)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


@asynccontextmanager
async def _ours(folder: Path, *, chart: bool) -> AsyncIterator[Served]:
    preload = ("ipywidgets", "matplotlib") if chart else ("ipywidgets",)
    app = PublishedApp("loan", "Loan", notebook(folder, chart=chart), Confinement("loan", preload=preload))
    async with Site([app], SiteSettings(visits=500), log_file=folder / "log") as site:
        yield Served(lambda: site.link("loan"), site.process_id or 0)


def environment(cache: Path, name: str) -> Path:
    """The folder of a peer's virtual environment, made and filled where it is not there yet."""
    packages = PEERS[name]
    made = cache / packages[0]
    if not (made / "filled").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(made)], check=True)
        subprocess.run(
            [made / "bin" / "python", "-m", "pip", "install", "--quiet", *packages, "matplotlib"], check=True
        )
        (made / "filled").touch()
    return made


def version(cache: Path, name: str) -> str:
    """What of a peer is installed, as ``name version``."""
    package = PEERS[name][0]
    source = f"from importlib.metadata import version; print(version({package!r}))"
    asked = subprocess.run(
        [cache / package / "bin" / "python", "-c", source], check=True, capture_output=True, text=True
    )
    return f"{package} {asked.stdout.strip()}"


def _command(name: str, place: Path, folder: Path, port: int, *, chart: bool) -> tuple[list[str], str]:
    """The command that serves a peer's calculator, and the path it is at."""
    programs = place / "bin"
    if name.startswith("voila"):
        heated = ["--preheat_kernel=True", "--pool_size=2"] if name != PLAIN_VOILA else []
        there = ["--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1", *heated]
        return [str(programs / "voila"), str(notebook(folder, chart=chart)), *there], "/"
    file, at = str(script(folder, name, chart=chart)), str(port)
    match name:
        case "streamlit":
            options = ["headless=true", "address=127.0.0.1", f"port={at}", "fileWatcherType=none"]
            flags = [f"--server.{option}" for option in options]
            return [str(programs / "streamlit"), "run", file, *flags, "--browser.gatherUsageStats=false"], "/"
        case "panel":
            origin = f"--allow-websocket-origin=127.0.0.1:{at}"
            there = ["--address", "127.0.0.1", "--port", at, origin]
            return [str(programs / "panel"), "serve", file, *there, "--warm"], f"/{Path(file).stem}"
        case "gradio":
            return [str(programs / "python"), file, at], "/"
        case "shiny":
            return [str(programs / "shiny"), "run", file, "--host", "127.0.0.1", "--port", at], "/"
        case "marimo":
            there = ["--headless", "--host", "127.0.0.1", "--port", at, "--no-token"]
            return [str(programs / "marimo"), "run", file, *there], "/"
        case _:
            raise ValueError(f"There is no contender {name!r}.")


def _surroundings(folder: Path) -> dict[str, str]:
    """The environment of a peer's process: a home of its own, and nothing that phones home."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TZ") if name in os.environ}
    quiet = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "MPLBACKEND": "agg"}
    return {**kept, **quiet, "HOME": str(folder), "TMPDIR": str(folder)}


async def _answers(port: int, process: asyncio.subprocess.Process, log: Path) -> None:
    """Wait until something listens there."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if process.returncode is not None:
                    raise RuntimeError(f"It ended while it started:\n{log.read_text(errors='replace')}") from None
                await asyncio.sleep(0.02)  # another program's listening is not an event here
            else:
                writer.close()
                return
