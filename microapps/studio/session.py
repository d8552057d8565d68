"""What one job of writing is given and holds: the person behind it, the checks, and what was granted so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..checks import Report, check
from ..errors import InvalidInput
from ..events import Checked, CheckedLayer, Checking
from ..generator import Failure, Reference
from ..notebook import FileAccess, MicroApp, Permissions
from ..sandbox import Sandbox, refuse_forbidden
from .jobs import Job

YES = "yes"
NO = "no"


@dataclass(frozen=True)
class Wish:
    """All a person said for one job.

    Attributes
    ----------
    request : what they need, in their words.
    name : of a new app; made from its title if empty.
    data : files the app may read.
    speed : ``fast``, ``balanced`` or ``best``; empty takes the setting.
    starter : take this starter, whatever the description.
    offline : do not ask a model even where a key is set.
    allow : what they grant before being asked.
    deadline : seconds the job may take; None takes the setting.
    budget : US dollars the job may cost; None takes the setting.
    references : parts of the app that the person pointed at.
    failure : what went wrong in the running app.
    also : a wish for this one answer, told to the model with the person's preferences.
    """

    request: str
    name: str = ""
    data: tuple[Path, ...] = ()
    speed: str = ""
    starter: str = ""
    offline: bool = False
    allow: Permissions = field(default_factory=Permissions)
    deadline: float | None = None
    budget: float | None = None
    references: tuple[Reference, ...] = ()
    failure: Failure | None = None
    also: str = ""

    @property
    def given(self) -> Permissions:
        """What the person grants by asking: ``allow``, and reading the files they attached."""
        files = tuple(FileAccess(path=str(path.resolve())) for path in self.data)
        return self.allow.merged(Permissions(files=files))


class Session:
    """The generator's view of one job: it asks the person and has drafts checked, and both show as events."""

    def __init__(self, job: Job, sandbox: Sandbox, granted: Permissions) -> None:
        self.job = job
        self.granted = granted
        self.draft: MicroApp | None = None
        self.report: Report | None = None
        self._sandbox = sandbox
        self._round = 0

    async def ask(self, text: str, options: tuple[str, ...]) -> str:
        """Put the model's question to the person."""
        return await self.job.ask(text, options)

    async def approve(self, permissions: Permissions, reason: str) -> bool:
        """Ask the person for what is wider than they have granted; nothing is asked when nothing is.

        What no app may be given is declined unasked.
        Packages are not asked for: one that is installed reaches no further than the containment lets it.
        """
        missing = permissions.beyond(self.granted).model_copy(update={"packages": ()})
        sentences = missing.sentences()
        if not sentences:
            return True
        try:
            refuse_forbidden(missing)
        except InvalidInput:
            return False  # the generator has told the model why
        text = "The app asks to be allowed to: " + " ".join(sentences)
        if reason:
            text += f" The reason it gives: {reason}"
        if await self.job.ask(text, (YES, NO), permissions=missing, reason=reason) != YES:
            return False
        self.granted = self.granted.merged(missing)
        return True

    async def check(self, app: MicroApp) -> Report:
        """Check a draft in this job's name with what the person has granted."""
        self._round += 1
        self.draft = app
        number = self._round
        self.job.emit(Checking(round=number))
        self.report = await check(
            app,
            sandbox=self._sandbox,
            granted=self.granted,
            scope=self.job.id,
            emit=lambda result: self.job.emit(CheckedLayer(round=number, result=result)),
        )
        self.job.emit(Checked(round=number, report=self.report))
        return self.report
