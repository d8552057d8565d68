"""The checks of a job's drafts: none twice, repairs counted, repetition noticed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from ..checks.report import Report
from ..errors import LimitReached
from ..events import Event, Wrote
from ..notebook import MicroApp
from ..notebook.difference import cell_diff, difference
from .reporting import for_model, signature
from .task import Checker, Limits
from .withheld import Withheld

SAME_BEFORE_STOP = 3
"""The same findings, or the same draft, that often end the job."""

_Key = tuple[str, str]


class Trials:
    """Checks drafts and keeps the reports.

    Attributes
    ----------
    rounds : how many checks were run.
    passed : the last draft that passed, with its report; None before.
    """

    def __init__(self, check: Checker, emit: Callable[[Event], None], limits: Limits, withheld: Withheld) -> None:
        self._withheld = withheld
        self._check, self._emit, self._limits = check, emit, limits
        self._reports: dict[_Key, Report] = {}
        self._same_draft: Counter[_Key] = Counter()
        self._same_findings: Counter[str] = Counter()
        self._repairs = 0
        self._failing = False
        self.rounds = 0
        self.passed: tuple[MicroApp, Report] | None = None

    def checked(self, draft: MicroApp) -> bool:
        """Whether this very draft was checked."""
        return _key(draft) in self._reports

    def report_of(self, draft: MicroApp) -> Report | None:
        """The report of this very draft, or None."""
        return self._reports.get(_key(draft))

    def passes(self, draft: MicroApp) -> bool:
        """Whether this very draft was checked and passed."""
        report = self.report_of(draft)
        return report is not None and report.passed

    async def check(self, draft: MicroApp, *, free: bool = False) -> str:
        """Check a draft; the report and what follows from it, as text for the model.

        ``free`` where the draft's sources are those of the last check: it counts as no repair.

        Raises
        ------
        LimitReached
            The repairs are used up, or the same draft or the same findings came a third time.
        MachineFault
            The check could not be made.
        """
        key = _key(draft)
        if (known := self._reports.get(key)) is not None:
            return self._again(draft, known, await self._told(draft, known))
        if self._failing and not free:
            self._repairs += 1
        self.rounds += 1
        report = await self._check(draft)
        self._reports[key] = report
        self._same_draft[key] += 1
        self._failing = not report.passed
        text = await self._told(draft, report)
        if report.passed:
            self.passed = draft, report
            return (
                f"{text}\n\nIf the whole request is met, end now: answer the person in one to three sentences, "
                "in their language, without calling a tool."
            )
        return f"{text}\n\n{self._next(report)}"

    def show_changes(self, was: MicroApp | None, now: MicroApp) -> None:
        """Emit what changed in each cell."""
        if was is None:
            for cell in now.cells:
                self._emit(
                    Wrote(
                        cell=cell.id,
                        role=str(cell.role or ""),
                        change="added",
                        diff=cell_diff(cell.id, "", cell.source),
                    )
                )
            return
        for change in difference(was, now).cells:
            if change.change != "moved":
                self._emit(Wrote(cell=change.id, role=change.role, change=change.change, diff=change.diff))

    async def _told(self, draft: MicroApp, report: Report) -> str:
        """The report as text, without values of the person's files."""
        return for_model(await asyncio.to_thread(self._withheld.left_out, report, draft))

    def _again(self, draft: MicroApp, known: Report, text: str) -> str:
        key = _key(draft)
        self._same_draft[key] += 1
        self._failing = not known.passed
        if known.passed:
            self.passed = draft, known
        if self._same_draft[key] >= SAME_BEFORE_STOP and not known.passed:
            raise LimitReached("The model wrote the same failing draft three times.", "Say the request in other words.")
        return f"This draft is the same as one already checked, so it was not checked again. {text}" + (
            "" if known.passed else "\n\nDo something else than before."
        )

    def _next(self, report: Report) -> str:
        """What to tell a model whose draft failed; raises where it may not go on."""
        mark = signature(report)
        self._same_findings[mark] += 1
        if self._same_findings[mark] >= SAME_BEFORE_STOP:
            raise LimitReached(
                "The same fault came back three times.", "Say the request in other words, or take a better model."
            )
        left = self._limits.repairs - self._repairs
        if left <= 0:
            tries = f"{self._repairs} repair{'' if self._repairs == 1 else 's'}"
            raise LimitReached(
                f"The app still fails its checks after {tries}.",
                "Ask for less at once, or take a better model (--speed best).",
            )
        text = f"Mend it. Repairs left: {left}."
        if self._same_findings[mark] > 1:
            text += " The same findings came back: that way does not work. Find the cause, and try another."
        return text


def _key(draft: MicroApp) -> _Key:
    """What a report depends on: all that runs, and the criteria that the format layer reads."""
    return draft.digest, repr(draft.metadata.criteria)
