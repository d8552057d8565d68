"""One kernel, app or visitor as its keeper sees it. Standard library only."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import disk, proxy, usage, wire

if TYPE_CHECKING:
    from .keeper import Keeper

_MEMORY_SLACK = 64 << 20
"""A single process meets its own limit first and gets a MemoryError; the watchdog's is a little above."""
_SOCKETS = 64
"""Entries a kernel may have in its folder of sockets."""


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
        self.visitor = 0
        self.reason = ""
        self.late = 0.0
        self.within = time.monotonic()
        self.seen = (0, 0, 0)
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
            kernel = _pid_of(fds[1])
            self.visitor = kernel if self.stage is not None else 0
            wire.send(self.harness, {"born": kernel}, fds[:2])
            os.close(fds[1])
            if len(fds) > 2:
                self.way_out = self.keeper.open_way_out(fds[2])
            fds = []
        elif "listening" in message:
            self._tell(message)
        elif "ended" in message:
            self.reason = self.reason or str(message.get("reason", ""))
            self.late = self.late or float(message.get("late", 0.0))
            self._tell({"ended": message["ended"], "reason": self.reason, "late": self.late})
        elif "failed" in message:
            self._tell({"failed": str(message["failed"])})
        for fd in fds:
            os.close(fd)

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            wire.send(self.harness, message)
        except OSError:
            return  # the harness no longer listens; its closing ends the kernel anyway

    def processes(self) -> list[int]:
        """Its processes. A visitor is no child of its *init*, but of its app's, and is no process of its app's."""
        if not self.pid:
            return []
        visitors = {pid for each in self.keeper.kernels if each.stage is self for pid in (each.pid, each.visitor)}
        return usage.descendants(self.pid, visitors) + (usage.descendants(self.visitor) if self.visitor else [])

    def look(self) -> None:
        """End the kernel if it uses more than it may."""
        now = time.monotonic()
        pids = self.processes()
        worked = usage.work(pids)
        if worked == self.seen:
            self.within = now
            return
        self.seen = worked
        limit = self.keeper.given["memory"] + _MEMORY_SLACK
        staged = any(each.stage is self for each in self.keeper.kernels)
        if usage.memory(pids, limit, self.pid if staged else 0) > limit:
            self.end("memory", self.within)
        elif disk.measured(self.folder, _SOCKETS)[1] > _SOCKETS:
            self.end("sockets", self.within)
        self.within = now

    def end(self, reason: str, within: float | None = None) -> None:
        """End the kernel and everything below it; ``within`` is when it was last seen to be within its limits."""
        if not self.reason:
            self.reason = reason
            self.late = 0.0 if within is None else time.monotonic() - within
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
        self._tell({"ended": -int(signal.SIGKILL), "reason": self.reason, "late": self.late})
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
            signal_to(found, signal.SIGSTOP)
    for found in stopped:
        signal_to(found, signal.SIGKILL)


def signal_to(pid: int, number: int) -> None:
    """Send a signal to a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
