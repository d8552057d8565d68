"""Apps that hang, die and flood: always an error, never a hanging or swollen harness."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import pytest

from microapps.errors import AppFault, RunExceeded
from microapps.testing import App

from .conftest import notebook

BUTTONS = """
import os, signal, sys, time

def loop(_):
    while True: pass

def deaf(_):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    time.sleep(1000)

def flood(_):
    while True: print("x" * 1000)

def widgets(_):
    while True: w.IntText(description="y" * 1000)

def leave(_): os._exit(3)
def ask_to_leave(_): sys.exit(4)
def killed(_): os.kill(os.getpid(), signal.SIGKILL)

for action in (loop, deaf, flood, widgets, leave, ask_to_leave, killed):
    button = w.Button(description=action.__name__); button.on_click(action); display(button)
"""


@pytest.mark.parametrize(
    ("label", "fault", "message"),
    [
        ("loop", RunExceeded, "Clicking 'loop' took longer than 2 seconds"),
        ("deaf", RunExceeded, "Clicking 'deaf' took longer than 2 seconds"),
        ("flood", RunExceeded, "Clicking 'flood' brought more output than the limit of 5 MiB"),
        ("widgets", RunExceeded, "Clicking 'widgets' took longer than 2 seconds"),
        ("leave", AppFault, "kernel ended with status 3 while clicking 'leave'"),
        ("ask_to_leave", AppFault, "kernel ended with status 4 while clicking 'ask_to_leave'"),
        ("killed", RunExceeded, "kernel was killed while clicking 'killed'"),
    ],
)
def test_an_action_that_does_not_end_well(label: str, fault: type[AppFault], message: str) -> None:
    with App.open(notebook(BUTTONS), timeout=60) as app:
        if "2 seconds" in message:
            app._app._session.seconds = 2  # the imports before it may take longer
        started = time.monotonic()
        with pytest.raises(fault, match=message) as raised:
            app.click(label)
        assert type(raised.value) is fault
        assert time.monotonic() - started < 30
        with pytest.raises(fault):
            app.click("loop")
        assert app.text("loop") == "loop"


@pytest.mark.parametrize(
    ("source", "fault", "message"),
    [
        ("while True: pass", RunExceeded, "Running cell 'cell-0' took longer than 2 seconds"),
        ("import os; os._exit(1)", AppFault, "ended with status 1 while running cell 'cell-0'"),
    ],
)
def test_a_cell_that_does_not_end_well(source: str, fault: type[AppFault], message: str) -> None:
    with pytest.raises(fault, match=message) as raised:
        App.open(notebook(source), timeout=2 if fault is RunExceeded else 60)
    assert raised.value.cell == "cell-0"


@pytest.mark.parametrize(
    "source",
    ["print('x' * 300_000_000)", "for i in range(300_000): print('x' * 1000)", "display(w.HTML('x' * 100_000_000))"],
    ids=["at once", "line by line", "in a widget"],
)
def test_three_hundred_megabytes_of_output_are_cut_off(source: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RunExceeded, match="brought more output than the limit of 5 MiB"):
        App.open(notebook(source), timeout=60)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 250, f"the harness grew by {grown:.0f} MiB"


def test_output_that_is_cleared_does_not_count(start: Callable[..., App]) -> None:
    app = start(
        """
from IPython.display import HTML, clear_output
out, go = w.Output(), w.Button(description="Go")
def show(_):
    with out:
        clear_output(wait=True); display(HTML("x" * 900_000))
go.on_click(show); display(go, out)
"""
    )
    for _ in range(10):
        app.click("Go")
    assert len(app.text("Output")) == 900_000


@pytest.mark.parametrize(
    "content",
    ["{'data': 5}", "{'data': {'state': {'x': 1}, 'buffer_paths': [['y', 'z']]}}", "{'comm_id': None}", "{}"],
)
def test_messages_that_make_no_sense_are_errors_of_the_app(start: Callable[..., App], content: str) -> None:
    app = start(
        f"""
kernel = get_ipython().kernel
def send(_):
    kernel.session.send(kernel.iopub_socket, "comm_msg", {content}, parent=kernel.get_parent(), buffers=[b"x"])
go = w.Button(description="Go"); go.on_click(send); display(go)
"""
    )
    app.click("Go")
    app.wait()
    assert app.controls()[0].label == "Go"
    assert all(error.name == "MalformedMessage" for error in app.errors)
