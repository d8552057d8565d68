"""Confined kernels: generated code reaches nothing it was not given, in checks, preview and publication alike.

:class:`Sandbox` starts kernels from warm parents; :func:`confine` makes any jupyter_client manager launch
confined; :func:`tier` says what this machine can do. Where containment is missing, nothing runs.
The face is loaded on demand, because the programs that run inside the containment live in this package too
and must not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..faces import on_demand

if TYPE_CHECKING:
    from .confinement import Confinement
    from .forbidden import refuse_forbidden, without_forbidden
    from .manager import ReducedContainment, confine
    from .proof import Attempt, prove
    from .sandbox import Sandbox
    from .tiers import Tier, mend, tier, why
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Attempt": "proof",
            "Confinement": "confinement",
            "ReducedContainment": "manager",
            "Sandbox": "sandbox",
            "Tier": "tiers",
            "confine": "manager",
            "mend": "tiers",
            "prove": "proof",
            "refuse_forbidden": "forbidden",
            "tier": "tiers",
            "why": "tiers",
            "without_forbidden": "forbidden",
        },
    )

__all__ = [
    "Attempt",
    "Confinement",
    "ReducedContainment",
    "Sandbox",
    "Tier",
    "confine",
    "mend",
    "prove",
    "refuse_forbidden",
    "tier",
    "why",
    "without_forbidden",
]
