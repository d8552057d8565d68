"""In a browser there is no ipykernel (it needs sockets); the little that the app's shell takes from it is here."""

from __future__ import annotations

import base64
import sys
from types import ModuleType
from typing import Any

from IPython.core.interactiveshell import InteractiveShell


class ZMQInteractiveShell(InteractiveShell):
    """The shell of this process, by the name that libraries look for."""


def encode_images(bundle: dict[str, Any]) -> dict[str, Any]:
    """A display's data with bytes as base64."""
    return {kind: base64.b64encode(data).decode() if isinstance(data, bytes) else data for kind, data in bundle.items()}


def install() -> None:
    """Be found as ``ipykernel``, where it is not installed."""
    package, shell, images = (ModuleType(f"ipykernel{name}") for name in ("", ".zmqshell", ".jsonutil"))
    shell.ZMQInteractiveShell = ZMQInteractiveShell  # type: ignore[attr-defined]
    images.encode_images = encode_images  # type: ignore[attr-defined]
    package.__path__ = []
    package.version_info = (7, 0, 0)  # type: ignore[attr-defined]
    for module in (package, shell, images):
        sys.modules.setdefault(module.__name__, module)


if sys.platform == "emscripten":
    install()
