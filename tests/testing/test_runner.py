"""The tests that a micro-app carries."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from microapps.errors import MachineFault
from microapps.notebook import AppMetadata, Cell, MicroApp, Role
from microapps.testing import KernelSource, TestOutcome, plain_kernels, run_tests, tests_of

UI = """
import dataclasses
import ipywidgets as w
from IPython.display import display

bill = w.FloatText(value=100.0, description="Bill")
result = w.HTML(description="Each pays")
explode = w.Button(description="Explode")
photo = w.FileUpload(description="Photo")

@dataclasses.dataclass
class Share:
    amount: float

def share(amount, people=2):
    if people < 1:
        raise ValueError("nobody")
    return Share(amount / people)

def update(*_):
    result.value = f"<b>{bill.value / 2:.2f}</b>"

def fail(_):
    raise ValueError("no such thing")

bill.observe(update, "value")
explode.on_click(fail)
photo.observe(lambda change: setattr(result, "value", photo.value[0].content.tobytes().decode()), "value")
update()
display(w.VBox([bill, result, explode, photo]))
"""


def app_with(tests: str, ui: str = UI) -> MicroApp:
    cells = (
        Cell("ui", ui, role=Role.UI),
        Cell("tests", tests, role=Role.TESTS, metadata={"tags": ["skip-execution"]}),
    )
    return MicroApp(AppMetadata(name="x", title="X"), cells)


async def outcomes(
    tests: str, kernels: KernelSource, *, ui: str = UI, seconds: float = 60.0, **options: Any
) -> dict[str, TestOutcome]:
    found = await run_tests(app_with(tests, ui), app_kernels=kernels, test_kernels=kernels, seconds=seconds, **options)
    return {outcome.test: outcome for outcome in found}


def passed(found: dict[str, TestOutcome]) -> Sequence[str]:
    return [name for name, outcome in found.items() if outcome.passed]


pytestmark = pytest.mark.anyio


async def test_tests_that_hold_pass() -> None:
    found = await outcomes(
        """
import pytest
from microapps.errors import ControlUnusable

def test_set(app):
    app.set("Bill", 50)
    assert app.text("Each pays") == "25.00"
    assert app.value("Bill") == 50
    assert [control.label for control in app.controls()] == ["Bill", "Explode", "Photo"]

def test_fresh(app):
    assert app.value("Bill") == 100

def test_call(app):
    assert app.call("share", 10, people=4).amount == 2.5
    with pytest.raises(ValueError, match="nobody"):
        app.call("share", 1, people=0)

def test_refusal(app):
    with pytest.raises(ControlUnusable):
        app.set("Bill", "x")

