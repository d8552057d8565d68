"""What the generator needs of a model: one protocol, and the values that cross it.

A model lists what an endpoint offers and takes one turn at a time. A turn is an asynchronous stream of events that
ends with exactly one :class:`Turn`, complete and validated, or with an error of the
:class:`~microapps.errors.ModelFault` branch. Retries happen inside; they show as :class:`Retry` events.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from .messages import Message

Effort = Literal["low", "medium", "high", "xhigh", "max"]


@dataclass(frozen=True)
class Usage:
    """Tokens of one or several requests. ``input_tokens`` are those neither read from nor written to the cache."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
        )

    @property
    def prompt_tokens(self) -> int:
        """All tokens of the prompt, cached or not."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens


@dataclass(frozen=True)
class ModelInfo:
    """One model as an endpoint lists it.

    Attributes
    ----------
    line : the model line the endpoint names (``opus``, ``sonnet`` …); empty where it names none.
    efforts : the values of ``output_config.effort`` it takes; None where the endpoint does not say.
    thinking : whether it takes adaptive thinking; None where the endpoint does not say.
    images : whether it sees pictures; None where the endpoint does not say.
    max_tokens : the most output tokens it gives in one turn; None where the endpoint does not say.
    created : ISO 8601 time of its release; empty where unknown.
    lifecycle : ``active``, ``deprecated`` or ``retired``.
    """

    id: str
    name: str = ""
    line: str = ""
    lifecycle: str = "active"
    created: str = ""
    max_tokens: int | None = None
    max_input_tokens: int | None = None
    efforts: tuple[str, ...] | None = None
    thinking: bool | None = None
    images: bool | None = None


@dataclass(frozen=True)
class ToolSpec:
    """A tool as the model is told of it; ``schema`` is JSON Schema (draft 2020-12) of its input."""

    name: str
    description: str
    schema: Mapping[str, Any]

    def as_param(self) -> dict[str, Any]:
        """The tool as the Messages API takes it."""
        return {"name": self.name, "description": self.description, "input_schema": dict(self.schema)}


@dataclass(frozen=True)
class TurnRequest:
    """All of one request. ``system`` and ``tools`` are the stable prefix of a conversation, cached by the endpoint.

    ``effort`` is a wish that a model without it ignores. ``seconds`` is the most the turn may take, retries included.
    """

    model: ModelInfo
    system: tuple[str, ...]
    tools: tuple[ToolSpec, ...]
    messages: tuple[Message, ...]
    max_tokens: int = 32_000
    effort: Effort | None = None
    seconds: float = 600.0


@dataclass(frozen=True)
class TextPiece:
    """A piece of text; ``thought`` where it is a summary of thinking."""

    text: str
    thought: bool = False


@dataclass(frozen=True)
class ToolPiece:
    """A tool's input is being written; ``characters`` of its JSON have arrived."""

    tool: str
    characters: int


@dataclass(frozen=True)
class Retry:
    """The attempt failed with ``what`` and is made again after ``delay`` seconds. ``usage`` is what it cost."""

    what: str
    delay: float
    usage: Usage = Usage()


@dataclass(frozen=True)
class Turn:
    """A complete answer. ``stop`` is ``end_turn`` or ``tool_use``; ``model`` the id the endpoint answered with."""

    message: Message
    stop: Literal["end_turn", "tool_use"]
    usage: Usage = field(default_factory=Usage)
    model: str = ""


ModelEvent = TextPiece | ToolPiece | Retry | Turn


class Model(Protocol):
    """An endpoint that answers the Messages API, or a stand-in for one."""

    async def models(self) -> tuple[ModelInfo, ...]:
        """What the endpoint offers; empty where it keeps no list. Raises ModelUnreachable or ModelRejected."""
        ...

    def turn(self, request: TurnRequest) -> AsyncGenerator[ModelEvent]:
        """One turn, ending with a :class:`Turn`.

        Raises ModelUnreachable, ModelRejected, ModelRefused or TurnIncomplete; their attribute ``usage`` is what
        the failed attempts cost.
        """
        ...
