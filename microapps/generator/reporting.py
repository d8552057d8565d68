"""The check report as text for the model: what failed, where, what was expected and what to try."""

from __future__ import annotations

import hashlib
import re

from ..checks.report import Finding, Layer, LayerResult, Report, Severity, Status

MAX_FINDINGS = 12
MAX_FIELD = 1500
"""Characters of one field of a finding; assertion messages can hold whole tables."""

_TRACEBACK = re.compile(r"\n(?:-{20,}\n|…\n|\S*\s*Traceback \(most recent)")
"""Where a traceback begins below what happened."""
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}|\b\d+(?:\.\d+)?\s?m?s\b")


def for_model(report: Report) -> str:
    """The whole report, errors first; bounded however much was found."""
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    warnings = [finding for finding in report.findings if finding.severity is Severity.WARNING]
    lines = ["CHECKS PASSED." if report.passed else f"CHECKS FAILED: {_count(len(errors), 'error')}."]
    for finding in (*errors, *warnings)[:MAX_FINDINGS]:
        lines += ["", finding_text(finding)]
    if (more := len(errors) + len(warnings) - MAX_FINDINGS) > 0:
        lines += ["", f"… and {more} more."]
    for layer in report.layers:
        lines += _unexplained(layer)
    lines += ["", *(_summary(layer) for layer in report.layers)]
    return "\n".join(lines)


def signature(report: Report) -> str:
    """What a report's errors have in common with those of another: equal for the same faults, whatever addresses or
    times they mention; empty for a passing report."""
    if report.passed:
        return ""
    errors = sorted(
        _ADDRESS.sub("…", f"{finding.layer}|{finding.cell}|{finding.what}")
        for finding in report.findings
        if finding.severity is Severity.ERROR
    )
    failed = sorted(e.test for layer in report.layers for e in layer.evidence if e.status is Status.FAILED)
    return hashlib.sha256("\n".join((*errors, *failed)).encode()).hexdigest()


def finding_text(finding: Finding, *, traceback: bool = True) -> str:
    """One finding: layer and cell, what happened, what was expected, what to try; perhaps without its traceback."""
    where = f" cell {finding.cell!r}" if finding.cell else ""
    mark = "" if finding.severity is Severity.ERROR else " (warning)"
    what = finding.what if traceback else _TRACEBACK.split(finding.what, maxsplit=1)[0]
    lines = [f"[{finding.layer}]{where}{mark}: {_bounded(what)}"]
    if finding.expected:
        lines.append(f"  expected: {_bounded(finding.expected)}")
    if finding.hint:
        lines.append(f"  try: {_bounded(finding.hint)}")
    return "\n".join(lines)


def _unexplained(layer: LayerResult) -> list[str]:
    """Tests that failed and that no finding of their layer speaks of."""
    said = " ".join(f"{finding.what} {finding.cell}" for finding in layer.findings)
    failed = [e for e in layer.evidence if e.status is Status.FAILED and e.test not in said]
    return [f"[{layer.layer}] {e.test} failed: {_bounded(e.message)}" for e in failed[:MAX_FINDINGS]]


def _summary(layer: LayerResult) -> str:
    tests = f", {_count(len(layer.evidence), 'test')}" if layer.layer is Layer.BEHAVIOUR and layer.evidence else ""
    note = f" ({_bounded(layer.note)})" if layer.note else ""
    return f"{layer.layer}: {layer.status}{tests}{note}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _bounded(text: str) -> str:
    if len(text) <= MAX_FIELD:
        return text
    first, last = text[: MAX_FIELD * 2 // 3], text[-MAX_FIELD // 3 :]
    return "\n".join((first.rpartition("\n")[0] or first, "…", last.partition("\n")[2] or last))
