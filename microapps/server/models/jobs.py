"""Jobs: what a person asks for, and how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from ...events import Asked, Failed, Finished
from ...notebook import Permissions
from .value import Value

Action = Literal["make", "change", "adopt", "import", "repair"]
_Label = Annotated[str, Field(max_length=500)]


class DataPath(Value):
    """A file below the folder that this Jupyter server shows."""

    path: Annotated[str, Field(min_length=1, max_length=4000)]


class Pointed(Value):
    """What an app's page says was pointed at: a widget's model id, label, class and, of a text, what it shows."""

    model: _Label = ""
    label: _Label
    type: _Label = ""


class Reference(Value):
    """A part of the app that a request is about; cell and variable are empty where they could not be told."""

    cell: _Label = ""
    variable: _Label = ""
    label: _Label
    kind: _Label = ""


class AppFailure(Value):
    """What went wrong in the running app, and what had been typed: label and value."""

    error: Annotated[str, Field(max_length=20_000)]
    traceback: Annotated[str, Field(max_length=40_000)] = ""
    inputs: dict[str, str] = Field(default_factory=dict)


class _Wish(Value):
    data: Annotated[tuple[str | DataPath, ...], Field(max_length=20)] = ()
    speed: Literal["", "fast", "balanced", "best"] = ""
    allow: Permissions = Permissions()


class JobWish(_Wish):
    """What a person wants done.

    Attributes
    ----------
    app : which app to change or repair; for ``make`` the name of the new one, made up when empty.
    data : files the app may read: ids of uploads, or paths.
    starter : take this starter. offline : ask no model.
    references : parts of the app that were pointed at.
    failure : for ``repair``.
    path : for ``adopt`` and ``import``: a notebook below the folder that this Jupyter server shows; an ``import`` may
        name one upload in ``data`` instead.
    allow : what is granted before it is asked for.
    """

    action: Action
    request: Annotated[str, Field(max_length=20_000)] = ""
    app: str = ""
    starter: str = ""
    offline: bool = False
    references: Annotated[tuple[Reference, ...], Field(max_length=20)] = ()
    failure: AppFailure | None = None
    path: str = ""


class VariantsWish(_Wish):
    """Two or three answers to one request, side by side."""

    request: Annotated[str, Field(max_length=20_000)]
    count: Annotated[int, Field(ge=2, le=3)] = 2


class JobView(Value):
    """One job.

    Attributes
    ----------
    app : the app's name; empty until it has one.
    queued : whether it waits for another job of the same app.
    waiting : the question it waits on.
    last : number of its last event so far.
    outcome : how it ended; null while it goes on.
    """

    id: str
    action: Action
    app: str
    request: str
    started: datetime
    queued: bool
    done: bool
    waiting: Asked | None
    group: str | None
    last: int
    dollars: float | None
    tokens: int | None
    outcome: Finished | Failed | None


class AnswerWish(Value):
    """The answer to a job's question; ``yes`` or ``no`` where it asks for permissions."""

    question: str
    answer: Annotated[str, Field(max_length=20_000)]


class VariantGroup(Value):
    """Jobs that answer one request; ``kept`` is the job whose app was kept."""

    group: str
    request: str
    jobs: tuple[JobView, ...]
    kept: str | None


class KeepWish(Value):
    """The job whose app is kept."""

    job: str


class Kept(Value):
    """The app that was kept, and those that were put in the trash."""

    app: str
    removed: tuple[str, ...]


class Upload(Value):
    """A file that was sent, to be named in a request; it is swept after a day unless an app may read it."""

    id: str
    name: str
    size: int
