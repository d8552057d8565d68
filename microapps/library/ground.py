"""What every use case of a library stands on: its folder, its database, its lock, and how an app is found and begun."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, select

from .. import folders
from ..errors import InvalidInput, InvalidSetting, MachineFault
from . import history, names
from .database import Clash, Database
from .history import Draft, Entry
from .locks import exclusive
from .placing import Placing
from .reading import record
from .records import AppRecord
from .shelf import Shelf
from .tables import apps

_ATTEMPTS = 10


class Ground:
    """The parts of a library that its use cases share; see :class:`microapps.library.Library`."""

    home: Path
    database: Database
    _shelf: Shelf
    _placing: Placing

    def __init__(self, home: Path | None = None, url: str = "") -> None:
        self.home = folders.home() if home is None else Path(home).absolute()
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise MachineFault(
                f"The library's folder {self.home} cannot be made: {error.strerror}.",
                "Check the disk, or set MICROAPPS_HOME to another folder.",
            ) from error
        local = URL.create("sqlite", database=str(self.home / "library.db"))
        with self._alone():
            self.database = Database(url or local.render_as_string())
        self._shelf = Shelf(self.home)
        self._placing = Placing(self.database, self._shelf)
        self._recover()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with exclusive(self.home / "library.lock"):
            yield

    def _recover(self) -> None:
        with self.database.read() as connection:
            behind = connection.execute(select(apps.c.id).where(apps.c.settled.is_(False))).scalars().all()
        for app_id in behind:
            with self._alone():
                self._placing.settle_later(app_id)

    def _begin(self, draft: Draft) -> tuple[int, int]:
        """A new app with its first revision."""
        now = datetime.now(UTC)
        for attempt in range(_ATTEMPTS):
            try:
                with self.database.write() as connection:
                    name = names.unique(draft.app.metadata.name, lambda other: self._free(connection, other))
                    app_id = history.add_app(connection, name, self._shelf.place(name, 0, trashed=False), now)
                    entry = self._entry(connection, app_id)
                    number = history.add_revision(connection, entry, named(draft, name), None, now)
                    self._placing.point(connection, entry, number, now)
                break
            except Clash:  # on PostgreSQL another machine may have taken the name in this moment
                if attempt == _ATTEMPTS - 1:
                    raise
        self._placing.settle_later(app_id)
        return app_id, number

    def _taken_in(self, name: str, *, former: bool = True, whole: bool = True) -> Entry:
        """The app, after an edit by hand was taken in; unless ``whole``, an unreadable file is no obstacle."""
        entry = self._find(name, former=former)
        try:
            self._placing.settle(entry.id)
        except InvalidInput:
            if whole:
                raise
        with self.database.read() as connection:
            return self._entry(connection, entry.id)

    def _find(self, name: str, *, former: bool) -> Entry:
        with self.database.read() as connection:
            return history.find(connection, name, former=former)

    def _free(self, connection: Connection, name: str) -> bool:
        return not history.taken(connection, name) and self._shelf.free(name)

    def _require_free(self, connection: Connection, name: str) -> None:
        if history.taken(connection, name):
            raise InvalidSetting(f"There is an app {name!r} already.", "Choose another name.")
        if not self._shelf.free(name):
            raise InvalidSetting(
                f"The folder {self.home / 'apps' / name} is there already.", "Choose another name, or move it away."
            )

    def _entry(self, connection: Connection, id: int, *, lock: bool = False) -> Entry:
        entry = history.by_id(connection, id, lock=lock)
        if entry is None:
            raise InvalidInput("The app was purged meanwhile.")
        return entry

    def _read_record(self, id: int) -> AppRecord:
        with self.database.read() as connection:
            return record(connection, self._shelf, id)


def named(draft: Draft, name: str) -> Draft:
    """The library's name for an app is the one its file carries."""
    return replace(draft, app=draft.app.with_metadata(name=name))
