"""What a job says while it works: one typed stream that every front end shows.

Events are frozen values; ``Event`` is their union, told apart by ``kind``. A job numbers its events from 1, so a
front end that comes back asks for those after the last one it saw.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from .checks.report import LayerResult, Report
from .notebook import Permissions


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = 0
    at: datetime | None = None


class PointedAt(BaseModel):
    """A part of the app that the request is about; cell and variable are empty where they could not be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    cell: str = ""
    variable: str = ""
    kind: str = ""


class Started(_Event):
    """A job began. ``maker`` says who writes: ``starter:NAME`` or ``model:ID``; ``note`` says it in a sentence."""

    kind: Literal["started"] = "started"
    job: str
    action: Literal["make", "change", "adopt", "import", "repair"]
    app: str = ""
    request: str
    maker: str
    note: str = ""
    references: tuple[PointedAt, ...] = ()


class Told(_Event):
    """What the model is told of an attached file: ``text``, whole."""

    kind: Literal["told"] = "told"
    file: str
    text: str


class Text(_Event):
    """A piece of what the model says; pieces of one ``turn`` join without a separator.

    ``thought`` marks a summary of its thinking, which joins on its own. A turn that is tried again has a new number.
    """

    kind: Literal["text"] = "text"
    turn: int
    text: str
    thought: bool = False


class Writing(_Event):
    """The model is writing, and this much of a tool's input has arrived."""

    kind: Literal["writing"] = "writing"
    turn: int
    tool: str
    characters: int


class Wrote(_Event):
    """A cell of the draft was added, changed, moved or removed; ``diff`` is a unified diff of its source."""

    kind: Literal["wrote"] = "wrote"
    cell: str
    role: str
    change: Literal["added", "changed", "moved", "removed"]
    diff: str


class Checking(_Event):
    """A check of the draft began; ``round`` counts from 1."""

    kind: Literal["checking"] = "checking"
    round: int


class CheckedLayer(_Event):
    """One layer of the check ended."""

    kind: Literal["checked_layer"] = "checked_layer"
    round: int
    result: LayerResult


class Checked(_Event):
    """A check ended with this report."""

    kind: Literal["checked"] = "checked"
    round: int
    report: Report


class Asked(_Event):
    """The job waits for the person: a question with options, or permissions to approve.

    ``question`` identifies it for the answer. ``text`` says it all; of permissions, ``reason`` is the app's own part.
    """

    kind: Literal["asked"] = "asked"
    question: str
    text: str
    options: tuple[str, ...] = ()
    permissions: Permissions | None = None
    reason: str = ""


class Answered(_Event):
    """The person answered a question."""

    kind: Literal["answered"] = "answered"
    question: str
    answer: str


class Retrying(_Event):
    """The endpoint failed in a way that passes; the job tries again after ``delay`` seconds."""

    kind: Literal["retrying"] = "retrying"
    what: str
    delay: float


class Used(_Event):
    """Totals of the job so far. ``dollars`` is None when the model's price is not known."""

    kind: Literal["used"] = "used"
    model: str
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    dollars: float | None = None


class Finished(_Event):
    """The job ended well: ``revision`` of ``app`` is current.

    ``note`` says what the person should know of how it ended, such as a limit that was reached after a good draft.
    """

    kind: Literal["finished"] = "finished"
    app: str
    revision: int
    title: str
    report: Report
    seconds: float
    note: str = ""


class Failed(_Event):
    """The job ended without a new current revision. ``kept`` says in a sentence what was kept, and where."""

    kind: Literal["failed"] = "failed"
    app: str = ""
    error: str
    what: str
    hint: str = ""
    kept: str = ""
    report: Report | None = None
    offers: tuple[str, ...] = ()


Event = Annotated[
    Started
    | Told
    | Text
    | Writing
    | Wrote
    | Checking
    | CheckedLayer
    | Checked
    | Asked
    | Answered
    | Retrying
    | Used
    | Finished
    | Failed,
    Field(discriminator="kind"),
]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
