"""What every visitor's process does is done once before there is one, with controls of our own and nobody watching.

Python learns of code as it runs: where an attribute was found, which kinds of values an instruction meets (PEP 659:
from the eighth run on). A fork that has to learn it first is slower for its first answers, and all that it learns is
written into memory that it would have shared. Before an app's first line it is learnt once for all of its visitors.

Running a function writes to it, too: it is counted who uses it. Those that run in every visitor lie scattered among all
that was imported. They are copied to lie together, so that fewer pages are written to.
"""

from __future__ import annotations

import itertools
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import ipywidgets  # type: ignore[import-untyped]

from . import brim, frames

if TYPE_CHECKING:
    from .app import App

Message = dict[str, Any]

_ROUNDS = 12
_MUCH = 1 << 18


def rehearse(app: App) -> None:
    """Do it before any code of the app has run."""
    seen: dict[CodeType, str] = {}
    sys.setprofile(lambda frame, event, _: seen.setdefault(frame.f_code, frame.f_globals.get("__name__", "")))
    try:
        _serve(app, 1)
    finally:
        sys.setprofile(None)
    brim.fill()
    for code, module in seen.items():
        _move(module, code)
    _serve(app, _ROUNDS)


def _serve(app: App, rounds: int) -> None:
    """Serve a page that uses each control so many times."""
    for _ in range(rounds):
        app.wake(app.tells)
    page, stream = socket.socketpair()
    with page, stream, _controls(rounds) as said, _speaking(app, page, [{"type": "begin"}, *said]):
        app.serve(stream)
        app.forget()


@contextmanager
def _speaking(app: App, page: socket.socket, said: list[Message]) -> Iterator[None]:
    """Say one thing after the other, each when the one before was answered, and hang up."""
    messages = iter(said)

    def speak() -> None:
        if (message := next(messages, None)) is None:
            page.shutdown(socket.SHUT_WR)
        else:
            page.sendall(frames.framed(frames.packed(message)))

    def hear() -> None:
        page.recv(_MUCH)
        speak()

    speak()  # to this there is no answer
    speak()
    app.loop.add_reader(page.fileno(), hear)
    try:
        yield
    finally:
        app.loop.remove_reader(page.fileno())


@contextmanager
def _controls(rounds: int) -> Iterator[list[Message]]:
    """Controls of many kinds, and what a page says that uses each of them so many times."""
    numbers = [make() for make in (ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.FloatText)]
    text, choice, check = ipywidgets.Text(), ipywidgets.Dropdown(options=["a", "b"]), ipywidgets.Checkbox()
    button, answers = ipywidgets.Button(), [ipywidgets.Label(), ipywidgets.HTML()]
    answered = itertools.count()

    def reply(_: object) -> None:
        for answer in answers:
            answer.value = f"{next(answered)}"

    for control in (*numbers, text, choice, check):
        control.observe(reply, "value")
    button.on_click(reply)
    said = []
    for turn in range(1, rounds + 1):
        said += [_update(control, value=turn) for control in numbers]
        said += [_update(text, value=str(turn)), _update(choice, index=turn % 2), _update(check, value=bool(turn % 2))]
        said += [_message(button, "custom", content={"event": "click"})]
    try:
        yield said
    finally:
        for widget in (*numbers, text, choice, check, button, *answers):
            for part in (widget.layout, widget.style, widget):
                part.close()


def _update(control: Any, **state: object) -> Message:
    return _message(control, "update", state=state, buffer_paths=[])


def _message(control: Any, method: str, **data: object) -> Message:
    return {"type": "comm", "id": "r", "kind": "msg", "comm": control.model_id, "data": {"method": method, **data}}


def _move(module: str, code: CodeType) -> None:
    """Have the function of that code, where it is found by its name, run a copy that is made here."""
    *path, name = code.co_qualname.split(".")
    holder = reduce(lambda place, step: getattr(place, step, None), path, sys.modules.get(module))
    found = getattr(holder, "__dict__", {}).get(name)
    for candidate in (found, *(getattr(found, part, None) for part in ("__func__", "fget", "fset", "__wrapped__"))):
        if isinstance(candidate, FunctionType) and candidate.__code__ is code:
            candidate.__code__ = code.replace()
