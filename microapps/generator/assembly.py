"""From the events of a stream to one validated turn.

The stream is not trusted: it may end early, repeat itself, or hold half a JSON text. A turn comes out only when
``message_stop`` was seen, with a stop reason that is expected here, every block closed and every tool's input a whole
JSON object. Events are taken as the plain mappings of the Messages API, so this file knows no client library.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from ..errors import ModelRefused, TurnIncomplete
from .messages import Block, Message, RedactedThinkingBlock, TextBlock, ThinkingBlock, ToolUseBlock
from .model import TextPiece, ToolPiece, Turn, Usage

EXPECTED_STOPS = ("end_turn", "tool_use")

REFUSAL_HINT = "Say what the app is for in other words, or take another model."
CUT_HINT = "Ask for a smaller app, or for one part of it at a time."
MALFORMED_HINT = "Try again; if it stays so, look at the setting 'base_url', and take another model."
NO_ANSWER_HINT = "Look at the setting 'base_url'; a proxy or a sign-in page may be answering."


class CutShort(TurnIncomplete):
    """The answer was longer than ``max_tokens``; the same request with more room may succeed."""


class ContextFull(TurnIncomplete):
    """The conversation no longer fits the model; a shorter one may succeed."""


class Malformed(TurnIncomplete):
    """The stream was cut or broke its own rules; the same request may succeed."""

    def __init__(self, what: str, hint: str = MALFORMED_HINT) -> None:
        super().__init__(what, hint)


class _OpenBlock:
    """A content block that is still being written."""

    def __init__(self, start: Mapping[str, Any]) -> None:
        self.start = start
        self.type = str(start.get("type"))
        self.pieces: list[str] = []
        self.signature = _text(start.get("signature"))
        self.characters = 0
        if self.type == "text":
            self.pieces.append(_text(start.get("text")))
        elif self.type == "thinking":
            self.pieces.append(_text(start.get("thinking")))

    def closed(self) -> Block | None:
        """The whole block; None for a kind that is not known here and is left out."""
        written = "".join(self.pieces)
        if self.type == "text":
            return TextBlock(text=written) if written else None
        if self.type == "thinking":
            return ThinkingBlock(thinking=written, signature=self.signature)
        if self.type == "redacted_thinking":
            return RedactedThinkingBlock(data=_text(self.start.get("data")))
        if self.type == "tool_use":
            return ToolUseBlock(id=_text(self.start.get("id")), name=self.name, input=self._input(written))
        return None

    @property
    def name(self) -> str:
        return _text(self.start.get("name"))

    def _input(self, written: str) -> dict[str, Any]:
        if not written:
            value = self.start.get("input")
        else:
            try:
                value = json.loads(written)
            except ValueError as error:
                raise Malformed(f"The model's input for the tool {self.name!r} is no valid JSON: {error}.") from error
        if not isinstance(value, dict) or not self.name or not self.start.get("id"):
            raise Malformed(f"The model's call of the tool {self.name!r} is not whole.")
        return value


class Assembly:
    """Takes a stream's events in order; see the module's docstring."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._model = ""
        self._started = self._stopped = False
        self._stop = ""
        self._refusal = ""
        self._open: dict[int, _OpenBlock] = {}
        self._blocks: list[Block] = []
        self._fault: Malformed | None = None

    def take(self, event: Mapping[str, Any]) -> TextPiece | ToolPiece | None:
        """Take one event; what of it a person may be shown.

        Raises Malformed where the event breaks the protocol's order or form.
        """
        kind = event.get("type")
        if kind == "message_start":
            message = _mapping(event.get("message"))
            if self._started:
                raise Malformed("The endpoint began its answer twice.")
            self._started = True
            self._model = _text(message.get("model"))
            self._count(_mapping(message.get("usage")))
            return None
        if not self._started:
            raise Malformed(f"The endpoint's answer began with {str(kind)[:40]!r}.")
        if self._stopped:
            raise Malformed("The endpoint went on after the end of its answer.")
        if kind == "content_block_start":
            return self._begin(_index(event), _mapping(event.get("content_block")))
        if kind == "content_block_delta":
            return self._add(_index(event), _mapping(event.get("delta")))
        if kind == "content_block_stop":
            self._close(_index(event))
        elif kind == "message_delta":
            delta = _mapping(event.get("delta"))
            self._stop = _text(delta.get("stop_reason")) or self._stop
            self._refusal = _text((delta.get("stop_details") or {}).get("explanation"))
            self._count(_mapping(event.get("usage") or {}))
        elif kind == "message_stop":
            self._stopped = True
        return None

    def turn(self) -> Turn:
        """The whole turn.

        Raises ModelRefused, or TurnIncomplete as CutShort, ContextFull or Malformed.
        """
        if not self._started:
            raise Malformed("The endpoint answered with something that is not of the Messages API.", NO_ANSWER_HINT)
        if not self._stopped:
            raise Malformed("The endpoint's answer ended in the middle.")
        if self._stop == "refusal":
            raise ModelRefused(f"The model declined this request. {self._refusal}".rstrip(), REFUSAL_HINT)
        if self._stop == "max_tokens":
            raise CutShort("The model's answer was cut because it was too long.", CUT_HINT)
        if self._stop == "model_context_window_exceeded":
            raise ContextFull("The conversation no longer fits the model.", "Take a larger model.")
        if self._stop not in EXPECTED_STOPS:
            raise Malformed(f"The model's answer ended for an unexpected reason: {self._stop[:40] or 'none given'!r}.")
        if self._fault is not None:
            raise self._fault
        if self._open:
            raise Malformed("The endpoint ended its answer inside a block.")
        message = Message(role="assistant", content=tuple(self._blocks))
        if self._stop == "tool_use" and not message.tool_uses:
            raise Malformed("The answer ended with a tool call that is not in it.")
        ids = [use.id for use in message.tool_uses]
        if len(set(ids)) != len(ids):
            raise Malformed("Two tool calls of one answer have the same id.")
        stop: Literal["end_turn", "tool_use"] = "tool_use" if message.tool_uses else "end_turn"
        return Turn(message=message, stop=stop, usage=self.usage, model=self._model)

    def _begin(self, index: int, block: Mapping[str, Any]) -> TextPiece | ToolPiece | None:
        if index in self._open:
            raise Malformed(f"The endpoint opened block {index} twice.")
        opened = self._open[index] = _OpenBlock(block)
        if opened.type == "tool_use":
            return ToolPiece(opened.name, 0)
        return None

    def _add(self, index: int, delta: Mapping[str, Any]) -> TextPiece | ToolPiece | None:
        block = self._open.get(index)
        if block is None:
            raise Malformed(f"The endpoint wrote to block {index}, which is not open.")
        kind = delta.get("type")
        if kind == "text_delta" and block.type == "text":
            block.pieces.append(_text(delta.get("text")))
            return TextPiece(block.pieces[-1]) if block.pieces[-1] else None
        if kind == "thinking_delta" and block.type == "thinking":
            block.pieces.append(_text(delta.get("thinking")))
            return TextPiece(block.pieces[-1], thought=True) if block.pieces[-1] else None
        if kind == "signature_delta" and block.type == "thinking":
            block.signature = _text(delta.get("signature"))
        elif kind == "input_json_delta" and block.type == "tool_use":
            block.pieces.append(_text(delta.get("partial_json")))
            block.characters += len(block.pieces[-1])
            return ToolPiece(block.name, block.characters)
        return None

    def _close(self, index: int) -> None:
        block = self._open.pop(index, None)
        if block is None:
            raise Malformed(f"The endpoint closed block {index}, which is not open.")
        try:
            closed = block.closed()
        except Malformed as fault:
            # Kept for the end: where the answer was also too long, its stop reason says more than "no valid JSON".
            self._fault = self._fault or fault
            return
        if closed is not None:
            self._blocks.append(closed)

    def _count(self, usage: Mapping[str, Any]) -> None:
        """Counts of a stream are running totals: a later one replaces an earlier, an absent one leaves it."""

        def count(key: str, before: int) -> int:
            value = usage.get(key)
            return value if isinstance(value, int) and value >= 0 else before

        self.usage = Usage(
            count("input_tokens", self.usage.input_tokens),
            count("output_tokens", self.usage.output_tokens),
            count("cache_read_input_tokens", self.usage.cache_read_tokens),
            count("cache_creation_input_tokens", self.usage.cache_write_tokens),
        )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Malformed("The endpoint sent an event that is not of the Messages API.")
    return value


def _index(event: Mapping[str, Any]) -> int:
    index = event.get("index")
    if not isinstance(index, int):
        raise Malformed("The endpoint sent an event without an index.")
    return index
