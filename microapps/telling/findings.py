"""What a check found and what a job tells, in the language of the person who reads it."""

from __future__ import annotations

from typing import cast

from ..checks.report import Finding, LayerResult, Report, Severity
from ..events import Asked, Checked, CheckedLayer, Event, Failed, Finished, Retrying, Started
from .spoken import Language, said


def finding_in(finding: Finding, language: Language) -> Finding:
    """A finding as a person reads it."""
    return finding.model_copy(
        update={name: said(getattr(finding, name), language) for name in ("what", "expected", "hint")}
    )


def layer_in(layer: LayerResult, language: Language) -> LayerResult:
    """A layer's result as a person reads it."""
    if language == "en":
        return layer
    findings = tuple(finding_in(finding, language) for finding in layer.findings)
    return layer.model_copy(update={"note": said(layer.note, language), "findings": findings})


def report_in(report: Report, language: Language) -> Report:
    """A report as a person reads it."""
    if language == "en":
        return report
    return report.model_copy(update={"layers": tuple(layer_in(layer, language) for layer in report.layers)})


def event_in(event: Event, language: Language) -> Event:
    """A job's event as a person reads it: how it began, what it waits for, what was found in a check, how it ended."""
    if language == "en":
        return event
    match event:
        case Started():
            update: dict[str, object] = {"note": said(event.note, language)}
        case Asked() if event.permissions is not None:
            update = {"text": said(event.text, language), "reason": said(event.reason, language)}
        case Retrying():
            update = {"what": said(event.what, language)}
        case CheckedLayer():
            update = {"result": layer_in(event.result, language)}
        case Checked():
            update = {"report": report_in(event.report, language)}
        case Finished():
            update = {"report": report_in(event.report, language), "note": said(event.note, language)}
        case Failed():
            update = {
                "what": _failure(event, language),
                "hint": said(event.hint, language),
                "kept": said(event.kept, language),
                "report": event.report and report_in(event.report, language),
            }
        case _:
            return event
    return cast(Event, event.model_copy(update=update))


def _failure(event: Failed, language: Language) -> str:
    """Why a job failed; of a check that did, its first fault, which the English tells as a model is told it."""
    first, line, _ = event.what.partition("\n")
    errors = [found for found in event.report.findings if found.severity is Severity.ERROR] if event.report else []
    return (
        f"{said(first, language)}\n{said(errors[0].what, language)}" if line and errors else said(event.what, language)
    )
