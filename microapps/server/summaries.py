"""What a check found, in a sentence for people who do not program; and criterion by criterion."""

from __future__ import annotations

from ..checks.report import Evidence, Layer, Report, Severity, Status
from ..library import Revision
from ..notebook import MicroApp
from .models import CriterionEvidence, EvidenceView, TestEvidence
from .models.apps import Health

NOT_CHECKED = "Not checked yet."
LONGEST = 300


def summary(report: Report | None, app: MicroApp) -> str:
    """What the report says of the app."""
    if report is None or report.digest != app.digest:
        return NOT_CHECKED
    serious = [finding.what for finding in report.findings if finding.severity is Severity.ERROR]
    if serious:
        first = serious[0].splitlines()[0][:LONGEST]
        return first if len(serious) == 1 else f"{first} And {len(serious) - 1} more."
    if not report.passed:
        return "A check failed."
    tests = [test for layer in report.layers for test in layer.evidence if test.status is Status.PASSED]
    criteria = len(app.metadata.criteria)
    said = []
    if criteria:
        said.append("Its one criterion holds" if criteria == 1 else f"All {criteria} criteria hold")
    if tests:
        said.append(f"{_count(len(tests), 'test')} passed")
    warnings = len(report.findings)
    if warnings:
        said.append(_count(warnings, "warning"))
    return f"{'; '.join(said) or 'Its checks passed'}."


def evidence(revision: Revision, screenshot: str | None) -> EvidenceView:
    """All that is known of how a revision was checked; ``screenshot`` is the address of a picture of it."""
    app, report = revision.notebook, revision.report
    current = report if report is not None and report.digest == app.digest else None
    ran = {test.test: test for layer in current.layers for test in layer.evidence} if current else {}
    named = {name for criterion in app.metadata.criteria for name in criterion.tests}
    state: Health = "unchecked" if current is None else "passed" if current.passed else "failed"
    return EvidenceView(
        revision=revision.number,
        state=state,
        at=revision.created,
        seconds=current.seconds if current else 0.0,
        summary=summary(report, app),
        criteria=tuple(
            _criterion(criterion.id, criterion.text, tuple(_test(name, ran.get(name)) for name in criterion.tests))
            for criterion in app.metadata.criteria
        ),
        tests=tuple(_test(name, test) for name, test in ran.items() if name not in named),
        layers=current.layers if current else (),
        probe=current.layer(Layer.PROBE) if current else None,
        screenshot=screenshot,
    )


def _criterion(id: str, sentence: str, tests: tuple[TestEvidence, ...]) -> CriterionEvidence:
    if any(test.passed is False for test in tests):
        return CriterionEvidence(id=id, sentence=sentence, state="failed", tests=tests)
    whole = bool(tests) and all(test.passed for test in tests)
    return CriterionEvidence(id=id, sentence=sentence, state="passed" if whole else "unchecked", tests=tests)


def _test(name: str, ran: Evidence | None) -> TestEvidence:
    if ran is None or ran.status is Status.SKIPPED:
        return TestEvidence(name=name, passed=None, seconds=0.0, message="")
    return TestEvidence(name=name, passed=ran.status is Status.PASSED, seconds=ran.seconds, message=ran.message)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
