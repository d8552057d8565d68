"""What the browser does between a person and the kernel: it sends changes, keeps links, and plays ``Play`` widgets."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .inside import Inside
from .kinds import SELECTIONS, kind_of
from .links import MOST_ROUNDS, Links
from .session import Exchange, Session, put_buffer
from .tree import Seen

_FASTEST = 0.01  # seconds between two frames of a Play widget
_PLAYING = "playing"


class FrontEnd:
    """Acts on the widgets of one session."""

    def __init__(self, session: Session, inside: Inside) -> None:
        self._session = session
        self._inside = inside
        self._links = Links(session.widget_state, self._tell)
        self._told: list[Exchange] = []
        self._options: dict[str, tuple[Any, Sequence[Any] | None]] = {}
        self._control = ""

    def option_values(self, model: str) -> Sequence[Any] | None:
        """The values behind a selection's labels, as last asked for."""
        return self._options.get(model, (None, None))[1]

    async def change(
        self, item: Seen, state: Mapping[str, Any], what: str, buffers: Mapping[str, bytes] | None = None
    ) -> None:
        """Change a widget's state as its view does, and wait until the app has dealt with it.

        A change to what it holds already is none, and nothing is sent.
        """
        current = self._session.widget_state[item.id]
        if not buffers and all(name in current and current[name] == value for name, value in state.items()):
            return
        current.update(copy.deepcopy(dict(state)))
        for path, content in (buffers or {}).items():
            put_buffer(current, json.loads(path), content)
        exchange = self._begin(item, what)
        self._session.send_state(item.id, state, exchange, buffers)
        await self._session.finish(exchange)
        await self.catch_up()

    async def event(self, item: Seen, event: str, what: str) -> None:
        """Send a widget's own message (``click``, ``submit``), and wait until the app has dealt with it."""
        exchange = self._begin(item, what)
        data = {"method": "custom", "content": {"event": event}}
        self._session.send("comm_msg", {"comm_id": item.id, "data": data}, exchange)
        await self._session.finish(exchange)
        await self.catch_up()

    async def catch_up(self) -> None:
        """Carry linked traits over, and learn the values of options that are new."""
        for _ in range(MOST_ROUNDS):
            if not self._session.links or not self._links.act(self._session.links):
                break
            while self._told:
                await self._session.finish(self._told.pop())
        stale = [
            model
            for model, state in self._session.widget_state.items()
            if "_options_labels" in state
            and kind_of(state) in SELECTIONS
            and self._options.get(model, (None,))[0] != state["_options_labels"]
        ]
        if stale:
            values = await self._inside.options(stale)
            for model in stale:
                labels = self._session.widget_state.get(model, {}).get("_options_labels")
                self._options[model] = (labels, values.get(model))

    async def pause(self, seconds: float) -> None:
        """Let time pass; ``Play`` widgets that are playing go on, and a dead app raises."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        due: dict[str, float] = {}
        while (now := loop.time()) < end:
            players = self._players()
            due = {model: due.get(model, now + interval) for model, interval in players.items()}
            next_frame = min([end, *due.values()])
            if next_frame > now:
                self._session.changed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._session.changed.wait(), next_frame - now)
            await self._session.raise_if_ended()
            for model in [model for model, moment in due.items() if moment <= loop.time()]:
                await self._frame(model)
                due[model] += players[model]
        await self._session.raise_if_ended()

    def _players(self) -> dict[str, float]:
        """The seconds between frames of each ``Play`` widget that is playing."""
        return {
            model: max(_FASTEST, float(state.get("interval", 100)) / 1000)
            for model, state in self._session.widget_state.items()
            if state.get("_model_name") == "PlayModel" and (state.get(_PLAYING) or state.get("_playing"))
        }

    async def _frame(self, model: str) -> None:
        state = self._session.widget_state.get(model, {})
        value = state.get("value", 0) + state.get("step", 1)
        change: dict[str, Any] = {"value": value}
        if value > state.get("max", 100):
            repeat = state.get("repeat") or state.get("_repeat")
            change = {"value": state.get("min", 0)} if repeat else {_PLAYING: False}
        state.update(change)
        exchange = Exchange("playing", control=str(state.get("description", "")) or "Play")
        self._session.begin(exchange)
        self._session.send_state(model, change, exchange)
        await self._session.finish(exchange)
        await self.catch_up()

    def _begin(self, item: Seen, what: str) -> Exchange:
        exchange = Exchange(what, control=item.label or item.kind)
        self._control = exchange.control
        self._session.begin(exchange)
        return exchange

    def _tell(self, model: str, state: dict[str, Any]) -> None:
        exchange = Exchange("carrying over a linked value", control=self._control)
        self._session.send_state(model, state, exchange)
        self._told.append(exchange)
