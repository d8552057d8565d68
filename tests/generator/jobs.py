"""What tests of the loop share: an app's sources, checkers, a person, and a run of one job."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest

from microapps.checks.report import Finding, Layer, LayerResult, Report, Status
from microapps.errors import MicroappsError
from microapps.events import Event
from microapps.generator import MESSAGES, Limits, Message, Model, Outcome, ScriptedModel, Task, write
from microapps.generator.scripted import Call, Script
from microapps.notebook import Criterion, MicroApp, Permissions
from microapps.notebook.compose import compose
from microapps.notebook.formatting import formatted

DONE = "Your app splits the bill."
TESTS = """
def test_shares(app):
    app.set("Bill", 90)
    assert "30" in app.text()


def test_bad_bill(app):
    app.set("Bill", -1)
    assert "positive" in app.text()
""".strip()

SOURCES: dict[str, Any] = {
    "title": "Bill splitter",
    "description": "Splits a bill.",
    "criteria": [
        {"id": "shares", "text": "Everyone pays the same.", "tests": ["test_shares"]},
        {"id": "bad-bill", "text": "A bad bill gets a message.", "tests": ["test_bad_bill"]},
    ],
    "about": "# Bill splitter",
    "imports": "import ipywidgets as widgets",
    "logic": "def share(bill: float, people: int) -> float:\n    return bill / people",
    "ui": 'bill = widgets.FloatText(description="Bill")\napp = widgets.VBox([bill])',
    "tests": TESTS,
}


def write_app(**changes: Any) -> Call:
    """A call that writes the whole app, with some sources changed."""
    return Call("write_app", {**SOURCES, **changes})


def accepted(**changes: Any) -> MicroApp:
    """The app as it was accepted earlier."""
    values = {**SOURCES, **changes}
    criteria = [Criterion(id=c["id"], text=c["text"], tests=tuple(c["tests"])) for c in values.pop("criteria")]
    return formatted(compose(**values, criteria=criteria))


def report(app: MicroApp, *faults: str) -> Report:
    """A report on an app: passing, or with one error for each fault."""
    findings = tuple(Finding(layer=Layer.RUN, cell="ui", what=fault, hint="Look at it.") for fault in faults)
    status = Status.FAILED if faults else Status.PASSED
    return Report(digest=app.digest, layers=(LayerResult(layer=Layer.RUN, status=status, findings=findings),))


class Checks:
    """A checker that says what it is told, in order, and passes everything after that.

    Each entry is a fault, empty for a passing check, or an error to raise. ``apps`` are the drafts it was given.
    """

    def __init__(self, *faults: str | Exception) -> None:
        self._faults = list(faults)
        self.apps: list[MicroApp] = []

    async def __call__(self, app: MicroApp) -> Report:
        self.apps.append(app)
        fault = self._faults.pop(0) if self._faults else ""
        if isinstance(fault, Exception):
            raise fault
        return report(app, *([fault] if fault else []))


class Somebody:
    """A person who answers as told, and remembers what they were asked."""

    def __init__(self, answers: Iterable[str] = (), *, approves: bool = False) -> None:
        self._answers = list(answers)
        self._approves = approves
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.wanted: list[tuple[Permissions, str]] = []

    async def ask(self, text: str, options: tuple[str, ...]) -> str:
        self.asked.append((text, options))
        return self._answers.pop(0) if self._answers else options[0]

    async def approve(self, permissions: Permissions, reason: str) -> bool:
        self.wanted.append((permissions, reason))
        return self._approves


class Run:
    """One job: its model, checker, person and events."""

    def __init__(self, *answers: Script, checks: Checks | None = None, person: Somebody | None = None) -> None:
        self.model = ScriptedModel(answers)
        self.checks = checks or Checks()
        self.person = person or Somebody()
        self.events: list[Event] = []

    async def __call__(
        self,
        task: Task | None = None,
        *,
        limits: Limits = Limits(),  # noqa: B008
        look: Callable[[MicroApp], Awaitable[bytes]] | None = None,
        model: Model | None = None,
    ) -> Outcome:
        return await write(
            task or Task("Split a bill"),
            model=model or self.model,
            check=self.checks,
            person=self.person,
            emit=self.events.append,
            limits=limits,
            look=look,
        )

    def kinds(self, *without: str) -> list[str]:
        """The kinds of the events, in order."""
        return [event.kind for event in self.events if event.kind not in without]

    def results(self, request: int = -1) -> Sequence[Any]:
        """The tool results in the last message of one request."""
        return self.model.requests[request].messages[-1].content

    def told(self, request: int = -1) -> str:
        """The text of all tool results (and texts) in the last message of one request."""
        texts = []
        for block in self.results(request):
            inner = block.content if block.type == "tool_result" else (block,)
            texts += [part.text for part in inner if part.type == "text"]
        return "\n".join(texts)


def edit(old: str, new: str, cell: str = "ui", **more: Any) -> Call:
    return Call("edit_cell", {"cell": cell, "old": old, "new": new, **more})


async def outcome_of(run: Run, error: type[MicroappsError], **options: Any) -> tuple[Outcome, MicroappsError]:
    """The outcome that an error carries."""
    with pytest.raises(error) as raised:
        await run(**options)
    assert isinstance(raised.value.outcome, Outcome)
    assert_well_formed(raised.value.outcome.messages)
    return raised.value.outcome, raised.value


def assert_well_formed(messages: tuple[Message, ...]) -> None:
    """Roles alternate, every call has its result, and the whole goes through JSON."""
    for before, after in itertools.pairwise(messages):
        assert before.role != after.role
        calls = [use.id for use in before.tool_uses]
        results = [block.tool_use_id for block in after.content if block.type == "tool_result"]
        assert calls == results
    assert not messages[-1].tool_uses
    assert MESSAGES.validate_json(MESSAGES.dump_json(messages)) == messages
