"""Every app's socket, and what stands behind it."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import MicroappsError
from ..generator import Model, Settings
from ..library import Library
from ..notebook import Permissions
from ..sandbox import rundirs
from .account import Account
from .answers import Answers
from .listener import PACE, Listener, Pace
from .questions import Question, Refusal

_log = logging.getLogger("microapps.broker")

LONGEST_CALL = 120.0
"""Seconds; less where the app's kernel would be ended sooner."""
SHARE = 0.85
"""Part of an interaction's seconds that the model may take, so that the app can still show what came of it."""


@dataclass
class _App:
    """One app that may ask."""

    account: Account
    seconds: float
    listener: Listener | None = None


class Broker:
    """Answers the questions of all apps of one library; an async context manager that belongs to one event loop.

    Parameters
    ----------
    library : where grants are read, and usage and calls are written.
    model : the endpoint; None where there is no key, and then apps are told so.
    settings : the person's settings: the month's money, and the model of an endpoint that has no lines.
    pace : bounds for each app.
    """

    def __init__(
        self,
        library: Library,
        model: Model | None,
        settings: Settings,
        pace: Pace = PACE,
    ) -> None:
        self._library = library
        self._settings = settings
        self._pace = pace
        self._answers = Answers(model, settings)
        self._apps: dict[str, _App] = {}
        self._folder: Path | None = None
        self._lock = -1
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def sockets(self, name: str, digest: str, granted: Permissions) -> tuple[tuple[str, Path], ...]:
        """What :class:`~microapps.sandbox.Confinement` is to show an app; nothing without a budget.

        The socket of an app stays the same for as long as the broker is open. ``digest`` is of the content that runs;
        the budget is read from the library at each question, so that taking it back ends the calls at once.
        May be called from any thread.
        """
        if not granted.model_budget or not hasattr(socket, "AF_UNIX"):
            return ()
        if self._loop is None or self._loop is _running():
            return self._sockets(name, digest, granted)

        async def there() -> tuple[tuple[str, Path], ...]:
            return self._sockets(name, digest, granted)

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result()

    def _sockets(self, name: str, digest: str, granted: Permissions) -> tuple[tuple[str, Path], ...]:
        seconds = min(LONGEST_CALL, granted.seconds * SHARE)
        app = self._apps.get(name)
        if app is None:
            app = _App(Account(self._library, name, digest, self._settings.dollars_per_month), seconds)
            app.listener = self._listen(app)
            self._apps[name] = app
        app.account.digest, app.seconds = digest, seconds
        assert app.listener is not None  # noqa: S101
        return (("ask", app.listener.path),)

    def renew(self, model: Model | None, settings: Settings) -> None:
        """Answer by this model from now on; what is under way ends as it began."""
        self._settings = settings
        self._answers = Answers(model, settings)
        for app in self._apps.values():
            app.account.cap(settings.dollars_per_month)

    async def close(self) -> None:
        """Stop answering and remove every socket; what was under way is booked as if it had been answered in full."""
        for app in self._apps.values():
            if app.listener is not None:
                await app.listener.close()
        self._apps.clear()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._lock)
            self._folder = None

    def _listen(self, app: _App) -> Listener:
        if self._folder is None:
            self._folder, self._lock = rundirs.make()
            (self._folder / "asks").mkdir(mode=0o700)

        async def answer(question: Question) -> str:
            try:
                return await self._answers.answer(question, app.account, app.seconds)
            except MicroappsError as error:  # of the library: the app is gone, the disk is full
                raise Refusal("unavailable", "The language model cannot be used here just now.", str(error)) from error

        def refused(refusal: Refusal) -> None:
            detail = refusal.detail or refusal.what
            try:
                self._library.log_access(app.account.app, "model", refusal.kind, allowed=False, detail=detail)
            except MicroappsError as error:
                _log.warning("A refusal to %r was not logged: %s (%s)", app.account.app, error, detail)

        return Listener(self._folder / "asks" / str(len(self._apps)), answer, refused, self._pace)


def _running() -> asyncio.AbstractEventLoop | None:
    """The event loop of this thread, if one runs."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
