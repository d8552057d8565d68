"""A report in words: for a person at a terminal, and for a model that is to mend what was found."""

from __future__ import annotations

from .report import Finding, Report, Severity, Status

MOST_FINDINGS = 12  # a model that gets more mends the first few anyway, and each costs tokens on every later turn
MOST_CHARACTERS = 2000  # of one finding's field


def findings_text(finding: Finding) -> str:
    """One finding as a short paragraph: layer and cell, what happened, what was expected, what to try."""
    where = f" in cell '{finding.cell}'" if finding.cell else ""
    kind = "" if finding.severity is Severity.ERROR else " (warning)"
    lines = [f"[{finding.layer}]{kind}{where}: {_cut(finding.what)}"]
    if finding.expected:
        lines.append(f"  expected: {_cut(finding.expected)}")
    if finding.hint:
        lines.append(f"  try: {_cut(finding.hint)}")
    return "\n".join(lines)


def report_text(report: Report) -> str:
    """The whole report, errors first; passing layers take one line each."""
    lines = ["All checks passed." if report.passed else "The checks found faults; the app is not accepted yet."]
    for result in report.layers:
        passed = sum(item.status is Status.PASSED for item in result.evidence)
        tests = f", {passed} of {len(result.evidence)} tests passed" if result.evidence else ""
        note = f" ({result.note})" if result.note else ""
        lines.append(f"- {result.layer}: {result.status}{tests}{note}")
    ranked = sorted(report.findings, key=lambda finding: finding.severity is not Severity.ERROR)
    lines += [findings_text(finding) for finding in ranked[:MOST_FINDINGS]]
    if len(ranked) > MOST_FINDINGS:
        lines.append(f"… and {len(ranked) - MOST_FINDINGS} more findings.")
    return "\n".join(lines)


def _cut(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]} … {text[-half:]}"
