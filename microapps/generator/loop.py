"""The loop in which a model writes an app: turns, tools, checks, bounds.

There is no script of steps. The model is given tools and evidence: the result of every write is the report of the
checks, and the job ends when the model has nothing more to do and the report is good, or when a bound is reached. The
account is in :mod:`ledger`, the draft's rules in :mod:`draft`, the checks of a draft in :mod:`trials`, what the other
tools do in :mod:`answers`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from ..errors import InvalidNotebook, LimitReached, MicroappsError, ModelFault, Stopped, TurnIncomplete
from ..events import Event, Retrying, Text, Told, Used, Writing
from ..notebook import FileAccess, Permissions, Provenance
from .answers import Answers, Clock
from .assembly import ContextFull, CutShort
from .cards import cards
from .conversation import characters, condensed, opening, prompt, system
from .data import described
from .draft import Draft, Refused
from .gates import Gates
from .ledger import Ledger
from .messages import ImageBlock, Message, TextBlock, ToolResultBlock, ToolUseBlock, answered, joined, without_thinking
from .model import Model, ModelInfo, Retry, TextPiece, ToolPiece, ToolSpec, Turn, TurnRequest, Usage
from .prices import prices
from .speed import choose, effort
from .task import Checker, Limits, Look, Outcome, Person, Task
from .tools import CHANGING, EDIT_CELL, WRITE_APP, WRITE_CELL, faults, offered
from .trials import Trials
from .withheld import Withheld

log = logging.getLogger(__name__)

ANSWER_TOKENS = 32_000
"""Room for one answer: a large app is about 8,000 tokens, and thinking counts as well."""

MOST_ANSWER_TOKENS = 64_000
"""Room for the one more try that an answer gets which did not fit."""

BAD_CALLS = 4
"""So many calls that break a tool's schema end the job."""

SHOWN_EVERY = 400
"""Characters of a tool's input between two events that say how far it is."""


async def write(
    task: Task,
    *,
    model: Model,
    check: Checker,
    person: Person,
    emit: Callable[[Event], None],
    limits: Limits = Limits(),  # noqa: B008 (frozen)
    look: Look | None = None,
) -> Outcome:
    """Let a model write or change an app until its checks pass.

    Returns an :class:`Outcome`: with ``app`` and its passing report; or, where the model gave up, with ``app`` None and
    its last words in ``text``.

    Raises
    ------
    ModelFault
        The endpoint gave no usable answer: ModelUnreachable, ModelRejected, ModelRefused or TurnIncomplete.
    LimitReached
        Money, time, repairs or turns are used up, or the model repeats itself, and no draft passed.
    MachineFault
        The check could not be made; never counted against the app.
    Stopped
        The task that runs this was cancelled.
    InvalidSetting
        No model can be chosen, or the price table or settings cannot be read.

    Each carries what was done so far as ``outcome``.
    """
    return await _Job(task, model, check, person, emit, limits, look).run()


