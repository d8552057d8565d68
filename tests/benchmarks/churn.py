"""Visitors who come and go all the time, and whether anything of them stays behind in the site.

Run as ``python -m tests.benchmarks.churn [--minutes 60] [--json FILE]``; some visitors say that they leave, some
vanish, and their visits are ended by the owner a while later. Before, meanwhile and afterwards it counts the site's
processes, open files and memory, and ends with an error if there are more of any than before. Loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

from microapps.publish import Site

from .crowd import slider_site
from .memory import MEBIBYTE, memory, rested, tree
from .wire import WireVisitor, many_at_once

AT_ONCE = 10
VANISH = 0.1
"""The part of the visitors who go without a word."""
EVERY = 200
"""Visitors between two counts."""
MAY_GROW = 12.0
"""Mebibytes that the site may hold more at the end: what it remembers of visits, and what its allocators keep."""


@dataclass(frozen=True)
class Count:
    """What the site has: all its processes, the open files of each that stays, and mebibytes altogether."""

    visitors: int
    processes: int
    files: int
    mebibytes: float


async def counted(site: Site, visitors: int) -> Count:
    """Count when nobody is there, and nothing is going on."""
    top = site.process_id or 0
    await site.end_visits("slider")
    while await site.visits():
        await asyncio.sleep(0.05)
    await rested(top)
    processes = tree(top)
    files = sum(_files(process) for process in processes)
    return Count(visitors, len(processes), files, memory(top).share / MEBIBYTE)


def _files(process: psutil.Process) -> int:
    try:
        return int(process.num_fds())
    except psutil.NoSuchProcess:
        return 0


async def churn(site: Site, minutes: float, every: int = EVERY) -> list[Count]:
    """Let visitors come and go for so long; the counts from before the first to after the last."""
    end = time.monotonic() + 60 * minutes
    counts = [await counted(site, 0)]
    came = 0

    async def visit() -> None:
        visitor = await WireVisitor.come(await site.link("slider"))
        for _ in range(random.randint(1, 5)):
            await visitor.move(visitor.shown + 1)
        if random.random() < VANISH:
            visitor.drop()
        else:
            await visitor.leave()

    async def stream(until: int) -> None:
        nonlocal came
        while came < until and time.monotonic() < end:
            came += 1
            await visit()

    while time.monotonic() < end:
        until = came + every
        await asyncio.gather(*(stream(until) for _ in range(AT_ONCE)))
        counts.append(await counted(site, came))
        print(counts[-1], file=sys.stderr, flush=True)
    return counts


def leaks(counts: list[Count]) -> list[str]:
    """What there is more of at the end than after the first visitors, in sentences."""
    first, last = counts[min(1, len(counts) - 1)], counts[-1]
    found = []
    if last.processes > first.processes:
        found.append(f"{last.processes - first.processes} processes stayed behind.")
    if last.files > first.files:
        found.append(f"{last.files - first.files} files stayed open.")
    if last.mebibytes > first.mebibytes + MAY_GROW:
        found.append(f"{last.mebibytes - first.mebibytes:.1f} MiB stayed in use.")
    return found


async def measured(minutes: float) -> list[Count]:
    with tempfile.TemporaryDirectory(prefix="ma-churn-") as folder:
        async with many_at_once(AT_ONCE), slider_site(Path(folder), 2 * EVERY) as site:
            return await churn(site, minutes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    counts = asyncio.run(measured(asked.minutes))
    found: dict[str, Any] = {"counts": [asdict(count) for count in counts], "leaks": leaks(counts)}
    print(f"{counts[-1].visitors} visitors came and went. " + (" ".join(found["leaks"]) or "Nothing stayed behind."))
    if asked.json:
        asked.json.write_text(json.dumps(found, indent=1))
    sys.exit(1 if found["leaks"] else 0)


if __name__ == "__main__":
    main()
