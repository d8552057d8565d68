"""Visitors against warm kernels in one run: until one is there, a slider's round trip, private memory of 1, 5 and 50.

Memory is taken as soon as all are there, and of the first five once more when they have moved the slider and are at
rest; of an app that only answers, and of one that draws a chart at each move.

Run as ``python -m tests.benchmarks.visitors [FILE.json]``; prints a table. Medians, in milliseconds and mebibytes.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook

from microapps.publish.visitors.staging import plan
from microapps.publish.visitors.visitor import Visitor
from microapps.publish.visitors.visitors import Visitors
from microapps.sandbox import Confinement, Sandbox
from microapps.sandbox.inside import frames
from microapps.sandbox.inside.leftovers import REST

CELLS = (
    "import ipywidgets as w",
    "n = w.IntSlider(description='n'); label = w.Label()\n"
    "n.observe(lambda change: setattr(label, 'value', str(change['new'])), 'value')",
    "w.VBox([n, label])",
)
CHART = (
    "import matplotlib.pyplot as plt",
    *CELLS[:2],
    "out = w.Output()\n"
    "def draw(change):\n"
    "    with out:\n"
    "        out.clear_output(wait=True); plt.figure(figsize=(6, 3)); plt.plot(range(change['new'])); plt.show()\n"
    "draw({'new': 5}); n.observe(draw, 'value')",
    "w.VBox([n, label, out])",
)
COUNTS = (1, 5, 50)
TRIPS = 100
MOVES = 30


async def round_trip(visitor: Visitor, model: str, value: int) -> float:
    """Milliseconds from a slider's update to the end of all it caused."""
    done = asyncio.Event()

    def hear(data: bytes) -> None:
        message, _ = frames.unpacked(data)
        if message["type"] == "status" and message["state"] == "idle":
            done.set()

    visitor.join(hear)
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    begun = time.perf_counter()
    await visitor.hear({"type": "comm", "id": "m", "kind": "msg", "comm": model, "data": data})
    await done.wait()
    return (time.perf_counter() - begun) * 1000


async def measure_visitors(sandbox: Sandbox, cells: tuple[str, ...], preload: str) -> dict[str, float]:
    notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
    visitors = Visitors(sandbox, print, 1 << 24)
    found = await plan(sandbox, Confinement("bench", preload=("ipywidgets", preload)), notebook, 1 << 20)
    assert found.snapshot is not None and found.process is not None, found.why
    model = next(m for m, s in found.snapshot.widgets.items() if s["state"].get("description") == "n")
    made: list[Visitor] = []
    starts, ready, figures = [], [], {}
    for count in COUNTS:
        while len(made) < count:
            begun = time.perf_counter()
            made.append(await visitors.fork("bench", found))
            (ready if len(made) > 1 else starts).append((time.perf_counter() - begun) * 1000)
            if len(made) < 5:
                await asyncio.sleep(0.2)  # the next one is made ready meanwhile
        await round_trip(made[-1], model, count)
        figures[f"private MiB of each of {count}"] = statistics.mean(v.private_bytes() for v in made) / (1 << 20)
    for number in range(MOVES):
        for visitor in made[: COUNTS[1]]:
            await round_trip(visitor, model, 10 + number)
    await asyncio.sleep(3 * REST)
    rested = statistics.mean(visitor.private_bytes() for visitor in made[: COUNTS[1]])
    figures["private MiB at rest"] = rested / (1 << 20)
    trips = [await round_trip(made[0], model, 1 + number % 90) for number in range(TRIPS)]
    forks = []
    for _ in range(10):
        begun = time.perf_counter()
        process, talk = await found.process.visit()
        forks.append((time.perf_counter() - begun) * 1000)
        talk.close()
        process.close()
    await visitors.close()
    found.process.close()
    return {
        "first fork ms": starts[0],
        "fork ms": statistics.median(forks),
        "ready one taken ms": min(ready),
        "round trip ms": statistics.median(trips),
        **figures,
    }


async def measure_kernels(sandbox: Sandbox) -> dict[str, float]:
    source = sandbox.kernels(Confinement("bench-kernels", preload=("ipywidgets",)))
    starts, trips, figures = [], [], {}
    async with AsyncExitStack() as stack:
        pids: list[int] = []
        for count in COUNTS[:2]:
            while len(pids) < count:
                begun = time.perf_counter()
                manager = await stack.enter_async_context(source())
                client = manager.client()
                client.start_channels()
                stack.callback(client.stop_channels)
                await client.wait_for_ready(timeout=60)
                for cell in CELLS:
                    await client.execute_interactive(cell, output_hook=lambda _: None, timeout=60)
                starts.append((time.perf_counter() - begun) * 1000)
                pids.append(manager.provisioner.pid)  # type: ignore[union-attr,arg-type]
                await asyncio.sleep(0.5)
            figures[f"private MiB of each of {count}"] = statistics.mean(map(private, pids)) / (1 << 20)
        for number in range(TRIPS):
            begun = time.perf_counter()
            await client.execute_interactive(f"n.value = {1 + number % 90}", output_hook=lambda _: None, timeout=60)
            trips.append((time.perf_counter() - begun) * 1000)
    return {"start and run ms": statistics.median(starts), "round trip ms": statistics.median(trips), **figures}


def private(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))


async def main() -> dict[str, Any]:
    async with Sandbox() as sandbox:
        return {
            "visitors": await measure_visitors(sandbox, CELLS, "ipywidgets"),
            "visitors of a chart": await measure_visitors(sandbox, CHART, "matplotlib.pyplot"),
            "warm kernels": await measure_kernels(sandbox),
        }


if __name__ == "__main__":
    measured = asyncio.run(main())
    for kind, figures in measured.items():
        print(kind)
        for name, figure in figures.items():
            print(f"  {name:<28}{figure:8.2f}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(measured, indent=1))
