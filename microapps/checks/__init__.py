"""The checks that stand between a draft and a current revision."""

from .report import Evidence, Finding, Layer, LayerResult, Report, Severity, Status
from .text import findings_text, report_text

__all__ = [
    "Evidence",
    "Finding",
    "Layer",
    "LayerResult",
    "Report",
    "Severity",
    "Status",
    "findings_text",
    "report_text",
]
