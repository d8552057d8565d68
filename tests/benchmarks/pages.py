"""A visit to a published app, ours and every peer's, in one run: how soon it is there, answers, and what it holds.

Run as ``python -m tests.benchmarks.pages``; prints tables with ratios and writes JSON. Peers are installed beside it
into virtual environments below ``--cache``. Every round starts each contender anew, one after the other; figures are
medians of the rounds. *Visible*: fields and first answer are on the page. *Interactive*: the change of a field has
shown its right answer. *Round trip*: from a change to its answer on a page that has been there for a while. Memory is
that of all the server's processes, what several share counted once, above what they held with one visitor.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from playwright.async_api import Browser

from . import home
from .contenders import OURS, PEERS, PLAIN_VOILA, STATIC, environment, serving, version
from .memory import MEBIBYTE, memory, rested
from .table import Ratio, drawn, least, ratio
from .watching import browsing, guest, middle

COLUMNS = (
    "visible ms",
    "interactive ms",
    "revisit ms",
    "round trip ms",
    "first visitor ms",
    "first load KB",
    "revisit KB",
)
AIMS = (
    ("visible ms", "fastest", 0.2),
    ("interactive ms", "fastest", 0.5),
    ("interactive ms", PLAIN_VOILA, 0.1),
    ("round trip ms", "fastest", 1.0),
    ("MB each of 50", PLAIN_VOILA, 1 / 15),
)
"""Our figure, whose it is compared with, and the most that it should be of it."""
TRIPS = 30

Taken = dict[str, list[float]]


async def one_round(browser: Browser, name: str, cache: Path, counts: tuple[int, ...], *, chart: bool) -> Taken:
    """Start a contender, visit it for the first time, again, and once more; ``counts``: and with so many at once."""
    taken: Taken = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="ma-bench-", ignore_cleanup_errors=True) as folder:
        begun = time.monotonic()
        async with serving(name, cache, Path(folder), chart=chart) as served:
            taken["start ms"].append((time.monotonic() - begun) * 1000)
            async with guest(browser, chart=chart) as first:
                taken["first visitor ms"].append((await first.visit(await served.url())).interactive)
            await rested(served.pid)
            url = await served.url()
            async with guest(browser, chart=chart) as person:
                visit = await person.visit(url)
                taken["visible ms"].append(visit.visible)
                taken["interactive ms"].append(visit.interactive)
                taken["first load KB"].append(visit.kilobytes)
                taken["round trip ms"].append(middle(await person.trips(TRIPS)))
                await person.leave()
                await rested(served.pid)
                again = await person.visit(url)
                taken["revisit ms"].append(again.interactive)
                taken["revisit KB"].append(again.kilobytes)
    for count, each in (await _held(browser, name, cache, counts, chart=chart)).items():
        taken[f"MB each of {count}"].append(each)
    return taken


async def _held(browser: Browser, name: str, cache: Path, counts: tuple[int, ...], *, chart: bool) -> dict[int, float]:
    """Mebibytes for each of so many visitors who are there at once, besides a first one.

    By a contender that nobody has left yet: some keep for a while what a visitor may come back to.
    """
    found: dict[int, float] = {}
    if not counts:
        return found
    with tempfile.TemporaryDirectory(prefix="ma-bench-", ignore_cleanup_errors=True) as folder:
        async with serving(name, cache, Path(folder), chart=chart) as served, AsyncExitStack() as there:

            async def come() -> None:
                person = await there.enter_async_context(guest(browser, chart=chart))
                await person.visit(await served.url())

            await come()
            await rested(served.pid)
            before = memory(served.pid).share
            for number in range(1, max(counts) + 1):
                await come()
                if number in counts:
                    await rested(served.pid)
                    found[number] = (memory(served.pid).share - before) / number / MEBIBYTE
    return found


async def measure(
    names: list[str], rounds: int, counts: tuple[int, ...], cache: Path, *, chart: bool
) -> dict[str, Any]:
    """All rounds of one calculator: the medians of each contender, every figure, and what could not be measured."""
    taken: dict[str, Taken] = {name: defaultdict(list) for name in names}
    failed: dict[str, str] = {}
    async with browsing() as browser:
        for number in range(rounds):
            for name in names:
                load = os.getloadavg()[0]
                last = number == rounds - 1
                try:
                    figures = await one_round(browser, name, cache, counts if last else (), chart=chart)
                except Exception as error:  # one contender that fails leaves the others to be measured
                    failed[name] = f"{type(error).__name__}: {error}"
                    print(f"{name}: {failed[name]}", file=sys.stderr)
                    continue
                for figure, values in figures.items():
                    taken[name][figure] += values
                taken[name]["load"].append(load)
                shown = ", ".join(f"{figure} {values[0]:.1f}" for figure, values in figures.items())
                print(f"round {number + 1}, {name} (load {load:.1f}): {shown}", file=sys.stderr, flush=True)
    medians = {name: {figure: middle(values) for figure, values in figures.items()} for name, figures in taken.items()}
    return {"medians": medians, "figures": taken, "failed": failed}


def ratios(medians: Mapping[str, Mapping[str, float]]) -> list[Ratio]:
    """How we stand to what we aim at. The fastest peer is another for each figure."""
    peers = [name for name in medians if name not in (OURS, STATIC)]
    found = []
    for figure, other, aim in AIMS:
        name = least(medians, figure, peers) if other == "fastest" else other
        if name in medians:
            found.append(ratio(medians, OURS, name, figure, aim))
    return found


def report(calculator: str, measured: Mapping[str, Any], counts: tuple[int, ...]) -> str:
    """The table of one calculator, and the ratios below it."""
    medians = measured["medians"]
    columns = [*COLUMNS, *(f"MB each of {count}" for count in counts), "load"]
    lines = [f"\n{calculator}\n", drawn(medians, columns), ""]
    lines += [f"- {each}" for each in ratios(medians)]
    if STATIC in medians and (fastest := least(medians, "visible ms", [name for name in medians if name in PEERS])):
        least_of_all = medians[STATIC]["visible ms"] / medians[fastest]["visible ms"]
        lines.append(f"- visible ms: {least_of_all:.3f} of {fastest} for {STATIC}: the browser's own part")
    lines += [f"- {name} could not be measured: {why}" for name, why in measured["failed"].items()]
    return "\n".join(lines)


async def _home(rounds: int) -> dict[str, float]:
    async with browsing() as browser:
        return await home.measure_home(browser, rounds)


def main() -> None:
    everyone = [OURS, *PEERS, STATIC]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contenders", default=",".join(everyone), help="names, with commas between")
    parser.add_argument("--visitors", default="1,5,50", help="how many at once, to measure memory; empty for none")
    parser.add_argument("--pages", default="plain,chart,home", help="the two calculators, and the gallery's home")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "microapps-benchmark-peers")
    parser.add_argument("--json", type=Path, default=Path("pages.json"))
    asked = parser.parse_args()
    names = [name.strip() for name in asked.contenders.split(",")]
    counts = tuple(int(word) for word in asked.visitors.split(",") if word)
    versions = {}
    for name in names:
        if name in PEERS:
            environment(asked.cache, name)
            versions[name] = version(asked.cache, name)
    result: dict[str, Any] = {"versions": versions, "begun": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime())}
    for calculator in asked.pages.split(","):
        if calculator == "home":
            result["home"] = {"medians": {"gallery": asyncio.run(_home(asked.rounds))}}
            print(f"\nThe gallery's home\n\n{drawn(result['home']['medians'], home.COLUMNS)}")
            continue
        chart = calculator == "chart"
        held = () if chart else counts
        there = [name for name in names if not (chart and name == STATIC)]
        result[calculator] = asyncio.run(measure(there, asked.rounds, held, asked.cache, chart=chart))
        print(report(f"Loan calculator, {calculator}", result[calculator], held), flush=True)
        asked.json.write_text(json.dumps(result, indent=1))
    asked.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
