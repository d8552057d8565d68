"""How long a whole report takes, cold and warm, against running the same notebook once by plain nbclient.

``python -m tests.benchmarks.check_report [--json FILE] [NOTEBOOK…]``; without notebooks, the starters. The aim is a
report in under four seconds on two cores for a typical app.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from microapps.checks import check
from microapps.notebook import MicroApp
from microapps.notebook.files import read
from microapps.sandbox import Sandbox

ROUNDS = 3
STARTERS = Path(__file__).parents[2] / "templates" / "starters"


def plain_run(path: Path) -> float:
    """Seconds that nbclient takes to run the notebook once in an ordinary kernel."""
    began = time.perf_counter()
    NotebookClient(nbformat.read(path, as_version=4), timeout=60, kernel_name="python3").execute()
    return time.perf_counter() - began


async def report_seconds(app: MicroApp, sandbox: Sandbox) -> tuple[float, bool]:
    """Seconds of one report, and whether it passed."""
    began = time.perf_counter()
    report = await check(app, sandbox=sandbox)
    return time.perf_counter() - began, report.passed


async def measure(path: Path) -> dict[str, Any]:
    """Cold (a new sandbox: no warm parent) and warm reports interleaved with plain runs."""
    app = read(path).app
    cold, warm, plain, passed = [], [], [], True
    for _ in range(ROUNDS):
        async with Sandbox() as sandbox:
            seconds, ok = await report_seconds(app, sandbox)
            cold.append(seconds)
            passed &= ok
            warm.append((await report_seconds(app, sandbox))[0])
        plain.append(await asyncio.to_thread(plain_run, path))
    row = {"cold": statistics.median(cold), "warm": statistics.median(warm), "plain": statistics.median(plain)}
    name = path.parent.name if path.stem == "app" else path.stem
    return {"notebook": name, "passed": passed, **row, "ratio": row["warm"] / row["plain"]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    paths = chosen.notebooks or sorted(STARTERS.rglob("*.ipynb"))
    print(f"{'notebook':28} {'cold s':>7} {'warm s':>7} {'one plain run s':>16} {'warm/plain':>11}  passed")
    rows = []
    for path in paths:
        row = asyncio.run(measure(path))
        rows.append(row)
        print(
            f"{row['notebook'][:28]:28} {row['cold']:7.2f} {row['warm']:7.2f} {row['plain']:16.2f}"
            f" {row['ratio']:11.2f}  {row['passed']}",
            flush=True,
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
