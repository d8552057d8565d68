"""The studio as a whole: what it can do here, its key, its models and its settings."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import SecretStr

from ...generator import Speed
from .value import Value


class TierState(Value):
    """How well apps are contained on this machine; ``notice`` is a sentence to show, empty where it is full."""

    name: Literal["full", "reduced", "none"]
    notice: str


class KeyState(Value):
    """Whether there is a key, never the key.

    Attributes
    ----------
    source : where it was found, in words; empty where there is none.
    endpoint : the server it is for; empty for Anthropic's own.
    removable : whether it is ours to forget; one in the environment is not.
    test_cost : a sentence that says what testing it costs.
    """

    present: bool
    source: str
    endpoint: str
    removable: bool
    test_cost: str


class SpeedChoice(Value):
    """A speed and the model it takes; ``model`` and ``name`` are empty while the endpoint's list is not known."""

    speed: Speed
    model: str
    name: str


class StarterChoice(Value):
    """A starter that can be taken by name; title and about in the language asked for."""

    name: str
    title: str
    about: str


class StudioLimits(Value):
    """What bounds a job, in US dollars and seconds, and an upload, in bytes; ``spent`` is of this month."""

    dollars_per_job: float
    dollars_per_month: float
    spent: float
    seconds: float
    repairs: int
    upload_bytes: int
    variants: int


class StudioStatus(Value):
    """What this server's studio is and can do. ``writes`` says whether a model would write, and not a starter."""

    version: str
    tier: TierState
    key: KeyState
    writes: bool
    speeds: tuple[SpeedChoice, ...]
    speed: Speed
    examples: tuple[str, ...]
    starters: tuple[StarterChoice, ...]
    limits: StudioLimits
    pictures: bool


class KeyWish(Value):
    """A key to store. It is in no answer, log or error."""

    key: SecretStr


class KeyTest(Value):
    """What a small call of the model said; ``cost`` in words."""

    ok: bool
    what: str
    hint: str
    cost: str


class ModelChoice(Value):
    """A model as the endpoint lists it, with its price in US dollars per million tokens where that is known."""

    id: str
    name: str
    line: str
    lifecycle: str
    created: str
    input_dollars: float | None
    output_dollars: float | None


class SettingsWish(Value):
    """Settings to change; what is left out stays, null puts it back to its default."""

    changes: dict[str, Any]
