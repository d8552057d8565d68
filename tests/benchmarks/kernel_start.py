"""How long a kernel takes from the call that starts it to its first answer: plain ipykernel against a warm fork.

Starts are interleaved in alternating order, so that both kinds meet the same machine; medians are compared. Run as
``python -m tests.benchmarks.kernel_start [--starts 20] [--json FILE]``. The aim is a ratio of at most 0.25.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import time
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager
from rich.console import Console
from rich.table import Table

from microapps.sandbox import Confinement, Sandbox, tier
from microapps.testing.kernels import KernelSource, plain_kernels

AIM = 0.25


async def _first_answer(manager: AsyncKernelManager) -> None:
    client = manager.client()
    client.start_channels(hb=False)
    try:
        client.kernel_info()
        await client.get_shell_msg(timeout=60)
    finally:
        client.stop_channels()


async def _seconds(source: KernelSource) -> float:
    begun = time.perf_counter()
    async with source() as manager:
        await _first_answer(manager)
        return time.perf_counter() - begun


async def measure(starts: int) -> dict[str, list[float]]:
    """Seconds of each start, by kind."""
    confinement = Confinement("benchmark", preload=("numpy",))
    found: dict[str, list[float]] = {"plain": [], "warm": [], "cold": []}
    async with Sandbox() as sandbox:
        begun = time.perf_counter()
        await sandbox.warm(confinement)
        found["cold"].append(time.perf_counter() - begun)
        sources = {"plain": plain_kernels(), "warm": sandbox.kernels(confinement)}
        for number in range(starts):
            for name, source in sorted(sources.items(), reverse=bool(number % 2)):
                found[name].append(await _seconds(source))
    return found


def main() -> None:
    """Measure, show a table, write the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--starts", type=int, default=20)
    options.add_argument("--json", type=Path, default=None)
    given = options.parse_args()
    found = asyncio.run(measure(given.starts))
    ratio = statistics.median(found["warm"]) / statistics.median(found["plain"])
    table = Table(title=f"Kernel start to first answer, {given.starts} interleaved starts, tier {tier()}")
    for column in ("kind", "median ms", "fastest ms", "slowest ms"):
        table.add_column(column, justify="left" if column == "kind" else "right")
    for name in ("plain", "warm"):
        times = [1000 * seconds for seconds in found[name]]
        table.add_row(name, *(f"{value:.0f}" for value in (statistics.median(times), min(times), max(times))))
    console = Console()
    console.print(table)
    console.print(f"ratio {ratio:.2f} (aim at most {AIM}); a warm parent itself took {found['cold'][0]:.2f} s")
    if given.json is not None:
        figures = {
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "tier": tier(),
            "seconds": found,
            "ratio": ratio,
            "aim": AIM,
        }
        given.json.write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
