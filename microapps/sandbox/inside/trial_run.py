"""A run of an app for what it does, not for what it gives: it is watched, and its process thrown away.

Seen is what makes two runs differ though their pages look alike: a look at the clock, chance that cannot be seeded
(the rest is :mod:`.chance`'s), the address of the page, data that can change, the network, the model. A look counts
where the app's own code takes it, and where a library asks which day it is (it times itself by other means). It is a
kindness to apps, no protection: an app that hides it has a stale page.
"""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import date
from types import FrameType
from typing import Any

from .trial_kinds import ADDRESS, CHANCE, CLOCK, DATA, MODEL, NETWORK

_CLOCKS = frozenset(
    getattr(time, name)
    for name in ("time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime", "strftime", "ctime", "asctime")
)
_TODAY = frozenset(("now", "today", "utcnow"))
_DAYS = frozenset(getattr(time, name) for name in ("localtime", "gmtime", "strftime", "ctime", "asctime"))
_WORDS = re.compile(r"""\w\(\s*(["'])(?:now|today)\1\s*[,)]|\bTimestamp\.(?:now|today|utcnow)\(""")
"""As in ``np.datetime64("now")`` and ``pd.Timestamp.now()``, which no profiler sees."""
_FOR_THEMSELVES = frozenset(
    ("IPython", "asyncio", "comm", "importlib", "ipykernel", "ipywidgets", "jupyter_client", "logging", "traitlets")
)
"""Packages that look at the clock without showing it."""
_QUERY = "QUERY_STRING"


class Watcher:
    """Watches while its context lasts. ``namespace`` is where the app's cells run, ``folders`` holds its data.

    ``seen`` are the kinds of what it did; ``read`` the files it opened that are not of the Python installation.
    """

    def __init__(self, namespace: dict[str, Any], data: str, sources: tuple[str, ...]) -> None:
        self.seen: set[str] = set()
        self.read: set[str] = set()
        self._namespace = namespace
        self._data = data
        self._sources = sources
        self._watching = False
        sys.addaudithook(self._audit)

    def __enter__(self) -> Watcher:
        self._watching = True
        os.environ.encodekey = self._looked_up(os.environ.encodekey)
        sys.setprofile(self._profile)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)
        self._watching = False

    def _own(self, frame: FrameType | None) -> bool:
        if frame is None:
            return False
        return frame.f_globals is self._namespace or frame.f_code.co_filename.startswith(self._sources)

    def _profile(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            if self._own(frame):
                self._called(argument)
            elif _tells_the_day(argument):
                self._asked_the_day(frame)
        elif event == "call" and self._own(frame.f_back):
            module = frame.f_globals.get("__name__")
            if module in ("uuid", "secrets"):
                self.seen.add(CHANCE)
            elif module == "microapps.runtime.asking":
                self.seen.add(MODEL)

    def _called(self, function: Any) -> None:
        if _is_one(function, _CLOCKS) or _tells_the_day(function):
            self.seen.add(CLOCK)
        elif function is os.urandom:
            self.seen.add(CHANCE)

    def _asked_the_day(self, frame: FrameType) -> None:
        """A library did; whether the app's code had it do so."""
        package = str(frame.f_globals.get("__name__")).partition(".")[0]
        if package in _FOR_THEMSELVES:
            return
        caller: FrameType | None = frame
        while caller is not None and not self._own(caller):
            if str(caller.f_globals.get("__name__")).startswith("importlib"):
                return  # a module that is imported for the first time
            caller = caller.f_back
        if caller is not None:
            self.seen.add(CLOCK)

    def read_words(self, source: str) -> None:
        """A cell that is about to run."""
        if self._watching and _WORDS.search(source):
            self.seen.add(CLOCK)

    def _looked_up(self, encode: Any) -> Any:
        def look(key: Any) -> Any:
            if key == _QUERY and self._watching:
                self.seen.add(ADDRESS)
            return encode(key)

        return look

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._watching:
            return
        if event in ("open", "sqlite3.connect", "os.listdir", "os.scandir") and arguments:
            self._opened(arguments[0])
        elif event == "socket.connect":
            self.seen.add(MODEL if isinstance(arguments[1], str) else NETWORK)

    def _opened(self, path: Any) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return
        whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100
        if whole == self._data or whole.startswith(f"{self._data}/"):
            self.seen.add(DATA)
        elif whole.startswith(self._sources) and os.path.isfile(whole):  # noqa: PTH113
            self.read.add(whole)


def _is_one(function: Any, functions: frozenset[Any]) -> bool:
    try:
        return function in functions
    except TypeError:
        return False


def _tells_the_day(function: Any) -> bool:
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", "")
    return _is_one(function, _DAYS) or (name in _TODAY and isinstance(owner, type) and issubclass(owner, date))
