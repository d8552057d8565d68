"""Layer *probe*: can a user break it?

Every control is set to its extremes, to nothing and to ordinary values; then every button is clicked with all
controls at their first, lowest, highest and empty values. Nothing a person can enter may raise in a callback or write
to stderr, and every input has a label. Parts that only appear after a click are tried too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..errors import AppFault, ControlAmbiguous, ControlNotFound, ControlUnusable
from ..notebook import MicroApp
from ..testing import AppError, AsyncApp, Control, KernelSource
from ..testing.kinds import TAGS
from .report import Finding, Layer, LayerResult, Severity, Status
from .run import SHOWN
from .values import candidates, spelled

MOST_ACTIONS = 400  # of one probe; at some 6 ms each this is under three seconds
MOST_FILLING = 250  # of them for setting inputs, so that the buttons are always reached
LEAST_VALUES = 2  # of each input, however many inputs there are
MOST_SECONDS = 20.0  # wall clock of one probe
MOST_FINDINGS = 8  # of callbacks that raise: the same fault is usually found by many values
BUTTONS = ("Button",)
_CHECK = "Check the input before using it, and show what is wrong in the app instead of a result."
_LABEL = "Give it a description, or put a Label before it in the same box."
UNLABELLED_ALLOWED = ("Button", "Valid", "Play")


@dataclass
class _Trace:
    """What has been tried and found so far."""

    ends: float
    adopted: bool = False
    actions: int = 0
    findings: list[Finding] = field(default_factory=list)
    seen: set[tuple[str, str, str]] = field(default_factory=set)
    known: set[AppError] = field(default_factory=set)
    written: int = 0
    action: str = "opening the app"
    clicked: set[str] = field(default_factory=set)
    unlabelled: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    untried: int = 0

    @property
    def exhausted(self) -> bool:
        full = self.actions >= MOST_ACTIONS or len(self.seen) >= MOST_FINDINGS
        return full or time.monotonic() >= self.ends


async def check_probe(app: MicroApp, kernels: KernelSource, *, seconds: float) -> LayerResult:
    """Probe one fresh app.

    Parameters
    ----------
    app : the app.
    kernels : where its fresh kernel comes from.
    seconds : wall-clock limit of each action.
    """
    trace = _Trace(ends=time.monotonic() + MOST_SECONDS, adopted=app.metadata.provenance.maker == "adopted")
    try:
        async with AsyncApp.open(app, kernels=kernels, timeout=seconds) as running:
            trace.known, trace.written = set(running.errors), len(running.stderr)
            _labels(running.controls(), trace)
            await _fill(running, trace)
            await _open_pages(running, trace)
            await _click(running, trace, None)
            _labels(running.controls(), trace)
            for pick in (0, 1, -1):
                await _click(running, trace, pick)
            trace.untried = sum(_is_untried(control, trace) for control in running.controls())
    except AppFault as fault:
        trace.findings.append(
            Finding(
                layer=Layer.PROBE,
                what=f"The app did not survive {trace.action}: {fault.what}",
                expected="Nothing a person can enter or click ends or hangs the app.",
                hint=fault.hint,
            )
        )
    failed = any(finding.severity is Severity.ERROR for finding in trace.findings)
    return LayerResult(
        layer=Layer.PROBE,
        status=Status.FAILED if failed else Status.PASSED,
        note=f"{_counted(trace.actions, 'action')} on {_counted(len(trace.filled), 'input')}"
        f" and {_counted(len(trace.clicked), 'button')}"
        + (f"; {_counted(trace.untried, 'control')} not tried" if trace.untried else ""),
        findings=tuple(trace.findings),
    )


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _labels(controls: Iterable[Control], trace: _Trace) -> None:
    """Inputs without a label: a fault of what was made here, a warning for a notebook that was adopted."""
    for control in controls:
        if control.label.strip() or control.id in trace.unlabelled or control.kind in UNLABELLED_ALLOWED:
            continue
        if control.visible and candidates(control):
            trace.unlabelled.add(control.id)
            trace.findings.append(
                Finding(
                    layer=Layer.PROBE,
                    severity=Severity.WARNING if trace.adopted else Severity.ERROR,
                    what=f"An input of type {control.kind} has no label{_within(control)}.",
                    expected="Every input says what it is for, also to a screen reader.",
                    hint="Put a Label before it in the same box." if control.kind in TAGS else _LABEL,
                )
            )


async def _fill(running: AsyncApp, trace: _Trace) -> None:
    """Set each input through its values, then back to what it was."""
    fresh = [control for control in running.controls() if control.id not in trace.filled and _usable(control)]
    most = max(LEAST_VALUES, MOST_FILLING // max(1, len(fresh)))
    for control in fresh:
        values = candidates(control)[:most]
        for value in values:
            if trace.exhausted:
                return
            trace.filled.add(control.id)
            await _set(running, trace, control, value)
        if values and control.kind != "FileUpload":
            await _set(running, trace, control, control.value)


async def _open_pages(running: AsyncApp, trace: _Trace) -> None:
    """Open each tab and page that hides inputs, and fill what it shows."""
    for path in dict.fromkeys(control.path for control in running.controls() if not control.visible and control.path):
        for title in path:
            trace.action = f"opening '{title}'"
            with suppress(ControlUnusable, ControlNotFound, ControlAmbiguous):
                await running.click(title)
        await _fill(running, trace)


async def _click(running: AsyncApp, trace: _Trace, pick: int | None) -> None:
    """Click every button; ``pick`` says which of its values each input is set to first (None: leave it)."""
    for button in [control for control in running.controls() if control.kind in BUTTONS]:
        if pick is not None:
            for control in running.controls():
                values = candidates(control) if _usable(control) else ()
                if values and not trace.exhausted:
                    await _set(running, trace, control, values[min(pick, len(values) - 1)])
        if trace.exhausted:
            return
        current = next((control for control in running.controls() if control.id == button.id), None)
        if current is None or not _usable(current):
            continue
        trace.clicked.add(button.id)
        trace.actions += 1
        trace.action = f"clicking {_named(button)}"
        try:
            await running.click(current)
        except (ControlUnusable, ControlNotFound):
            continue
        _collect(running, trace, button)
        if pick is None:
            await _fill(running, trace)


async def _set(running: AsyncApp, trace: _Trace, control: Control, value: Any) -> None:
    trace.actions += 1
    trace.action = f"setting {_named(control)} to {spelled(value)}"
    try:
        if control.kind == "FileUpload":
            await running.upload(control, *value)
        else:
            await running.set(control, value)
    except (ControlUnusable, ControlNotFound):
        return  # what a person cannot enter is no fault, nor that the app has put another control in its place
    _collect(running, trace, control)


def _collect(running: AsyncApp, trace: _Trace, control: Control) -> None:
    fresh = [error for error in running.errors if error not in trace.known]
    trace.known.update(fresh)
    for error in fresh:
        key = (error.name, error.message if error.cell else "", f"{error.cell}:{error.line}")
        if key not in trace.seen and len(trace.seen) < MOST_FINDINGS:
            trace.seen.add(key)
            trace.findings.append(_raised(error, trace.action, shown=error.caught and trace.adopted))
    written = running.stderr[trace.written :].strip()
    trace.written = len(running.stderr)
    if written and not fresh and ("stderr", control.id, "") not in trace.seen:
        trace.seen.add(("stderr", control.id, ""))
        trace.findings.append(
            Finding(
                layer=Layer.PROBE,
                what=f"After {trace.action} the app wrote to stderr: {written[-400:]}",
                expected="No warning or error text, whatever a person enters.",
                hint="Handle this input in the callback and say it in the app.",
            )
        )


def _raised(error: AppError, action: str, *, shown: bool) -> Finding:
    """An exception of a callback; a warning where an adopted notebook has an Output widget show it."""
    place = f", line {error.line}" if error.line else ""
    return Finding(
        layer=Layer.PROBE,
        severity=Severity.WARNING if shown else Severity.ERROR,
        cell=error.cell,
        what=f"After {action} a callback raised {error.name}: {error.message}{place}\n{error.end}".rstrip(),
        expected="No exception, whatever a person enters; bad input gets a message in the app.",
        hint=SHOWN if shown else _CHECK,
    )


def _is_untried(control: Control, trace: _Trace) -> bool:
    """Whether a person could use it, and the probe did not."""
    tried = control.id in (trace.clicked if control.kind in BUTTONS else trace.filled)
    return _usable(control) and not tried and (control.kind in BUTTONS or bool(candidates(control)))


def _within(control: Control) -> str:
    return f" (in {' › '.join(control.path)})" if control.path else ""


def _usable(control: Control) -> bool:
    return control.visible and control.enabled


def _named(control: Control) -> str:
    return f"'{control.label}'" if control.label else f"the {control.kind}"
