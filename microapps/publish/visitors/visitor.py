"""One visitor's process, as the site sees it: what it says is kept for a while, checked, and passed on to the page."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ...sandbox.apps import AppProcess, Conversation
from ...sandbox.inside import frames
from ...sandbox.parent import KernelProcess
from ..allowance import Allowance
from ..notices import LONGEST, Notice, readable, with_remedy

KEPT = 2 << 20
"""Bytes of messages kept for a page that comes back."""
WHERE_SECONDS = 3.0
"""How long a process may take to say where a widget is made."""
LONGEST_NAME = 200
UNDER_WAY = 1000
"""Messages of a page whose time is taken at once; those beyond are handled like any other."""
STUCK = 10.0
"""Seconds of work on one message after which a page that is loaded again joins another process."""
_FROM_PROCESS = frozenset(("comm", "output", "clear", "update_display", "status", "failed", "state"))
_FROM_PAGE = frozenset(("comm", "state"))

Why = Literal["time", "memory", "data", "crash", "idle", "output", "closed"]
WORDS: dict[str, str] = {
    "time": "The app worked on this for longer than it may.",
    "memory": "The app used more memory than it may.",
    "data": "The app stored more than it may.",
    "output": "The app sends more than a page can take.",
    "idle": "The app was ended because nobody used it.",
    "closed": "The app was ended by its owner.",
}
"""Sentences for visitors, by why their process ended."""
_CRASHED = "The app ended unexpectedly."


@dataclass(frozen=True)
class Place:
    """Where a widget is made: the number of the code cell, -1 for none, and the variable that holds it, or empty."""

    cell: int
    variable: str


class Visitor:
    """A process that serves one visitor, and whatever page of theirs is connected just now.

    ``tell`` hears what its owner should know, ``ended`` is called once when it has ended, with why, ``handled`` with
    the seconds that each message of the page took. ``own`` is the process where it ran the notebook itself; None for
    a fork.
    """

    def __init__(
        self,
        app: str,
        process: KernelProcess,
        talk: Conversation,
        *,
        output_limit: int,
        tell: Callable[[Notice], None],
        ended: Callable[[Visitor, str], None],
        handled: Callable[[float], None] | None = None,
        own: AppProcess | None = None,
    ) -> None:
        self.id = secrets.token_urlsafe(9)
        self.app = app
        self.why = ""
        self.went_on = False
        """Whether pages have come back to it: one that is new here has an old snapshot, and is told the state."""
        self.received = ""
        """The id of the last comm message of its page that came through."""
        self._process, self._talk, self._own = process, talk, own
        self._limit, self._tell, self._ended, self._handled = output_limit, tell, ended, handled
        self._asked: dict[str, float] = {}
        self._asking: dict[str, asyncio.Future[Place | None]] = {}
        self._allowance = Allowance(app)
        self._kept: deque[tuple[int, bytes]] = deque()
        self._size = 0
        self._seen = 0
        self._said = 0
        self._page: Callable[[bytes], None] | None = None
        self._visited = own is not None  # else it is a fork, perhaps one that is kept ready
        self._reading = asyncio.ensure_future(self._read())

    @property
    def last(self) -> int:
        """The number of the last message."""
        return self._seen

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return not self.why

    @property
    def pid(self) -> int:
        """Its process number on this machine."""
        return self._process.pid

    @property
    def stuck(self) -> bool:
        """Whether it has been at work on something for so long that who loads its page again wants another."""
        return any(time.monotonic() - begun > STUCK for begun in self._asked.values())

    def private_bytes(self) -> int:
        """Memory that is this visitor's alone; 0 where Linux does not say."""
        try:
            lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            return 0
        return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Private_"))

    async def begin(self) -> None:
        """Somebody has come: what the app scheduled while it started goes on."""
        self._visited = True
        await self._talk.say({"type": "begin"})

    def join(self, page: Callable[[bytes], None], seen: int | None = None) -> bool:
        """From now on this page hears what the process says, in place of any before it.

        ``seen``: the number of the last message it has, for one that comes back. What it missed is sent at once; False
        if that is no longer all there (ask for the state then).
        """
        self._page, self._visited = page, True
        if seen is None:
            return True
        missed = [(number, data) for number, data in self._kept if number > seen]
        complete = seen >= self._seen or (bool(missed) and missed[0][0] == seen + 1)
        for _, data in missed if complete else ():
            page(data)
        return complete

    def tells(self, page: Callable[[bytes], None]) -> bool:
        """Whether it is this page that hears what the process says: no other has joined since."""
        return self._page == page

    def leave(self, page: Callable[[bytes], None]) -> None:
        """This page is no longer there."""
        if self._page == page:
            self._page = None

    def tell_page(self, data: bytes) -> None:
        """Say something of the site's to the page that is joined, if one is."""
        if self._page is not None:
            self._page(data)

    async def hear(self, message: dict[str, Any], buffers: frames.Buffers = ()) -> None:
        """Pass on what the page says; anything but comm messages and questions for the state is dropped."""
        if message.get("type") in _FROM_PAGE and self.alive:
            self._said = 0
            if self._handled is not None and len(self._asked) < UNDER_WAY:
                self._asked[str(message.get("id") or "")] = time.monotonic()
            await self._talk.say(message, buffers)

    async def where(self, model: str) -> Place | None:
        """Where the widget of that id is made; None where the process does not say, or not soon."""
        asked: asyncio.Future[Place | None] = asyncio.get_running_loop().create_future()
        question = f"where-{secrets.token_hex(4)}"
        self._asking[question] = asked
        try:
            async with asyncio.timeout(WHERE_SECONDS):
                await self._talk.say({"type": "where", "id": question, "comm": model}, ())
                return await asked
        except TimeoutError:  # a callback of the app is at work
            return None
        finally:
            self._asking.pop(question, None)

    async def end(self, why: Why, what: str = "") -> None:
        """End the process; once is enough. ``what`` is the sentence for its page, where it is another than usual."""
        self._over(why, what)
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        while (data := await self._talk.hear()) is not None:
            try:
                message, buffers = frames.unpacked(data)
                self._take(message, buffers, data)
            except (ValueError, KeyError, TypeError, AttributeError):
                break  # it is no longer our code that speaks there
            if self._said > self._limit:
                self._tell(Notice("too_much_output", self.app, "The app sends more than its page can take."))
                self._over("output")
                return
        await self._process.wait()
        why = self._process.reason
        if why not in WORDS:
            why = "crash"
        if not self.why and self._visited:
            self._tell(Notice("kernel_lost", self.app, f"A visitor's process is gone: {WORDS.get(why, _CRASHED)}"))
        self._over(why)

    def _take(self, message: dict[str, Any], buffers: list[bytes], data: bytes) -> None:
        kind, number = message["type"], message["seq"]
        if kind not in _FROM_PROCESS or number != self._seen + 1:
            raise ValueError("no message of a visitor's process")
        self._seen = number
        self._said += len(data)
        if kind == "status" and "there" in message:
            self._tell_where(message)
            data = frames.packed({name: message[name] for name in ("type", "seq", "state", "parent")})
        if kind == "failed":
            self._failed(message, message.get("inputs"))
            data = frames.packed({"type": "failed", "seq": number, "parent": str(message.get("parent", ""))})
        elif kind == "status":
            self._answered(message)
        elif kind == "output" and message["output"].get("output_type") == "error":
            self._failed(message["output"], message.pop("inputs", None))
            hidden = {**message["output"], "traceback": []}
            data = frames.packed({**message, "output": hidden}, buffers)
        self._keep(number, data)
        if self._page is not None:
            self._page(data)

    def _answered(self, status: dict[str, Any]) -> None:
        begun = self._asked.pop(str(status.get("parent")), None) if status.get("state") == "idle" else None
        if begun is not None and self._handled is not None:
            self._handled(time.monotonic() - begun)

    def _tell_where(self, status: dict[str, Any]) -> None:
        asked, there = self._asking.pop(str(status.get("parent")), None), status["there"]
        if asked is None or asked.done():
            return
        match there:
            case {"cell": int(cell), "variable": str(variable)}:
                asked.set_result(Place(cell, readable(variable)[:LONGEST_NAME]))
            case _:
                asked.set_result(None)

    def _failed(self, error: dict[str, Any], inputs: Any) -> None:
        before = self._allowance.take()
        if before is None:
            return
        what = with_remedy(f"{error.get('ename', '')}: {error.get('evalue', '')}"[:LONGEST])
        trace = error.get("traceback")
        self._tell(
            Notice(
                "callback_failed",
                self.app,
                f"{what} ({before} more before it were left out.)" if before else what,
                "\n".join(map(str, trace)) if isinstance(trace, list) else "",
                inputs,
            )
        )

    def _keep(self, number: int, data: bytes) -> None:
        self._kept.append((number, data))
        self._size += len(data)
        while self._size > KEPT:
            self._size -= len(self._kept.popleft()[1])

    def _over(self, why: str, what: str = "") -> None:
        if self.why:
            return
        self.why = why
        self._talk.close()
        if self._own is not None:
            self._own.close()
        else:
            self._process.close()
        if self._page is not None:
            self._page(frames.packed({"type": "gone", "why": why, "what": what or WORDS.get(why, _CRASHED)}))
        self._page = None
        self._ended(self, why)
