"""What the tools that change no cell answer: reading, looking, asking, permissions, preferences."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from ..errors import InvalidInput, MachineFault
from ..notebook import Permissions
from ..sandbox import refuse_forbidden
from .conversation import shown
from .data import described
from .draft import Draft
from .messages import ImageBlock, TextBlock
from .task import Limits, Look, Person, Task
from .tools import ASK_USER, LOOK_AT_APP, LOOK_AT_DATA, PROPOSE_PERMISSION, READ_APP

Answer = tuple[tuple[TextBlock | ImageBlock, ...], bool]
"""The content of a tool's result, and whether it is an error."""

MAX_IMAGE = 4 << 20
"""Bytes of a screenshot; endpoints take about 5 MB."""

T = TypeVar("T")


class Clock:
    """A job's deadline, which waits while a person is asked."""

    def __init__(self) -> None:
        self.deadline: asyncio.Timeout | None = None

    async def stopped(self, answer: Awaitable[T]) -> T:
        """Await something that does not count against the deadline."""
        when = self.deadline.when() if self.deadline else None
        if self.deadline is None or when is None:
            return await answer
        loop = asyncio.get_running_loop()
        began = loop.time()
        self.deadline.reschedule(None)
        try:
            return await answer
        finally:
            self.deadline.reschedule(when + loop.time() - began)

    def left(self, otherwise: float) -> float:
        """Seconds to the deadline."""
        when = self.deadline.when() if self.deadline else None
        return otherwise if when is None else max(0.0, when - asyncio.get_running_loop().time())


class Answers:
    """Answers the calls of one job.

    ``granted`` is what the person gave so far, ``remembered`` are their new preferences.
    """

    def __init__(
        self,
        task: Task,
        draft: Draft,
        person: Person,
        clock: Clock,
        limits: Limits,
        granted: Permissions,
        look: Look | None,
    ) -> None:
        self._task, self._draft, self._person, self._clock = task, draft, person, clock
        self._limits, self._look = limits, look
        self._asked = 0
        self.granted = granted
        self.remembered: list[str] = []

    async def to(self, tool: str, value: Mapping[str, Any]) -> Answer:
        """The answer to a call whose input keeps to the tool's schema."""
        if tool == READ_APP.name:
            return _said(shown(self._draft.app) if self._draft.app else "There is no app yet.")
        if tool == LOOK_AT_DATA.name:
            return self._data(value["name"])
        if tool == LOOK_AT_APP.name:
            return await self._picture()
        if tool == ASK_USER.name:
            return await self._question(value["question"], tuple(value["options"]))
        if tool == PROPOSE_PERMISSION.name:
            return await self._permission(value)
        self.remembered.append(_printable(value["preference"]))
        return _said("Remembered.")

    def _data(self, name: str) -> Answer:
        for schema in self._task.data:
            if schema.name == name:
                return _said(described(schema))
        names = ", ".join(schema.name for schema in self._task.data) or "none"
        return _said(f"No file {name!r} is attached; attached are: {names}.", bad=True)

    async def _picture(self) -> Answer:
        draft = self._draft.tidy
        if self._look is None or draft is None:
            return _said("There is nothing to look at yet.", bad=True)
        try:
            picture = await self._look(draft)
        except MachineFault as fault:
            return _said(f"No picture can be made on this machine: {fault.what} Go on without.", bad=True)
        if len(picture) > MAX_IMAGE:
            return _said("The picture is too large to be shown. Go on without.", bad=True)
        return (ImageBlock.png(picture),), False

    async def _question(self, text: str, options: tuple[str, ...]) -> Answer:
        if self._asked >= self._limits.questions:
            return _said(
                f"The person has answered {self._asked} questions and is asked no more. Take the likeliest reading, "
                "and say in your last words what you assumed."
            )
        self._asked += 1
        asked = self._person.ask(_printable(text), tuple(_printable(option) for option in options))
        answer = await self._clock.stopped(asked)
        return _said(f"The person answers: {answer}" if answer else "Nobody answers. Take the likeliest reading.")

    async def _permission(self, value: Mapping[str, Any]) -> Answer:
        wanted = {key: value[key] for key in Permissions.model_fields if key in value}
        try:
            permissions = Permissions.model_validate(wanted)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            return _said(f"Nothing was asked: {where}: {first['msg']}", bad=True)
        try:
            refuse_forbidden(permissions)
        except InvalidInput as error:
            return _said(f"Nothing was asked: {error}", bad=True)
        missing = permissions.beyond(self.granted)
        if missing.sentences():
            if not await self._clock.stopped(self._person.approve(missing, _printable(value["reason"]))):
                return _said("The person refuses. Do without it, and say in your last words what that means.")
            self.granted = self.granted.merged(missing)
        self._draft.grant(self._draft.permissions.merged(permissions))
        return _said("The person agrees." if missing.sentences() else "The app has that permission already.")


def _said(text: str, *, bad: bool = False) -> Answer:
    return (TextBlock(text=text),), bad


def _printable(text: str) -> str:
    """A model's words fit for a terminal: one line, no control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
