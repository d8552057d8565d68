"""An exception in an app is never lost, however it comes to light."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from microapps.testing import App

SOURCE = """
import asyncio, logging, sys, threading, warnings

def button(name, action):
    made = w.Button(description=name)
    made.on_click(action)
    return made

def fail(_):
    raise ValueError("in a callback")

out = w.Output()

@out.capture()
def fail_in_output(_):
    raise KeyError("in an output")

def fail_in_thread(_):
    threading.Thread(target=lambda: 1 / 0).start()

kept = []

async def failing():
    raise RuntimeError("in a task")

def fail_in_task(_):
    kept.append(asyncio.create_task(failing()))

def fail_later(_):
    asyncio.get_running_loop().call_later(0.01, fail, None)

async def handling():
    try:
        await asyncio.gather(failing())
    except RuntimeError:
        print("handled")

def handle(_):
    kept.append(asyncio.create_task(handling()))

def warn(_):
    warnings.warn("careful")
    logging.error("a log message")

number = w.IntText(description="Number")
number.observe(lambda change: 1 // (change.new - 7), "value")
for action in (fail, fail_in_output, fail_in_thread, fail_in_task, fail_later, handle, warn):
    display(button(action.__name__, action))
display(out, number)
"""
CASES = [
    ("fail", "ValueError", "in a callback", 10),
    ("fail_in_output", "KeyError", "'in an output'", 16),
    ("fail_in_thread", "ZeroDivisionError", "division by zero", 19),
    ("fail_in_task", "RuntimeError", "in a task", 24),
    ("fail_later", "ValueError", "in a callback", 10),
]


@pytest.fixture(scope="module")
def app() -> object:
    from .conftest import notebook

    with App.open(notebook("x = 1", SOURCE)) as app:
        yield app


@pytest.mark.parametrize(("label", "name", "message", "line"), CASES, ids=[case[0] for case in CASES])
def test_it_is_told_with_cell_line_and_control(app: App, label: str, name: str, message: str, line: int) -> None:
    before = len(app.errors)
    app.click(label)
    app.wait_until(lambda: app.wait() or len(app.errors) > before, 20)
    [error] = app.errors[before:]
    assert (error.name, error.message, error.cell, error.line) == (name, message, "cell-1", line)
    assert error.control == label
    assert name in error.traceback
    assert str(error).startswith(f"{name}: {message} in cell 'cell-1', line {line} while '{label}' was used")


def test_it_is_told_for_a_value_that_was_set(app: App) -> None:
    before = len(app.errors)
    app.set("Number", 7)
    [error] = app.errors[before:]
    assert (error.name, error.control) == ("ZeroDivisionError", "Number")


@pytest.mark.parametrize("label", ["handle", "warn"])
def test_what_was_handled_is_no_error(app: App, label: str) -> None:
    before = len(app.errors)
    app.click(label)
    app.wait(0.1)
    assert app.errors[before:] == ()


def test_interact_shows_and_tells_it(start: Callable[..., App]) -> None:
    app = start("@w.interact(x=(0, 9))\ndef f(x): return 1 / (x - 7)")
    app.set("x", 7)
    assert "ZeroDivisionError" in app.text()
    assert [(error.name, error.control) for error in app.errors] == [("ZeroDivisionError", "x")]
