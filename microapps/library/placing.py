"""Keeps an app's folder and file as the database says, and notices what the person changed in them.

The database is written first, and with it the digest of the file that is to follow; then the file. So a file is one
of three things: what it should be; something we wrote earlier, left behind by a crash, which is brought up to date;
or anything else, which is an edit by hand and becomes a revision before anything is written over it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, update

from ..errors import ChangedOnDisk, InvalidInput, MachineFault
from ..notebook import Cell, MicroApp, dumps, loads, read
from . import history
from .database import Database
from .history import Draft, Entry
from .shelf import Shelf
from .tables import apps

_LOG = logging.getLogger(__name__)
_ATTEMPTS = 5
_VIEW = ("collapsed", "scrolled", "jupyter", "ExecuteTime")
"""Cell metadata in which Jupyter keeps how a person looks at a cell; it makes no revision."""


class Placing:
    """The files of one library; its caller holds the library's lock."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self.database = database
        self.shelf = shelf

    def point(self, connection: Connection, entry: Entry, number: int, moment: datetime) -> None:
        """Make a revision current, and know the file that will follow as ours."""
        history.point(connection, entry, number, moment)
        text = dumps(self._wanted(connection, entry, number))
        digest = hashlib.sha256(text.encode()).hexdigest()
        history.note_written(connection, entry.id, digest, number, entry.name)

    def settle(self, id: int, *, aside: int | None = None) -> int | None:
        """Have the files follow the database; the number of the revision that an edit by hand became, if there was one.

        Parameters
        ----------
        aside : the revision that was current until now, after another was made so. What was saved by hand in the
            moment between is kept as made from it, and does not become current.

        Raises
        ------
        InvalidInput, InvalidNotebook
            The file was changed into something that cannot be read; it is left alone.
        MachineFault
            The disk is full, or a file or folder cannot be written.
        """
        with self.database.read() as connection:
            entry = history.by_id(connection, id)
        if entry is None:
            return None
        if not entry.name:  # condemned: its folder goes before its row, which remembers where the folder is
            self.shelf.discard(entry.place)
            with self.database.write() as connection:
                history.purge(connection, id)
            return None
        wanted = self.shelf.place(entry.name, entry.id, trashed=entry.trashed is not None)
        place = self.shelf.move(entry.place, wanted)
        if place != entry.place:
            self._set(id, place=place)
        edited = None
        for attempt in range(_ATTEMPTS):
            try:
                edited = self._edited_by_hand(entry, place, aside) or edited
                self._bring_up_to_date(id, place)
                break
            except ChangedOnDisk:
                if attempt == _ATTEMPTS - 1:
                    raise
            except InvalidInput:
                self._set(id, settled=place == wanted)  # nothing is left to do here: the file is the person's
                raise
        if not entry.settled or edited:
            self._set(id, settled=place == wanted)
        return edited

    def settle_later(self, id: int, *, aside: int | None = None) -> None:
        """As :meth:`settle` after something was committed: what fails now is tried again at the next use or start."""
        try:
            self.settle(id, aside=aside)
        except (InvalidInput, MachineFault) as error:
            _LOG.warning("The library's record is safe, but its files do not follow yet: %s", error)

    def _set(self, id: int, **values: Any) -> None:
        with self.database.write() as connection:
            connection.execute(update(apps).where(apps.c.id == id).values(**values))

    def _edited_by_hand(self, entry: Entry, place: str, aside: int | None) -> int | None:
        digest = self.shelf.digest(place)
        if digest is None:
            return None
        with self.database.read() as connection:
            if history.known(connection, entry.id, digest):
                return None
        stored = read(self.shelf.path(place))
        given = stored.app.metadata.name
        app = stored.app.with_metadata(name=entry.name)
        now = datetime.now(UTC)
        with self.database.write() as connection:
            found = history.by_id(connection, entry.id, lock=True)
            if found is None:
                return None
            current = self._wanted(connection, found, found.current)
            if same(app, current):
                history.note_written(connection, entry.id, stored.digest, found.current, given)
                return None
            draft = Draft(app, "hand", "Edited by hand.", maker="hand")
            parent = found.current if aside is None else aside
            number = history.add_revision(connection, found, draft, parent, now)
            if aside is None:
                self.point(connection, found, number, now)
            history.note_written(connection, entry.id, stored.digest, number, given)
            return number

    def _bring_up_to_date(self, id: int, place: str) -> None:
        digest = self.shelf.digest(place)
        with self.database.read() as connection:
            entry = history.by_id(connection, id)
            if entry is None:
                return
            found = None if digest is None else history.known(connection, id, digest)
            if found is not None and (found.revision, found.name) == (entry.current, entry.name):
                return
            if digest is not None and found is None:
                raise ChangedOnDisk(f"{self.shelf.path(place)} keeps changing; it was left alone.", "Try again.")
            wanted = self._wanted(connection, entry, entry.current)
        self.shelf.write(wanted, place, expected=digest)

    def _wanted(self, connection: Connection, entry: Entry, number: int) -> MicroApp:
        text = history.notebook_text(connection, entry.id, number)
        if text is None:
            raise InvalidInput(f"{entry.name} has no revision {number}.", f"See 'microapps history {entry.name}'.")
        return loads(text).with_metadata(name=entry.name)


def same(one: MicroApp, other: MicroApp) -> bool:
    """Whether two apps differ in nothing but how a person looked at them: opening one in Jupyter is no change."""
    return bool(_shown(one) == _shown(other))


def _shown(app: MicroApp) -> Any:
    value = replace(app, cells=tuple(map(_without_view, app.cells)))
    return json.loads(dumps(value))


def _without_view(cell: Cell) -> Cell:
    kept = {key: value for key, value in cell.metadata.items() if key not in _VIEW and value not in ([], {}, None)}
    return replace(cell, metadata=kept)
