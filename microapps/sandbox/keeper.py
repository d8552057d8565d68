"""The keeper: one small process outside each app's containment that starts it, watches it and clears up after it.

It is a process, not a thread, so that it survives whatever happens to the harness. It holds no key: its environment is
empty. Its life hangs on the harness's (a socket and a process handle), the containment's life hangs on its own
(``--die-with-parent``), and the run directory's lock goes with it. Whatever dies first, the rest follows.

The harness speaks to it on an inherited socket (configuration in, ``ready`` or ``failed`` out) and, for each kernel,
on a connection of that kernel's own: ``start`` in; ``born`` with handles of the processes, then ``ended`` out. Closing
that connection ends the kernel. ``visit`` in place of ``start`` asks a staged app's *init* (:mod:`.inside.stage`),
which was started in the same way, for a fork of the app. Run as ``python -P -m microapps.sandbox.keeper FD``; standard
library only.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from . import disk, proxy, rundirs, usage, wire
from .inside import system
from .kept import Kernel, signal_to

_TICK = 0.1
"""Seconds between two looks at the kernels."""
_SHARE = 20
"""Looking takes at most one part in so many of a processor, unless it would be rarer than :data:`_RAREST`."""
_RAREST = 0.25
"""Seconds between two looks at processes that are at work, however much there is to be looked at."""
_SETTLED = 5.0
"""Seconds after which a data folder is looked at though no process was at work meanwhile."""
_NOTE = 2048
"""Bytes of a note about an attempt."""
_TIMES = 1_000_000
"""Most attempts that one note stands for."""
_ERRORS = 4000
"""Characters kept of what the containment wrote to its standard error."""


class Keeper:
    """Everything the keeper knows; one for each warm parent."""

    def __init__(self, harness: socket.socket, configuration: dict[str, Any]) -> None:
        self.harness = harness
        self.given = configuration
        self.run = Path(configuration["run"])
        self.kernels: set[Kernel] = set()
        self.over = asyncio.Event()
        self.errors = ""
        self.ready = False
        self.occupied = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        given = self.given
        self.data = disk.DataFolder(*given["data"]) if given["data"] else None

    async def keep(self) -> None:
        """Start the containment, serve until harness or containment is gone, clear up."""
        loop = asyncio.get_running_loop()
        # What outlives the warm parent comes to this process: without namespaces nothing else would end it, and with
        # them bubblewrap's own child, if bubblewrap is killed before it has told that child to go on.
        system.adopt_orphans()
        self._watch_harness(loop)
        ours, theirs = wire.pair()
        self.parent = ours
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - the command the harness built
                [*self.given["command"], str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=self.given["environment"],
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        assert self.process.stderr is not None  # noqa: S101
        os.set_blocking(self.process.stderr.fileno(), False)
        loop.add_reader(self.process.stderr.fileno(), self._read_errors)
        ours.setblocking(False)
        loop.add_reader(ours, self._hear_parent)
        ours.send(self.given["inside"])
        listener = wire.listener(self.run / "keeper")
        loop.add_reader(listener, self._accept, listener)
        watching = [loop.create_task(self._watch_usage())]
        if self.data is not None:
            watching.append(loop.create_task(self._watch_data(self.data)))
        for each in watching:
            each.add_done_callback(lambda _: self.over.set())  # what nobody watches must not run
        try:
            await self.over.wait()
        finally:
            for each in watching:
                each.cancel()
            self._clear()

    def _watch_harness(self, loop: asyncio.AbstractEventLoop) -> None:
        self.harness.setblocking(False)
        loop.add_reader(self.harness, self.over.set)  # it never writes again: readable means closed
        handle = os.pidfd_open(self.given["harness"])
        loop.add_reader(handle, self.over.set)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None  # noqa: S101
        fd = self.process.stderr.fileno()
        data = os.read(fd, 65536)
        self.errors = (self.errors + data.decode(errors="replace"))[-_ERRORS:]
        if not data:
            asyncio.get_running_loop().remove_reader(fd)

    def _hear_parent(self) -> None:
        """The warm parent says one thing, that it is ready; after that it can only go."""
        heard = wire.receive(self.parent)
        if heard is not None and not self.ready:
            message, fds = heard
            self.ready = "skipped" in message["ready"]
            wire.send(self.harness, message)
            if fds:
                self._hear_notes(socket.socket(fileno=fds[0]))
            for fd in fds[1:]:
                self.open_way_out(fd)  # one for all kernels, where they cannot have a network of their own
            return
        if not self.ready:
            self._read_errors()
            wire.send(self.harness, {"failed": self.errors.strip() or "the warm parent ended without a word"})
        self.over.set()

    def open_way_out(self, listener: int) -> proxy.Proxy:
        """Answer a listening socket that was made inside the containment."""
        hosts = [(name, port) for name, port in self.given["hosts"]]
        made = proxy.Proxy(hosts, proxy.AccessLog(self.given["log"], self.given["app"]))
        self._background(made.serve(socket.socket(fileno=listener)))
        return made

    def _hear_notes(self, notes: socket.socket) -> None:
        """Log what the app's processes say they tried; after so much of it nobody listens any more."""
        notes.setblocking(False)
        log = proxy.AccessLog(self.given["log"], self.given["app"])
        refused = "past the way out" if self.given["hosts"] else "no host was given to this app"

        def heard() -> None:
            try:
                said = json.loads(notes.recv(_NOTE))
                log.attempt("direct", str(said["host"]), _port(said["port"]), refused, min(int(said["times"]), _TIMES))
            except BlockingIOError:
                return
            except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
                log.attempt("direct", "what cannot be read", 0, refused)
            if log.full or self.given["log"] is None:
                asyncio.get_running_loop().remove_reader(notes)
                notes.close()

        asyncio.get_running_loop().add_reader(notes, heard)

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _accept(self, listener: socket.socket) -> None:
        channel, _ = listener.accept()
        if wire.peer(channel) != self.given["harness"]:
            channel.close()
            return
        Kernel(self, channel).serve()

    async def _watch_usage(self) -> None:
        spent = 0.0
        while True:
            await self.occupied.wait()
            await _pause(spent)
            begun = time.monotonic()
            for kernel in tuple(self.kernels):
                kernel.look()
            spent = time.monotonic() - begun

    async def _watch_data(self, data: disk.DataFolder) -> None:
        spent, seen, looked = 0.0, (0, 0, 0), 0.0
        within = time.monotonic()
        while True:
            await self.occupied.wait()
            await _pause(spent)
            begun = time.monotonic()
            pids = [pid for kernel in self.kernels for pid in kernel.processes()]
            worked = usage.work(pids)
            if worked == seen and begun - looked < _SETTLED:
                within = begun
                continue
            seen, looked = worked, begun
            if data.overfull(pids):
                for kernel in tuple(self.kernels):
                    kernel.end("data", within)
            within = begun
            spent = time.monotonic() - begun

    def _clear(self) -> None:
        for kernel in tuple(self.kernels):
            kernel.end("keeper")
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        while strays := usage.descendants(os.getpid())[1:]:
            for pid in strays:
                signal_to(pid, signal.SIGKILL)
            os.waitpid(-1, 0)
        rundirs.remove(self.run)


async def _pause(spent: float) -> None:
    """Between two looks, of which the last took so many seconds."""
    await asyncio.sleep(max(_TICK, min(spent * _SHARE, _RAREST)))


def _port(said: object) -> int:
    return said if isinstance(said, int) and 0 <= said <= 0xFFFF else 0


def main() -> None:
    """Read the configuration from the inherited socket, then keep."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    harness = socket.socket(fileno=int(sys.argv[1]))
    heard = wire.receive(harness)
    if heard is None:
        return
    configuration = heard[0]
    configuration["inside"] = configuration["inside"].encode()
    asyncio.run(Keeper(harness, configuration).keep())


if __name__ == "__main__":
    main()
