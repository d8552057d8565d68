"""What a thin page, the site and a visitor's process say to each other, typed in one place.

*The page* carries a :class:`Snapshot`: the cells with their outputs and the state of every widget, with the model ids
that the visitor's process has as well. *The socket* is a WebSocket at ``SOCKET`` below the visit's URL. A message
without binary parts is a text frame of JSON; one with binary parts is a binary frame, its numbers big-endian
(:mod:`microapps.sandbox.inside.frames`)::

    u32 n | u32 length of part 0 … u32 length of part n-1 | part 0: JSON (UTF-8) | parts 1…: the buffers

The page speaks first, with :class:`Hello`; the site answers :class:`Welcome` and from then on comm messages flow
both ways, in the shape of Jupyter's comm protocol (ipywidgets protocol 2.1: ``data`` has ``method``, ``state``,
``buffer_paths``; ``echo_update`` comes back for what the page set). The buffers of a message are those that its
``data["buffer_paths"]`` place. Every message of the process has a ``seq`` that grows by one; a page that lost its
connection says the last one it has seen and is sent what it missed, or :class:`State`, all there is now.

All of it is data from an app: the page shows it, and trusts none of it with more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, NotRequired, TypedDict

VERSION = 1
SOCKET = "live"
"""Where the WebSocket is, below the visit's URL."""
GREETING = "protocol"
"""In the query of that address: what :class:`Hello` says of a new visitor, so that the site need not wait for it."""


# --- what the page carries


class Buffer(TypedDict):
    """A binary trait of a widget: where in ``state`` it belongs."""

    path: list[str | int]
    encoding: Literal["base64"]
    data: str


class WidgetState(TypedDict):
    """One widget, as in ``application/vnd.jupyter.widget-state+json`` (version 2.0)."""

    model_name: str
    model_module: str
    model_module_version: str
    state: dict[str, Any]
    buffers: NotRequired[list[Buffer]]


class Cell(TypedDict):
    """One cell that is served. ``index`` is its place among the served cells.

    ``outputs`` of a code cell are nbformat outputs: ``stream``, ``display_data``, ``execute_result``, ``error``
    (without its traceback); a display that can be updated has its id as ``metadata.display_id``.
    Markdown cells have ``source`` (and ``attachments``), code cells never show theirs.
    """

    index: int
    kind: Literal["code", "markdown"]
    source: NotRequired[str]
    attachments: NotRequired[dict[str, Any]]
    outputs: NotRequired[list[dict[str, Any]]]


class Mode(StrEnum):
    """How an app's visitors come to be."""

    FORKED = "forked"
    """The app has run once; a visitor is a fork of that run, and the snapshot is the same for all."""
    PER_VISITOR = "per visitor"
    """Each visitor's process runs the notebook itself; the snapshot is of that visitor's run alone."""


@dataclass(frozen=True)
class Snapshot:
    """An app after its first run.

    Attributes
    ----------
    cells : the served cells in order, with their outputs.
    widgets : every widget by its model id.
    mode, why : how visitors come to be, and why not by fork (a sentence for the owner; empty for ``FORKED``).
    seconds : how long the run took.
    reads_address : whether the app itself reads what its visitor's address says.
    """

    cells: tuple[Cell, ...]
    widgets: dict[str, WidgetState]
    mode: Mode
    why: str = ""
    seconds: float = 0.0
    reads_address: bool = False


# --- what the page says


class Hello(TypedDict):
    """The first message of every connection.

    ``visitor`` is empty for a new visitor, else the id from :class:`Welcome`; ``seen`` the last ``seq`` received.
    """

    type: Literal["hello"]
    protocol: int
    visitor: NotRequired[str]
    seen: NotRequired[int]


class FromPage(TypedDict):
    """A comm message of the page; ``id`` is made up by the page and comes back as ``parent``.

    ``target`` only with ``open``. The process handles one after the other, in order.
    """

    type: Literal["comm"]
    id: str
    kind: Literal["open", "msg", "close"]
    comm: str
    target: NotRequired[str]
    data: dict[str, Any]
    metadata: NotRequired[dict[str, Any]]


