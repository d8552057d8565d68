"""The conversation with a model as frozen values.

The field names are the Messages API's own, so that ``model_dump(mode="json", exclude_none=True)`` is what goes over
the wire and what a library stores. Values carry no ids of storage and no time.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TextBlock(_Value):
    """Plain text."""

    type: Literal["text"] = "text"
    text: str


class ThinkingBlock(_Value):
    """What a model thought; ``signature`` binds it to that model and to everything before it."""

    type: Literal["thinking"] = "thinking"
    thinking: str
    signature: str = ""


class RedactedThinkingBlock(_Value):
    """Thinking that only the endpoint can read."""

    type: Literal["redacted_thinking"] = "redacted_thinking"
    data: str


class ToolUseBlock(_Value):
    """A model's call of a tool."""

    type: Literal["tool_use"] = "tool_use"
    id: str
    name: str
    input: dict[str, Any]


class ImageSource(_Value):
    """A picture in base64."""

    type: Literal["base64"] = "base64"
    media_type: Literal["image/png", "image/jpeg"] = "image/png"
    data: str


class ImageBlock(_Value):
    """A picture."""

    type: Literal["image"] = "image"
    source: ImageSource

    @classmethod
    def png(cls, data: bytes) -> ImageBlock:
        """A block of a PNG file's bytes."""
        return cls(source=ImageSource(data=base64.b64encode(data).decode("ascii")))


class ToolResultBlock(_Value):
    """The answer to one :class:`ToolUseBlock`."""

    type: Literal["tool_result"] = "tool_result"
    tool_use_id: str
    content: tuple[TextBlock | ImageBlock, ...]
    is_error: bool = False


Block = Annotated[
    TextBlock | ThinkingBlock | RedactedThinkingBlock | ToolUseBlock | ToolResultBlock | ImageBlock,
    Field(discriminator="type"),
]


class Message(_Value):
    """One turn of the person (and of the harness's tool results) or of the model."""

    role: Literal["user", "assistant"]
    content: tuple[Block, ...]

    @classmethod
    def user(cls, *texts: str) -> Message:
        """A person's message of one text block for each text."""
        return cls(role="user", content=tuple(TextBlock(text=text) for text in texts))

    @property
    def text(self) -> str:
        """All text blocks, joined by blank lines."""
        return "\n\n".join(block.text for block in self.content if isinstance(block, TextBlock))

    @property
    def tool_uses(self) -> tuple[ToolUseBlock, ...]:
        """The tool calls, in order."""
        return tuple(block for block in self.content if isinstance(block, ToolUseBlock))


MESSAGES: TypeAdapter[tuple[Message, ...]] = TypeAdapter(tuple[Message, ...])


def without_thinking(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The same conversation with every thinking block left out, and messages that held nothing else.

    Thinking blocks are bound to the model and to the exact prefix before them: an endpoint rejects them after an
    undo, a fork, a trim or a change of model. Whoever cuts or moves a conversation calls this.
    """
    kept = []
    for message in messages:
        content = tuple(b for b in message.content if not isinstance(b, ThinkingBlock | RedactedThinkingBlock))
        if content:
            kept.append(message.model_copy(update={"content": content}))
    return joined(kept)


def joined(messages: Iterable[Message]) -> tuple[Message, ...]:
    """The same conversation with neighbours of one role made into one message, so that roles alternate."""
    result: list[Message] = []
    for message in messages:
        if result and result[-1].role == message.role:
            result[-1] = message.model_copy(update={"content": result[-1].content + message.content})
        else:
            result.append(message)
    return tuple(result)


def answered(messages: Iterable[Message], note: str) -> tuple[Message, ...]:
    """The same conversation where a last message with tool calls is followed by a result for each that says ``note``.

    A conversation that stops between a call and its result is rejected by endpoints when it goes on.
    """
    result = tuple(messages)
    if not result or not result[-1].tool_uses:
        return result
    blocks = tuple(
        ToolResultBlock(tool_use_id=use.id, content=(TextBlock(text=note),), is_error=True)
        for use in result[-1].tool_uses
    )
    return (*result, Message(role="user", content=blocks))
