"""Stands for microapps.sandbox until that is there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..notebook import Permissions


@dataclass(frozen=True)
class Confinement:
    app: str
    granted: Permissions = Permissions()
    source: Path | None = None
    data: Path | None = None
    preload: tuple[str, ...] = ()


class Sandbox:
    async def __aenter__(self) -> Sandbox:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


def confine(manager: Any, confinement: Confinement, sandbox: Sandbox | None = None) -> None:
    pass
