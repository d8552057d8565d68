"""Kernel messages as they cross a WebSocket: to the gateway in the form every gateway knows, to the page in the newer.

A message here is the usual dictionary of ``jupyter_client``, with ``channel`` and a list of ``buffers``.
"""

from __future__ import annotations

import json
import struct
from typing import Any

from jupyter_client.session import json_packer
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

from ..framing import countable

Message = dict[str, Any]
PARTS = ("header", "parent_header", "metadata", "content")


def from_wire(data: str | bytes) -> Message:
    """A message as the gateway, or a page that speaks the older form, sent it. Raises ValueError if it is none."""
    if isinstance(data, bytes) and not countable(data, newer=False):
        raise ValueError("no kernel message")
    try:
        told = deserialize_binary_message(data) if isinstance(data, bytes) else json.loads(data)  # type: ignore[no-untyped-call]
        return _message(str(told.get("channel")), [told[part] for part in PARTS], told.get("buffers") or [])
    except (KeyError, TypeError, AttributeError, IndexError, struct.error) as error:
        raise ValueError("no kernel message") from error


def to_wire(message: Message) -> str | bytes:
    """A message in the older form: text, or bytes if it has buffers."""
    if message["buffers"]:
        packed: bytes = serialize_binary_message(message)  # type: ignore[no-untyped-call]
        return packed
    return json_packer(message).decode()


def from_newer(data: bytes) -> Message:
    """A message as a page sent it in the newer form. Raises ValueError if it is none."""
    if not countable(data, newer=True):
        raise ValueError("no kernel message")
    try:
        channel, parts = deserialize_msg_from_ws_v1(data)  # type: ignore[no-untyped-call]
        return _message(channel, [json.loads(part) for part in parts[:4]], parts[4:])
    except (IndexError, TypeError) as error:
        raise ValueError("no kernel message") from error


def to_newer(message: Message) -> bytes:
    """A message in the newer form."""
    parts = [*(json_packer(message[part]) for part in PARTS), *message["buffers"]]
    packed: bytes = serialize_msg_to_ws_v1(parts, message["channel"])  # type: ignore[no-untyped-call]
    return packed


def _message(channel: str, parts: list[Any], buffers: list[Any]) -> Message:
    if len(parts) != len(PARTS) or not all(isinstance(part, dict) for part in parts):
        raise ValueError("no kernel message")
    made: Message = dict(zip(PARTS, parts, strict=True))
    header = made["header"]
    if not isinstance(header.get("msg_type"), str) or not all(isinstance(each, bytes) for each in buffers):
        raise ValueError("no kernel message")
    return {
        **made,
        "channel": channel,
        "buffers": buffers,
        "msg_type": header["msg_type"],
        "msg_id": header.get("msg_id"),
    }
