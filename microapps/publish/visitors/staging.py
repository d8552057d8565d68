"""Whether an app can be run once for all its visitors, found out by running it.

A *trial* run comes first: watched, with a throwaway data folder, with no model to ask and no socket to the harness.
Then the run that is to be forked. Both have to show the same but for the widgets' ids. Where anything speaks against
it, each visitor's process runs the notebook itself, and :attr:`Plan.why` says why in a sentence.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from ...errors import AppFault, MachineFault
from ...notebook import RAISES_EXCEPTION
from ...sandbox import Confinement, Sandbox
from ...sandbox.apps import AppProcess, Ran, Source
from ...sandbox.inside import trial_kinds as kinds
from ...sandbox.trials import SEEN, against_forks, trial
from .protocol import Cell, Mode, Snapshot

ADDRESS = "QUERY_STRING"
"""What code names that reads the query of the address it was opened at."""
AGAIN = 1.0
"""Seconds after which an app is tried again whose process went with its containment."""
_DIFFERENT = "two runs of it show different things"
_MODEL = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
"""The id of a widget, unless the app has chosen it, and so has chosen the same in every run."""
_NAMES = (
    re.compile(r"\b0x[0-9a-f]{6,16}\b"),
    re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"),
    re.compile(r"\bT_[0-9a-f]{5}(?=[\W_])"),
    re.compile(r"(?<=[\"#])[mpC][0-9a-f]{10}(?=[\\\"_)])"),
    re.compile(r"(?<=<dc:date>)[^<]*"),
)
"""What differs between two runs and means nothing to a person: where an object is in memory, ids that libraries make
up, those of a styled table and of a figure as SVG, and when that was drawn."""


@dataclass(frozen=True)
class Plan:
    """How an app's visitors come to be. ``snapshot`` and ``process`` are there where they are forked.

    ``ahead``: where each visitor's process runs the app itself, it may do so before its visitor is there. Not where a
    thread or another process goes on then, such as a countdown.
    """

    mode: Mode
    why: str = ""
    ahead: bool = False
    snapshot: Snapshot | None = None
    process: AppProcess | None = None

    @property
    def good(self) -> bool:
        """Whether it can still be used."""
        return self.process is None or self.process.alive


async def plan(sandbox: Sandbox, confinement: Confinement, notebook: Any, limit: int) -> Plan:
    """Find out how this notebook's visitors come to be, and have it staged if they are forked.

    ``limit``: characters it may show while it starts. An app that fails here is run per visitor, who then sees it fail.
    """
    try:
        try:
            return await _tried(sandbox, confinement, notebook, limit)
        except MachineFault:
            await asyncio.sleep(AGAIN)  # its containment may have gone under it
            return await _tried(sandbox, confinement, notebook, limit)
    except (AppFault, MachineFault) as error:
        return Plan(Mode.PER_VISITOR, f"It could not be run in advance: {error.what}")


async def _tried(sandbox: Sandbox, confinement: Confinement, notebook: Any, limit: int) -> Plan:
    """What :func:`plan` finds out; raises AppFault or MachineFault where the app cannot be run."""
    cells = sources(notebook)
    tried = await trial(sandbox, confinement, cells, limit)
    if against := against_forks(tried):
        return Plan(Mode.PER_VISITOR, _since(against), ahead=tried.seen <= {kinds.CHANCE} and not tried.goes_on)
    process = await AppProcess.open(sandbox, confinement, {}, forks=True)
    try:
        ran = await process.run(cells, limit=limit)
        against = against_forks(ran) or await asyncio.to_thread(_differing, tried, ran)
        if against:
            process.close()
            return Plan(Mode.PER_VISITOR, _since(against), ahead=against != _DIFFERENT and not ran.goes_on)
        seeded = ran.chance["before"] != ran.chance["after"]
        await process.stage(seeded=seeded)
    except BaseException:
        process.close()
        raise
    return Plan(Mode.FORKED, snapshot=snapshot(notebook, ran, Mode.FORKED), process=process)


def _since(clause: str) -> str:
    return f"Each visitor's process runs the app itself, since {clause}."


def _differing(one: Ran, other: Ran) -> str:
    drawn = any(
        run.chance["before"].get(name) != digest and one.chance["after"].get(name) != other.chance["after"].get(name)
        for run in (one, other)
        for name, digest in run.chance["after"].items()
        if name in run.chance["before"]
    )
    if drawn or one.chance["own"] != other.chance["own"]:
        return SEEN[kinds.CHANCE]
    if comparable(one) != comparable(other):
        return _DIFFERENT
    return ""


def comparable(ran: Ran) -> str:
    """What a run shows, with its widgets named by the order they were made in, and without names of no meaning."""
    text = json.dumps([ran.outputs, list(ran.widgets.values())], sort_keys=True, default=str)
    order = {model: f"widget-{number}" for number, model in enumerate(ran.widgets)}
    text = _MODEL.sub(lambda found: order.get(found[0], found[0]), text)
    for name in _NAMES:
        text = name.sub("", text)
    return text


def sources(notebook: Any) -> list[Source]:
    """The code cells, as a process runs them."""
    return [
        {"source": str(cell.source), "may_raise": True}
        if RAISES_EXCEPTION in cell.metadata.get("tags", ())
        else str(cell.source)
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def snapshot(notebook: Any, ran: Ran, mode: Mode, why: str = "") -> Snapshot:
    """What a page carries of this run. Tracebacks are the owner's, and left out."""
    outputs = iter(ran.outputs)
    cells: list[Cell] = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            shown = [{**each, "traceback": []} if each["output_type"] == "error" else each for each in next(outputs)]
            cells.append({"index": index, "kind": "code", "outputs": shown})
        else:
            made: Cell = {"index": index, "kind": "markdown", "source": str(cell.source)}
            if cell.get("attachments"):
                made["attachments"] = dict(cell.attachments)
            cells.append(made)
    reads = mode is Mode.PER_VISITOR and any(ADDRESS in str(source) for source in sources(notebook))
    return Snapshot(tuple(cells), ran.widgets, mode, why, ran.seconds, reads)
