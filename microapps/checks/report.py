"""What the checks found, as values to show to a person and to hand to a model."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Layer(StrEnum):
    """The layers, in the order they run."""

    FORMAT = "format"
    POLICY = "policy"
    RUN = "run"
    BEHAVIOUR = "behaviour"
    PROBE = "probe"
    TEETH = "teeth"
    VIEW = "view"


class Severity(StrEnum):
    """An ``error`` keeps a revision from becoming current, a ``warning`` does not."""

    ERROR = "error"
    WARNING = "warning"


class Status(StrEnum):
    """How a layer or a test ended; ``skipped`` where an earlier layer failed or a tool is missing."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(_Value):
    """One fault, written to be acted on."""

    layer: Layer
    severity: Severity = Severity.ERROR
    cell: str = ""
    what: str
    expected: str = ""
    hint: str = ""


class Evidence(_Value):
    """One test that ran: which, how it ended, how long it took in seconds, and what it said when it failed."""

    test: str
    status: Status
    seconds: float = 0.0
    message: str = ""


class LayerResult(_Value):
    """One layer's outcome; ``note`` says in a sentence what was tried, or why it was skipped."""

    layer: Layer
    status: Status
    seconds: float = 0.0
    note: str = ""
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Report(_Value):
    """All layers of one check of one app.

    ``digest`` is the checked app's :attr:`~microapps.notebook.MicroApp.digest`; ``at`` is when the check ended (UTC),
    None in reports that were kept before that was noted.
    """

    digest: str
    layers: tuple[LayerResult, ...] = ()
    seconds: Annotated[float, Field(ge=0)] = 0.0
    at: datetime | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for layer in self.layers for finding in layer.findings)

    @property
    def passed(self) -> bool:
        """Whether a revision with this report may become current: at least one layer ran and none has an error."""
        return bool(self.layers) and not any(layer.status is Status.FAILED for layer in self.layers)

    def layer(self, layer: Layer) -> LayerResult | None:
        """The result of one layer, or None if it is not in the report."""
        return next((result for result in self.layers if result.layer is layer), None)
