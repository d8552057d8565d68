"""The jobs of a studio: begun, queued up behind others of the same app, watched, and their stories kept."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from ..errors import InvalidInput, MachineFault, UnknownApp
from ..events import Answered, Asked, Event, Failed, Finished, Started
from ..generator import Failure, Reference
from ..library.names import usable
from ..notebook import Permissions
from ..sandbox import refuse_forbidden
from .ground import Ground
from .happenings import JobMoved
from .jobs import Action, Job
from .journals import Journals
from .session import Wish
from .stories import condensed
from .writing import Writer

ENDED_KEPT = 100
"""Ended jobs whose events stay at hand; the library keeps the stories of older ones."""
LONGEST_ERROR = 500

_log = logging.getLogger("microapps.studio")


class Working(Ground):
    """The part of a studio that begins and holds jobs. Its methods are called in the event loop, and return at once."""

    _writer: Writer
    _jobs: dict[str, Job]
    _journals: Journals

    def make(
        self,
        request: str,
        *,
        name: str | None = None,
        data: Sequence[Path] = (),
        speed: str | None = None,
        starter: str | None = None,
        offline: bool = False,
        allow: Permissions | None = None,
        deadline: float | None = None,
        budget: float | None = None,
    ) -> Job:
        """Begin to make an app; see :class:`~microapps.studio.session.Wish` for what each says."""
        wish = Wish(
            request=said(request),
            name=usable(name) if name else "",
            data=files(data),
            speed=speed or "",
            starter=starter or "",
            offline=offline,
            allow=allow or Permissions(),
            deadline=deadline,
            budget=budget,
        )
        return self._begin("make", wish, lambda job: self._writer.make(job, wish))

    def change(
        self,
        name: str,
        request: str,
        *,
        data: Sequence[Path] = (),
        speed: str | None = None,
        allow: Permissions | None = None,
        deadline: float | None = None,
        budget: float | None = None,
        references: Sequence[Reference] = (),
    ) -> Job:
        """Begin to change an app, or queue up to do so while another job of it runs.

        Raises
        ------
        UnknownApp
            When there is no app of that name.
        """
        app = self.library.app(name)
        wish = Wish(
            request=said(request),
            data=files(data),
            speed=speed or "",
            allow=allow or Permissions(),
            deadline=deadline,
            budget=budget,
            references=tuple(references),
        )
        return self._begin("change", wish, lambda job: self._writer.change(job, wish), app.name)

    def repair(
        self,
        name: str,
        failure: Failure,
        request: str = "",
        *,
        speed: str | None = None,
        allow: Permissions | None = None,
        references: Sequence[Reference] = (),
    ) -> Job:
        """Begin to mend what went wrong while the app was used; as :meth:`change` else."""
        app = self.library.app(name)
        wish = Wish(
            request=request.strip() or f"Mend this fault: {failure.error.strip()[:LONGEST_ERROR]}",
            speed=speed or "",
            allow=allow or Permissions(),
            references=tuple(references),
            failure=failure,
        )
        return self._begin("repair", wish, lambda job: self._writer.change(job, wish), app.name)

    def adopt(self, path: Path, *, name: str | None = None, allow: Permissions | None = None) -> Job:
        """Begin to take an existing widget notebook into the library."""
        wish = Wish(request=f"adopt {path.name}", name=usable(name) if name else "", allow=allow or Permissions())
        return self._begin("adopt", wish, lambda job: self._writer.adopt(job, wish, files([path])[0]))

    def take_in(self, path: Path, *, name: str | None = None, allow: Permissions | None = None) -> Job:
        """Begin to import an app that was exported elsewhere; it is checked again, and what it asks for asked anew."""
        wish = Wish(request=f"import {path.name}", name=usable(name) if name else "", allow=allow or Permissions())
        return self._begin("import", wish, lambda job: self._writer.take_in(job, wish, files([path])[0]))

    def _begin(
        self, action: Action, wish: Wish, work: Callable[[Job], Awaitable[None]], app: str = "", group: str = ""
    ) -> Job:
        refuse_forbidden(wish.given)
        job = Job(action, wish.request, app)
        job.group = group
        job.watchers.append(self._watch)
        ahead = [other for other in self._jobs.values() if app and other.app == app and not other.done]
        self._forget_some()
        self._jobs[job.id] = job
        self._journals.begin(job)
        job.start(work, after=ahead)
        if job.queued:
            self.happenings.tell(JobMoved(job, "queued"))
        return job

    def _forget_some(self) -> None:
        ended = [job for job in self._jobs.values() if job.done]
        for job in ended[: max(0, len(ended) - ENDED_KEPT)]:
            del self._jobs[job.id]

    def _watch(self, job: Job, event: Event) -> None:
        self._journals.note(job, event)
        match event:
            case Started():
                self.happenings.tell(JobMoved(job, "started"))
            case Asked():
                self.happenings.tell(JobMoved(job, "waiting"))
            case Answered():
                self.happenings.tell(JobMoved(job, "answered"))
            case Finished() | Failed():
                self._keep_story(job)
                self._journals.end(job)
                self.happenings.tell(JobMoved(job, "ended"))
                if isinstance(event, Finished):
                    self.changed(event.app, "changed" if job.action in ("change", "repair") else "made")

    def _keep_story(self, job: Job) -> None:
        if job.turn is None:
            return
        try:
            self.library.keep_story(job.turn, job.id, condensed(job.events_so_far))
        except MachineFault as fault:  # what counts is kept already
            _log.warning("What job %s told is not kept: %s", job.id, fault)

    def begin_make(
        self, request: str, *, data: tuple[Path, ...], speed: str, allow: Permissions, also: str, group: str
    ) -> Job:
        """Begin one of several answers to a request; ``also`` is a wish that goes with this one alone."""
        wish = Wish(request=request, data=data, speed=speed, allow=allow, also=also)
        return self._begin("make", wish, lambda job: self._writer.make(job, wish), group=group)

    def jobs(self) -> tuple[Job, ...]:
        """Every job of this studio, the newest last, ended ones too."""
        return tuple(self._jobs.values())

    def job(self, id: str) -> Job:
        """The job of that id; UnknownApp if there is none."""
        try:
            return self._jobs[id]
        except KeyError:
            raise UnknownApp(f"There is no job {id!r} here.", "It may have run in another process.") from None


def said(request: str) -> str:
    """What a person asks for; raises InvalidInput when that is nothing."""
    if not request.strip():
        raise InvalidInput("The request is empty.", "Say in a sentence what the app should do.")
    return request.strip()


def files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Files that can be read; raises InvalidInput or MachineFault."""
    for path in paths:
        if not path.is_file():
            raise InvalidInput(f"There is no file {path}.", "Check the path.")
        try:
            path.open("rb").close()
        except OSError as error:
            raise MachineFault(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from error
    return tuple(path.resolve() for path in paths)
