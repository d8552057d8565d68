"""The ways to a revision: a model writes it, a starter is filled in, a notebook is adopted or an app imported.

Each ends the same way: a draft that passed its checks becomes current in one transaction of the library; anything else
is kept as an interrupted turn, and what was current stays so.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

from ..broker import spent, usage_record
from ..checks import Report
from ..checks.report import Layer, Severity, Status
from ..errors import AppFault, MicroappsError, ModelRefused, UnknownApp
from ..events import Failed, Finished, PointedAt, Started, Wrote
from ..generator import (
    MESSAGES,
    Limits,
    Model,
    Outcome,
    Reserve,
    Settings,
    Speed,
    Task,
    schema,
    write,
)
from ..generator.reporting import finding_text
from ..generator.starters import Match, best, build, explain
from ..library import Library, Revision, UsageRecord
from ..notebook import MicroApp, Permissions, adopt, difference, with_pictures
from ..publish.carrying import arrived
from ..sandbox import Sandbox, without_forbidden
from .arriving import (
    IMPORT_HINT,
    imported_note,
    left_out,
    pictures_beside,
    place_data,
    plain_title,
    remixed,
    same_content,
)
from .jobs import Job
from .pictures import Pictures
from .reserving import months_money
from .session import Session, Wish

LONGEST_NAME = 32  # characters made from a description; beyond it the starter's own name is easier to type
UNUSED_FILES = " Starters read no attached files: if the app takes one, upload it there."

AGAIN_HINT = "Say it again in other words, or in smaller steps."
ADOPTION_HINT = (
    "Mend the notebook until all its cells run from top to bottom, and take it in again. "
    "A cell whose error is meant to be seen needs the tag 'raises-exception'."
)


class Writer:
    """What every job of writing needs, in one place.

    Parameters
    ----------
    library : where revisions are kept.
    sandbox : where drafts are run.
    settings : the person's settings.
    model : who writes; None where there is no key.
    pictures : of the apps.
    """

    def __init__(
        self, library: Library, sandbox: Sandbox, settings: Settings, model: Model | None, pictures: Pictures
    ) -> None:
        self.library = library
        self.sandbox = sandbox
        self.settings = settings
        self.model = model
        self.pictures = pictures

    async def make(self, job: Job, wish: Wish) -> None:
        """Make a new app: by the model where there is one, else by a starter."""
        if self.model is None or wish.offline or wish.starter:
            await self._from_starter(job, wish)
        else:
            await self._by_model(job, wish, self.model, None)

    async def change(self, job: Job, wish: Wish) -> None:
        """Change or repair the app ``job.app``; an edit made by hand since is recorded first."""
        self.library.sync(job.app)
        if self.model is None:
            raise UnknownApp(
                f"Changing {job.app!r} needs a model, and no key for one is set.",
                "Add a key, in JupyterLab's panel or with 'microapps config key', or edit the notebook in Jupyter: "
                f"{self.library.notebook_path(job.app)}.",
            )
        await self._by_model(job, wish, self.model, self.library.app(job.app).current)

    async def adopt(self, job: Job, wish: Wish, path: Path) -> None:
        """Take an existing widget notebook into the library; the file itself is left as it is.

        It is the person's own work, so it is taken in if it runs at all; what else the checks find is said and shows
        as its health, for a change to mend.
        """
        began = time.monotonic()
        app = await asyncio.to_thread(adopt, path, name=wish.name)
        job.emit(
            Started(job=job.id, action=job.action, request=job.request, maker="adopted", note=f"Adopting {path.name}.")
        )
        app = app.with_metadata(permissions=app.metadata.permissions.in_words_of(wish.given))
        session = Session(job, self.sandbox, wish.given)
        asked, never = without_forbidden(app.metadata.permissions)
        agreed = await session.approve(asked, "the notebook's code reaches for it")
        app = app.with_metadata(permissions=asked if agreed else session.granted)
        app, left = await self._illustrated(job, wish, app, path.parent)
        report = await session.check(app)
        run = report.layer(Layer.RUN)
        note = "" if report.passed else "It was taken in as it is. Ask for a change to mend what the checks found."
        note = " ".join(filter(None, (note, *never, left)))
        accepted = run is not None and run.status is Status.PASSED
        self._finish(job, wish, session, app, report, None, began=began, accepted=accepted, note=note)

    async def _illustrated(self, job: Job, wish: Wish, app: MicroApp, folder: Path) -> tuple[MicroApp, str]:
        """The app with the pictures of its text that lie beside it, if the person agrees; and what was left out.

        What is given here is given once: the app itself may not read those files.
        """
        pictures = await asyncio.to_thread(pictures_beside, app, folder, wish.given)
        agreed = await Session(job, self.sandbox, wish.given).approve(
            pictures.asked.in_words_of(wish.given), "its text shows these pictures, which become part of it"
        )
        return (with_pictures(app, pictures) if agreed else app), left_out(pictures, agreed=agreed)

    async def take_in(self, job: Job, wish: Wish, path: Path) -> None:
        """Import an app that was exported elsewhere: only if it passes its checks here, with what the person gives it.

        Nothing of the file is believed but what it is: what it asks for is asked anew, and what it says of its own
        checks is not looked at.
        """
        began = time.monotonic()
        arrival = await asyncio.to_thread(arrived, path)
        app = remixed(arrival, path.name, wish.name)
        note = f"Importing {plain_title(app)} from {path.name}; it is checked here again."
        job.emit(Started(job=job.id, action=job.action, request=job.request, maker="import", note=note))
        session = Session(job, self.sandbox, wish.given)
        asked, never = without_forbidden(app.metadata.permissions)
        await session.approve(asked, "it came so in the file, and what was given elsewhere is not")
        report = await session.check(app)
        if not report.passed:
            self._interrupted(job, session, None, None, "the checks found faults", began)
            self._not_accepted(job, app, report, "", None, IMPORT_HINT)
            return
        known = same_content(self.library, app)

        def place(revision: Revision) -> None:
            place_data(self.library.app(revision.app).data, arrival.data)
            if arrival.picture:
                self.pictures.keep_brought(revision.digest, arrival.picture)

        told = imported_note(arrival, session.granted, known, never)
        self._finish(job, wish, session, app, report, None, began=began, note=told, accepted_as=place)

    async def _from_starter(self, job: Job, wish: Wish) -> None:
        began = time.monotonic()
        chosen = self._starter(wish)
        note = explain(chosen) + (UNUSED_FILES if wish.data else "")
        job.emit(
            Started(job=job.id, action=job.action, request=wish.request, maker=f"starter:{chosen.starter}", note=note)
        )
        app = await asyncio.to_thread(build, chosen)
        if wish.name or len(app.metadata.name) > LONGEST_NAME:
            app = app.with_metadata(name=wish.name or chosen.recipe or chosen.starter)
        _emit_cells(job, None, app)
        session = Session(job, self.sandbox, wish.given)
        report = await session.check(app)
        self._finish(job, wish, session, app, report, None, began=began)

    def _starter(self, wish: Wish) -> Match:
        if not wish.starter:
            return best(wish.request)
        name, _, recipe = wish.starter.partition("/")
        return Match(name, recipe, 1.0, "you named it", wish.request)

    async def _by_model(self, job: Job, wish: Wish, model: Model, parent: int | None) -> None:
        began = time.monotonic()
        current = self.library.revision(job.app, parent).notebook if parent else None
        granted = wish.given
        if current is not None:
            granted = self.library.granted(job.app, current.digest).merged(granted)
        session = Session(job, self.sandbox, granted)
        task = Task(
            request=wish.request,
            current=current,
            history=MESSAGES.validate_python(self.library.conversation(job.app)) if parent else (),
            data=tuple([await asyncio.to_thread(schema, path, rows=self.settings.rows) for path in wish.data]),
            speed=Speed(wish.speed) if wish.speed else self.settings.speed,
            model=self.settings.model,
            preferences=(*(kept.text for kept in self.library.preferences()), *((wish.also,) if wish.also else ())),
            granted=granted,
            name=wish.name,
            references=wish.references,
            failure=wish.failure,
        )
        about = tuple(PointedAt(**asdict(reference)) for reference in wish.references)
        job.emit(
            Started(job=job.id, action=job.action, app=job.app, request=wish.request, maker="model", references=about)
        )
        with months_money(self.library, self.settings.dollars_per_month) as reserve:
            await self._write(job, wish, session, task, model, self._limits(wish, reserve), parent, began)

    async def _write(
        self,
        job: Job,
        wish: Wish,
        session: Session,
        task: Task,
        model: Model,
        limits: Limits,
        parent: int | None,
        began: float,
    ) -> None:
        """Have the model write, and keep what came of it with what it cost."""
        try:
            outcome = await write(
                task,
                model=model,
                check=session.check,
                person=session,
                emit=job.emit,
                limits=limits,
            )
        except MicroappsError as error:
            self._interrupted(job, session, getattr(error, "outcome", None), parent, str(error), began)
            job.fail(error, _kept(job.app, parent, session.draft))
            return
        for preference in outcome.preferences:
            self.library.remember(preference)
        if outcome.app is None or outcome.report is None:
            self._interrupted(job, session, outcome, parent, "no draft passed its checks", began)
            self._not_accepted(job, outcome.draft, outcome.report, outcome.text, parent)
            return
        session.granted = outcome.granted
        self._finish(job, wish, session, outcome.app, outcome.report, outcome, began=began, parent=parent)

    def _limits(self, wish: Wish, reserve: Reserve) -> Limits:
        settings = self.settings
        return Limits(
            repairs=settings.repairs,
            dollars=settings.dollars_per_job if wish.budget is None else wish.budget,
            month_dollars=settings.dollars_per_month,
            reserve=reserve,
            seconds=wish.deadline or settings.seconds,
        )

    def _finish(
        self,
        job: Job,
        wish: Wish,
        session: Session,
        app: MicroApp,
        report: Report,
        outcome: Outcome | None,
        *,
        began: float,
        parent: int | None = None,
        accepted: bool = False,
        note: str = "",
        accepted_as: Callable[[Revision], None] = lambda revision: None,
    ) -> None:
        """Accept a draft that passed, or is ``accepted`` all the same; keep any other as an interrupted turn.

        ``accepted_as`` is called with the revision before anyone is told of it.
        """
        seconds = round(time.monotonic() - began, 3)
        if not report.passed and not accepted:
            self._interrupted(job, session, outcome, parent, "the checks found faults", began)
            self._not_accepted(job, app, report, "", parent, ADOPTION_HINT if job.action == "adopt" else AGAIN_HINT)
            return
        usage = usage_record(outcome.model, outcome.usage, outcome.dollars) if outcome else None
        revision = self.library.accept(
            app,
            name=job.app or None,
            action=job.action,
            request=wish.request,
            report=report,
            messages=MESSAGES.dump_python(outcome.messages, mode="json", exclude_none=True) if outcome else (),
            usage=usage,
            parent=parent,
            seconds=seconds,
            expected=parent,
        )
        job.app, job.turn = revision.app, revision.turn
        asked = app.metadata.permissions
        given = session.granted.merged(Permissions(packages=asked.packages)).common(asked)
        self.library.grant(revision.app, given, revision.digest)
        accepted_as(revision)
        job.emit(
            Finished(
                app=revision.app,
                revision=revision.number,
                title=revision.title,
                report=report,
                seconds=seconds,
                note=outcome.note if outcome else note,
            )
        )

    def _interrupted(
        self,
        job: Job,
        session: Session,
        outcome: Outcome | None,
        parent: int | None,
        error: str,
        began: float,
    ) -> None:
        usage: UsageRecord | None = spent(job.events_so_far)
        if outcome is not None and outcome.model:
            usage = usage_record(outcome.model, outcome.usage, outcome.dollars)
        job.turn = self.library.record_interrupted(
            name=job.app,
            action=job.action,
            request=job.request,
            messages=MESSAGES.dump_python(outcome.messages, mode="json", exclude_none=True) if outcome else (),
            draft=(outcome.draft if outcome else None) or session.draft,
            report=session.report,
            error=error,
            usage=usage,
            parent=parent,
            seconds=round(time.monotonic() - began, 3),
        ).id

    def _not_accepted(
        self,
        job: Job,
        draft: MicroApp | None,
        report: Report | None,
        said: str,
        parent: int | None,
        hint: str = AGAIN_HINT,
    ) -> None:
        serious = [f for f in report.findings if f.severity is Severity.ERROR] if report else []
        error: type[MicroappsError] = AppFault
        what = "The app did not pass its checks, so it was not accepted."
        if serious:
            what += "\n" + finding_text(serious[0], traceback=False)  # the report has it
        elif draft is None and said:
            error, what = ModelRefused, f"No app was written. The model said: {said[:500]}"
        job.emit(
            Failed(
                app=job.app,
                error=error.__name__,
                what=what,
                hint=hint,
                kept=_kept(job.app, parent, draft),
                report=report,
            )
        )


def _kept(app: str, parent: int | None, draft: MicroApp | None) -> str:
    """What there is after a job that made no revision, as sentences."""
    current = f"Revision {parent} of {app!r} is still current. " if parent else ""
    kept = "The draft and the conversation are" if draft else "The conversation is"
    return f"{current}{kept} kept in the history."


def _emit_cells(job: Job, old: MicroApp | None, new: MicroApp) -> None:
    blank = old or replace(new, cells=())
    for change in difference(blank, new).cells:
        job.emit(Wrote(cell=change.id, role=str(change.role or ""), change=change.change, diff=change.diff))
