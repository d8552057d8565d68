"""Apps as a whole: forked, renamed, removed, restored and purged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from ..errors import InvalidInput
from . import history, listing, names
from .ground import Ground
from .history import Draft, Entry
from .reading import revision
from .records import AppRecord
from .tables import apps, former_names


class Shelving(Ground):
    """The part of a library that names apps and puts them away."""

    def fork(self, name: str, new_name: str | None = None) -> AppRecord:
        """A new app that begins with the current revision and its conversation; it has no data and no permissions yet.

        Raises :class:`~microapps.errors.InvalidSetting` when ``new_name`` is taken or cannot be a name.
        """
        wanted = None if new_name is None else names.usable(new_name)
        with self._alone():
            entry = self._taken_in(name)
            with self.database.read() as connection:
                origin = revision(connection, entry, entry.current)
                messages = listing.conversation(connection, entry, entry.current)
                if wanted is not None:
                    self._require_free(connection, wanted)
            app = origin.notebook
            provenance = app.metadata.provenance.model_copy(update={"source": entry.name})
            app = app.with_metadata(name=wanted or entry.name, provenance=provenance)
            request = f"A fork of {entry.name}, revision {origin.number}."
            app_id, _ = self._begin(Draft(app, "fork", request, origin.report, messages))
            return self._read_record(app_id)

    def rename(self, name: str, new_name: str) -> AppRecord:
        """Give an app another name; its folder, data included, moves along. The old name leads to it until taken.

        Raises :class:`~microapps.errors.InvalidSetting` when the name is taken or cannot be one.
        """
        wanted = names.usable(new_name)
        with self._alone():
            entry = self._taken_in(name, former=False, whole=False)
            if wanted != entry.name:
                with self.database.write() as connection:
                    entry = self._entry(connection, entry.id, lock=True)
                    self._require_free(connection, wanted)
                    history.forget_former(connection, wanted)
                    history.forget_former(connection, entry.name)
                    connection.execute(insert(former_names).values(name=entry.name, app=entry.id))
                    self._rename(connection, entry, wanted)
                self._placing.settle_later(entry.id)
            return self._read_record(entry.id)

    def remove(self, name: str) -> AppRecord:
        """Put an app into the trash with its folder and all its history."""
        with self._alone():
            entry = self._taken_in(name, former=False, whole=False)
            with self.database.write() as connection:
                now = datetime.now(UTC)
                values = {"trashed": now, "settled": False, "ended": now}
                connection.execute(update(apps).where(apps.c.id == entry.id).values(**values))
            self._placing.settle_later(entry.id)
            return self._read_record(entry.id)

    def restore(self, name: str | int) -> AppRecord:
        """Bring the app with that number, or the one of that name that was removed last, back from the trash.

        If the name was taken meanwhile, it comes back as ``NAME-2``, ``-3`` ….
        """
        with self._alone():
            with self.database.write() as connection:
                entry = history.find(connection, name, trashed=True, lock=True)
                free = names.unique(entry.name, lambda other: self._free(connection, other))
                if free != entry.name:
                    self._rename(connection, entry, free)
                connection.execute(update(apps).where(apps.c.id == entry.id).values(trashed=None, settled=False))
            self._placing.settle_later(entry.id)
            return self._read_record(entry.id)

    def purge(self, name: str | int) -> AppRecord:
        """Delete an app in the trash for good, folder, data and history; what was deleted.

        Only what was spent stays counted.

        Raises
        ------
        InvalidInput
            Several in the trash have that name; the number, ``id`` of a record, says which is meant.
        """
        with self._alone():
            with self.database.read() as connection:
                found = history.find(connection, name, trashed=True)
                same = (apps.c.name == found.name) & apps.c.trashed.isnot(None)
                several = connection.execute(select(apps.c.id).where(same)).scalars().all()
            if found.id != name and len(several) > 1:
                raise InvalidInput(
                    f"{len(several)} apps in the trash are called {found.name!r}.", "Say which one by its number."
                )
            self._placing.settle_later(found.id)  # so that the database knows where its folder is
            record = self._read_record(found.id)
            with self.database.write() as connection:
                history.condemn(connection, found.id)
            self._placing.settle(found.id)
            return record

    def _rename(self, connection: Connection, entry: Entry, name: str) -> None:
        connection.execute(update(apps).where(apps.c.id == entry.id).values(name=name))
        self._placing.point(connection, replace(entry, name=name), entry.current, datetime.now(UTC))
