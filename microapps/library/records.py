"""What the library answers with: frozen values, free of the database.

A revision's notebook and report are kept as the text they were stored as and parsed on first use, so that a long
history is cheap to list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from ..checks.report import Report
from ..notebook import MicroApp, Permissions, loads


class Health(StrEnum):
    """What is known of a revision: its checks passed, failed, or none were made of exactly this content."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class AppRecord:
    """One app of the library.

    Attributes
    ----------
    id : its number in the library, which stays when it is renamed.
    created, updated : UTC; ``updated`` is when its current revision was chosen or its name changed.
    current : number of the current revision.
    health : of the current revision.
    path : its notebook file; the folder ``data`` beside it is the app's own.
    trashed : when it was removed (UTC); None for an app in use.
    ended : when all links to it were ended last (UTC); None for never.
    former : the names it had before it was renamed, which no other app has taken.
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
    path: Path
    trashed: datetime | None = None
    ended: datetime | None = field(default=None, compare=False)
    former: tuple[str, ...] = field(default=(), compare=False)

    @property
    def data(self) -> Path:
        """The app's own data folder, which survives every revision and undo."""
        return self.path.parent / "data"

    @property
    def guests(self) -> Path:
        """The folder of the data folders of those who were given a link of their own."""
        return self.path.parent / "guests"


@dataclass(frozen=True)
class UsageRecord:
    """Tokens and money spent on one model; ``dollars`` is None when the model's price is not known."""

    model: str
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    dollars: float | None = None


@dataclass(frozen=True)
class Revision:
    """One accepted state of an app.

    Attributes
    ----------
    app : the app's name at the time of the answer.
    number : counts from 1 within the app; ``parent`` is the number it was made from, None for the first.
    action : ``make``, ``change``, ``adopt``, ``import``, ``repair``, ``fork``, ``hand`` (edited in
        Jupyter) or ``title`` (called otherwise).
    digest : of the content, :attr:`microapps.notebook.MicroApp.digest`.
    maker : who wrote it: ``model:ID``, ``starter:NAME``, ``adopted`` or ``hand``.
    seconds : wall-clock time its making took.
    text : the notebook as it was stored, with the name the app had then.
    turn : the number of the turn that made it.
    """

    app: str
    number: int
    parent: int | None
    action: str
    request: str
    created: datetime
    digest: str
    title: str
    maker: str
    health: Health
    usage: UsageRecord | None
    seconds: float
    text: str = field(repr=False)
    report_text: str = field(default="", repr=False)
    turn: int = 0

    @cached_property
    def notebook(self) -> MicroApp:
        """The app itself, with the name it has now."""
        return loads(self.text).with_metadata(name=self.app)

    @cached_property
    def report(self) -> Report | None:
        """The report of its checks, or None if it was not checked."""
        return Report.model_validate_json(self.report_text) if self.report_text else None


@dataclass(frozen=True)
class Turn:
    """One turn of the conversation about an app, whether it led to a revision or was interrupted.

    Attributes
    ----------
    id : counts over the whole library, in the order of time.
    app : the app's name; empty for an interrupted turn that never had one.
    revision : the revision it made; None when it was interrupted.
    parent : the revision it started from.
    messages : what was said in this turn, JSON-able, as given by the generator.
    error : why it ended without a revision; empty otherwise.
    draft_text : the last draft of an interrupted turn as notebook text; may be empty.
    """

    id: int
    app: str
    revision: int | None
    parent: int | None
    action: str
    request: str
    created: datetime
    seconds: float
    usage: UsageRecord | None
    messages: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    error: str = ""
    draft_text: str = field(default="", repr=False)
    report_text: str = field(default="", repr=False)

    @property
    def interrupted(self) -> bool:
        """Whether it ended without a revision."""
        return self.revision is None

    @cached_property
    def draft(self) -> MicroApp | None:
        """The last draft of an interrupted turn, or None."""
        return loads(self.draft_text) if self.draft_text else None

    @cached_property
    def report(self) -> Report | None:
        """The report of the last check, or None."""
        return Report.model_validate_json(self.report_text) if self.report_text else None


@dataclass(frozen=True)
class Story:
    """What the job of a turn told while it worked: its events, JSON-able."""

    turn: int
    job: str
    events: tuple[Mapping[str, Any], ...] = field(repr=False)


@dataclass(frozen=True)
class Grant:
    """What a person allowed an app whose content has ``digest``; ``ended`` is when it was revoked or narrowed."""

    app: str
    permissions: Permissions
    digest: str
    granted: datetime
    ended: datetime | None = None


@dataclass(frozen=True)
class Access:
    """What an app tried, any number of times: ``kind`` is ``host``, ``file``, ``model`` …, ``target`` what it named."""

    app: str
    kind: str
    target: str
    allowed: bool
    detail: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Fault:
    """What went wrong in visits of an app, any number of times: ``kind`` as its site has it, ``what`` in a sentence.

    ``detail`` is the trace of the last time, or empty. What is worth knowing and no error has the kind ``remark``.
    """

    app: str
    kind: str
    what: str
    detail: str
    count: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Preference:
    """One thing the person wants in every app, as a plain sentence."""

    id: int
    text: str
    created: datetime


@dataclass(frozen=True)
class Link:
    """A way into a published app.

    Attributes
    ----------
    id : its number in the library.
    app : the app's name now.
    role : ``owner``: a link that opens the app with the owner's own data. ``guest``: a link for somebody else, who has
        data of their own. ``anyone``: the app's plain address, open or with a password; what is typed is not kept.
    label : whom it is for, in the owner's words.
    digest : SHA-256 of its secret (hex); empty for ``anyone``.
    password : slowly hashed; empty where none is asked for.
    store : the folder of a guest's data, below :attr:`AppRecord.guests`; empty for others.
    expires, revoked, last : UTC; ``last`` is when it was last used.
    """

    id: int
    app: str
    role: Literal["owner", "guest", "anyone"]
    label: str
    digest: str = field(repr=False)
    password: str = field(repr=False)
    store: str
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    visits: int
    last: datetime | None

    def good(self, now: datetime) -> bool:
        """Whether it leads anywhere at that moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


@dataclass(frozen=True)
class Publication:
    """A published app.

    ``links`` are all ways in that there ever were, in order; ``trouble`` is the last error of a visit, and ``troubled``
    when that was.
    """

    app: str
    title: str
    since: datetime
    links: tuple[Link, ...]
    trouble: str
    troubled: datetime | None

    @property
    def open_links(self) -> tuple[Link, ...]:
        """The ways in that are good now."""
        now = datetime.now(UTC)
        return tuple(link for link in self.links if link.good(now))

    @property
    def visits(self) -> int:
        """How often it was opened."""
        return sum(link.visits for link in self.links)
