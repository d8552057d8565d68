"""A site seen from the process that started it: start, links, what goes wrong, stop.

The site runs in a process of its own, with an environment built from nothing, so that no key of this process can be
in it. It is told everything through its standard input; when that closes, for whatever reason, it stops.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import socket
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from ..errors import InvalidInput, MachineFault
from .log_file import LogFile
from .notices import Notice
from .settings import APPS, CONFIG, MEBIBYTE, PublishedApp, SiteConfig, SiteSettings

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SYSTEMROOT", "XDG_RUNTIME_DIR")
"""All of this process's environment that the site's process gets."""

START_SECONDS = 60.0
STOP_SECONDS = 15.0
ANSWER_SECONDS = 40.0
"""Seconds after which an order is given up; those that end visits have as long again as the apps may take to start."""
ENDING = frozenset({"apps", "revoke", "end"})
"""Orders that wait for visits which are just being opened."""
LOG_LINES = 500

_log = logging.getLogger("microapps.publish")


def site_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of the site's process."""
    kept = {name: environment[name] for name in PASSED_ON if name in environment}
    return {**kept, "PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join(_import_paths()), "PYTHONUTF8": "1"}


def _import_paths() -> list[str]:
    """Where this package was imported from, in case the interpreter would not find it by itself."""
    return [str(Path(__file__).resolve().parent.parent.parent)]


class SiteHangs(MachineFault):
    """The site's process is there and does not answer."""


class Site:
    """A running site; an async context manager.

    Parameters
    ----------
    apps : what to serve.
    settings : how; the token is in ``settings.token``.
    on_notice : called with each :class:`Notice` as it comes, in the event loop.
    log_file : where the site's log is appended, up to a few MiB and with one former log beside it; the last
        lines are in ``log`` in any case.

    Attributes
    ----------
    address : scheme, host and port where the site listens; empty before it has started.
    revoked : when all links to an app were ended, in seconds since the epoch; what takes over its key takes over this.

    Raises
    ------
    MachineFault
        On start: the site could not be started (port taken, containment missing).
    """

    answer_seconds = ANSWER_SECONDS
    stop_seconds = STOP_SECONDS

    def __init__(
        self,
        apps: Sequence[PublishedApp],
        settings: SiteSettings | None = None,
        *,
        on_notice: Callable[[Notice], None] | None = None,
        log_file: Path | None = None,
    ) -> None:
        self.apps = tuple(apps)
        self.settings = settings or SiteSettings()
        self.revoked: dict[str, float] = {}
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self._on_notice = on_notice
        self._log_file = log_file
        self._process: asyncio.subprocess.Process | None = None
        self._readers: list[asyncio.Task[None]] = []
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._number = 0
        self._over = False
        self.address = ""
        self._seen_at = ""

    async def __aenter__(self) -> Site:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """The site's address, without its token."""
        return f"{self._seen_at}{self.settings.base_url}"

    @property
    def index_url(self) -> str:
        """The address of the index of apps; it holds the token."""
        return f"{self.url}?token={quote(self.settings.token)}"

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it was started, and its process has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the process and wait until it listens."""
        ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "microapps.publish",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=site_environment(os.environ),
            limit=64 * MEBIBYTE,
            pass_fds=self.inherited(),
        )
        assert self._process.stdout is not None and self._process.stderr is not None  # noqa: S101
        self._readers = [
            asyncio.create_task(self._read_events(self._process.stdout, ready)),
            asyncio.create_task(self._read_log(self._process.stderr)),
        ]
        self._write(CONFIG.dump_json(self.config()))
        try:
            async with asyncio.timeout(START_SECONDS):
                port = await ready
        except TimeoutError:
            await self.stop()
            raise MachineFault("The site did not start in time.", "Its log says more: " + self._tail()) from None
        except MachineFault:
            await self.stop()
            raise
        everywhere = self.settings.host in ("", "0.0.0.0", "::")  # noqa: S104
        host = "127.0.0.1" if everywhere else self.settings.host
        public = self.settings.public_url.rstrip("/").removesuffix(self.settings.base_url.rstrip("/"))
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self._seen_at = public or (f"http://{outward_address() or host}:{port}" if everywhere else self.address)

    def config(self) -> SiteConfig:
        """What the process is told when it starts."""
        return SiteConfig(self.apps, self.settings, revoked=self.revoked)

    def inherited(self) -> tuple[int, ...]:
        """The open files that the process is started with, besides its standard streams."""
        return ()

    async def over(self) -> None:
        """Wait until the process has ended."""
        if self._process is not None:
            await self._process.wait()

    async def link(self, name: str, hours: float | None = None, *, blank: bool = False) -> str:
        """A new link that opens one app, for so many hours. ``blank``: with nothing of what is kept, for a picture.

        Raises
        ------
        InvalidInput
            The site does not serve that app.
        """
        good_for = self.settings.link_hours if hours is None else hours
        path = await self._ask("link", app=name, hours=good_for, blank=blank)
        return f"{self._seen_at}{path}"

    async def revoke(self, name: str) -> None:
        """End all links to an app, and the visits under way, if it runs."""
        self.revoked[name] = time.time()
        if self.alive:
            await self._ask("revoke", app=name, at=self.revoked[name])

    async def serve(self, apps: Sequence[PublishedApp]) -> None:
        """Serve these apps from now on. Visits under way go on; links to apps that are gone stop working."""
        self.apps = tuple(apps)
        await self._ask("apps", apps=APPS.dump_python(self.apps, mode="json"))

    async def end_visits(self, name: str) -> None:
        """End the visits to an app; its links stay good, and a page says how to start again."""
        await self._ask("end", app=name)

    async def where(self, name: str, model: str) -> tuple[int, str] | None:
        """Which code cell of a visited app, counted from 0, makes the widget of that id, and which variable holds it.

        The app's word for it: the cell is -1 and the variable empty where there is none. None where nobody knows.
        """
        found = await self._ask("where", app=name, model=model)
        return None if found is None else (int(found["cell"]), str(found["variable"]))

    async def visits(self) -> int:
        """How many visits have a kernel just now."""
        return int(await self._ask("visits"))

    async def counts(self) -> dict[str, int]:
        """How many visits each app has just now; those without any are left out."""
        return dict(await self._ask("counts"))

    def noticed(self, notice: Notice) -> None:
        """The site has something for its owner."""
        if self._on_notice is not None:
            self._on_notice(notice)

    def visited(self, way: int) -> None:
        """Somebody came in by the way of that number."""

    async def stop(self) -> None:
        """Stop the site and every kernel of it; more than once does no harm."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(self.stop_seconds):
                await process.wait()
        except TimeoutError:
            kill_with_children(process.pid)
            await process.wait()
        await asyncio.gather(*self._readers)

    def _write(self, line: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            raise MachineFault("The site is not running.", "Start it first.")
        self._process.stdin.write(line + b"\n")

    async def _ask(self, order: str, **values: Any) -> Any:
        """Give an order. Raises MachineFault where the process has ended, or does not answer in time."""
        if self._over:
            raise MachineFault("The site's process ended.", "Its log says more: " + self._tail())
        self._number += 1
        number, answer = self._number, asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        starting = max((app.confinement.granted.seconds for app in self.apps), default=0) if order in ENDING else 0
        try:
            self._write(json.dumps({"order": order, "number": number, **values}).encode())
            async with asyncio.timeout(self.answer_seconds + starting):
                return await answer
        except TimeoutError:
            what = f"The site's process did not answer the order {order!r} in time."
            raise SiteHangs(what, "Stop it and start it again; its log says more: " + self._tail()) from None
        finally:
            del self._answers[number]

    async def _read_events(self, stdout: asyncio.StreamReader, ready: asyncio.Future[int]) -> None:
        """Take in every line until the site ends, also after one that made no sense: unread, the pipe would fill."""
        async for line in _lines(stdout):
            try:
                self._take(json.loads(line), ready)
            except Exception:  # on_notice is the caller's and may raise anything
                _log.exception("What the site said could not be taken in.")
        self._over = True  # nobody answers what is asked from now on
        gone = MachineFault("The site's process ended.", "Its log says more: " + self._tail())
        for future in (ready, *self._answers.values()):
            if not future.done():
                future.set_exception(gone)

    def _take(self, event: dict[str, Any], ready: asyncio.Future[int]) -> None:
        match event.pop("event"):
            case "ready" if not ready.done():
                ready.set_result(event["port"])
            case "refused" if not ready.done():
                ready.set_exception(MachineFault(event["what"], event["hint"]))
            case "notice":
                self.noticed(Notice(**event))
            case "visited":
                self.visited(int(event["way"]))
            case "answer" if (answer := self._answers.get(event["number"])) is not None and not answer.done():
                if "error" in event:
                    answer.set_exception(InvalidInput(event["error"]))
                else:
                    answer.set_result(event["value"])

    async def _read_log(self, stderr: asyncio.StreamReader) -> None:
        kept = LogFile(self._log_file) if self._log_file else None
        try:
            async for line in _lines(stderr):
                self.log.append(line.decode(errors="replace").rstrip("\n"))
                try:
                    if kept is not None:
                        kept.write(line)
                except OSError as error:  # a full disk: the site goes on, and its last lines are still in ``log``
                    self.log.append(f"{self._log_file} could not be written: {error}.")
        finally:
            if kept is not None:
                kept.close()

    def _tail(self) -> str:
        return " / ".join(list(self.log)[-3:])


def kill_with_children(pid: int) -> None:
    """End a process that does not end by itself, and all that it started."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for each in (*process.children(recursive=True), process):
            with suppress(psutil.NoSuchProcess):
                each.kill()


def outward_address() -> str:
    """An address at which other machines may reach this one; empty where there is none."""
    found = [
        address.address
        for name, addresses in sorted(psutil.net_if_addrs().items())
        for address in addresses
        if address.family == socket.AF_INET and not name.startswith(("docker", "br-", "veth", "virbr"))
    ]
    outward = [one for one in map(ipaddress.ip_address, found) if not one.is_loopback and not one.is_link_local]
    return str(outward[0]) if outward else ""


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The lines of a stream up to its end; one that is over the stream's limit is left out."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # the reader has dropped what it held of that line
            _log.warning("A line of the site was too long and was dropped.")
            continue
        if not line:
            return
        yield line
