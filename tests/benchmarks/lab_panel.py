"""What the studio costs a person who opens JupyterLab: bytes of the front end, and time until its panel can be used.

The same JupyterLab is opened with the extension and without it, in turn, each time in a fresh browser profile; medians
are compared. With ``--peer PYTHON`` the Lab of another environment is opened as well, and its side panel awaited, so
that a neighbour's panel (jupyter-ai's, unless named otherwise) is measured in the same run. Run as
``python -m tests.benchmarks.lab_panel [--times 5] [--peer PYTHON] [--json FILE]``. The aims are ratios, and wide: Lab
with the extension is ready in at most 1.15 of the time without it.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, async_playwright
from rich.console import Console
from rich.table import Table

import microapps
from microapps.publish.browser import ARGUMENTS, chromium
from tests.lab.server import TOKEN, Lab

AIM = 1.15
OURS = "jupyterlab-microapps"
BUILT = Path(microapps.__file__).parent / "labextension/static"
READY = "window.jupyterapp?.restored ? window.jupyterapp.restored.then(() => true) : false"
SHOW = "(panel) => window.jupyterapp.shell.activateById(panel)"


@dataclass
class Contender:
    """A Lab, and the panel in it that is awaited; seconds from the address to a ready Lab, and to a usable panel."""

    name: str
    lab: Lab
    panel: str = ""
    usable: str = ""
    ready: list[float] = field(default_factory=list)
    panels: list[float] = field(default_factory=list)


def bytes_of(folder: Path) -> tuple[int, int]:
    """All scripts of a front end, as they are and compressed."""
    scripts = [path.read_bytes() for path in folder.glob("*.js")]
    return sum(map(len, scripts)), sum(len(gzip.compress(script)) for script in scripts)


async def _open(browser: Browser, contender: Contender) -> None:
    context = await browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    page = await context.new_page()
    begun = time.perf_counter()
    await page.goto(f"{contender.lab.url}?token={TOKEN}&reset", wait_until="commit")
    await page.wait_for_function(READY)
    contender.ready.append(time.perf_counter() - begun)
    if contender.panel:
        await page.evaluate(SHOW, contender.panel)
        await page.locator(contender.usable).first.wait_for(state="visible")
        contender.panels.append(time.perf_counter() - begun)
    await context.close()


async def measure(contenders: Sequence[Contender], times: int) -> None:
    """Open each so many times, in alternating order; the first time, which fills caches of the server, is left out."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(chromium()), args=list(ARGUMENTS))
        for number in range(times + 1):
            for contender in contenders if number % 2 else reversed(contenders):
                await _open(browser, contender)
                if not number:
                    contender.ready.clear()
                    contender.panels.clear()
        await browser.close()


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    arguments.add_argument("--times", type=int, default=5)
    arguments.add_argument("--peer", default="", help="the python of an environment with a neighbour's panel")
    arguments.add_argument("--peer-panel", default="JupyterlabChat:sidepanel", help="the id of that panel")
    arguments.add_argument("--json", type=Path)
    given = arguments.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))

        def lab(name: str, python: str, *disabled: str, together: bool = False) -> Lab:
            command = (python, "-m", "jupyterlab")
            made = Lab(folder / name, "", key="", command=command, disabled=disabled, together=together)
            made.start()
            stack.callback(made.stop)
            return made

        contenders = [
            Contender("Lab alone", lab("alone", sys.executable, OURS)),
            Contender(
                "with microapps", lab("ours", sys.executable), "jp-microapps-panel", "#jp-microapps-panel textarea"
            ),
        ]
        if given.peer:
            peer = lab("peer", given.peer, OURS, together=True)
            contenders.append(Contender("with a neighbour", peer, given.peer_panel, f"[id='{given.peer_panel}']"))
        asyncio.run(measure(contenders, given.times))
    _tell(contenders, given.json)


def _tell(contenders: Sequence[Contender], target: Path | None) -> None:
    whole, compressed = bytes_of(BUILT)
    alone = statistics.median(contenders[0].ready)
    table = Table("Lab", "ready (s)", "ratio", "panel usable (s)", "ratio", title="JupyterLab in a fresh browser")
    for one in contenders:
        ready = statistics.median(one.ready)
        panel = statistics.median(one.panels) if one.panels else None
        table.add_row(
            one.name,
            f"{ready:.2f}",
            f"{ready / alone:.2f}",
            f"{panel:.2f}" if panel else "",
            f"{panel / alone:.2f}" if panel else "",
        )
    console = Console()
    console.print(table)
    console.print(f"The front end is {whole / 1024:.0f} KiB of scripts, {compressed / 1024:.0f} KiB compressed.")
    ratio = statistics.median(contenders[1].ready) / alone
    console.print(f"Lab is ready in {ratio:.2f} of the time without it; the aim is at most {AIM}.")
    if target is not None:
        found = {one.name: {"ready": one.ready, "panel": one.panels} for one in contenders}
        target.write_text(json.dumps({"seconds": found, "bytes": whole, "compressed": compressed}), "utf-8")


if __name__ == "__main__":
    main()
