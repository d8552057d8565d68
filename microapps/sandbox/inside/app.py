"""An app in this process: its notebook is run once, and then one visitor is served, here or in a fork of it.

No kernel is involved, so nothing is running when the process is forked but this code. Messages are
:mod:`.frames` on one socket: ``run`` gets ``ran`` or ``raised`` as its answer, ``serve`` turns the socket into a
visitor's (``microapps.publish.visitors.protocol``).
"""

from __future__ import annotations

import _socket
import asyncio
import gc
import json
import os
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from jupyter_client.jsonutil import json_default

from . import brim, chance, comms, controls, facts, frames, outputs, shell, trial_run
from .clock import BUSY, IDLE
from .leftovers import Leftovers
from .noting import note_attempts

Message = dict[str, Any]
_NO_NUMBERS = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}
"""What Jupyter's messages have in place of what JSON has not (``jupyter_client.jsonutil.json_clean``)."""
_PEEK = int(socket.MSG_PEEK)  # so that a fork makes no number of an enumeration's member


class AppLoop(asyncio.SelectorEventLoop):
    """An event loop that goes on in a fork: what the app scheduled in it is still to come.

    What ``poll`` watches is in the memory of its process, and so the fork's own at once, which ``epoll``'s is not.
    """

    def __init__(self) -> None:
        super().__init__(selectors.PollSelector())

    def renew(self) -> None:
        """In a fork: be woken by this process alone."""
        for own, kept in zip(_socket.socketpair(), (self._ssock, self._csock), strict=True):  # type: ignore[attr-defined]
            own.setblocking(False)
            os.dup2(own.fileno(), kept.fileno(), inheritable=False)
            own.close()

    @property
    def watches(self) -> int:
        """How many files the app has this loop watch."""
        return len(self._selector.get_map() or ()) - 1  # type: ignore[attr-defined]


