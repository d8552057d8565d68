"""Several answers to one request, of which one is kept."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import InvalidInput, UnknownApp
from ..events import Finished
from ..notebook import Permissions
from .jobs import Job
from .keeping import Keeping
from .working import Working, files, said

MOST = 3


@dataclass(frozen=True)
class Group:
    """The jobs that answer one request; ``kept`` is the one whose app was kept, ``removed`` those whose apps went."""

    request: str
    jobs: tuple[Job, ...]
    kept: str = ""
    removed: tuple[str, ...] = ()
    id: str = field(default_factory=lambda: secrets.token_hex(8))


class Grouping(Working, Keeping):
    """The part of a studio that has several answers made to one request."""

    _groups: dict[str, Group]

    def variants(
        self,
        request: str,
        count: int = 2,
        *,
        data: Sequence[Path] = (),
        speed: str | None = None,
        allow: Permissions | None = None,
    ) -> Group:
        """Begin two or three apps for one request, each written and checked by itself.

        Raises InvalidInput for another count, and where there is no model: a starter has one answer.
        """
        if not 2 <= count <= MOST:
            raise InvalidInput(f"There can be 2 to {MOST} answers to one request, not {count}.")
        if self.model is None:
            raise InvalidInput("Several answers to one request need a model.", "Add a key first.")
        group = Group(said(request), ())
        jobs = tuple(
            self.begin_make(
                said(request),
                data=files(data),
                speed=speed or "",
                allow=allow or Permissions(),
                also=_other(number, count),
                group=group.id,
            )
            for number in range(1, count + 1)
        )
        self._groups[group.id] = replace(group, jobs=jobs)
        return self._groups[group.id]

    def group(self, id: str) -> Group:
        """The group of that id; UnknownApp if there is none."""
        try:
            return self._groups[id]
        except KeyError:
            raise UnknownApp("There are no such answers here.", "They may be of another server.") from None

    def keep(self, id: str, job: str) -> tuple[str, tuple[str, ...]]:
        """Keep one answer, put the others in the trash and stop those under way; the app kept and those removed.

        To keep the same again is no error, and does what the first time could not.

        Raises
        ------
        InvalidInput
            The job is none of the group, has made no app, or another was kept.
        UnknownApp
            Its app was removed meanwhile.
        """
        group = self.group(id)
        chosen = next((one for one in group.jobs if one.id == job), None)
        if chosen is None or not isinstance(chosen.outcome, Finished):
            raise InvalidInput("That answer made no app that could be kept.", "Keep another.")
        if group.kept not in ("", job):
            raise InvalidInput("Another answer was kept, and this one put in the trash.", "Restore it from there.")
        kept = self.library.app(chosen.app)
        self._groups[id] = group = replace(group, kept=job)
        for other in group.jobs:
            if other is chosen or other.id in group.removed:
                continue
            other.stop()
            if isinstance(other.outcome, Finished):
                with suppress(UnknownApp):  # the person was faster
                    self.remove(other.app)
                self._groups[id] = group = replace(group, removed=(*group.removed, other.id))
        return kept.name, tuple(other.app for other in group.jobs if other.id in group.removed)


def _other(number: int, count: int) -> str:
    if number == 1:
        return ""
    return (
        f"This is answer {number} of {count} to one request, shown side by side: "
        "meet it just as fully, with another design than the first that comes to mind."
    )
