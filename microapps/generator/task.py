"""What a job of writing is given, what bounds it, and what comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..checks.report import Report
from ..notebook import MicroApp, Permissions
from .data import DataSchema
from .messages import Message
from .model import Usage
from .speed import Speed

Checker = Callable[[MicroApp], Awaitable[Report]]
"""Checks a draft, and says so itself with the events of a check. Raises MachineFault where this machine is at fault."""

Look = Callable[[MicroApp], Awaitable[bytes]]
"""Renders a draft and gives a screenshot as a PNG file's bytes."""


class Person(Protocol):
    """Whoever asked for the app. Both methods may take as long as a person takes: the job's deadline waits."""

    async def ask(self, text: str, options: tuple[str, ...]) -> str:
        """The answer to a question: one of ``options`` or words of their own; empty if nobody answers."""
        ...

    async def approve(self, permissions: Permissions, reason: str) -> bool:
        """Whether the app is given these permissions. ``reason`` is the model's words, not to be trusted."""
        ...


@dataclass(frozen=True)
class Reference:
    """A part of the app that the person pointed at; cell and variable are empty where they are not known."""

    label: str
    cell: str = ""
    variable: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Failure:
    """What went wrong in the running app: a sentence, the trace, and what had been typed, by label."""

    error: str
    traceback: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Task:
    """One request.

    Attributes
    ----------
    request : the person's words.
    current : the app to change, or None to make a new one. Its criteria and tests are gates.
    history : the earlier conversation about this app, as :attr:`Outcome.messages` of the jobs before.
    data : schemas of files the person attached; the app may read them.
    speed, model : what to take of the endpoint's list; a named ``model`` id overrides the speed's.
    preferences : sentences the person's earlier jobs remembered.
    granted : what the person has given the app so far.
    name : the name of a new app; made from its title if empty.
    references : parts of the app that the person pointed at.
    failure : what went wrong in the running app, to be mended.
    """

    request: str
    current: MicroApp | None = None
    history: tuple[Message, ...] = ()
    data: tuple[DataSchema, ...] = ()
    speed: Speed = Speed.BALANCED
    model: str = ""
    preferences: tuple[str, ...] = ()
    granted: Permissions = field(default_factory=Permissions)
    name: str = ""
    references: tuple[Reference, ...] = ()
    failure: Failure | None = None


Reserve = Callable[[str, float, float], float]


def _all_of_it(model: str, spent: float, wanted: float) -> float:
    return wanted


@dataclass(frozen=True)
class Limits:
    """Bounds of a job. Money in US dollars, times in seconds.

    Attributes
    ----------
    repairs : how often a draft that failed its checks may be mended and checked again.
    dollars : the most one job may cost; None for no cap. Holds for models whose price is known.
    month_dollars : the most all jobs of a month may cost, for what is said when it is used up.
    reserve : holds the month's money back for this job, so that jobs at the same time cannot spend it twice. Told the
        model, the dollars spent so far, and those wanted for the next answer (0 once it is there); gives how many of
        the wanted ones may be spent.
    seconds : the whole job, the time a person takes to answer left out.
    turns : how many answers of the model at most, whatever they hold.
    questions : how many questions the model may ask the person.
    """

    repairs: int = 3
    dollars: float | None = 1.0
    month_dollars: float | None = 20.0
    reserve: Reserve = _all_of_it
    seconds: float = 900.0
    turns: int = 40
    questions: int = 3


@dataclass(frozen=True)
class Replaced:
    """An accepted criterion that the change replaced or dropped, and why the model says so."""

    criterion: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What came of a job.

    Attributes
    ----------
    app : the app, its report passing; None where there is none.
    draft : where ``app`` is None, the last draft; it failed its checks, or was not checked (``report`` is None).
    report : of ``app`` or ``draft``.
    messages : this job's turns, well-formed and JSON-able, for the library and for :attr:`Task.history`.
    usage, dollars : what it cost, failed attempts included; None where a price is not known.
    granted : what the person has given the app, earlier and in this job.
    preferences : sentences to remember for later jobs.
    replaced : accepted criteria that this change replaced.
    text : the model's last words.
    note : what else the person should know, in a sentence; empty mostly.
    model : the id of the model that wrote.
    checks : how many checks were run.
    """

    app: MicroApp | None = None
    draft: MicroApp | None = None
    report: Report | None = None
    messages: tuple[Message, ...] = ()
    usage: Usage = field(default_factory=Usage)
    dollars: float | None = 0.0
    granted: Permissions = field(default_factory=Permissions)
    preferences: tuple[str, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    text: str = ""
    note: str = ""
    model: str = ""
    checks: int = 0
