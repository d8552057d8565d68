"""The checks that stand between a draft and a current revision.

:func:`check` runs the layers in order and gives one :class:`Report`. Generated code runs only in confined kernels;
a fault of this machine is raised as :class:`~microapps.errors.MachineFault` and is never a finding. What runs kernels
is loaded on demand, so that reading a report costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..faces import on_demand
from .report import Evidence, Finding, Layer, LayerResult, Report, Severity, Status

if TYPE_CHECKING:
    from .checker import BASIC_LAYERS, check
else:
    __getattr__, __dir__ = on_demand(__name__, {"BASIC_LAYERS": "checker", "check": "checker"})

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
