"""Several serving processes behind one address: each visitor is pinned to one of them, and one can end by itself.

This process listens, and hands every connection to a process that serves (:mod:`.routing`); no byte of a visitor passes
through it. To whoever started it, it speaks as a site of one process does: it passes orders on to all, and puts their
answers together. A process that ends is started again: its visitors have to load their pages anew, no others.
"""

from __future__ import annotations

import asyncio
import math
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import tornado.netutil

from ..errors import MachineFault, MicroappsError
from .notices import Channel, Notice
from .orders import take_orders
from .room import PART, machine_memory
from .routing import first_line, wanted
from .settings import APPS, MEBIBYTE, Serving, SiteConfig, SiteSettings
from .site import Site, SiteHangs, kill_with_children
from .worker import merged

WAITING = 4096
"""Connections that may have said nothing yet; further ones are closed."""
HANGING = 10.0
"""Seconds after which a process that does not answer is ended, and started again."""
PATIENCE = 8.0
"""Seconds for a process to end by itself; less than whoever started this one has with it."""
LOOK = 1.0
"""Seconds between two looks at how many visits each process has."""
UNDER_WAY = 0.5
"""Seconds for which a visit may be on its way to a process, which does not count it yet."""
MOST_UNSEEN = 5
"""Looks in a row that are left out where visits come all the time: then one more or less of them matters little."""
SETTLED = 10.0
"""Seconds after which a process that ends has not failed at its start."""
LONGEST_PAUSE = 30.0
FULL_PAUSE = 0.2
_NOBODY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Process(Site):
    """One of the serving processes, seen from here."""

    answer_seconds = HANGING
    stop_seconds = PATIENCE

    def __init__(self, front: Front, number: int) -> None:
        super().__init__(front.apps, shared(front.served.settings, front.served.settings.processes))
        self.door, self._theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.door.setblocking(False)
        self.number, self.load, self.unseen = number, 0, 0
        self.given = 0.0
        """When it was given the last visit; and ``unseen`` how many looks at its load were left out since."""
        self.visits_of: Counter[str] = Counter()
        self.begun = time.monotonic()
        self._front = front

    def config(self) -> SiteConfig:
        return SiteConfig(self.apps, self.settings, Serving(self.number, self._theirs.fileno()), self._front.revoked)

    def inherited(self) -> tuple[int, ...]:
        return (self._theirs.fileno(),)

    async def start(self) -> None:
        try:
            await super().start()
        finally:
            self._theirs.close()

    async def stop(self) -> None:
        self.door.close()
        await super().stop()

    def hand(self, connection: socket.socket) -> bool:
        """Give it a connection; False if it takes none."""
        try:
            socket.send_fds(self.door, [b"+"], [connection.fileno()])
        except OSError:
            return False
        return True

    async def ask(self, order: str, **values: Any) -> Any:
        """Pass an order on. A process that does not answer is ended: its visitors have been waiting as well."""
        try:
            return await self._ask(order, **values)
        except SiteHangs:
            sys.stderr.write(f"Serving process {self.number} did not answer {order!r} in time and is ended.\n")
            if self._process is not None:
                kill_with_children(self._process.pid)
            raise

    def noticed(self, notice: Notice) -> None:
        self._front.channel.notify(notice)

    def visited(self, way: int) -> None:
        self._front.channel.say("visited", way=way)

    def _take(self, event: dict[str, Any], ready: asyncio.Future[int]) -> None:
        if event["event"] == "gather":
            self._front.begin(self._front.gather(self, event["number"]))
        else:
            super()._take(event, ready)

    async def _read_log(self, stderr: asyncio.StreamReader) -> None:
        while line := await stderr.readline():
            self.log.append(line.decode(errors="replace").rstrip("\n"))
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()


