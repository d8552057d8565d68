"""Where an output goes: into the Output widget whose ``with`` block the code is in, into the cell that runs, or out.

An Output widget's ``outputs`` is kept here, in the process, so that a snapshot holds what it shows; the page is told of
each output once and keeps its own list. The block is known by a context variable: a task that was made within one
stays within it, a thread has its own.
"""

from __future__ import annotations

import contextvars
import threading
import time
import warnings
from collections.abc import Callable
from typing import Any

import ipywidgets  # type: ignore[import-untyped]
from IPython import get_ipython
from ipywidgets.widgets.widget import _instances  # type: ignore[import-untyped]

from .comms import AppComm

PARENT: contextvars.ContextVar[str] = contextvars.ContextVar("parent", default="")
"""Id of the page's message that is being handled."""
_BLOCKS: contextvars.ContextVar[tuple[ipywidgets.Output, ...]] = contextvars.ContextVar("blocks", default=())

MOST_OUTPUTS = 1000
"""Outputs one place keeps; beyond that the oldest go, and it says so."""
_LEFT_OUT = "microapps_left_out"
_PIECE = 1 << 13
"""Characters of prints that go out as one."""
_MOMENT = 0.03
"""Seconds for which prints are held back at most, where nothing else comes after them."""
_TEXT = 1 << 20
"""Characters of one stream output that are kept."""

Tell = Callable[[dict[str, Any]], None]


def added(outputs: list[dict[str, Any]], output: dict[str, Any]) -> None:
    """Add ``output`` as a notebook does: consecutive prints become one."""
    last = outputs[-1] if outputs else None
    if last and output["output_type"] == "stream" == last["output_type"] and output["name"] == last["name"]:
        outputs[-1] = {**last, "text": (last["text"] + output["text"])[-_TEXT:]}
    else:
        outputs.append(output)
        before = _left_out(outputs[0])
        kept = outputs[1:] if before else outputs
        if len(kept) > MOST_OUTPUTS:
            outputs[:] = [_leaving_out(before + len(kept) - MOST_OUTPUTS), *kept[-MOST_OUTPUTS:]]


def _left_out(output: dict[str, Any]) -> int:
    """How many outputs this one stands for, which are no longer kept; 0 for one of the app's."""
    return int((output.get("metadata") or {}).get(_LEFT_OUT, 0))


def _leaving_out(number: int) -> dict[str, Any]:
    said = "One output before these is left out." if number == 1 else f"{number:,} outputs before these are left out."
    data = {"text/markdown": f"*{said}*", "text/plain": said}
    return {"output_type": "display_data", "data": data, "metadata": {_LEFT_OUT: number}}


def updated(outputs: list[dict[str, Any]], display_id: str, output: dict[str, Any]) -> bool:
    """Put ``output`` in the place of those that have this id; whether there was one."""
    found = False
    for index, shown in enumerate(outputs):
        if (shown.get("metadata") or {}).get("display_id") == display_id:
            outputs[index] = {**output, "output_type": shown["output_type"]}
            if shown["output_type"] == "execute_result":
                outputs[index]["execution_count"] = None
            found = True
    return found


