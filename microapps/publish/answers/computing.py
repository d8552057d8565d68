"""Every combination of an app's inputs, tried in a confined process of its own.

Each step changes one input (a reflected Gray code), forth through all combinations and then back. On the way back each
is come to from its other neighbour: an app that remembers, draws lots or reads the clock answers differently then, and
is told apart by that from one whose answers can be written down.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ...errors import AppFault
from ...sandbox import Sandbox
from ...sandbox.apps import AppProcess, Source
from ...sandbox.inside import frames
from ..running import Widgets
from ..settings import MEBIBYTE, PublishedApp
from ..thin.states import link_of
from .inputs import Input, States, listed, seen_controls, viewed

MOST = 400
"""Combinations that are tried."""
SECONDS = 40.0
"""How long all of it may take: who waits for a download behind a proxy is cut off after 60."""
OUTPUT = 32 * MEBIBYTE
_LONGEST_CHAIN = 12
"""Times that widgets set one another by links until they rest."""
_NONE = object()
_CHANGING = "Its inputs change one another."


@dataclass(frozen=True)
class Answers:
    """An app with all it can say.

    Attributes
    ----------
    outputs : of each code cell, as they are at first.
    inputs : what can be set; none where the answers could not be calculated.
    widgets : all widgets for each combination, the last input changing fastest; without inputs, as they are at first.
    first : the combination that the app begins with.
    why : why there are no inputs, in sentences.
    """

    outputs: list[list[dict[str, Any]]]
    inputs: tuple[Input, ...]
    widgets: tuple[Widgets, ...]
    first: int = 0
    why: tuple[str, ...] = ()


class _NotListed(Exception):
    """The answers cannot be written down, for the reason given."""


async def answered(app: PublishedApp, cells: Sequence[Source], sandbox: Sandbox) -> Answers:
    """Run an app for every combination of its inputs; ``cells`` are its code cells.

    Raises AppFault if it does not run at all, and MachineFault if it cannot be run here.
    """
    bare = replace(app.confinement, rehearsal=True, data=None, sockets=(), log=None)
    process = await AppProcess.open(sandbox, bare, {}, forks=False)
    try:
        ran = await process.run(cells, limit=OUTPUT)
        at_first = _widgets(ran.widgets)
        roots = [model for outputs in ran.outputs for model in viewed(outputs)]
        inputs, why = _inputs(at_first.states, roots)
        if why:
            return Answers(ran.outputs, (), (at_first,), why=why)
        await process.serve()
        try:
            async with asyncio.timeout(SECONDS):
                found = await _Walk(process, inputs, roots).all()
        except (_NotListed, TimeoutError, AppFault) as error:
            said = str(error) or "Trying every combination of its inputs took too long."
            return Answers(ran.outputs, (), (at_first,), why=(said,))
        first = _place(inputs, [each.start for each in inputs])
        return Answers(ran.outputs, inputs, tuple(found[place] for place in range(len(found))), first)
    finally:
        process.close()


def _inputs(states: States, roots: list[str]) -> tuple[tuple[Input, ...], tuple[str, ...]]:
    from ...testing.kinds import BUTTONS, kind_of

    found: list[Input] = []
    why: list[str] = []
    for model, label in seen_controls(states, roots).items():
        if kind_of(states[model]) in BUTTONS:
            continue
        listing = listed(model, label, states)
        if isinstance(listing, str):
            why.append(listing)
        else:
            found.append(listing)
    count = math.prod(len(each.values) for each in found)
    if not why and not found:
        why.append("There is nothing in it to set.")
    elif not why and count > MOST:
        why.append(f"Its inputs have {count} combinations; up to {MOST} are calculated in advance.")
    return tuple(found), tuple(why)


class _Walk:
    def __init__(self, process: AppProcess, inputs: tuple[Input, ...], roots: list[str]) -> None:
        self._process, self._inputs, self._roots = process, inputs, roots
        self._sent = 0
        self._before: States = {}

    async def all(self) -> dict[int, Widgets]:
        """The widgets of every combination; raises _NotListed."""
        path = list(gray([len(each.values) for each in self._inputs]))
        await self._rested()
        for number in range(len(self._inputs)):
            await self._set(number, path[0][number])
        found: dict[int, Widgets] = {}
        now = list(path[0])
        for places in path:
            await self._move(now, places)
            found[_place(self._inputs, places)] = await self._state(places)
        for places in reversed(path[:-1]):
            await self._move(now, places)
            if _comparable(await self._state(places)) != _comparable(found[_place(self._inputs, places)]):
                raise _NotListed(
                    "What it shows depends on more than its inputs: on what was done before, or on chance."
                )
        own = {each.model for each in self._inputs}
        if len({_comparable(each, own) for each in found.values()}) == 1:
            raise _NotListed("What it shows does not follow its inputs by itself.")
        return found

    async def _move(self, now: list[int], places: Sequence[int]) -> None:
        for number, place in enumerate(places):
            if now[number] != place:
                await self._set(number, place)
                now[number] = place

    async def _set(self, number: int, place: int) -> None:
        each = self._inputs[number]
        await self._say(each.model, each.trait, each.values[place])

    async def _say(self, model: str, trait: str, value: Any) -> None:
        self._sent += 1
        data = {"method": "update", "state": {trait: value}, "buffer_paths": []}
        await self._process.talk.say(
            {"type": "comm", "id": f"c{self._sent}", "kind": "msg", "comm": model, "data": data}
        )

    async def _state(self, places: Sequence[int]) -> Widgets:
        widgets = await self._rested()
        self._require(widgets.states, places)
        return widgets

    async def _rested(self) -> Widgets:
        """The widgets once the browser would have set all that links between them set."""
        for _ in range(_LONGEST_CHAIN):
            widgets = await self._ask()
            due = list(_linked(widgets.states, self._before))
            self._before = widgets.states
            if not due:
                return widgets
            for model, trait, value in due:
                await self._say(model, trait, value)
        raise _NotListed(_CHANGING)

    async def _ask(self) -> Widgets:
        self._sent += 1
        await self._process.talk.say({"type": "state", "id": f"s{self._sent}"})
        while (data := await self._process.talk.hear()) is not None:
            message, _ = frames.unpacked(data)
            if message["type"] == "failed":
                raise _NotListed("It fails for some of its inputs.")
            if message["type"] == "state" and message.get("parent") == f"s{self._sent}":
                return _widgets(message["widgets"])
        raise _NotListed("It ended while its answers were calculated.")

    def _require(self, states: States, places: Sequence[int]) -> None:
        held = all(each.holds(states, place) for each, place in zip(self._inputs, places, strict=True))
        still, why = _inputs(states, self._roots)
        models = {each.model for each in self._inputs}
        if not held or why or not {each.model for each in still} <= models:
            raise _NotListed(_CHANGING)


def _linked(states: States, before: States) -> Iterator[tuple[str, str, Any]]:
    """What links in the browser (``jslink``, ``jsdlink``) set: each widget, trait and value."""
    for state in states.values():
        link = link_of(str(state.get("_model_name")), state)
        if link is None or link.source not in states or link.target not in states:
            continue
        here, there = (link.source, link.trait), (link.target, link.other)
        for (model, trait), (end, other) in ((here, there), (there, here))[: 1 + link.both]:
            value = states[model].get(trait)
            if value != states[end].get(other) and value != before.get(model, {}).get(trait, _NONE):
                yield end, other, value
                break


def gray(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All combinations of places below ``sizes``, each differing from the one before in one place by one."""
    if not sizes:
        yield ()
        return
    for number, before in enumerate(gray(sizes[:-1])):
        last = range(sizes[-1])
        for place in last if number % 2 == 0 else reversed(last):
            yield (*before, place)


def _place(inputs: Sequence[Input], places: Sequence[int]) -> int:
    at = 0
    for each, place in zip(inputs, places, strict=True):
        at = at * len(each.values) + place
    return at


def _widgets(found: dict[str, Any]) -> Widgets:
    states = {model: dict(widget["state"]) for model, widget in found.items()}
    binaries = {
        model: {".".join(map(str, each["path"])): str(each["data"]) for each in widget["buffers"]}
        for model, widget in found.items()
        if widget.get("buffers")
    }
    return Widgets(states, binaries)


def _comparable(widgets: Widgets, without: Container[str] = ()) -> str:
    states = sorted((model, state) for model, state in widgets.states.items() if model not in without)
    return repr((states, sorted(widgets.binaries.items())))
