"""How long after its limit each bomb is ended, and how long another app's kernel takes to answer meanwhile.

The bombs and the measures are those of ``tests/sandbox/bombs.py``; "late" is what the keeper itself records, at most.
Run as ``python -m tests.benchmarks.limits [--rounds 3] [--json FILE]``. The aim is a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from microapps.app_files import clear
from microapps.sandbox import tier
from tests.sandbox.bombs import ENDED, Ended, Range

AIM = 1.0


async def measure(rounds: int, folder: Path) -> dict[str, list[Ended]]:
    """How each bomb ended, by name."""
    found: dict[str, list[Ended]] = {name: [] for name in ENDED}
    async with Range.opened(folder / "data") as bombs:
        for _ in range(rounds):
            for name, endings in found.items():
                endings.append(await bombs.set_off(name))
                clear(bombs.data)
    return found


def main() -> None:
    """Measure, print a table, and write the figures if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="microapps-bombs-") as folder:
        os.environ["MICROAPPS_HOME"] = f"{folder}/home"
        found = asyncio.run(measure(options.rounds, Path(folder)))
    table = Table("bomb", "ended for", "late, worst (s)", "gone after (s)", "another answers, worst (s)")
    for name, endings in found.items():
        worst = [max(getattr(each, figure) for each in endings) for figure in ("late", "gone", "answered")]
        table.add_row(name, endings[0].reason, *(f"{seconds:.3f}" for seconds in worst))
    Console().print(f"{platform.machine()}, {os.cpu_count()} cores, containment: {tier()}", table)
    late = max(each.late for endings in found.values() for each in endings)
    Console().print(f"latest: {late:.3f} s, aim: {AIM} s")
    if options.json:
        options.json.write_text(json.dumps({name: [asdict(e) for e in ends] for name, ends in found.items()}, indent=1))


if __name__ == "__main__":
    main()
