"""One app's socket: takes questions, a few at once and a bounded number a minute, whatever is sent to it.

A place is taken before a connection is accepted, so that a flood waits on the kernel's side and costs the harness
nothing. Whoever sends junk keeps a place for a moment longer, which bounds how fast junk can come.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from .questions import LONGEST_LINE, Question, Refusal, answered, refused

_log = logging.getLogger("microapps.broker")


@dataclass(frozen=True)
class Pace:
    """Bounds for one app; times in seconds.

    Attributes
    ----------
    at_once : connections that are served; further ones wait.
    per_minute : questions that are passed on.
    to_send, to_read : how long a kernel may take to send its question, and to read its answer.
    penalty : how long a place stays taken after junk, or a question above the pace.
    """

    at_once: int = 4
    per_minute: int = 60
    to_send: float = 10.0
    to_read: float = 10.0
    penalty: float = 0.5


PACE = Pace()


class Listener:
    """Answers the connections to one socket until it is closed. Made in a running event loop.

    ``answer`` gives the text for a question or raises Refusal; ``heard_refusal`` is told what was refused and should be
    logged.
    """

    def __init__(
        self,
        path: Path,
        answer: Callable[[Question], Awaitable[str]],
        heard_refusal: Callable[[Refusal], None],
        pace: Pace = PACE,
    ) -> None:
        self.path = path
        self._answer = answer
        self._heard_refusal = heard_refusal
        self._pace = pace
        self._room = asyncio.Semaphore(pace.at_once)
        self._recent: deque[float] = deque()
        self._talks: set[asyncio.Task[None]] = set()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.setblocking(False)
        self._socket.bind(str(path))
        path.chmod(0o666)  # an app's kernels may be another user; the folder around it is ours alone
        self._socket.listen(16)
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    async def close(self) -> None:
        """Stop answering; questions under way are dropped."""
        tasks = (self._serving, *self._talks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._socket.close()
        self.path.unlink(missing_ok=True)

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._room.acquire()
            try:
                connection, _ = await loop.sock_accept(self._socket)
            except OSError as error:  # such as too many open files in this process
                _log.warning("A question of an app could not be taken: %s.", error)
                self._room.release()
                await asyncio.sleep(self._pace.penalty)
                continue
            talk = loop.create_task(self._talk(connection))
            self._talks.add(talk)
            talk.add_done_callback(self._over)

    def _over(self, talk: asyncio.Task[None]) -> None:
        self._talks.discard(talk)
        self._room.release()
        if not talk.cancelled() and (error := talk.exception()) is not None:
            _log.error("A question of an app was not answered.", exc_info=error)

    async def _talk(self, connection: socket.socket) -> None:
        """One question and its answer."""
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=LONGEST_LINE)
        penalty = 0.0
        try:
            try:
                async with asyncio.timeout(self._pace.to_send):
                    question = Question.parse(await reader.readuntil(b"\n"))
                self._keep_pace()
                said = answered(await self._answer(question))
            except Refusal as refusal:
                said = refused(refusal)
                penalty = self._pace.penalty if refusal.kind in ("question", "busy") else 0.0
                if refusal.logged:
                    self._heard_refusal(refusal)
            writer.write(said)
            async with asyncio.timeout(self._pace.to_read):
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            penalty = self._pace.penalty  # the kernel left, stalled, or sent what has no end
        finally:
            writer.transport.abort()
        await asyncio.sleep(penalty)

    def _keep_pace(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._recent and self._recent[0] < now - 60:
            self._recent.popleft()
        if len(self._recent) >= self._pace.per_minute:
            what = "This app asks the language model too often. Try again in a minute."
            raise Refusal("busy", what, f"more than {self._pace.per_minute} questions a minute")
        self._recent.append(now)
