"""The app while it is being written: what a call of a writing tool makes of it.

A draft keeps two texts of each cell: as the model wrote it, so that the model's exact replacements find what it
remembers, and as black lays it out, which is what is checked and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..notebook import SKIP_EXECUTION, Cell, Criterion, MicroApp, Permissions, Provenance, Role
from ..notebook.compose import compose
from ..notebook.formatting import formatted
from .gates import Gates, explained
from .task import Replaced

MISSES_BEFORE_WRITE = 2
"""After so many edits of one cell that found nothing, the model is told to write the cell whole."""


class Refused(Exception):
    """A call changes nothing; the text says why and what to do instead."""


@dataclass
class Draft:
    """The state of the app in one job.

    ``app`` is as the model wrote it; :attr:`tidy` as black lays it out. ``permissions`` are those the person granted.
    """

    gates: Gates
    provenance: Provenance
    permissions: Permissions
    name: str = ""
    app: MicroApp | None = None
    replaced: tuple[Replaced, ...] = ()

    def __post_init__(self) -> None:
        self._misses: dict[str, int] = {}
        self._found = {cell.id: cell.source for cell in self.app.cells} if self.app else {}

    @property
    def tidy(self) -> MicroApp | None:
        """The draft as it is checked and kept: laid out by black, save the cells that the job has left as it found
        them, which may be someone's own."""
        if self.app is None:
            return None
        both = zip(self.app.cells, formatted(self.app).cells, strict=True)
        cells = tuple(raw if self._found.get(raw.id) == raw.source else neat for raw, neat in both)
        return replace(self.app, cells=cells)

    def write_app(self, value: Mapping[str, Any]) -> None:
        """Replace the whole app. Raises Refused (gates), InvalidNotebook (metadata)."""
        old = self.app
        app = compose(
            title=value["title"],
            description=value["description"],
            tags=tuple(dict.fromkeys(value.get("tags", ()))),
            criteria=_criteria(value["criteria"]),
            about=value["about"],
            imports=value["imports"],
            logic=value["logic"],
            ui=value["ui"],
            tests=value["tests"],
            permissions=self.permissions,
            provenance=self.provenance,
            name=old.metadata.name if old else self.name,
        )
        self._accept(app, value)
        self._misses.clear()

    def write_cell(self, value: Mapping[str, Any]) -> None:
        """Replace one cell's source. Raises Refused."""
        app, cell = self._cell(value["cell"], addable=True)
        app = app.with_cell(cell, value["source"])
        changes = {key: value[key] for key in ("title", "description") if key in value}
        self._accept(app.with_metadata(**changes) if changes else app, value)
        self._misses.pop(cell, None)

    def edit_cell(self, value: Mapping[str, Any]) -> None:
        """Replace one exact piece of one cell. Raises Refused."""
        app, cell = self._cell(value["cell"])
        old, new = value["old"], value["new"]
        sources = (app.cell(cell).source, formatted(app).cell(cell).source)
        source = next((text for text in sources if text.count(old) == 1), None)
        if source is None:
            self._misses[cell] = misses = self._misses.get(cell, 0) + 1
            times = max(text.count(old) for text in sources)
            why = f"occurs {times} times" if times else "does not occur"
            advice = (
                f"Write the cell whole with write_cell({cell!r}) instead."
                if misses >= MISSES_BEFORE_WRITE
                else "Copy it exactly, with its indentation and enough of its surroundings to be unique; "
                "read_app shows the cell as it stands."
            )
            raise Refused(f"Nothing was changed: 'old' {why} in cell {cell!r}. {advice}")
        self._accept(app.with_cell(cell, source.replace(old, new)), value)
        self._misses.pop(cell, None)

    def grant(self, permissions: Permissions) -> None:
        """Give the app permissions the person approved."""
        self.permissions = permissions
        if self.app is not None:
            self.app = self.app.with_metadata(permissions=permissions)

    def _cell(self, id: str, *, addable: bool = False) -> tuple[MicroApp, str]:
        """The app and one of its cells; where ``addable``, a missing cell for the tests is added, empty."""
        if self.app is None:
            raise Refused("There is no app yet: write it with write_app.")
        ids = [cell.id for cell in self.app.cells]
        if addable and id not in ids and id == Role.TESTS and not self.app.of(Role.TESTS):
            added = Cell(id, "", role=Role.TESTS, metadata={"tags": [SKIP_EXECUTION]})
            return replace(self.app, cells=(*self.app.cells, added)), id
        if id not in ids:
            raise Refused(f"There is no cell {id!r}; there are: {', '.join(ids)}.")
        if self.app.cell(id).role is Role.SHOW:
            raise Refused("The show cell is not yours to change: it displays `app`.")
        return self.app, id

    def _accept(self, app: MicroApp, value: Mapping[str, Any]) -> None:
        """Take the new state if it keeps the gates."""
        if "cell" in value and "criteria" in value:
            merged = {c.id: c for c in app.metadata.criteria} | {c.id: c for c in _criteria(value["criteria"])}
            app = app.with_metadata(criteria=tuple(merged.values()))
        replaced = tuple(Replaced(item["criterion"], item["reason"]) for item in value.get("replaces_criteria", ()))
        known = {item.criterion: item for item in (*self.replaced, *replaced)}
        if broken := self.gates.broken(app, known):
            raise Refused(explained(broken))
        self.app, self.replaced = app, tuple(known.values())

    def replaced_in(self, app: MicroApp) -> tuple[Replaced, ...]:
        """What the model said it replaces, as far as it is accepted criteria or tests that ``app`` did not keep."""
        return tuple(item for item in self.replaced if self.gates.replaced_by(app, item.criterion))


def _criteria(values: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    return tuple(Criterion(id=value["id"], text=value["text"], tests=tuple(value["tests"])) for value in values)