class App:
    """The one app of this process. ``tells`` is the pipe on which *init* hears whether it works or rests."""

    def __init__(self, policy: Message, tells: int) -> None:
        self.policy = policy
        self.tells = tells
        self.outputs = outputs.Outputs()
        self.shell = shell.make(self.outputs)
        self.manager = comms.install(self.shell.events)
        self.controls = controls.Controls()
        outputs.install()
        self.loop = AppLoop()
        self.loop.set_exception_handler(self._task_failed)
        asyncio.set_event_loop(self.loop)
        self.watcher = trial_run.Watcher(self.shell.user_ns, os.environ["MICROAPPS_DATA"], tuple(policy["given"]))
        self._chance: chance.Kept | None = None
        self._reads = False
        self._stream: socket.socket | None = None
        self._sequence = 0
        self._lock = threading.RLock()
        self._leftovers = Leftovers(self.loop, self.work)

    # ------------------------------------------------------------------------------------------------ the first run

    def run(self, message: Message) -> Message:
        """Run ``cells`` in order, which may show ``limit`` characters; ``trial``: watch what they do.

        Gives ``ran`` with outputs, widgets, and what there is to say against forks, or ``raised`` with the error of the
        first cell that raised.
        """
        before, drawn = facts.Before(self.policy["scratch"]), chance.shared()
        begun = time.perf_counter()
        self.outputs.limit = message["limit"]
        self.work(True)
        try:
            with self.watcher if message.get("trial") else nullcontext():
                error = self.loop.run_until_complete(self._run(message["cells"]))
            seconds = time.perf_counter() - begun
            if error is not None:
                return {"type": "raised", **error}
            return {
                "type": "ran",
                "outputs": self.outputs.cells,
                "widgets": comms.states(),
                "seconds": seconds,
                "left": before.left(self.loop.watches),
                "goes_on": before.goes_on(),
                "chance": {"before": drawn, "after": chance.shared(), "own": chance.own()},
                "seen": sorted(self.watcher.seen),
                "read": sorted(self.watcher.read),
            }
        except outputs.TooMuchOutput:
            return {"type": "raised", "too_much": True}
        finally:
            self.outputs.limit = 0
            self.work(False)

    async def _run(self, cells: list[str | Message]) -> Message | None:
        for number, cell in enumerate(cells):
            source, may_raise = (cell, False) if isinstance(cell, str) else (cell["source"], cell["may_raise"])
            self.outputs.begin_cell()
            self.watcher.read_words(source)
            result = await self._run_cell(source)
            self.controls.made_in(number)
            if result.error_before_exec is not None or result.error_in_exec is not None:
                error = result.error_before_exec or result.error_in_exec
                if isinstance(error, outputs.TooMuchOutput):
                    raise error
                if may_raise:
                    continue
                shown = [each for each in self.outputs.cells[-1] if each["output_type"] == "error"]
                return {
                    "name": type(error).__name__,
                    "value": str(error),
                    "traceback": "\n".join(shown[-1]["traceback"]) if shown else "",
                }
            await asyncio.sleep(0)  # tasks that the cell made get their turn, as between two cells of a notebook
        return None

    async def _run_cell(self, source: str) -> Any:
        transformed = self.shell.transform_cell(source)  # type: ignore[no-untyped-call]
        if self.shell.should_run_async(source, transformed_cell=transformed):
            result = await self.shell.run_cell_async(source, transformed_cell=transformed, store_history=False)
            self.shell.events.trigger("post_execute")  # a kernel does this after such a cell: it shows its figures
            self.shell.events.trigger("post_run_cell", result)
            return result
        return self.shell.run_cell(source, store_history=False)  # type: ignore[no-untyped-call]

    # ------------------------------------------------------------------------------------------------ one visitor

    def serve(self, stream: socket.socket, *, held: bool = False) -> None:
        """Serve the visitor at the other end until they are gone.

        ``held``: the app's tasks wait until something is said, if only ``begin``.
        """
        self._stream = stream
        if held:
            stream.recv(1, _PEEK)
        self.outputs.tell = self._tell
        comms.AppComm.line.say = self._say
        self._gathered = bytearray()
        self.loop.add_reader(stream.fileno(), self._readable)
        self.loop.run_forever()
        self.loop.remove_reader(stream.fileno())

    def forget(self) -> None:
        """Be as if nobody had been served, after a rehearsal."""
        self._leftovers.let_go()
        self._leftovers = Leftovers(self.loop, self.work)
        self._stream, self._sequence, self.controls = None, 0, controls.Controls()
        self.outputs.tell = comms.AppComm.line.say = None

    def _readable(self) -> None:
        assert self._stream is not None  # noqa: S101
        data = self._stream.recv(1 << 18)
        if not data:
            self.loop.stop()
            return
        self._gathered += data
        while len(self._gathered) >= 4:
            end = 4 + frames.length(bytes(self._gathered[:4]))
            if len(self._gathered) < end:
                return
            message, buffers = frames.unpacked(bytes(self._gathered[4:end]))
            del self._gathered[:end]
            self._handle(message, buffers)

    def _handle(self, message: Message, buffers: list[bytes]) -> None:
        if message["type"] == "begin":
            return
        parent, there = str(message.get("id", "")), dict[str, Any]()
        begun = time.perf_counter()
        token = outputs.PARENT.set(parent)
        self.work(True)
        self._say({"type": "status", "state": "busy"}, [])
        try:
            if message["type"] == "comm":
                self.controls.heard(message)
                comms.deliver(self.manager, message, buffers)
            elif message["type"] == "state":
                self._say({"type": "state", "widgets": comms.states()}, [])
            elif message["type"] == "where":
                there = {"there": self.controls.where(str(message.get("comm")), self.shell.user_ns)}
        except Exception:
            self.shell.showtraceback()
        finally:
            self._say({"type": "status", "state": "idle", **there}, [])
            self.work(False)
            outputs.PARENT.reset(token)
            self._leftovers.worked(time.perf_counter() - begun)

    def _tell(self, message: Message) -> None:
        output = message.get("output", {})
        if message["type"] == "output" and output["output_type"] == "error":
            if not message["widget"]:
                message = {"type": "failed", **{name: output[name] for name in ("ename", "evalue", "traceback")}}
            message = {**message, "inputs": self.controls.inputs()}
        self._say(message, [])

    def _say(self, message: Message, buffers: list[Any]) -> None:
        if message["type"] != "output":
            self.outputs.flush()  # what was printed before this is there before it
        with self._lock:
            self._sequence += 1
            self.send({**message, "seq": self._sequence, "parent": outputs.PARENT.get()}, buffers)

    def send(self, message: Message, buffers: frames.Buffers = ()) -> None:
        """Say something to the site; waits while it does not listen."""
        assert self._stream is not None  # noqa: S101
        try:
            data = frames.packed(message, buffers, json_default)
        except ValueError:  # not a number, or infinite: JSON has none
            clean = json.loads(json.dumps(message, default=json_default), parse_constant=_NO_NUMBERS.__getitem__)
            data = frames.packed(clean, buffers)
        with self._lock:
            try:
                self._stream.sendall(frames.framed(data))
            except (BrokenPipeError, ConnectionResetError):
                os._exit(0)  # nobody is there

    def _task_failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is not None:
            self.shell.showtraceback((type(error), error, error.__traceback__))

    def work(self, busy: bool) -> None:
        """Tell *init*, which holds the clock."""
        if self.tells >= 0:
            try:
                os.write(self.tells, BUSY if busy else IDLE)
            except OSError:
                self.tells = -1  # the app closed it: its clock keeps running in init

    # ----------------------------------------------------------------------------------------- from here to there

    def converse(self, stream: socket.socket) -> bool:
        """Do what the site says: run the notebook, then serve it here; True when it is to be forked instead."""
        self._stream = stream
        while (heard := frames.receive(stream)) is not None:
            message, _ = heard
            match message["type"]:
                case "run":
                    os.environ.update(message.get("environment", {}))
                    self.send(self.run(message))
                case "serve":
                    self.serve(stream)
                    return False
                case "fork":
                    self._chance = chance.Kept() if message.get("seeded") else None
                    self._reads = bool(facts.read_files())
                    gc.collect()
                    _forget_attributes()
                    brim.fill()
                    gc.collect()  # what was kept for reuse goes back while it is nobody else's
                    gc.freeze()  # so that a child's collections do not touch, and so copy, what is there now
                    self.send({"type": "forks"})
                    return True
        return False

    def wake(self, tells: int) -> None:
        """In a fork: be a process of its own."""
        self.tells = tells
        self.loop.renew()
        if self._reads:
            facts.renew_files()
        if self._stream is not None:
            self._stream.close()
        if self._chance is not None:
            self._chance.restore()
        else:
            chance.scatter_randomness()


