"""The checks that stand between a draft and a current revision.

:func:`check` runs the layers in order and gives one :class:`Report`. Generated code runs only in confined kernels;
a fault of this machine is raised as :class:`~microapps.errors.MachineFault` and is never a finding. What runs kernels
is loaded on demand, so that reading a report costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .report import Evidence, Finding, Layer, LayerResult, Report, Severity, Status

if TYPE_CHECKING:
    from .checker import BASIC_LAYERS, check

__all__ = [
    "BASIC_LAYERS",
    "Evidence",
    "Finding",
    "Layer",
    "LayerResult",
    "Report",
    "Severity",
    "Status",
    "check",
]


def __getattr__(name: str) -> Any:
    if name not in ("BASIC_LAYERS", "check"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.checker"), name)