def test_upload(app, tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    app.upload("Photo", tmp_path / "a.txt")
    assert app.text("Each pays") == "hello"

def test_error_that_is_read(app):
    app.click("Explode")
    assert app.errors[0].name == "ValueError" and app.errors[0].control == "Explode"

@pytest.mark.parametrize(("bill", "each"), [(1, "0.50"), (3, "1.50")])
def test_cases(app, bill, each):
    assert app.value("Bill") == 100
    app.set("Bill", bill)
    assert app.text("Each pays") == each

async def test_async(app):
    app.wait_until(lambda: app.text("Each pays") == "50.00", timeout=5)
""",
        plain_kernels(),
    )
    assert len(found) == 8
    assert passed(found) == list(found), {name: outcome.message for name, outcome in found.items()}


async def test_tests_that_do_not_hold_fail_with_a_message_to_act_on(warm: KernelSource) -> None:
    found = await outcomes(
        """
def test_compare(app):
    assert app.text("Each pays") == "51.00"

def test_name(app):
    assert share(1) == 2

def test_missing(app):
    app.set("Bil", 1)
    app.set("Total", 1)

def test_unread_error(app):
    app.click("Explode")

def test_wrong_method(app):
    app.press("Explode")

def test_fixture(app, browser):
    pass

def test_arguments(app):
    app.set("Bill")

def test_input(app):
    input("?")

def test_never(app):
    app.wait_until(lambda: False, timeout=0.3)

def helper(app):
    assert app.value("Bill") == 1

def test_in_a_helper(app):
    helper(app)
""",
        warm,
    )
    expected = {
        "test_compare": ["line 3 of cell 'tests': assert app.text", "assert '50.00' == '51.00'", "+ 50.00"],
        "test_name": ["NameError", "app.call('share', …)"],
        "test_missing": ["line 10 of cell 'tests'", "ControlNotFound: There is no 'Total'", "'Bill' (FloatText)"],
        "test_unread_error": ["raised during the test: ValueError: no such thing in cell 'ui'", "'Explode' was used"],
        "test_wrong_method": ["app has no 'press'; it has call, choose, click"],
        "test_fixture": ["asks for browser; a test is given app and tmp_path"],
        "test_arguments": ["TypeError", "missing 1 required positional argument: 'value'"],
        "test_input": ["nobody to answer input()"],
        "test_never": ["did not come within 0.3 seconds", "Bill: 100"],
        "test_in_a_helper": ["line 34 of cell 'tests': helper(app)", "line 31 of cell 'tests': assert", "100.0 == 1"],
    }
    assert passed(found) == []
    assert {
        (name, part) for name, parts in expected.items() for part in parts if part not in found[name].message
    } == set(), {name: outcome.message for name, outcome in found.items()}


@pytest.mark.long
async def test_a_test_that_hangs_or_dies_costs_only_itself(warm: KernelSource) -> None:
    started = time.monotonic()
    found = await outcomes(
        """
import os, signal

def test_hang(app):
    while True:
        pass

def test_leave(app):
    os._exit(3)

def test_deaf(app):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            while True: pass
        except BaseException:
            pass

def test_flood(app):
    while True:
        print("x" * 10_000)

def test_fine(app):
    app.set("Bill", 1)
""",
        warm,
        seconds=6,
    )
    assert passed(found) == ["test_fine"]
    assert "longer than 6 seconds" in found["test_hang"].message
    assert "The test's kernel ended with status 3" in found["test_leave"].message
    assert "limit of 5 MiB" in found["test_flood"].message
    assert time.monotonic() - started < 90


async def test_hostile_requests_are_answered_with_errors(warm: KernelSource) -> None:
    found = await outcomes(
        """
import json
def ask(text): return json.loads(get_ipython().kernel.raw_input(text))

def test_nonsense(app):
    mark = "microapps-request:"
    assert "fault" in ask(mark + "not json")
    assert "fault" in ask(mark + "[" * 100_000)
    assert "fault" in ask(mark + json.dumps({"do": "__class__", "arguments": [], "keywords": {}}))
    assert "fault" in ask(mark + json.dumps({"do": "open", "arguments": ["/etc/passwd"], "keywords": {}}))
    assert "error" in ask(mark + json.dumps({"do": "set", "arguments": [{"$": "evil"}], "keywords": {}}))
    assert "error" in ask(mark + json.dumps({"do": "text", "arguments": [], "keywords": {"x": 1}}))
    assert "fault" in ask(mark + json.dumps({"do": "upload", "arguments": ["Photo", "/etc/passwd"], "keywords": {}}))
    assert "fault" in ask(mark + json.dumps({"do": "set", "arguments": ["Photo", "/etc/passwd"], "keywords": {}}))
    assert "fault" in ask(mark + json.dumps({"do": "call", "arguments": [5], "keywords": {}}))
    assert app.value("Bill") == 100
""",
        warm,
    )
    assert passed(found) == ["test_nonsense"], found["test_nonsense"].message


@pytest.mark.parametrize(
    "tests",
    ["import os\nos._exit(1)\ndef test_a(app): pass\ndef test_b(app): pass", "while True: pass\ndef test_a(app): pass"],
)
async def test_a_tests_cell_that_ends_or_hangs_its_kernel_fails_every_test(tests: str, warm: KernelSource) -> None:
    found = await outcomes(tests, warm, seconds=4, parallel=1)
    assert passed(found) == []
    assert all("The tests cell does not load" in outcome.message for outcome in found.values())


async def test_a_tests_cell_that_raises_fails_every_test(warm: KernelSource) -> None:
    found = await outcomes("import nowhere_to_be_found\ndef test_a(app): pass", warm)
    assert "line 1 of cell 'tests'" in found["test_a"].message
    assert "No module named 'nowhere_to_be_found'" in found["test_a"].message


async def test_a_tests_cell_that_does_not_parse_is_one_failure(warm: KernelSource) -> None:
    found = await outcomes("def test_a(app):\n    assert (", warm)
    assert passed(found) == []
    assert "does not parse" in found["tests"].message


async def test_an_app_that_does_not_run_fails_its_tests(warm: KernelSource) -> None:
    found = await outcomes("def test_a(app): pass", warm, ui="1/0")
    assert "Cell 'ui', line 1 raised ZeroDivisionError" in found["test_a"].message


async def test_only_the_named_tests_run(warm: KernelSource) -> None:
    tests = "def test_a(app): pass\ndef test_b(app): pass"
    assert list(await outcomes(tests, warm, only=("test_b",))) == ["test_b"]
    assert tests_of(app_with(tests)) == ("test_a", "test_b")


async def test_a_machine_without_kernels_is_told_as_such() -> None:
    @asynccontextmanager
    async def none() -> AsyncIterator[Any]:
        raise MachineFault("no kernels here")
        yield

    with pytest.raises(MachineFault, match="no kernels here"):
        await run_tests(app_with("def test_a(app): pass"), app_kernels=none, test_kernels=plain_kernels(), seconds=20)
    with pytest.raises(MachineFault, match="no kernels here"):
        await run_tests(app_with("def test_a(app): pass"), app_kernels=plain_kernels(), test_kernels=none, seconds=20)
