"""What differs between two states of an app: cells, permissions, criteria and metadata."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from .cells import Cell, MicroApp
from .metadata import Criterion
from .permissions import Permissions

_FIELDS = ("name", "title", "description", "tags", "root")


@dataclass(frozen=True)
class CellChange:
    """One cell that differs; ``diff`` is a unified diff of its source, empty if the source is the same.

    ``changed`` covers source, kind, role and metadata; ``moved`` is a cell that only stands elsewhere.
    """

    id: str
    role: str
    change: Literal["added", "changed", "moved", "removed"]
    diff: str = ""


@dataclass(frozen=True)
class CriterionChange:
    """One criterion, by id, before and after."""

    old: Criterion
    new: Criterion


@dataclass(frozen=True)
class FieldChange:
    """One field of the metadata that differs; lists as words joined by commas."""

    key: str
    old: str
    new: str


@dataclass(frozen=True)
class AppDifference:
    """Everything that differs between two apps; false when nothing does.

    ``permissions_added`` and ``permissions_removed`` are plain sentences; ``widened`` is the part of the new
    permissions that the old did not have, as values.
    """

    cells: tuple[CellChange, ...] = ()
    permissions_added: tuple[str, ...] = ()
    permissions_removed: tuple[str, ...] = ()
    widened: Permissions = field(default_factory=Permissions)
    criteria_added: tuple[Criterion, ...] = ()
    criteria_changed: tuple[CriterionChange, ...] = ()
    criteria_removed: tuple[Criterion, ...] = ()
    metadata: tuple[FieldChange, ...] = ()

    def __bool__(self) -> bool:
        return self != AppDifference()

    def summary(self) -> str:
        """All of it in one sentence."""
        parts = []
        for change in ("changed", "added", "removed", "moved"):
            ids = [cell.id for cell in self.cells if cell.change == change]
            if ids:
                parts.append(f"{_count(len(ids), 'cell')} {change} ({_listed(ids)})")
        for criteria, change in (
            (self.criteria_added, "added"),
            (tuple(pair.new for pair in self.criteria_changed), "changed"),
            (self.criteria_removed, "removed"),
        ):
            if criteria:
                plural = "criterion" if len(criteria) == 1 else "criteria"
                parts.append(f"{len(criteria)} {plural} {change} ({_listed([item.id for item in criteria])})")
        for sentences, change in ((self.permissions_added, "added"), (self.permissions_removed, "removed")):
            if sentences:
                parts.append(f"{_count(len(sentences), 'permission')} {change}")
        if self.metadata:
            parts.append(f"{_listed([field.key for field in self.metadata])} changed")
        return f"{'; '.join(parts)}." if parts else "Nothing changed."

    def text(self) -> str:
        """All of it for a terminal: the summary, what the permissions and criteria say, then the diffs of the cells."""
        lines = [self.summary()]
        lines += [f"{field.key}: {field.old or '(empty)'} → {field.new or '(empty)'}" for field in self.metadata]
        lines += [f"+ permission: {sentence}" for sentence in self.permissions_added]
        lines += [f"- permission: {sentence}" for sentence in self.permissions_removed]
        lines += [f"+ criterion {item.id}: {item.text}" for item in self.criteria_added]
        for pair in self.criteria_changed:
            lines += [f"- criterion {pair.old.id}: {pair.old.text}", f"+ criterion {pair.new.id}: {pair.new.text}"]
        lines += [f"- criterion {item.id}: {item.text}" for item in self.criteria_removed]
        return "\n".join([*lines, *(cell.diff for cell in self.cells if cell.diff)])


def difference(old: MicroApp, new: MicroApp) -> AppDifference:
    """What has to be done to ``old`` to make it ``new``; cells are matched by id, criteria by theirs."""
    before = {criterion.id: criterion for criterion in old.metadata.criteria}
    after = {criterion.id: criterion for criterion in new.metadata.criteria}
    had, has = old.metadata.permissions.sentences(), new.metadata.permissions.sentences()
    return AppDifference(
        cells=_cells(old.cells, new.cells),
        permissions_added=tuple(sentence for sentence in has if sentence not in had),
        permissions_removed=tuple(sentence for sentence in had if sentence not in has),
        widened=new.metadata.permissions.beyond(old.metadata.permissions),
        criteria_added=tuple(after[key] for key in after if key not in before),
        criteria_changed=tuple(
            CriterionChange(before[key], after[key]) for key in after if before.get(key, after[key]) != after[key]
        ),
        criteria_removed=tuple(before[key] for key in before if key not in after),
        metadata=tuple(
            FieldChange(key, was, now)
            for key in _FIELDS
            if (was := _text(getattr(old.metadata, key))) != (now := _text(getattr(new.metadata, key)))
        ),
    )


def cell_diff(id: str, old: str, new: str) -> str:
    """A unified diff of one cell's source; empty if it is the same."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"{id} (before)", f"{id} (after)", lineterm="")
    return "\n".join(lines)


def _cells(old: Sequence[Cell], new: Sequence[Cell]) -> tuple[CellChange, ...]:
    before = {cell.id: cell for cell in old}
    kept = {cell.id for cell in new} & set(before)
    moved = _moved([cell.id for cell in old if cell.id in kept], [cell.id for cell in new if cell.id in kept])
    changes = []
    for cell in new:
        was = before.get(cell.id)
        if was is None:
            changes.append(CellChange(cell.id, str(cell.role or ""), "added", cell_diff(cell.id, "", cell.source)))
        elif was != cell:
            diff = cell_diff(cell.id, was.source, cell.source)
            changes.append(CellChange(cell.id, str(cell.role or ""), "changed", diff))
        elif cell.id in moved:
            changes.append(CellChange(cell.id, str(cell.role or ""), "moved"))
    changes += [
        CellChange(cell.id, str(cell.role or ""), "removed", cell_diff(cell.id, cell.source, ""))
        for cell in old
        if cell.id not in kept
    ]
    return tuple(changes)


def _moved(old: list[str], new: list[str]) -> set[str]:
    """The ids outside the longest common run of both orders: the fewest cells whose moving explains the new order."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    stayed = {old[at] for block in matcher.get_matching_blocks() for at in range(block.a, block.a + block.size)}
    return set(new) - stayed


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
