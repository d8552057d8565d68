"""A model that says what it is told to: for tests of whatever stands on a :class:`~microapps.generator.Model`.

Each answer of the script is one turn: text, calls, an error to raise, or a function of the request that gives one of
these. It keeps the requests it was asked. No network, no key, no time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..errors import ModelFault, ModelUnreachable
from .messages import Block, Message, TextBlock, ToolUseBlock
from .model import ModelEvent, ModelInfo, Retry, TextPiece, ToolPiece, Turn, TurnRequest, Usage


@dataclass(frozen=True)
class Call:
    """A call of a tool."""

    tool: str
    input: dict[str, Any]


Said = str | Call | Retry
Answer = Said | ModelFault | tuple[Said, ...]
Script = Answer | Callable[[TurnRequest], Answer]

SCRIPTED = ModelInfo(id="scripted", name="Scripted", line="sonnet", created="2026-01-01T00:00:00Z")


class ScriptedModel:
    """Answers from a script, in order; a request beyond its end raises ModelUnreachable.

    Attributes
    ----------
    requests : what it was asked, in order.
    usage : what each answer costs.
    """

    def __init__(
        self,
        answers: Iterable[Script],
        *,
        models: tuple[ModelInfo, ...] = (SCRIPTED,),
        usage: Usage = Usage(input_tokens=100, output_tokens=10),  # noqa: B008 (frozen)
    ) -> None:
        self._answers = list(answers)
        self._models = models
        self.usage = usage
        self.requests: list[TurnRequest] = []

    async def models(self) -> tuple[ModelInfo, ...]:
        return self._models

    async def turn(self, request: TurnRequest) -> AsyncGenerator[ModelEvent]:
        self.requests.append(request)
        if len(self.requests) > len(self._answers):
            raise ModelUnreachable("The script has no more answers.", "Give it more.")
        script = self._answers[len(self.requests) - 1]
        answer = script(request) if callable(script) else script
        if isinstance(answer, ModelFault):
            raise answer
        blocks: list[Block] = []
        for said in answer if isinstance(answer, tuple) else (answer,):
            if isinstance(said, Retry):
                yield said
            elif isinstance(said, str):
                yield TextPiece(said)
                blocks.append(TextBlock(text=said))
            else:
                yield ToolPiece(said.tool, 0)
                yield ToolPiece(said.tool, len(str(said.input)))
                identity = f"toolu_{len(self.requests):04d}_{len(blocks)}"
                blocks.append(ToolUseBlock(id=identity, name=said.tool, input=said.input))
        message = Message(role="assistant", content=tuple(blocks))
        yield Turn(
            message=message,
            stop="tool_use" if message.tool_uses else "end_turn",
            usage=self.usage,
            model=request.model.id,
        )
