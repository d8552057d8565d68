"""The instant use cases of a studio: back and forth, fork, rename, remove, compare, edit by hand, permit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..checks import Report
from ..errors import ChangedOnDisk, InvalidInput
from ..library import Access, AppRecord, Fault, Revision
from ..library.placing import same
from ..notebook import AppDifference, MicroApp, Permissions, difference
from ..sandbox import refuse_forbidden
from .attempts import take_attempts
from .data import Data, clear, stored
from .ground import Ground
from .jobs import Job
from .sharing import clear_guests


@dataclass(frozen=True)
class PermissionState:
    """What an app asks for, what the person gave the content that is current, and what is missing between the two."""

    asked: Permissions
    granted: Permissions
    missing: Permissions


class Keeping(Ground):
    """The part of a studio that keeps apps. Its methods take milliseconds and may be called from any thread."""

    _jobs: dict[str, Job]

    def undo(self, name: str) -> Revision:
        """Make the revision before the current one current."""
        return self._moved(self.library.undo(name))

    def redo(self, name: str) -> Revision:
        """Take back an undo."""
        return self._moved(self.library.redo(name))

    def goto(self, name: str, number: int) -> Revision:
        """Make any revision current."""
        return self._moved(self.library.goto(name, number))

    def _moved(self, revision: Revision) -> Revision:
        self.changed(revision.app, "changed")
        return revision

    def save(self, name: str, app: MicroApp, *, expected: int) -> Revision:
        """Keep an edit by hand as a revision; the current one when nothing differs but how it was looked at.

        Raises
        ------
        ChangedOnDisk
            Another revision than ``expected`` is current; the edit is kept in the history as an interrupted turn.
        """
        self.library.sync(name)
        current = self.library.revision(name)
        provenance = current.notebook.metadata.provenance
        app = app.with_metadata(name=current.app, provenance=provenance)
        if current.number != expected:
            why = f"{current.app} is at revision {current.number} by now."
            self.library.record_interrupted(current.app, action="hand", request=BY_HAND, draft=app, error=why)
            raise ChangedOnDisk(why, "Load it again and edit that; your edit is kept in the history.")
        if same(app, current.notebook):
            return current
        edited = app.with_metadata(provenance=provenance.model_copy(update={"maker": "hand"}))
        revision = self.library.accept(
            edited, name=current.app, action="hand", request=BY_HAND, report=None, expected=expected
        )
        return self._moved(revision)

    def fork(self, name: str, new_name: str | None = None) -> AppRecord:
        """A new app that begins as this one is now; it starts without any grant but what both ask for."""
        record = self.library.fork(name, new_name)
        self.changed(record.name, "made")
        return record

    def rename(self, name: str, new_name: str) -> AppRecord:
        """Give an app another name: what addresses and commands call it. People read its title: :meth:`retitle`."""
        was = self.library.app(name).name
        record = self.library.rename(name, new_name)
        for job in tuple(self._jobs.values()):
            if job.app == was:
                job.app = record.name  # another app may get the name that is free now
        self.changed(record.name, "renamed", was)
        return record

    def retitle(self, name: str, title: str) -> Revision:
        """Give an app another title, as a revision; no code changes, so its checks and permissions stand."""
        wanted = " ".join(title.split())
        if not wanted or len(wanted) > LONGEST_TITLE:
            raise InvalidInput(f"A title has 1 to {LONGEST_TITLE} characters.", "Give a shorter one, of some words.")
        self.library.sync(name)
        current = self.library.revision(name)
        old, new = current.notebook, current.notebook.retitled(wanted)
        if wanted == old.metadata.title:
            return current
        checked = current.report if current.report and current.report.digest == old.digest else None
        granted = self.library.granted(current.app, old.digest)
        revision = self.library.accept(
            new,
            name=current.app,
            action="title",
            request=wanted,
            report=checked and checked.model_copy(update={"digest": new.digest}),
            expected=current.number,
        )
        if granted != Permissions() and new.digest != old.digest:
            self.library.grant(revision.app, granted, new.digest)
        return self._moved(revision)

    def remove(self, name: str) -> None:
        """Put an app in the trash."""
        removed = self.library.remove(name)
        self.library.unpublish(removed.name)
        self.changed(removed.name, "removed")

    def restore(self, name: str | int) -> AppRecord:
        """Take an app out of the trash: the one with that number, or the one of that name that was removed last."""
        record = self.library.restore(name)
        self.changed(record.name, "restored")
        return record

    def purge(self, name: str | int) -> None:
        """Delete an app in the trash for good; several of one name are told apart by their numbers."""
        self.changed(self.library.purge(name).name, "purged")

    def record_check(self, name: str, number: int, report: Report) -> Revision:
        """Keep what a later check of a revision found."""
        revision = self.library.record_check(name, number, report)
        self.changed(revision.app, "checked")
        return revision

    def show(self, name: str, revision: int | None = None) -> MicroApp:
        """An app as it is in one revision, the current one by default."""
        return self.library.revision(name, revision or self.library.app(name).current).notebook

    def difference(self, name: str, old: int | None = None, new: int | None = None) -> AppDifference:
        """What changed between two revisions; by default between the current one and the one it was made from."""
        later = self.library.revision(name, new or self.library.app(name).current)
        earlier = old or later.parent
        if earlier is None:
            raise InvalidInput(f"{name!r} has no revision before {later.number}.", "Name two revisions.")
        return difference(self.library.revision(name, earlier).notebook, later.notebook)

    # What an app stores

    def data(self, name: str) -> Data:
        """What an app stores, in values, tables and files."""
        return stored(self.library.app(name).data)

    def clear_data(self, name: str, *, guests: bool = True) -> None:
        """Remove all that an app stores, that of its guests too. A page that is open may store something again."""
        record = self.library.app(name)
        clear(record.data)
        if guests:
            clear_guests(record.guests)
        self.changed(record.name, "data")

    # Permissions

    def permissions(self, name: str) -> PermissionState:
        """What an app asks for and what it has."""
        app = self.show(name)
        granted = self.library.granted(name, app.digest)
        return PermissionState(app.metadata.permissions, granted, app.metadata.permissions.beyond(granted))

    def grant(self, name: str, permissions: Permissions) -> None:
        """The person gives an app, as it is now, these permissions besides what it has."""
        refuse_forbidden(permissions)
        digest = self.show(name).digest
        self.library.grant(name, self.library.granted(name, digest).merged(permissions), digest)
        self.changed(name, "permissions")

    def revoke(self, name: str, permissions: Permissions | None = None) -> None:
        """The person takes permissions back; all of them by default."""
        self.library.revoke(name, permissions)
        self.changed(name, "permissions")

    def accesses(self, name: str) -> tuple[Access, ...]:
        """What an app tried to reach, the most recent first; what its kernels noted since is taken in first."""
        take_attempts(self.attempts_file, self.library)
        return self.library.accesses(name)

    def faults(self, name: str) -> tuple[Fault, ...]:
        """What an app's owner should know of its visits, the most recent first; running sites add to it each second."""
        return self.library.faults(name)

    def remarks(self, name: str) -> tuple[str, ...]:
        """What is worth knowing of the visits to the current revision, such as why none can be forked."""
        made = self.library.revision(name, self.library.app(name).current).created
        return tuple(one.what for one in self.faults(name) if one.kind == "remark" and one.last >= made)

    @property
    def attempts_file(self) -> Path:
        """Where the containment notes what apps try."""
        return self.home / "attempts.jsonl"


BY_HAND = "Edited by hand."
LONGEST_TITLE = 200
"""Characters; as in the notebook's metadata."""