def _forget_attributes() -> None:
    """Have Python forget where it found which attribute of which type.

    Python 3.11 keeps the name of each, and counts who uses it: in a fork, every attribute that is found anew takes the
    place of another, whose name, and so whose page of memory, is written to. From 3.12 on names are not counted.
    """
    if sys.version_info < (3, 12):
        sys._clear_type_cache()


def listen(policy: Message, name: str) -> socket.socket:
    """A socket in the process's own folder, to which the site connects."""
    folder = policy["run"] if policy["nested"] else f"{policy['run']}/{name}"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f"{folder}/{frames.SOCKET}")
    listener.listen(1)
    return listener


def open_to_site(
    policy: Message, request: Message, listener: socket.socket, tells: int, kept: Iterable[int] = ()
) -> tuple[App, socket.socket]:
    """Make the app of this process, and wait for the site to connect to its socket.

    ``kept`` are the open files that stay open besides; ``tells`` is the pipe to *init*.
    """
    _close_files({listener.fileno(), tells, policy["notes"], *kept})
    note_attempts(policy["notes"])
    os.environ.update(request["environment"])
    chance.scatter_randomness()
    app = App(policy, tells)
    app.work(False)
    stream, _ = listener.accept()
    listener.close()
    return app, stream


def become_app(policy: Message, request: Message, pipe: int) -> None:
    """Turn this process into an app that serves one visitor; does not return."""
    app, stream = open_to_site(policy, request, listen(policy, request["name"]), pipe)
    app.converse(stream)
    os._exit(0)


def _close_files(kept: set[int]) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    first = 3
    for fd in sorted(kept):
        os.closerange(first, fd)
        first = fd + 1
    os.closerange(first, 1 << 16)
