"""Permissions as words of the command line: ``host:api.example.org:443``, ``read:/data``, ``package:numpy``…"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInput

if TYPE_CHECKING:
    from ..notebook import Permissions

WAYS = (
    "host:NAME[:PORT], read:PATH, write:PATH, package:NAME, storage:shared, model:DOLLARS, memory:MIB, seconds:N, "
    "page:scripts"
)


def allowed(words: Sequence[str]) -> Permissions:
    """The permissions the words stand for; files named relative to the working directory become absolute.

    Raises :class:`~microapps.errors.InvalidInput` naming the word that is none.
    """
    from pydantic import ValidationError

    from ..notebook import Permissions

    values: dict[str, Any] = {"hosts": [], "files": [], "packages": []}
    for word in words:
        kind, colon, rest = word.partition(":")
        if not colon or not rest:
            raise _unusable(word)
        try:
            match kind:
                case "host":
                    values["hosts"].append(_host(rest))
                case "read" | "write":
                    mode = "read" if kind == "read" else "read-write"
                    values["files"].append({"path": str(Path(rest).expanduser().absolute()), "mode": mode})
                case "package":
                    values["packages"].append(rest)
                case "storage":
                    values["storage"] = rest
                case "model":
                    values["model_budget"] = float(rest)
                case "memory" | "seconds":
                    values[kind] = int(rest)
                case "page" if rest == "scripts":
                    values["scripts"] = True
                case _:
                    raise _unusable(word)
            Permissions(**values)
        except (ValidationError, ValueError) as error:
            raise _unusable(word) from error
    return Permissions(**values)


def _host(text: str) -> dict[str, Any]:
    name, _, port = text.rpartition(":")
    return {"name": name, "port": int(port)} if name and port.isdigit() else {"name": text}


def _unusable(word: str) -> InvalidInput:
    return InvalidInput(f"{word!r} is no permission.", f"Write one of: {WAYS}.")


def spelled(permissions: Permissions) -> tuple[str, ...]:
    """The words that give these permissions; nothing for what is at its default."""
    default = type(permissions)()
    words = [f"host:{host}" for host in permissions.hosts]
    words += [f"{'read' if file.mode == 'read' else 'write'}:{file.path}" for file in permissions.files]
    words += [f"package:{name}" for name in permissions.packages]
    if permissions.storage != default.storage:
        words.append(f"storage:{permissions.storage}")
    if permissions.model_budget:
        words.append(f"model:{permissions.model_budget:g}")
    words += [
        f"{key}:{getattr(permissions, key)}"
        for key in ("memory", "seconds")
        if getattr(permissions, key) > getattr(default, key)
    ]
    if permissions.scripts:
        words.append("page:scripts")
    return tuple(words)
