"""What a check found, in the language of the person who reads it.

Reports are kept in English: models read them, and a library outlives the language of a browser. A sentence is known by
what is the same in it each time; what stands between, such as a traceback or a label, is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, cast

from ..checks.report import Finding, LayerResult, Report, Severity
from ..events import Checked, CheckedLayer, Event, Failed, Finished, Started
from .korean import JOBS, LOOSE, PHRASES, SENTENCES

Language = Literal["en", "ko"]
HOLE = "{}"
LONGEST = 20_000
"""Characters of a text that is looked through; what is longer is an app's own."""


def said(text: str, language: Language) -> str:
    """A sentence of the checks in this language; as it is where it is not known."""
    return text if language == "en" or len(text) > LONGEST else _translated(text, _known())


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
    """A job's event as a person reads it: how it began and ended, and what was found in a check."""
    if language == "en":
        return event
    match event:
        case Started():
            update: dict[str, object] = {"note": said(event.note, language)}
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


_Table = tuple[tuple[re.Pattern[str], str], ...]


@cache
def _known() -> _Table:
    return _table(SENTENCES | JOBS | LOOSE)


@cache
def _parts() -> _Table:
    return _table(PHRASES | SENTENCES | JOBS)


def _table(sentences: Mapping[str, str]) -> _Table:
    return tuple((_pattern(text), korean) for text, korean in sentences.items())


def _pattern(text: str) -> re.Pattern[str]:
    """A hole is what stands there, as little as will do; one after the end of a word or a quotation may be empty."""
    parts = text.split(HOLE)
    holes = ["(.*?)" if before and (before[-1].isalnum() or before[-1] in "')") else "(.+?)" for before in parts[:-1]]
    body = "".join(re.escape(part) + hole for part, hole in zip(parts, [*holes, ""], strict=True))
    return re.compile(body, re.DOTALL | re.IGNORECASE)


def _translated(text: str, table: _Table) -> str:
    for pattern, korean in table:
        if found := pattern.fullmatch(text):
            return korean.format(*_holes(found.groups()))
    return text


def _holes(texts: Iterable[str]) -> list[str]:
    return [_translated(text, _parts()) if text else "" for text in texts]
