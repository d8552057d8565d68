"""What a turn leaves, and going back and forth between what turns left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..checks.report import Report
from ..errors import ChangedOnDisk, InvalidInput, MachineFault
from ..notebook import MicroApp
from . import history, interrupted
from .ground import Ground, named
from .history import Draft, Entry
from .reading import revision
from .records import Revision, Turn, UsageRecord


class Turning(Ground):
    """The part of a library that accepts revisions and chooses the current one."""

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

    def record_check(self, name: str, number: int, report: Report) -> Revision:
        """Keep what a later check of a revision found; it counts for exactly the content it was made of.

        Raises ``UnknownApp`` if there is no such revision, and ``InvalidInput`` if the report is of another content.
        """
        with self.database.write() as connection:
            entry = history.find(connection, name, former=True, lock=True)
            if revision(connection, entry, number).digest != report.digest:
                raise InvalidInput(f"The report is not of revision {number} of {entry.name}.", "Check it again.")
            history.note_report(connection, entry.id, number, report)
            return revision(connection, entry, number)

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
            number = history.add_revision(connection, entry, named(draft, entry.name), parent, now)
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