class AskState(TypedDict):
    """Asks for :class:`State`, all widgets as they are now."""

    type: Literal["state"]
    id: str


class Bye(TypedDict):
    """The page is left for good (``pagehide``, not kept in the browser's cache): the process may end now."""

    type: Literal["bye"]


class There(TypedDict):
    """Asks whether the site is there, where nothing was heard for a while; :class:`Here` is the answer."""

    type: Literal["there"]


PageMessage = Hello | FromPage | AskState | Bye | There


# --- what the site itself says to a page


class Welcome(TypedDict):
    """The answer to :class:`Hello`.

    ``joined``: ``new`` (a fresh process whose state is the page's snapshot; early clicks can be sent now), ``again``
    (the same process; what was missed follows), ``caught-up`` (the same process; a :class:`State` follows, since what
    was missed is kept no longer), ``replaced`` (the process was gone; this is a fresh one in the snapshot's state,
    whatever the page shows: the page may send its own values again, and says what was kept).
    ``received`` is the ``id`` of the last comm message of the page that came through (empty for none): what the page
    sent after it is lost with the old connection, and the page sends it again, in order and with the same ids.
    """

    type: Literal["welcome"]
    protocol: int
    visitor: str
    joined: Literal["new", "again", "caught-up", "replaced"]
    seq: int
    received: str


class Gone(TypedDict):
    """The process has ended, and the connection ends after this; a new :class:`Hello` gets a fresh process.

    ``what`` is a sentence for the visitor.
    """

    type: Literal["gone"]
    why: Literal["time", "memory", "data", "crash", "idle", "output", "closed", "full"]
    what: str


class Newer(TypedDict):
    """The app has a newer revision; loading the page again brings it, and what was typed here is lost with this one."""

    type: Literal["newer"]


class Here(TypedDict):
    """The site is there, and the process is heard on this connection: the app works on what it was asked."""

    type: Literal["here"]


# --- what a visitor's process says, through the site


class FromProcess(TypedDict):
    """A comm message of a widget. ``parent`` is the id of the page's message that caused it, or empty."""

    type: Literal["comm"]
    seq: int
    kind: Literal["open", "msg", "close"]
    comm: str
    target: NotRequired[str]
    data: dict[str, Any]
    metadata: NotRequired[dict[str, Any]]
    parent: str


class Output(TypedDict):
    """Something was shown. ``widget`` is the Output widget it goes into (its ``model_id``), or empty: a callback then
    printed or displayed something into nowhere, which Voila's page does not show either. ``output`` is an nbformat
    output; consecutive streams of one name are one text.

    The process keeps ``outputs`` of that Output widget itself, so a page must not send it back.
    """

    type: Literal["output"]
    seq: int
    widget: str
    output: dict[str, Any]
    parent: str


class Clear(TypedDict):
    """``clear_output``: empty that Output widget, at once or (``wait``) when the next output for it arrives."""

    type: Literal["clear"]
    seq: int
    widget: str
    wait: bool
    parent: str


class UpdateDisplay(TypedDict):
    """Replace every output, wherever it is, whose ``metadata.display_id`` is this one."""

    type: Literal["update_display"]
    seq: int
    display_id: str
    output: dict[str, Any]
    parent: str


class Status(TypedDict):
    """``busy`` before a message of the page is handled, ``idle`` after it and all it caused."""

    type: Literal["status"]
    seq: int
    state: Literal["busy", "idle"]
    parent: str


class Failed(TypedDict):
    """A callback raised, and no Output widget was there to show it. The owner is told what; the visitor only that."""

    type: Literal["failed"]
    seq: int
    parent: str


class State(TypedDict):
    """Every widget as it is now, in answer to :class:`AskState` (``parent``) or after ``Welcome`` ``caught-up``.

    Binary traits are base64 in ``buffers`` of each widget, as in the snapshot. Models the page does not know are new;
    those it knows and that are not here are closed.
    """

    type: Literal["state"]
    seq: int
    widgets: dict[str, WidgetState]
    parent: str


SiteMessage = Welcome | Gone | Newer | Here | FromProcess | Output | Clear | UpdateDisplay | Status | Failed | State
