"""A report of the checks as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from ..checks.report import Finding, LayerResult, Report, Severity, Status
from .plain import plain

MARKS = {Status.PASSED: ("✓", "green"), Status.FAILED: ("✗", "bold red"), Status.SKIPPED: ("–", "dim")}
_FINDINGS_SHOWN = 12


def layer_lines(result: LayerResult) -> Iterator[Text]:
    """One line for the layer, then its findings: where and what, what was expected, what to try."""
    mark, style = MARKS[result.status]
    line = Text.assemble("  ", (f"{mark} ", style), f"{result.layer.value:<10}")
    if result.status is not Status.SKIPPED:
        line.append(f"{result.seconds:5.2f} s  ", "dim")
    line.append(plain(_told(result)), "dim")
    line.rstrip()
    yield line
    for finding in result.findings[:_FINDINGS_SHOWN]:
        yield from finding_lines(finding)
    if (more := len(result.findings) - _FINDINGS_SHOWN) > 0:
        yield _indented(f"and {more} more", "dim")


def _told(result: LayerResult) -> str:
    if result.evidence:
        passed = sum(test.status is Status.PASSED for test in result.evidence)
        return f"{passed} of {len(result.evidence)} tests"
    return result.note


def finding_lines(finding: Finding) -> Iterator[Text]:
    """A finding as one to three lines."""
    style = "red" if finding.severity is Severity.ERROR else "yellow"
    where = f"{finding.cell}: " if finding.cell else ""
    yield _indented(where + finding.what, style)
    if finding.expected:
        yield _indented(f"expected: {finding.expected}", "dim")
    if finding.hint:
        yield _indented(f"→ {finding.hint}")


def _indented(text: str, style: str = "") -> Text:
    return Text("      " + plain(text).strip(), style)


def verdict(report: Report) -> Text:
    """One line: whether it passed, how much was tried, how long it took."""
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    warnings = len(report.findings) - errors
    tests = sum(len(layer.evidence) for layer in report.layers)
    parts = [f"{len([r for r in report.layers if r.status is not Status.SKIPPED])} checks", f"{tests} tests"]
    parts += [
        f"{count} {name}{'s' if count > 1 else ''}"
        for count, name in ((errors, "error"), (warnings, "warning"))
        if count
    ]
    mark, style = MARKS[Status.PASSED if report.passed else Status.FAILED]
    return Text.assemble(
        (f"{mark} {'passed' if report.passed else 'failed'}", style),
        (f"  {', '.join(parts)}, {report.seconds:.1f} s", "dim"),
    )
