"""Which model and how much effort, by the speed a person chose.

Models come from the endpoint's own list; no id is written down here. A speed names model lines in order of
preference; an endpoint without them (a local server, say) gets the first of its models that looks able to write code.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from ..errors import InvalidSetting
from .model import Effort, ModelInfo


class Speed(StrEnum):
    """What the person wants of the model: an answer soon and cheap, or a good one."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"


LINES: dict[Speed, tuple[str, ...]] = {
    Speed.FAST: ("haiku", "sonnet", "opus", "fable", "mythos"),
    Speed.BALANCED: ("sonnet", "opus", "haiku", "fable", "mythos"),
    Speed.BEST: ("opus", "fable", "mythos", "sonnet", "haiku"),
}
EFFORTS: dict[Speed, Effort] = {Speed.FAST: "low", Speed.BALANCED: "medium", Speed.BEST: "high"}

WRITES_NO_TEXT = ("embed", "rerank", "whisper", "tts", "bert", "clip", "moderation", "diffusion", "minilm", "bge-")
"""Parts of names of models that local servers list beside the ones that write."""

WRITES_CODE = ("coder", "code", "devstral", "codestral")


def choose(models: Sequence[ModelInfo], speed: Speed, named: str = "") -> ModelInfo:
    """The model to take.

    Parameters
    ----------
    models : the endpoint's list; may be empty.
    named : a model id the person asked for, which is taken as it is even if it is not listed.

    Raises
    ------
    InvalidSetting
        Nothing is listed and nothing named.
    """
    if named:
        return next((model for model in models if model.id == named), ModelInfo(id=named))
    usable = [model for model in models if model.lifecycle != "retired"]
    for line in LINES[speed]:
        if found := [model for model in usable if model.line == line]:
            return max(found, key=lambda model: (model.lifecycle == "active", model.created))
    writers = [m for m in usable if not any(word in m.id.lower() for word in WRITES_NO_TEXT)] or usable
    for words in (*((line,) for line in LINES[speed]), WRITES_CODE):
        if (chosen := next((m for m in writers if any(word in m.id.lower() for word in words)), None)) is not None:
            return chosen
    if not writers:
        raise InvalidSetting(
            "The model's endpoint lists no models, and none is named.",
            "Name one: microapps config set model ID.",
        )
    return writers[0]


def effort(speed: Speed, model: ModelInfo) -> Effort | None:
    """The effort for a speed, or None for a model that says it takes no such setting."""
    wanted = EFFORTS[speed]
    return wanted if model.efforts is None or wanted in model.efforts else None