class Outputs:
    """The :class:`.shell.Outlet` of an app.

    ``cells`` holds the outputs of each cell that has run. ``tell`` is where outputs go from when the app serves a
    visitor; before that it is None.
    """

    def __init__(self) -> None:
        self.cells: list[list[dict[str, Any]]] = []
        self.tell: Tell | None = None
        self.size = 0
        """Characters shown so far, roughly; :attr:`limit` bounds them while the notebook runs."""
        self.limit = 0
        self._waiting: set[str] = set()
        self._held: tuple[ipywidgets.Output | None, dict[str, Any], str] | None = None
        self._flushed = 0.0
        self._timer: threading.Timer | None = None
        self._lock = threading.RLock()

    def begin_cell(self) -> None:
        """What is shown next belongs to a new cell."""
        self.cells.append([])

    def show(self, output: dict[str, Any]) -> None:
        """See :class:`.shell.Outlet`."""
        with self._lock:
            self._count(output)
            block = self._block()
            if self.tell is None or output["output_type"] != "stream":
                self.flush()
                self._show(block, output)
            else:
                self._hold(block, output)

    def _show(self, block: ipywidgets.Output | None, output: dict[str, Any]) -> None:
        if block is None and self.tell is None:
            place = self._cell()
            if "" in self._waiting:
                self._waiting.discard("")
                place.clear()
            added(place, output)
            return
        if block is not None:
            kept = [] if block.model_id in self._waiting else list(block.outputs)
            self._waiting.discard(block.model_id)
            failed = output["output_type"] == "error"
            added(kept, {**output, "traceback": []} if failed else output)  # the owner's, and told below
            _keep(block, kept)
        self._say({"type": "output", "widget": block.model_id if block is not None else "", "output": output})

    def _hold(self, block: ipywidgets.Output | None, output: dict[str, Any]) -> None:
        """Print: pieces that come within a moment go out as one."""
        held = self._held
        if held is not None and (held[0] is not block or held[1]["name"] != output["name"]):
            self.flush()
            held = None
        text = output["text"] if held is None else held[1]["text"] + output["text"]
        self._held = (block, {**output, "text": text}, PARENT.get())
        if len(text) > _PIECE or (text.endswith("\n") and time.monotonic() - self._flushed > _MOMENT):
            self.flush()
        elif self._timer is None:
            self._timer = threading.Timer(_MOMENT, self.flush)
            self._timer.daemon = True
            self._timer.start()

    def flush(self) -> None:
        """Let out what was printed and held back."""
        with self._lock:
            held, self._held, self._timer = self._held, None, None
            if held is not None:
                self._flushed = time.monotonic()
                token = PARENT.set(held[2])  # the timer's thread has none
                self._show(held[0], held[1])
                PARENT.reset(token)

    def update(self, display_id: str, output: dict[str, Any]) -> None:
        """See :class:`.shell.Outlet`."""
        with self._lock:
            self.flush()
            self._count(output)
            for cell in self.cells:
                updated(cell, display_id, output)
            for widget in list(_instances.values()):
                if isinstance(widget, ipywidgets.Output):
                    kept = list(widget.outputs)
                    if updated(kept, display_id, output):
                        _keep(widget, kept)
            self._say({"type": "update_display", "display_id": display_id, "output": output})

    def clear(self, wait: bool) -> None:
        """See :class:`.shell.Outlet`."""
        with self._lock:
            self.flush()
            block = self._block()
            place = block.model_id if block is not None else ""
            if wait:
                self._waiting.add(place)
            elif block is not None:
                _keep(block, [])
            elif self.tell is None:
                self._cell().clear()
            self._say({"type": "clear", "widget": place, "wait": wait})

    def _cell(self) -> list[dict[str, Any]]:
        if not self.cells:
            self.begin_cell()
        return self.cells[-1]

    def _block(self) -> ipywidgets.Output | None:
        blocks = [block for block in _BLOCKS.get() if block.comm is not None]
        return blocks[-1] if blocks else None

    def _say(self, message: dict[str, Any]) -> None:
        if self.tell is not None:
            self.tell(message)

    def _count(self, output: dict[str, Any]) -> None:
        if self.limit:
            self.size += len(output.get("text", "")) + sum(len(str(part)) for part in output.get("data", {}).values())
            if self.size > self.limit:
                raise TooMuchOutput


class TooMuchOutput(BaseException):
    """The notebook showed more than it may; no ``except Exception`` of the app stops it."""


def _keep(widget: ipywidgets.Output, outputs: list[dict[str, Any]]) -> None:
    """Set a widget's outputs without a word to the page, which knows of them already."""
    AppComm.hushed.add(widget.model_id)
    try:
        widget.outputs = tuple(outputs)
    finally:
        AppComm.hushed.discard(widget.model_id)


def _enter(self: ipywidgets.Output) -> None:
    _BLOCKS.set((*_BLOCKS.get(), self))


def _exit(self: ipywidgets.Output, kind: Any, error: Any, trace: Any) -> bool | None:
    try:
        if kind is not None and issubclass(kind, Exception):
            get_ipython().showtraceback((kind, error, trace), tb_offset=0)
            return True
        return None
    finally:
        blocks = list(_BLOCKS.get())
        if self in blocks:
            del blocks[len(blocks) - 1 - blocks[::-1].index(self)]
        _BLOCKS.set(tuple(blocks))


def install() -> None:
    """Have ``with output:`` work without a kernel, and warnings show visitors nothing that is for the app's author."""
    ipywidgets.Output.__enter__ = _enter
    ipywidgets.Output.__exit__ = _exit
    warnings.formatwarning = _warning
    for category in (DeprecationWarning, PendingDeprecationWarning):  # for who writes the app: the checks show them
        warnings.filterwarnings("ignore", category=category)


def _warning(message: Warning | str, category: type[Warning], *_: object, **__: object) -> str:
    return f"{category.__name__}: {message}\n"
