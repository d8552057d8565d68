"""What a check found, in a sentence for people who do not program; and criterion by criterion.

These few sentences are the server's own, so it has them in each language that it speaks; what a finding says is put
into it by ``microapps.telling``.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..checks.report import Evidence, Layer, Report, Severity, Status
from ..library import Revision
from ..notebook import MicroApp
from ..telling.findings import layer_in
from ..telling.spoken import Language, said
from .models import CriterionEvidence, EvidenceView, TestEvidence
from .models.apps import Health

LONGEST = 300


_SAID: Mapping[str, Mapping[Language, str]] = {
    "unchecked": {"en": "Not checked yet.", "ko": "아직 검사하지 않았습니다."},
    "failed": {"en": "A check failed.", "ko": "검사를 통과하지 못했습니다."},
    "passed": {"en": "Its checks passed", "ko": "검사 통과"},
    "serious": {"en": "{}", "ko": "검사에서 문제가 나왔습니다: {}"},
    "more": {"en": "{} And {} more.", "ko": "{} (그 밖에 {}개)"},
    "end": {"en": ".", "ko": ""},
}
_COUNTED: Mapping[str, Mapping[Language, tuple[str, str]]] = {
    "criteria": {
        "en": ("Its one criterion holds", "All {} criteria hold"),
        "ko": ("조건을 지킴", "조건 {}개를 모두 지킴"),
    },
    "tests": {"en": ("1 test passed", "{} tests passed"), "ko": ("테스트 1개 통과", "테스트 {}개 통과")},
    "warnings": {"en": ("1 warning", "{} warnings"), "ko": ("경고 1개", "경고 {}개")},
}
"""Of one, and of any other number."""


def not_checked(language: Language = "en") -> str:
    """What is said of an app without a report."""
    return _SAID["unchecked"][language]


def summary(report: Report | None, app: MicroApp, language: Language = "en") -> str:
    """What the report says of the app."""
    if report is None or report.digest != app.digest:
        return _SAID["unchecked"][language]
    serious = [finding.what for finding in report.findings if finding.severity is Severity.ERROR]
    if serious:
        first = _SAID["serious"][language].format(said(serious[0], language).splitlines()[0][:LONGEST])
        return first if len(serious) == 1 else _SAID["more"][language].format(first, len(serious) - 1)
    if not report.passed:
        return _SAID["failed"][language]
    tests = [test for layer in report.layers for test in layer.evidence if test.status is Status.PASSED]
    counts = {"criteria": len(app.metadata.criteria), "tests": len(tests), "warnings": len(report.findings)}
    facts = [_counted(what, number, language) for what, number in counts.items() if number]
    return ("; ".join(facts) or _SAID["passed"][language]) + _SAID["end"][language]


def _counted(what: str, number: int, language: Language) -> str:
    one, several = _COUNTED[what][language]
    return one if number == 1 else several.format(number)


def evidence(revision: Revision, screenshot: str | None, language: Language = "en") -> EvidenceView:
    """All that is known of how a revision was checked; ``screenshot`` is the address of a picture of it."""
    app, report = revision.notebook, revision.report
    current = report if report is not None and report.digest == app.digest else None
    ran = {test.test: test for layer in current.layers for test in layer.evidence} if current else {}
    layers = tuple(layer_in(layer, language) for layer in current.layers) if current else ()
    named = {name for criterion in app.metadata.criteria for name in criterion.tests}
    state: Health = "unchecked" if current is None else "passed" if current.passed else "failed"
    return EvidenceView(
        revision=revision.number,
        state=state,
        at=(current.at or revision.created) if current else None,
        seconds=current.seconds if current else 0.0,
        summary=summary(report, app, language),
        criteria=tuple(
            _criterion(criterion.id, criterion.text, tuple(_test(name, ran.get(name)) for name in criterion.tests))
            for criterion in app.metadata.criteria
        ),
        tests=tuple(_test(name, test) for name, test in ran.items() if name not in named),
        layers=layers,
        probe=next((layer for layer in layers if layer.layer is Layer.PROBE), None),
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
