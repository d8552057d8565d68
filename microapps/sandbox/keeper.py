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
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from . import proxy, usage, wire
from .inside import system

_TICK = 0.1
"""Seconds between two looks at the kernels."""
_SHARE = 20
"""Looking takes at most one part in so many of a processor: large data folders are looked at less often."""
_MEMORY_SLACK = 64 << 20
"""A single process meets its own limit first and gets a MemoryError; the watchdog's is a little above."""
_SOCKETS = 64
"""Entries a kernel may have in its folder of sockets."""
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

    async def keep(self) -> None:
        """Start the containment, serve until harness or containment is gone, clear up."""
        loop = asyncio.get_running_loop()
        if not self.given["namespaces"]:
            system.adopt_orphans()  # nothing else would end what outlives the warm parent
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
        watching = loop.create_task(self._watch_usage())
        try:
            await self.over.wait()
        finally:
            watching.cancel()
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
            await asyncio.sleep(max(_TICK, spent * _SHARE))
            begun = time.monotonic()
            for kernel in tuple(self.kernels):
                kernel.look()
            data = self.given["data"]
            if data and self.kernels:
                size, entries = usage.disk(data, self.given["data_entries"])
                if size > self.given["data_limit"] or entries > self.given["data_entries"]:
                    for kernel in tuple(self.kernels):
                        kernel.end("data")
            spent = time.monotonic() - begun

    def _clear(self) -> None:
        for kernel in tuple(self.kernels):
            kernel.end("keeper")
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        while not self.given["namespaces"] and (strays := usage.descendants(os.getpid())[1:]):
            for pid in strays:
                _signal(pid, signal.SIGKILL)
            os.waitpid(-1, 0)
        shutil.rmtree(self.run, ignore_errors=True)


class Kernel:
    """One kernel as its keeper sees it: a connection of the harness, one of the kernel's *init*, two processes."""

    def __init__(self, keeper: Keeper, harness: socket.socket) -> None:
        self.keeper = keeper
        self.harness = harness
        self.init: socket.socket | None = None
        self.handle = -1
        self.pid = 0
        self.folder = ""
        self.name = ""
        self.stage: Kernel | None = None
        self.reason = ""
        self.way_out: proxy.Proxy | None = None

    def serve(self) -> None:
        """Wait for the harness's word."""
        self.harness.setblocking(False)
        asyncio.get_running_loop().add_reader(self.harness, self._hear(self.harness, self._from_harness))

    def _hear(self, channel: socket.socket, then: Callable[[dict[str, Any], list[int]], None]) -> Callable[[], None]:
        def heard() -> None:
            try:
                message = wire.receive(channel)
            except BlockingIOError:
                return
            except ValueError:
                message = None
            if message is None:
                self._gone()
            else:
                then(*message)

        return heard

    def _from_harness(self, message: dict[str, Any], fds: list[int]) -> None:
        given = [socket.socket(fileno=fd) for fd in fds]
        try:
            if self.init is None and "start" in message:
                self._start(message["start"])
            elif self.init is None and "visit" in message and len(given) == 1:
                self._visit(message["visit"], given[0])
        finally:
            for each in given:
                each.close()

    def _start(self, request: dict[str, Any]) -> None:
        """Have the warm parent fork a kernel, or an app."""
        self.name = request["name"]
        self.folder = str(self.keeper.run / "k" / self.name)
        self._begin(self.keeper.parent, request, [])

    def _visit(self, request: dict[str, Any], stream: socket.socket) -> None:
        """Have a staged app fork a visitor, who gets ``stream``."""
        staged = (each for each in self.keeper.kernels if each.name == request["of"] and each.pid)
        self.stage = next(staged, None)
        if self.stage is None or self.stage.init is None:
            self._tell({"failed": "the app that was to be forked is gone"})
            return
        self._begin(self.stage.init, request, [stream.fileno()])

    def _begin(self, to: socket.socket, request: dict[str, Any], fds: list[int]) -> None:
        self.init, theirs = wire.pair()
        self.init.setblocking(False)
        with theirs:
            wire.send(to, request, [theirs.fileno(), *fds])
        self.keeper.kernels.add(self)
        self.keeper.occupied.set()
        asyncio.get_running_loop().add_reader(self.init, self._hear(self.init, self._from_init))

    def _from_init(self, message: dict[str, Any], fds: list[int]) -> None:
        if "born" in message and self.handle < 0 and len(fds) >= 2:
            self.handle = fds[0]
            self.pid = _pid_of(fds[0])
            wire.send(self.harness, {"born": _pid_of(fds[1])}, fds[:2])
            os.close(fds[1])
            if len(fds) > 2:
                self.way_out = self.keeper.open_way_out(fds[2])
            fds = []
        elif "listening" in message:
            self._tell(message)
        elif "ended" in message:
            self.reason = self.reason or str(message.get("reason", ""))
            self._tell({"ended": message["ended"], "reason": self.reason})
        elif "failed" in message:
            self._tell({"failed": str(message["failed"])})
        for fd in fds:
            os.close(fd)

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            wire.send(self.harness, message)
        except OSError:
            return  # the harness no longer listens; its closing ends the kernel anyway

    def look(self) -> None:
        """End the kernel if it uses more than it may."""
        if not self.pid:
            return
        limit = self.keeper.given["memory"] + _MEMORY_SLACK
        visitors = {each.pid for each in self.keeper.kernels if each.stage is self}
        if usage.memory(usage.descendants(self.pid, visitors), limit) > limit:
            self.end("memory")
        elif usage.disk(self.folder, _SOCKETS)[1] > _SOCKETS:
            self.end("sockets")

    def end(self, reason: str) -> None:
        """End the kernel and everything below it."""
        self.reason = self.reason or reason
        if self.handle >= 0:
            if not self.keeper.given["nested"]:
                _end_tree(self.pid)
            try:
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _gone(self) -> None:
        """Either side went: end the kernel, tell the harness why, forget it."""
        loop = asyncio.get_running_loop()
        self.end("")
        self._tell({"ended": -int(signal.SIGKILL), "reason": self.reason})
        for channel in (self.harness, self.init):
            if channel is not None and channel.fileno() >= 0:
                loop.remove_reader(channel)
                channel.close()
        if self.way_out is not None:
            self.way_out.close()
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1
        self.pid = 0
        self.keeper.kernels.discard(self)
        if not self.keeper.kernels:
            self.keeper.occupied.clear()


def _port(said: object) -> int:
    return said if isinstance(said, int) and 0 <= said <= 0xFFFF else 0


def _pid_of(handle: int) -> int:
    for line in Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines():
        if line.startswith("Pid:"):
            return max(0, int(line.split()[1]))
    return 0


def _end_tree(pid: int) -> None:
    """Without a process namespace: stop every descendant first, so that none can fork away, then kill them."""
    stopped: set[int] = set()
    while fresh := [found for found in usage.descendants(pid) if found not in stopped]:
        for found in fresh:
            stopped.add(found)
            _signal(found, signal.SIGSTOP)
    for found in stopped:
        _signal(found, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


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