class _Job:
    def __init__(
        self,
        task: Task,
        model: Model,
        check: Checker,
        person: Person,
        emit: Callable[[Event], None],
        limits: Limits,
        look: Look | None,
    ) -> None:
        self.task, self.model, self.emit, self.limits, self.look = task, model, emit, limits, look
        attached = Permissions(files=tuple(FileAccess(path=str(schema.path)) for schema in task.data))
        current = task.current
        asked = current.metadata.permissions if current else Permissions()
        if task.data:
            asked = asked.merged(attached)
            current = current.with_metadata(permissions=asked) if current else None
        self.draft = Draft(
            gates=Gates.of(current),
            provenance=Provenance(request=task.request[:20_000], created=datetime.now(UTC)),
            permissions=asked,
            name=task.name,
            app=current,
        )
        self.begun = self.draft.tidy
        self.clock = Clock()
        self.answers = Answers(task, self.draft, person, self.clock, limits, task.granted.merged(attached), look)
        known = "\n".join((task.request, *(described(schema) for schema in task.data)))
        self.trials = Trials(check, emit, limits, Withheld(self._withheld, known))
        self.ledger = Ledger(limits, None)
        self.before = condensed(task.history)
        self.messages: list[Message] = [opening(task)]
        self.info = ModelInfo(id="")
        self.number = self.room = 0
        self.bad_calls = 0
        self.nudged = False

    async def run(self) -> Outcome:
        """The whole job, inside its deadline; every error leaves with the outcome so far."""
        try:
            async with asyncio.timeout(self.limits.seconds) as deadline:
                self.clock.deadline = deadline
                return await self._work()
        except TimeoutError as error:
            if not deadline.expired():
                raise
            return self._ended(
                LimitReached(
                    f"The job took longer than {self.limits.seconds:.0f} seconds.",
                    "Ask for less at once, or allow more time (--deadline).",
                ),
                error,
            )
        except asyncio.CancelledError as error:
            stopped = Stopped("The job was stopped.", "What was written so far is kept.")
            stopped.outcome = self._outcome()
            raise stopped from error
        except (LimitReached, ModelFault) as error:
            return self._ended(error, None)
        except MicroappsError as error:
            error.outcome = self._outcome()
            raise

    def _withheld(self) -> tuple[Path, ...]:
        """Files the app may read and the model may not: all but those whose rows the person lets it see."""
        open_ = {schema.path for schema in self.task.data if schema.sample}
        paths = (Path(given.path).resolve() for given in self.answers.granted.files)
        return tuple(path for path in paths if path not in open_)

    async def _work(self) -> Outcome:
        self.info = choose(await self.model.models(), self.task.speed, self.task.model)
        self.ledger = Ledger(self.limits, prices().of(self.info.id), self.info.id)
        for data in self.task.data:
            self.emit(Told(file=data.name, text=described(data)))
        current = self.task.current
        if current is not None and current.metadata.provenance.maker != "adopted":
            self.draft.provenance = current.metadata.provenance
        else:
            made = {"maker": f"model:{self.info.id}"[:200]}
            if current is not None:
                made |= {"source": current.metadata.provenance.source, "folder": current.metadata.provenance.folder}
            self.draft.provenance = self.draft.provenance.model_copy(update=made)
        tools = offered(data=bool(self.task.data), look=self.look is not None and self.info.images is not False)
        shown, bad = cards()
        for card in bad:
            log.warning("%s", card)
        prefix = system(shown)
        while True:
            turn = await self._turn(prefix, tools)
            if turn.message.text or turn.message.tool_uses:
                self.messages.append(turn.message)
            if turn.message.tool_uses:
                self.messages.append(await self._use(turn.message.tool_uses, tools))
            elif (more := await self._unfinished()) is not None:
                self.messages.append(Message.user(more))
            else:
                return self._outcome()

    # One answer of the model

    async def _turn(self, prefix: tuple[str, ...], tools: tuple[ToolSpec, ...]) -> Turn:
        """One whole answer; one that was too long or found no room is asked for once more."""
        wanted = min(ANSWER_TOKENS, self.info.max_tokens or ANSWER_TOKENS)
        trimmed = not self.before
        while True:
            try:
                return await self._attempt(prefix, tools, wanted)
            except CutShort as cut:
                if self.room < wanted:
                    raise LimitReached(
                        "The money left did not suffice for the model's answer.", "Allow more, or take a faster model."
                    ) from cut
                more = min(MOST_ANSWER_TOKENS, self.info.max_tokens or MOST_ANSWER_TOKENS)
                if more <= wanted:
                    raise
                wanted = more
            except ContextFull:
                if trimmed:
                    raise
                # Thinking is bound to all that was before it.
                trimmed, self.before, self.messages = True, (), list(without_thinking(self.messages))

    async def _attempt(self, prefix: tuple[str, ...], tools: tuple[ToolSpec, ...], wanted: int) -> Turn:
        messages = joined((*self.before, *self.messages))
        self.room = self.ledger.room(characters(prefix, messages), wanted)
        request = TurnRequest(
            model=self.info,
            system=prefix,
            tools=tools,
            messages=messages,
            max_tokens=self.room,
            effort=effort(self.task.speed, self.info),
            seconds=self.clock.left(self.limits.seconds),
        )
        self.number += 1
        written = 0
        try:
            async with aclosing(self.model.turn(request)) as events:
                async for event in events:
                    if isinstance(event, TextPiece):
                        self.emit(Text(turn=self.number, text=event.text, thought=event.thought))
                    elif isinstance(event, ToolPiece):
                        if event.characters == 0 or event.characters - written >= SHOWN_EVERY:
                            written = event.characters
                            self.emit(Writing(turn=self.number, tool=event.tool, characters=written))
                    elif isinstance(event, Retry):
                        self._book(event.usage)
                        self.emit(Retrying(what=event.what, delay=event.delay))
                        self.number, written = self.number + 1, 0
                    else:
                        self._book(event.usage)
                        return event
        except ModelFault as fault:
            if isinstance(fault.usage, Usage):
                self._book(fault.usage)
            raise
        raise TurnIncomplete("The model's answer ended without a turn.", "Try again.")

    def _book(self, usage: Usage) -> None:
        if usage == Usage():
            return
        self.ledger.add(usage)
        total = self.ledger.usage
        self.emit(
            Used(
                model=self.info.id,
                input_tokens=total.input_tokens,
                output_tokens=total.output_tokens,
                cache_read_tokens=total.cache_read_tokens,
                cache_write_tokens=total.cache_write_tokens,
                dollars=self.ledger.dollars,
            )
        )

    # What the model asked for

    async def _use(self, uses: tuple[ToolUseBlock, ...], tools: tuple[ToolSpec, ...]) -> Message:
        """Do all calls of one answer in order, check the draft once if it changed, and answer each call."""
        known = {tool.name: tool for tool in tools}
        was, asked_for = self.draft.tidy, self.draft.permissions
        said: list[tuple[tuple[TextBlock | ImageBlock, ...], bool]] = []
        writes: list[int] = []
        refused = False
        for use in uses:
            tool = known.get(use.name)
            wrong = faults(tool, use.input) if tool else (f"There is no tool {use.name!r}.",)
            if wrong or tool is None:
                self.bad_calls += 1
                refused = refused or use.name in CHANGING
                said.append(_text("The call was not made:\n" + "\n".join(wrong), bad=True))
            elif tool.name in CHANGING:
                try:
                    self._write(tool.name, use)
                    writes.append(len(said))
                    said.append(_text("Done; the report is in the result of the last write of this answer."))
                except Refused as no:
                    refused = True
                    said.append(_text(str(no), bad=True))
                except InvalidNotebook as error:
                    refused = True
                    said.append(_text(f"Nothing was changed: {error}", bad=True))
            else:
                said.append(await self.answers.to(tool.name, use.input))
        if self.bad_calls >= BAD_CALLS:
            raise TurnIncomplete("The model keeps calling its tools wrongly.", "Take a better model (--speed best).")
        regranted = self.draft.permissions != asked_for
        draft = self.draft.tidy
        if draft is not None and (writes or (regranted and draft != was)):
            self.trials.show_changes(was, draft)
            at = writes[-1] if writes else len(said) - 1
            if refused:
                report = "Done, but not checked: another write of this answer was refused. Send what is missing."
            else:
                report = await self.trials.check(draft, free=not writes)
            said[at] = ((*(said[at][0] if not writes else ()), TextBlock(text=report)), False)
        return Message(
            role="user",
            content=tuple(
                ToolResultBlock(tool_use_id=use.id, content=content, is_error=bad)
                for use, (content, bad) in zip(uses, said, strict=True)
            ),
        )

    def _write(self, tool: str, use: ToolUseBlock) -> None:
        act = {
            WRITE_APP.name: self.draft.write_app,
            EDIT_CELL.name: self.draft.edit_cell,
            WRITE_CELL.name: self.draft.write_cell,
        }[tool]
        act(use.input)

    async def _unfinished(self) -> str | None:
        """What to say to a model that calls no more tools: nothing if its app passes or it was told before."""
        draft = self.draft.tidy
        if draft == self.begun:
            draft = None  # nothing was written
        if draft is not None and self.trials.passes(draft):
            return None
        if self.nudged:
            return None
        self.nudged = True
        if draft is None:
            return prompt("nudge")
        if self.trials.checked(draft):
            return prompt("nudge_failing")
        report = await self.trials.check(draft, free=True)
        return None if self.trials.passes(draft) else f"{report}\n\n{prompt('nudge_failing')}"

    # The end

    def _ended(self, error: MicroappsError, cause: BaseException | None) -> Outcome:
        """The outcome of a job that was cut off: good where a draft had passed, else the error with the outcome."""
        outcome = self._outcome(cut=error.what)
        if outcome.app is not None:
            return outcome
        error.outcome = outcome
        raise error from (cause or error.__cause__)

    def _outcome(self, *, cut: str = "") -> Outcome:
        draft = self.draft.tidy
        written = draft != self.begun
        report = self.trials.report_of(draft) if draft is not None else None
        app = draft if written and report is not None and report.passed else None
        note = f"The model did not get to its closing words: {cut}" if cut else ""
        if app is None and self.trials.passed is not None:
            app, report = self.trials.passed
            note = f"The last edits did not pass their checks and were left out. {cut}".rstrip()
        kept = app or draft
        messages = answered(self.messages, "The job ended before this was done.")
        last = next((message.text for message in reversed(messages) if message.role == "assistant"), "")
        return Outcome(
            app=app,
            draft=None if app is not None or not written else draft,
            report=report if app is not None or written else None,
            messages=messages,
            usage=self.ledger.usage,
            dollars=self.ledger.dollars,
            granted=self.answers.granted,
            preferences=tuple(self.answers.remembered),
            replaced=self.draft.replaced_in(kept) if kept else (),
            text=last,
            note=note,
            model=self.info.id,
            checks=self.trials.rounds,
        )


def _text(text: str, *, bad: bool = False) -> tuple[tuple[TextBlock | ImageBlock, ...], bool]:
    return (TextBlock(text=text),), bad
