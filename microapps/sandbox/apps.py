"""Apps that run without a kernel, as the harness sees them: a process in its containment, and a conversation with it.

An :class:`AppProcess` runs a notebook's cells once. Then either it serves one visitor itself, or it is *staged*: it
runs nothing more, and every visitor is a fork of it (:mod:`.inside.stage`).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import CellFailed, MachineFault, RunExceeded
from .confinement import Confinement
from .inside import frames
from .parent import KernelProcess, Parent
from .sandbox import Sandbox

Source = str | Mapping[str, Any]
"""A cell to run: its source, or a mapping of ``source`` and ``may_raise`` (bool)."""

_LIMIT = 1 << 20
_number = 0


@dataclass(frozen=True)
class Ran:
    """What a run of a notebook gave.

    Attributes
    ----------
    outputs : nbformat outputs of each code cell that was given.
    widgets : every widget's state by model id, in the order they were made.
    seconds : how long it took.
    left : clauses that complete "after its first run it has …": why it cannot be forked.
    goes_on : whether a thread or another process of it is at work after that.
    chance : digests of generators of random numbers (:mod:`.inside.chance`).
    seen, read : what a trial run did, and the files of its own that it read (:mod:`.inside.trial_run`).
    """

    outputs: list[list[dict[str, Any]]]
    widgets: dict[str, Any]
    seconds: float
    left: tuple[str, ...]
    goes_on: bool
    chance: Mapping[str, Any]
    seen: frozenset[str]
    read: tuple[str, ...]


def _ran(message: dict[str, Any]) -> Ran:
    if message["type"] == "raised":
        if message.get("too_much"):
            raise RunExceeded("The app output more than it may while it started.", "Show less at the start.")
        raise CellFailed(f"{message['name']}: {message['value']}", message["traceback"])
    return Ran(
        message["outputs"],
        message["widgets"],
        float(message["seconds"]),
        tuple(message["left"]),
        bool(message["goes_on"]),
        message["chance"],
        frozenset(message["seen"]),
        tuple(message["read"]),
    )


class Conversation:
    """Messages with binary parts, both ways, over one end of a stream socket. Belongs to one event loop."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def over(cls, stream: socket.socket) -> Conversation:
        """Take over a connected socket."""
        return cls(*await asyncio.open_unix_connection(sock=stream, limit=_LIMIT))

    @classmethod
    async def at(cls, path: str) -> Conversation:
        """Connect to a socket by its path."""
        return cls(*await asyncio.open_unix_connection(path, limit=_LIMIT))

    async def say(self, message: dict[str, Any], buffers: frames.Buffers = ()) -> None:
        """Send a message; waits while the other side does not listen. What it can no longer hear is lost."""
        await self.pass_on(frames.packed(message, buffers))

    async def pass_on(self, packed: bytes) -> None:
        """Send a message that is packed already."""
        self._writer.write(frames.framed(packed))
        try:
            await self._writer.drain()
        except ConnectionError:
            return  # whoever reads hears of its end

    async def hear(self) -> bytes | None:
        """The next message, packed; None when the other side is gone or says what is none."""
        try:
            return await self._reader.readexactly(frames.length(await self._reader.readexactly(4)))
        except (asyncio.IncompleteReadError, ConnectionError, ValueError):
            return None

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


class AppProcess:
    """One process that runs an app. Made by :meth:`open`, ended by :meth:`close`."""

    def __init__(self, parent: Parent, name: str, process: KernelProcess, talk: Conversation) -> None:
        self.talk = talk
        self.process = process
        self._parent, self._name = parent, name

    @classmethod
    async def open(
        cls, sandbox: Sandbox, confinement: Confinement, environment: Mapping[str, str], *, forks: bool
    ) -> AppProcess:
        """Start one. ``forks``: it is to be staged.

        Raises MachineFault where this machine cannot contain an app, or cannot stage one.
        """
        global _number
        _number += 1
        name = f"a{_number}"  # before anything is awaited: another's may begin meanwhile
        parent = await sandbox.parent(confinement)
        folder = parent.folder(name)
        try:
            process = await parent.open_app(name, dict(environment), forks=forks)
            try:
                return cls(parent, name, process, await Conversation.at(str(folder / frames.SOCKET)))
            except OSError as error:
                process.close()
                raise MachineFault(f"The process of {confinement.app!r} does not answer: {error}.") from error
        except BaseException:
            parent.forget(name)
            raise

    async def run(
        self, cells: Sequence[Source], *, limit: int, trial: bool = False, environment: Mapping[str, str] | None = None
    ) -> Ran:
        """Run code cells in order; they may show ``limit`` characters. ``trial``: watch what they do.

        What a cell raises that may raise (see :data:`Source`) is only shown.

        ``environment`` is added to what the process has, for one that was opened before its visitor was known.

        Raises
        ------
        CellFailed
            A cell raised; ``hint`` is its traceback.
        RunExceeded
            It took too long, used too much memory, showed too much, or ended its process.
        """
        said = {"type": "run", "cells": list(cells), "limit": limit, "trial": trial}
        await self.talk.say({**said, "environment": dict(environment or {})})
        try:
            return _ran(await self._answer())
        except (ValueError, LookupError, TypeError, AttributeError) as error:  # the app took over its process
            raise RunExceeded("The app's process said what cannot be understood.", "Check the app's code.") from error

    async def serve(self) -> None:
        """From now on :attr:`talk` is a visitor's."""
        await self.talk.say({"type": "serve"})

    async def stage(self, *, seeded: bool) -> None:
        """From now on it can only be forked. ``seeded``: its random numbers go on in the forks where they are.

        Raises RunExceeded if it ended.
        """
        await self.talk.say({"type": "fork", "seeded": seeded})
        await self._answer()
        self.talk.close()

    async def visit(self) -> tuple[KernelProcess, Conversation]:
        """A fork of a staged app, and the conversation with it.

        Raises MachineFault if it is not born.
        """
        global _number
        _number += 1
        try:
            return await self._fork(f"v{_number}")
        except OSError as error:
            raise MachineFault(
                f"No process could be made for a visitor: {error.strerror or error}.",
                "Allow the site more open files (ulimit -n), or fewer visits at once.",
            ) from error

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self.process.poll() is None

    def close(self) -> None:
        """End the process, and with it every fork of it."""
        self.talk.close()
        self.process.close()
        self._parent.forget(self._name)

    async def _fork(self, name: str) -> tuple[KernelProcess, Conversation]:
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                process = await self._parent.visit(self._name, name, theirs)
            try:
                return process, await Conversation.over(ours)
            except BaseException:
                process.close()
                raise
        except BaseException:
            ours.close()
            raise

    async def _answer(self) -> dict[str, Any]:
        data = await self.talk.hear()
        if data is not None:
            return frames.unpacked(data)[0]
        await self.process.wait()
        match self.process.reason:
            case "time":
                raise RunExceeded("The app was not ready in the time it has.", "Do less at the start.")
            case "":
                raise RunExceeded("The app's process died while it started.", "It may have used too much memory.")
            case reason:
                raise RunExceeded(f"The app used more {reason} than it may while it started.", "Do less at the start.")
