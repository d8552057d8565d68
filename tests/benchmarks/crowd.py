"""Many visitors at once, each with a process of their own in its containment, moving a slider without pause.

Run as ``python -m tests.benchmarks.crowd [--visitors 200] [--seconds 60] [--json FILE]``. They speak the page's own
protocol from this process, which shares the machine's cores with the site; each rests a moment between two moves, as a
hand does. Ends with an error if a message was lost or an answer was wrong. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from microapps.publish import PublishedApp, Site, SiteSettings
from microapps.sandbox import Confinement

from .memory import MEBIBYTE, memory, rested, worked
from .wire import CHART, SLIDER, WireVisitor, many_at_once

AT_ONCE = 8
"""So many arrive at the same time."""


@dataclass(frozen=True)
class Crowd:
    """What was measured: milliseconds, mebibytes and seconds of processor time."""

    visitors: int
    processes: int
    arrival_median_ms: float
    arrival_p95_ms: float
    moves: int
    moves_per_second: float
    trip_median_ms: float
    trip_p95_ms: float
    trip_p99_ms: float
    mebibytes_each: float
    mebibytes_before: float
    processor_ms_per_arrival: float
    processor_ms_per_move: float
    seconds_until_gone: float
    load: float


@asynccontextmanager
async def slider_site(folder: Path, visits: int, processes: int = 1, *, chart: bool = False) -> AsyncIterator[Site]:
    """A site of the slider, in its containment."""
    path = folder / "slider.ipynb"
    sources = (SLIDER, *((CHART,) if chart else ()), "display(app)")
    cells = [new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    nbformat.write(new_notebook(cells=cells), path)  # type: ignore[no-untyped-call]
    preload = ("ipywidgets", *(("matplotlib.pyplot",) if chart else ()))
    app = PublishedApp("slider", "Slider", path, Confinement("slider", preload=preload))
    settings = SiteSettings(visits=visits, processes=processes)
    async with Site([app], settings, log_file=folder / "log") as site:
        await (await WireVisitor.come(await site.link("slider"))).leave()
        await rested(site.process_id or 0)
        yield site


async def crowd(site: Site, count: int, seconds: float, pause: float) -> Crowd:
    """Let so many come, move their sliders for a while with a pause after each move, and go."""
    top = site.process_id or 0
    link, before, used_before = await site.link("slider"), memory(top), worked(top)
    arrivals: list[float] = []
    door = asyncio.Semaphore(AT_ONCE)

    async def arrive() -> WireVisitor:
        async with door:
            begun = time.perf_counter()
            visitor = await WireVisitor.come(link)
            await visitor.move(1)
            arrivals.append((time.perf_counter() - begun) * 1000)
            return visitor

    visitors = await asyncio.gather(*(arrive() for _ in range(count)))
    await rested(top)
    held, load = memory(top), os.getloadavg()[0]
    used = used_there = worked(top)
    trips: list[float] = []
    begun = time.monotonic()

    async def play(visitor: WireVisitor) -> None:
        await asyncio.sleep(random.uniform(0, pause))
        while True:  # once at least
            trips.append(await visitor.move(visitor.shown + 1))
            await asyncio.sleep(random.uniform(0.5, 1.5) * pause)
            if time.monotonic() - begun >= seconds:
                return

    await asyncio.gather(*map(play, visitors))
    took, used = time.monotonic() - begun, worked(top) - used
    leaving = time.monotonic()
    await asyncio.gather(*(visitor.leave() for visitor in visitors))
    while await site.counts():
        await asyncio.sleep(0.05)
    gone = time.monotonic() - leaving
    await site.end_visits("slider")  # those who may come back for a while
    while await site.visits():
        await asyncio.sleep(0.05)
    cuts = quantiles(trips, n=100)
    return Crowd(
        visitors=count,
        processes=site.settings.processes,
        arrival_median_ms=median(arrivals),
        arrival_p95_ms=quantiles(arrivals, n=20)[-1] if count > 1 else arrivals[0],
        moves=len(trips),
        moves_per_second=len(trips) / took,
        trip_median_ms=median(trips),
        trip_p95_ms=cuts[94],
        trip_p99_ms=cuts[98],
        mebibytes_each=(held.share - before.share) / count / MEBIBYTE,
        mebibytes_before=before.share / MEBIBYTE,
        processor_ms_per_arrival=(used_there - used_before) / count * 1000,
        processor_ms_per_move=used / len(trips) * 1000,
        seconds_until_gone=gone,
        load=load,
    )


async def measured(count: int, seconds: float, pause: float, processes: int, *, chart: bool) -> Crowd:
    with tempfile.TemporaryDirectory(prefix="ma-crowd-") as folder:
        async with (
            many_at_once(AT_ONCE),
            slider_site(Path(folder), count + 10 * processes, processes, chart=chart) as site,
        ):
            return await crowd(site, count, seconds, pause)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two moves of a hand, about")
    parser.add_argument("--processes", type=int, default=1, help="serving processes of the site")
    parser.add_argument("--chart", action="store_true", help="have every move draw a chart")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    found = asdict(
        asyncio.run(measured(asked.visitors, asked.seconds, asked.pause, asked.processes, chart=asked.chart))
    )
    for name, figure in found.items():
        print(f"{name.replace('_', ' '):<24}{figure:10.1f}")
    print("Nothing was lost: every message came in its order, every answer was right.")
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
