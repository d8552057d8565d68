"""Runs an app's notebook inside a browser and serves the one page there is, as a visitor's process does.

It speaks what :mod:`microapps.publish.visitors.protocol` types, and is both site and process: the frames that a page
sends come to :meth:`Engine.hear`, and what is said goes to the function it was made with. Nothing here runs elsewhere:
the module is put into the exported folder, with what it imports.

The page was drawn from a run of the same notebook, whose widgets had other ids. After the run here the widgets take
those ids, one after the other, and what has another value by now (a date, say) is told to the page.
"""

from __future__ import annotations

import asyncio
import base64
import json
import math
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from microapps.publish.lite import stand_in  # isort: skip  # first: the shell imports what it stands in for
from microapps.sandbox.inside import comms, frames, outputs, shell  # isort: skip
from ipywidgets.widgets.widget import _instances  # type: ignore[import-untyped]

KEPT = 500
"""Messages kept for a page that connects again."""
Say = Callable[[str | bytes], None]

__all__ = ["Engine", "stand_in"]


class Prints(outputs.Outputs):
    """Outputs without a timer, which takes a thread: what is printed goes out at once."""

    def _hold(self, block: Any, output: dict[str, Any]) -> None:
        self._show(block, output)


class Engine:
    """The app of this browser. ``say`` gets each frame: text, or bytes where it has binary parts."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self.id = secrets.token_hex(6)
        self.outputs = Prints()
        self.shell = shell.make(self.outputs)
        self.manager = comms.install(self.shell.events)
        outputs.install()
        self._sequence = 0
        self._received = ""
        self._kept: deque[tuple[int, str | bytes]] = deque(maxlen=KEPT)
        self._early: list[str | bytes] = []
        self._differing: dict[str, list[str]] = {}
        self._ready = False

    async def start(self, cells: str, widgets: str) -> str:
        """Run the cells (JSON: as a process gets them), and take the ids of the page's widgets (JSON, by their ids).

        Gives why the app cannot go on here, in a sentence; empty when all is well.
        """
        for cell in json.loads(cells):
            source, may_raise = (cell, False) if isinstance(cell, str) else (cell["source"], cell["may_raise"])
            self.outputs.begin_cell()
            result = await self._run(source)
            error = result.error_before_exec or result.error_in_exec
            if error is not None and not may_raise:
                return f"The app could not start in this browser ({type(error).__name__}: {str(error)[:200]})."
            await asyncio.sleep(0)
        if not self._take_ids(json.loads(widgets)):
            return "The app starts differently each time, and cannot be joined to this page."
        comms.AppComm.line.say = self._tell
        self.outputs.tell = self._told
        self._ready = True
        for frame in self._early:
            self.hear(frame)
        return ""

    async def _run(self, source: str) -> Any:
        transformed = self.shell.transform_cell(source)  # type: ignore[no-untyped-call]
        if self.shell.should_run_async(source, transformed_cell=transformed):
            return await self.shell.run_cell_async(source, transformed_cell=transformed, store_history=False)
        return self.shell.run_cell(source, store_history=False)  # type: ignore[no-untyped-call]

    def _take_ids(self, page: Mapping[str, Mapping[str, Any]]) -> bool:
        own = list(_instances.values())
        if [widget._model_name for widget in own] != [state["model_name"] for state in page.values()]:
            return False
        for widget, model in zip(own, page, strict=True):
            widget.comm.comm_id = model
        _instances.clear()
        _instances.update(zip(page, own, strict=True))
        self.manager.comms.clear()
        self.manager.comms.update({model: widget.comm for model, widget in _instances.items()})
        for model, here in json.loads(json.dumps(comms.states(), default=_json)).items():
            there = page[model]
            keys = [key for key, value in here["state"].items() if there["state"].get(key) != value]
            if here.get("buffers") != there.get("buffers"):
                keys += [str(buffer["path"][0]) for buffer in here.get("buffers") or ()]
            if keys:
                self._differing[model] = sorted(set(keys))
        return True

    def hear(self, frame: str | bytes) -> None:
        """Do what a frame of the page says."""
        if not self._ready:
            self._early.append(frame)
            return
        message, buffers = frames.unpacked(frame) if isinstance(frame, bytes) else (json.loads(frame), [])
        match message.get("type"):
            case "hello":
                self._welcome(message)
            case "comm":
                self._received = str(message.get("id", ""))
                self._handle(message, buffers)
            case "state":
                self._tell({"type": "state", "widgets": comms.states()}, [])

    def _welcome(self, hello: Mapping[str, Any]) -> None:
        known = hello.get("visitor")
        joined = "again" if known == self.id else "replaced" if known else "new"
        seen = hello.get("seen", 0) if joined == "again" else self._sequence
        welcome = {"type": "welcome", "protocol": 1, "visitor": self.id, "joined": joined, "seq": seen}
        self._say(json.dumps({**welcome, "received": self._received if joined == "again" else ""}))
        if joined == "again":
            for number, frame in tuple(self._kept):
                if number > seen:
                    self._say(frame)
            return
        for model, keys in self._differing.items():
            _instances[model].send_state(keys)

    def _handle(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        token = outputs.PARENT.set(str(message.get("id", "")))
        self._tell({"type": "status", "state": "busy"}, [])
        try:
            comms.deliver(self.manager, message, buffers)
        except Exception:
            self.shell.showtraceback()
        finally:
            self._tell({"type": "status", "state": "idle"}, [])
            outputs.PARENT.reset(token)

    def _told(self, message: dict[str, Any]) -> None:
        output = message.get("output", {})
        if message["type"] == "output" and not message["widget"] and output["output_type"] == "error":
            message = {"type": "failed"}
        self._tell(message, [])

    def _tell(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        self._sequence += 1
        full = {**message, "seq": self._sequence, "parent": outputs.PARENT.get()}
        try:
            data = frames.packed(full, buffers, _json)
        except ValueError:  # not a number, or infinite: JSON has none
            data = frames.packed(_finite(full), buffers, _json)
        frame = data if buffers else data[8:].decode()
        self._kept.append((self._sequence, frame))
        self._say(frame)


def _json(value: Any) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value)


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
