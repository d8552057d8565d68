"""Layer *format*: is it a valid micro-app, and is its code laid out by black?"""

from __future__ import annotations

from ..notebook import MicroApp, formatted, problems
from .report import Finding, Layer, LayerResult, Severity, Status


def check_format(app: MicroApp) -> LayerResult:
    """Every problem of the notebook as a finding; code that black would lay out differently as a warning."""
    findings = [
        Finding(
            layer=Layer.FORMAT,
            severity=Severity.WARNING if problem.warning else Severity.ERROR,
            cell=problem.cell,
            what=problem.what,
            hint=problem.hint,
        )
        for problem in problems(app)
    ]
    if app.metadata.provenance.maker != "adopted":
        neat = formatted(app)
        findings += [
            Finding(
                layer=Layer.FORMAT,
                severity=Severity.WARNING,
                cell=cell.id,
                what="The code is not laid out as black would.",
                hint="Nothing to do by hand: the next change lays it out.",
            )
            for cell, tidy in zip(app.cells, neat.cells, strict=True)
            if cell.source != tidy.source
        ]
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return LayerResult(layer=Layer.FORMAT, status=Status.FAILED if failed else Status.PASSED, findings=tuple(findings))