class Front:
    """The process before the others."""

    def __init__(self, served: SiteConfig, channel: Channel) -> None:
        self.served, self.channel, self.apps = served, channel, served.apps
        self._processes: list[Process] = []
        self.revoked = dict(served.revoked)
        self._changing = asyncio.Lock()  # held while an order is passed on, and while a process joins the others
        self._waiting: set[asyncio.Task[None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Serve until the parent closes our standard input or asks us to stop."""
        asyncio.run(self.serve())

    async def serve(self) -> None:
        """Start the processes, listen, and stop them all at the end."""
        stopped = asyncio.Event()
        for ends in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(ends, stopped.set)
        settings = self.served.settings
        count = settings.processes
        try:
            listening = tornado.netutil.bind_sockets(settings.port, settings.host)
        except OSError as error:
            what = f"The site could not listen on {settings.host}, port {settings.port}: {error}."
            self.channel.say("refused", what=what, hint="Choose another port, or 0 for a free one.")
            return
        self._processes = [Process(self, number) for number in range(count)]
        try:
            await asyncio.gather(*(each.start() for each in self._processes))
        except MachineFault as error:
            await asyncio.gather(*(each.stop() for each in self._processes))
            self.channel.say("refused", what=error.what, hint=error.hint)
            return
        for each in listening:
            self.begin(self._listen(each))
        for number in range(count):
            self.begin(self._keep(number))
        self.begin(self._look())
        self.begin(self._follow(stopped))
        self.channel.say("ready", port=listening[0].getsockname()[1])
        await stopped.wait()
        for task in (*self._tasks, *self._waiting):
            task.cancel()
        for each in listening:
            each.close()
        await asyncio.gather(*(each.stop() for each in self._processes))

    def begin(self, work: Any) -> None:
        """Do something beside the rest."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def gather(self, asking: Process, number: int) -> None:
        """Answer a process that wants to know what all of them have counted."""
        texts = {one: str(text) for one, text in (await self._answers(self._alive(), "metrics")).items()}
        await asking.ask("gathered", gathering=number, text=merged(texts))

    # ---------------------------------------------------------------------------------------------- connections

    async def _listen(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        listening.setblocking(False)
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError as error:  # no more files may be open: some will be closed in a while
                sys.stderr.write(f"A connection could not be taken: {error}\n")
                await asyncio.sleep(FULL_PAUSE)
                continue
            if len(self._waiting) >= WAITING:
                connection.close()
                continue
            task = asyncio.ensure_future(self._route(connection))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _route(self, connection: socket.socket) -> None:
        with connection:
            line = await first_line(connection)
            if line is None:
                return
            asked = wanted(line, len(self._processes), self._present)
            if asked.process is not None:
                chosen = self._processes[asked.process]
            else:
                chosen = min(self._processes, key=lambda each: (not each.alive, each.load))
                chosen.load += asked.begins
                if asked.begins:
                    chosen.given = time.monotonic()
            others = (each for each in self._processes if each is not chosen and each.alive)
            if not chosen.hand(connection) and not any(each.hand(connection) for each in others):
                with suppress(OSError):
                    connection.send(_NOBODY)

    def _present(self, name: str) -> str:
        """The name that an app has now, by any that it had."""
        names = {former: app.name for app in self.apps for former in app.former}
        return name if any(app.name == name for app in self.apps) else names.get(name, name)

    # ------------------------------------------------------------------------------------------------ processes

    async def _look(self) -> None:
        """See now and then how many visits each process has, and how many will ask for their page soon."""
        while True:
            await asyncio.sleep(LOOK)
            there = self._alive()
            loads = await self._answers(there, "load")
            for each in there:
                if each.number not in loads:
                    continue
                load = loads[each.number]
                each.visits_of = Counter(load["there"])
                if time.monotonic() - each.given > UNDER_WAY or each.unseen == MOST_UNSEEN:
                    each.load, each.unseen = each.visits_of.total() + load["coming"], 0
                else:
                    each.unseen += 1

    async def _keep(self, number: int) -> None:
        """Start a process again whenever it ends."""
        pause = 0.0
        while True:
            ended = self._processes[number]
            await ended.over()
            for app, count in ended.visits_of.items():
                if count:
                    what = f"A serving process ended, and with it {count} visits; it is started again."
                    self.channel.notify(Notice("kernel_lost", app, what))
            await ended.stop()
            pause = 0.0 if time.monotonic() - ended.begun > SETTLED else min(2 * pause + 0.5, LONGEST_PAUSE)
            await asyncio.sleep(pause)
            fresh = Process(self, number)
            try:
                await fresh.start()
                await self._join(fresh)
            except MicroappsError as error:
                sys.stderr.write(f"{error}\n")
                await fresh.stop()
                self._processes[number] = fresh

    async def _join(self, fresh: Process) -> None:
        """Have a process take its part of the visitors, once it knows all that the others know."""
        async with self._changing:
            if fresh.apps != self.apps:
                await fresh.serve(self.apps)
            for app, at in self.revoked.items():
                await fresh.ask("revoke", app=app, at=at)
            self._processes[fresh.number] = fresh

    # --------------------------------------------------------------------------------------------------- orders

    async def _follow(self, stopped: asyncio.Event) -> None:
        await take_orders(self.channel, self._obey)
        stopped.set()

    async def _obey(self, order: dict[str, Any]) -> Any:
        values = {name: value for name, value in order.items() if name not in ("order", "number")}
        async with self._changing:
            match order["order"]:
                case "link":
                    return await self._link(values)
                case "apps":
                    self.apps = APPS.validate_python(order["apps"])
                    for each in self._processes:
                        each.apps = self.apps
                case "revoke":
                    self.revoked[order["app"]] = order["at"]
            there = self._alive()  # whoever joins later knows of it
        return together(list((await self._answers(there, order["order"], **values)).values()))

    async def _link(self, values: dict[str, Any]) -> Any:
        """A link from one of the processes; the others know it by their common key."""
        for each in self._alive():
            with suppress(MachineFault):  # it has ended meanwhile
                return await each.ask("link", **values)
        raise MachineFault("No serving process is there just now.", "They are being started again: wait a moment.")

    def _alive(self) -> list[Process]:
        return [each for each in self._processes if each.alive]

    async def _answers(self, asked: Sequence[Process], order: str, **values: Any) -> dict[int, Any]:
        """The answers by the number of the process; one that ends meanwhile has none, and whoever keeps it knows."""
        answers = await asyncio.gather(*(each.ask(order, **values) for each in asked), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException) and not isinstance(answer, MachineFault):
                raise answer
        told = zip(asked, answers, strict=True)
        return {each.number: answer for each, answer in told if not isinstance(answer, BaseException)}


def shared(settings: SiteSettings, processes: int) -> SiteSettings:
    """The settings of each process: its part of what all may have together."""

    def part(limit: float) -> int:
        return math.ceil(limit / processes)

    memory = settings.memory_mebibytes or machine_memory() * PART / MEBIBYTE
    return replace(
        settings,
        processes=1,
        visits=part(settings.visits),
        visits_per_app=part(settings.visits_per_app),
        memory_mebibytes=part(memory),
    )


def together(answers: Sequence[Any]) -> Any:
    """What several processes answered, as one answer: numbers are added, counts too, else the first that there is."""
    there = [answer for answer in answers if answer is not None]
    if there and all(isinstance(answer, int) for answer in there):
        return sum(there)
    if there and all(isinstance(each, dict) and all(isinstance(n, int) for n in each.values()) for each in there):
        added: Counter[str] = Counter()
        for each in there:
            added.update(each)
        return dict(added)
    return there[0] if there else None
