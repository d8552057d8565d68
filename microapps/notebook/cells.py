"""A micro-app as a frozen value: metadata and cells, free of files and kernels."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

from .metadata import AppMetadata


class Role(StrEnum):
    """What a cell is for; the order is the order in a notebook that this package writes."""

    ABOUT = "about"
    IMPORTS = "imports"
    LOGIC = "logic"
    UI = "ui"
    SHOW = "show"
    TESTS = "tests"


SKIP_EXECUTION = "skip-execution"
RAISES_EXCEPTION = "raises-exception"
"""nbclient's tag of a cell whose exception is shown, and after which the next one runs."""


@dataclass(frozen=True)
class Cell:
    """One cell. ``metadata`` is what the file held besides our own key and is carried through unchanged.

    ``attachments`` are the pictures pasted into a text cell: name → media type → content, as in the file.
    """

    id: str
    source: str
    kind: Literal["code", "markdown", "raw"] = "code"
    role: Role | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        """Whether Voila and nbclient execute this cell."""
        return self.kind == "code" and self.role is not Role.TESTS and SKIP_EXECUTION not in self.tags

    @property
    def tags(self) -> tuple[str, ...]:
        tags = self.metadata.get("tags", ())
        return tuple(t for t in tags if isinstance(t, str)) if isinstance(tags, list | tuple) else ()


@dataclass(frozen=True)
class MicroApp:
    """A whole app. ``notebook_metadata`` is what the file held besides our own key."""

    metadata: AppMetadata
    cells: tuple[Cell, ...]
    notebook_metadata: Mapping[str, Any] = field(default_factory=dict)

    def cell(self, id: str) -> Cell:
        """The cell with that id; KeyError if there is none."""
        for cell in self.cells:
            if cell.id == id:
                return cell
        raise KeyError(id)

    def of(self, role: Role) -> tuple[Cell, ...]:
        """The cells of one role, in order."""
        return tuple(cell for cell in self.cells if cell.role is role)

    def with_cell(self, id: str, source: str) -> MicroApp:
        """The same app with one cell's source replaced."""
        self.cell(id)
        return replace(self, cells=tuple(replace(c, source=source) if c.id == id else c for c in self.cells))

    def with_metadata(self, **changes: Any) -> MicroApp:
        """The same app with some metadata fields replaced and validated again."""
        values = {name: getattr(self.metadata, name) for name in AppMetadata.model_fields}
        return replace(self, metadata=AppMetadata(**{**values, **changes}))

    def retitled(self, title: str) -> MicroApp:
        """The same app under another title; its text begins with that as a heading where it began with the old one."""
        old, new = f"# {self.metadata.title}", f"# {title}"

        def headed(cell: Cell) -> Cell:
            first, line, rest = cell.source.partition("\n")
            return replace(cell, source=new + line + rest) if first.strip() == old else cell

        cells = tuple(headed(cell) if cell.role is Role.ABOUT else cell for cell in self.cells)
        return replace(self, cells=cells).with_metadata(title=title)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all that can change what the app does: cells in order, root and permissions."""
        content = [
            [[c.kind, str(c.role or ""), c.source, sorted(c.tags)] for c in self.cells],
            self.metadata.root,
            self.metadata.permissions.model_dump(mode="json"),
        ]
        return _digest(content)

    @property
    def words(self) -> str:
        """SHA-256 (hex) over what it says of itself: title, description, tags and what it promises."""
        about = self.metadata.model_dump(mode="json", include={"title", "description", "tags", "criteria"})
        return _digest(about)


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, sort_keys=True).encode()).hexdigest()
