"""What a library holds, without looking at any file: apps, revisions, turns and conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from ..errors import UnknownApp
from . import history, listing
from .database import Database
from .history import Entry
from .records import AppRecord, Revision, Turn
from .shelf import Shelf
from .tables import apps


class Reading:
    """The part of a library that lists and shows."""

    database: Database
    _shelf: Shelf

    def apps(self, *, trashed: bool = False) -> tuple[AppRecord, ...]:
        """The apps in use, or those in the trash, the most recently changed first."""
        condition = apps.c.trashed.isnot(None) if trashed else apps.c.trashed.is_(None)
        with self.database.read() as connection:
            return listing.app_records(connection, self._shelf, condition)

    def app(self, name: str) -> AppRecord:
        """One app in use; a name it had before it was renamed will do while no other app has it."""
        with self.database.read() as connection:
            return record(connection, self._shelf, history.find(connection, name, former=True).id)

    def revision(self, name: str | int, number: int | None = None) -> Revision:
        """One revision, the current one when ``number`` is None. Raises ``UnknownApp`` if there is none of it.

        An app in the trash may share its name with others: its record's ``id`` in place of the name finds that one.
        """
        with self.database.read() as connection:
            entry = history.find(connection, name, trashed=None, former=True)
            return revision(connection, entry, entry.current if number is None else number)

    def revisions(self, name: str | int) -> tuple[Revision, ...]:
        """All revisions in the order of their numbers; ``parent`` makes them a tree."""
        with self.database.read() as connection:
            return listing.app_revisions(connection, history.find(connection, name, trashed=None, former=True))

    def turns(self, name: str | None) -> tuple[Turn, ...]:
        """The conversation about an app with all its branches and interrupted turns, in the order of time.

        None gives the interrupted turns that never had an app.
        """
        with self.database.read() as connection:
            entry = None if name is None else history.find(connection, name, trashed=None, former=True)
            return listing.app_turns(connection, entry)

    def conversation(self, name: str, number: int | None = None) -> tuple[Mapping[str, Any], ...]:
        """The messages of the turns that led to a revision, the current one when None; the next change goes on from it.

        What was undone and what was interrupted is not among them. Thinking blocks are as they came: the generator
        strips them where the prefix or the model is another.
        """
        with self.database.read() as connection:
            entry = history.find(connection, name, trashed=None, former=True)
            return listing.conversation(connection, entry, entry.current if number is None else number)


def record(connection: Connection, shelf: Shelf, app: int) -> AppRecord:
    """The record of the app with that number."""
    return listing.app_records(connection, shelf, apps.c.id == app)[0]


def revision(connection: Connection, entry: Entry, number: int) -> Revision:
    """A revision of an app; raises ``UnknownApp`` if there is none of that number."""
    found = listing.app_revisions(connection, entry, number)
    if not found:
        raise UnknownApp(f"{entry.name} has no revision {number}.", f"See 'microapps history {entry.name}'.")
    return found[0]
