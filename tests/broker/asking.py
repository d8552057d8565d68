"""An app that may ask, a broker that answers it, and a client that speaks to its socket as a kernel would."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

from microapps.broker import Broker
from microapps.library import Library
from microapps.notebook import Permissions
from tests.library.samples import make

NAME = "tip-splitter"


def allowed(library: Library, dollars: float = 1.0, **more: Any) -> tuple[str, Permissions]:
    """Make an app that was granted so many dollars; its digest and the grant."""
    digest = make(library).digest
    granted = Permissions(model_budget=dollars, **more)
    library.grant(NAME, granted, digest)
    return digest, granted


def socket_of(broker: Broker, digest: str, granted: Permissions) -> Path:
    """The path of the app's socket."""
    ((name, path),) = broker.sockets(NAME, digest, granted)
    assert name == "ask"
    return path


async def ask(path: Path, prompt: str = "Hello?", system: str = "", max_tokens: int = 100) -> dict[str, Any]:
    """One question, whole and well formed."""
    line = json.dumps({"prompt": prompt, "system": system, "max_tokens": max_tokens})
    answer: dict[str, Any] = json.loads(await say(path, line))
    return answer


async def say(path: Path, line: str | bytes) -> bytes:
    """Send a line, whatever it is, as a kernel does; all that comes back."""
    return await asyncio.to_thread(_say, str(path), line.encode() if isinstance(line, str) else line)


def _say(path: str, line: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as channel:
        channel.connect(path)
        channel.settimeout(30)
        heard = b""
        try:
            channel.sendall(line + b"\n")
            while more := channel.recv(65536):
                heard += more
        except ConnectionError:
            return heard
        return heard
