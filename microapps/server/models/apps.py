"""Apps and their revisions as the front end shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ...checks.report import LayerResult, Report
from ...events import Event
from ...notebook import Criterion
from ...notebook.difference import CellChange, CriterionChange, FieldChange
from .value import Value

Health = Literal["passed", "failed", "unchecked"]


class AppCard(Value):
    """One app on a card.

    Attributes
    ----------
    id : its number, which stays when it is renamed, and tells apps in the trash apart that have one name.
    summary : what the last check found, in a sentence.
    thumbnail : address of a picture below the server's base URL; null where there is none yet.
    job : the running or first queued job of this app.
    published : whether it has a link that was given out.
    asks_missing : whether it asks for something it was not given.
    removed : when it was put in the trash; null for one in use.
    """

    id: int
    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    created: datetime
    updated: datetime
    current: int
    health: Health
    summary: str
    thumbnail: str | None
    job: str | None
    published: bool
    asks_missing: bool
    removed: datetime | None


class AppDetail(AppCard):
    """One app with what its document needs; ``notebook`` is its path on the drive ``microapps``."""

    notebook: str
    link: str | None
    criteria: tuple[Criterion, ...]
    can_undo: bool
    can_redo: bool


class RenameWish(Value):
    """A new title, as people read it, a new name, as addresses and commands have it, or both."""

    title: str | None = None
    name: str | None = None


class ForkWish(Value):
    """A name for the copy; made up when null."""

    name: str | None = None


class GotoWish(Value):
    """A revision to make current."""

    revision: int


class RevisionRow(Value):
    """One revision in the list; ``dollars`` and ``tokens`` are null where no model was asked or no price is known."""

    number: int
    parent: int | None
    current: bool
    action: str
    request: str
    title: str
    maker: str
    at: datetime
    status: Health
    summary: str
    dollars: float | None
    tokens: int | None
    seconds: float


class RevisionDetail(RevisionRow):
    """One revision whole; ``notebook`` is nbformat 4.5."""

    report: Report | None
    notebook: dict[str, Any]


class Difference(Value):
    """What differs between two revisions; see :class:`microapps.notebook.AppDifference`."""

    old: int
    new: int
    summary: str
    cells: tuple[CellChange, ...]
    permissions_added: tuple[str, ...]
    permissions_removed: tuple[str, ...]
    criteria_added: tuple[Criterion, ...]
    criteria_changed: tuple[CriterionChange, ...]
    criteria_removed: tuple[Criterion, ...]
    metadata: tuple[FieldChange, ...]


class ConversationTurn(Value):
    """One thing the person asked for, and what came of it.

    Attributes
    ----------
    role : who began it: ``person`` by words, ``harness`` for what was done without any, such as a fork or a hand edit.
    revision : what it made; null when it was interrupted, and ``error`` says why.
    undone : whether the current revision does not stand on it.
    events : of its job, well enough to draw it again: pieces of text joined, progress left out. Made from what the
        library keeps where the job's own are gone; their numbers are the job's.
    complete : whether the events are the job's own.
    """

    id: int
    role: Literal["person", "harness"]
    action: str
    text: str
    at: datetime
    seconds: float
    job: str | None
    revision: int | None
    parent: int | None
    undone: bool
    error: str
    dollars: float | None
    tokens: int | None
    complete: bool
    events: tuple[Event, ...]


class TestEvidence(Value):
    """One test of a criterion; ``passed`` is null when it was not run."""

    name: str
    passed: bool | None
    seconds: float
    message: str


class CriterionEvidence(Value):
    """One criterion in plain words, and how it was checked."""

    id: str
    sentence: str
    state: Literal["passed", "failed", "unchecked"]
    tests: tuple[TestEvidence, ...]


class EvidenceView(Value):
    """All that is known of how a revision was checked.

    ``at`` is when the check ended, null where there was none of exactly this content. ``tests`` are those of no
    criterion; ``probe`` is the layer that tried the controls, also among ``layers``.
    """

    revision: int
    state: Health
    at: datetime | None
    seconds: float
    summary: str
    criteria: tuple[CriterionEvidence, ...]
    tests: tuple[TestEvidence, ...]
    layers: tuple[LayerResult, ...]
    probe: LayerResult | None
    screenshot: str | None


class PageLink(Value):
    """Where an app's page can be framed: a fresh link, good for a while, of the origin ``origin``."""

    url: str
