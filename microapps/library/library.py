"""The library: apps and their revisions, conversations and costs, with the current notebooks written out beside it.

Every use case is one transaction. It runs under the library's file lock: first an edit made by hand is taken in, then
the database commits, and only then the files follow. Killed anywhere, the next use finishes what the database says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import URL, Connection, insert, select, update

from .. import folders
from ..checks.report import Report
from ..errors import ChangedOnDisk, InvalidInput, InvalidNotebook, InvalidSetting, MachineFault
from ..notebook import MicroApp
from . import history, interrupted, listing, names
from .accesses import Accesses
from .database import Clash, Database
from .grants import Grants
from .history import Draft, Entry
from .locks import exclusive
from .placing import Placing
from .preferences import Preferences
from .reading import Reading, record, revision
from .records import AppRecord, Revision, Turn, UsageRecord
from .shelf import Shelf
from .spending import Spending
from .tables import apps, former_names

_ATTEMPTS = 10


class Library(Reading, Accesses, Grants, Preferences, Spending):
    """One person's (or one team's) apps. Calls take milliseconds and may come from any thread or process.

    Parameters
    ----------
    home : the folder of ``library.db``, ``apps`` and ``trash``; :func:`microapps.folders.home` when None.
    url : an SQLAlchemy address of another database, such as ``postgresql+psycopg://host/name``. All processes that
        use one database use the same ``home`` with it.

    Every method that takes a name raises :class:`~microapps.errors.UnknownApp` when there is no such app, and every
    method :class:`~microapps.errors.MachineFault` when database or disk fail. Methods that write raise
    :class:`~microapps.errors.InvalidNotebook` when the app's file was edited into something that cannot be read;
    they leave it, and everything else, as it is.
    """

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; the library can be used again afterwards, and then opens it again."""
        self.database.close()

    def notebook_path(self, name: str) -> Path:
        """The app's notebook file, written again if it was missing or a crash left it behind.

        An edit made by hand is left as it is: :meth:`sync` takes it in.
        """
        with self._alone():
            entry = self._find(name, former=True)
            digest = self._shelf.digest(entry.place) if entry.settled else None
            with self.database.read() as connection:
                edited = digest is not None and history.known(connection, entry.id, digest) is None
            if not edited:
                self._placing.settle(entry.id)
            return self._shelf.path(self._find(name, former=True).place)

    # What a turn leaves

    def accept(
        self,
        app: MicroApp,
        *,
        name: str | None,
        action: str,
        request: str,
        report: Report | None,
        messages: Sequence[Mapping[str, Any]] = (),
        usage: UsageRecord | None = None,
        parent: int | None = None,
        seconds: float = 0.0,
        expected: int | None = None,
    ) -> Revision:
        """Keep a turn's revision and make it current. When this returns, it is on the disk.

        Parameters
        ----------
        name : the app it belongs to, by its name or a former one; None makes a new app, named as its metadata says,
            or with ``-2``, ``-3`` … when that is taken.
        messages : of this turn alone, JSON-able.
        parent : the revision it was made from; the current one when None.
        expected : the revision that must still be current.

        Raises
        ------
        ChangedOnDisk
            Another revision than ``expected`` is current.
        InvalidNotebook
            The app cannot be written as a notebook, or its file was edited into something that cannot be read.
        InvalidInput
            There is no revision ``parent``.

        After each of these, and after ``UnknownApp``, the turn is kept as an interrupted one, draft and cost included;
        after ``MachineFault`` too where the database still takes it.
        """
        draft = Draft(app, action, request, report, messages, usage, seconds)
        with self._alone():
            try:
                if name is None:
                    app_id, number = self._begin(draft)
                else:
                    app_id, number = self._continue(self._find(name, former=True), draft, parent, expected)
            except (InvalidInput, MachineFault) as error:
                # a disk that takes no file may still take a row; where it does not, the first error tells why
                with suppress(MachineFault):
                    self.record_interrupted(
                        name,
                        action=action,
                        request=request,
                        messages=messages,
                        draft=app,
                        report=report,
                        error=str(error),
                        usage=usage,
                        seconds=seconds,
                        parent=parent,
                    )
                raise
            with self.database.read() as connection:
                return revision(connection, self._entry(connection, app_id), number)

    def record_interrupted(
        self,
        name: str | None,
        *,
        action: str,
        request: str,
        messages: Sequence[Mapping[str, Any]] = (),
        draft: MicroApp | None = None,
        report: Report | None = None,
        error: str = "",
        usage: UsageRecord | None = None,
        seconds: float = 0.0,
        parent: int | None = None,
    ) -> Turn:
        """Keep a turn that ended without a revision; no file is touched.

        ``name`` is None for a first turn that never made an app. A turn for an app that was purged meanwhile is kept
        without one.
        """
        with self.database.write() as connection:
            return interrupted.add(
                connection, name, action, request, messages, draft, report, error, usage, seconds, parent
            )

    # Back and forth

    def undo(self, name: str) -> Revision:
        """Make the current revision's parent current. Raises ``InvalidInput`` at the first revision."""
        with self._alone():
            entry = self._taken_in(name)
            with self.database.read() as connection:
                number = history.before(connection, entry)
            return self._go(entry, number)

    def redo(self, name: str) -> Revision:
        """Go forth again towards the revision undo came from. Raises ``InvalidInput`` when there is none."""
        with self._alone():
            entry = self._taken_in(name)
            with self.database.read() as connection:
                number = history.after(connection, entry)
            return self._go(entry, number)

    def goto(self, name: str, number: int) -> Revision:
        """Make any revision current. Raises ``InvalidInput`` if there is none of that number."""
        with self._alone():
            return self._go(self._taken_in(name), number)

    def sync(self, name: str) -> Revision | None:
        """Take in an edit made by hand in Jupyter: the revision it became, None if there was none.

        A missing file is written again. Raises ``InvalidNotebook`` when the file cannot be read as a micro-app.
        """
        with self._alone():
            app_id = self._find(name, former=True).id
            number = self._placing.settle(app_id)
            with self.database.read() as connection:
                entry = self._entry(connection, app_id)
                return None if number is None else revision(connection, entry, number)

    # The app as a whole

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
                values = {"trashed": datetime.now(UTC), "settled": False}
                connection.execute(update(apps).where(apps.c.id == entry.id).values(**values))
            self._placing.settle_later(entry.id)
            return self._read_record(entry.id)

    def restore(self, name: str) -> AppRecord:
        """Bring the app of that name that was removed last back from the trash.

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

    def purge(self, name: str) -> tuple[AppRecord, ...]:
        """Delete every app of that name in the trash for good, folder, data and history; what was deleted.

        Only what was spent stays counted.
        """
        with self._alone():
            with self.database.read() as connection:
                found = history.find(connection, name, trashed=True)
                gone = (apps.c.name == found.name) & apps.c.trashed.isnot(None)
                ids = connection.execute(select(apps.c.id).where(gone)).scalars().all()
            for app_id in ids:
                self._placing.settle_later(app_id)  # so that the database knows where their folders are
            with self.database.write() as connection:
                records = listing.app_records(connection, self._shelf, apps.c.id.in_(ids))
                for app_id in ids:
                    history.condemn(connection, app_id)
            for app_id in ids:
                self._placing.settle(app_id)
            return records

    # How it is done

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
                    number = history.add_revision(connection, entry, _named(draft, name), None, now)
                    self._placing.point(connection, entry, number, now)
                break
            except Clash:  # on PostgreSQL another machine may have taken the name in this moment
                if attempt == _ATTEMPTS - 1:
                    raise
        self._placing.settle_later(app_id)
        return app_id, number

    def _continue(self, entry: Entry, draft: Draft, parent: int | None, expected: int | None) -> tuple[int, int]:
        """The next revision of an app."""
        self._placing.settle(entry.id)
        now = datetime.now(UTC)
        with self.database.write() as connection:
            entry = self._entry(connection, entry.id, lock=True)
            if expected is not None and entry.current != expected:
                raise ChangedOnDisk(
                    f"{entry.name} is at revision {entry.current} by now, not at {expected}.",
                    f"The draft is kept: look at 'microapps history {entry.name}', and ask again.",
                )
            parent = entry.current if parent is None else parent
            revision(connection, entry, parent)
            number = history.add_revision(connection, entry, _named(draft, entry.name), parent, now)
            self._placing.point(connection, entry, number, now)
        self._placing.settle_later(entry.id, aside=entry.current)
        return entry.id, number

    def _go(self, entry: Entry, number: int) -> Revision:
        with self.database.write() as connection:
            entry = self._entry(connection, entry.id, lock=True)
            before = entry.current
            self._placing.point(connection, entry, number, datetime.now(UTC))
            found = revision(connection, entry, number)
        self._placing.settle_later(entry.id, aside=before)
        return found

    def _rename(self, connection: Connection, entry: Entry, name: str) -> None:
        connection.execute(update(apps).where(apps.c.id == entry.id).values(name=name))
        self._placing.point(connection, replace(entry, name=name), entry.current, datetime.now(UTC))

    def _taken_in(self, name: str, *, former: bool = True, whole: bool = True) -> Entry:
        """The app, after an edit by hand was taken in; unless ``whole``, an unreadable file is no obstacle."""
        entry = self._find(name, former=former)
        try:
            self._placing.settle(entry.id)
        except InvalidNotebook:
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


def _named(draft: Draft, name: str) -> Draft:
    """The library's name for an app is the one its file carries."""
    return replace(draft, app=draft.app.with_metadata(name=name))
