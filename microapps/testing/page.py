"""Reading the page: controls, texts, values and tables by label. Knows no kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import ControlAmbiguous, ControlNotFound
from . import labels
from .controls import Control, control_of, value_of
from .kinds import MARKUP
from .markup import Table
from .reading import label_text
from .tree import Seen, outline

OptionValues = Callable[[str], Sequence[Any] | None]


@dataclass(frozen=True)
class Page:
    """The page as it is now; ``option_values`` gives the values behind a selection's labels by model id."""

    seen: tuple[Seen, ...]
    option_values: OptionValues

    @property
    def outline(self) -> str:
        return outline(self.seen)

    def controls(self, within: str = "") -> tuple[Control, ...]:
        """Every control in reading order."""
        return tuple(
            control_of(item, self.option_values(item.id))
            for item in self.seen
            if item.is_control and _is_within(item, within)
        )

    def text(self, label: str = "", within: str = "") -> str:
        """See :meth:`microapps.testing.AsyncApp.text`."""
        if not label:
            return "\n".join(
                line for item in self.seen if item.visible and _is_within(item, within) for line in _line(item)
            )
        item = self._named(label, within)
        if item is not None:
            return self._inner(item) if item.visible else ""
        wanted = labels.folded(label)
        pieces = [
            item.text
            for item in self.seen
            if item.visible and not item.is_control and _is_within(item, within) and wanted in labels.folded(item.text)
        ]
        if pieces:
            return "\n".join(pieces)
        item = labels.find(label, self.seen, lambda item: bool(item.id), within=within, what="labels and texts")
        return self._inner(item) if item.visible else ""

    def value(self, label: str, within: str = "", trait: str = "value") -> Any:
        """See :meth:`microapps.testing.AsyncApp.value`."""
        item = labels.find(label, self.seen, lambda item: bool(item.id), within=within, what="widgets")
        if trait == "value" and item.kind == "Output":
            return self._inner(item)
        return value_of(item, self.option_values(item.id), trait)

    def table(self, label: str = "", within: str = "") -> list[dict[str, Any]]:
        """See :meth:`microapps.testing.AsyncApp.table`."""
        shown = [
            (item, records)
            for item in self.seen
            if item.visible and _is_within(item, within)
            for records in _tables(item)
        ]
        if not shown:
            raise ControlNotFound("No table is shown.", f"The page reads: {self.text()[:500]}")
        if label:
            named = self._named(label, within)
            wanted = labels.folded(label)
            by_name = [pair for pair in shown if named and (pair[0] is named or named.id in pair[0].inside)]
            shown = by_name or [pair for pair in shown if wanted in labels.folded(pair[0].text)]
            if not shown:
                raise ControlNotFound(f"No table is named '{label}' or has that text in it.", "Leave out the label.")
        if len(shown) > 1:
            heads = "; ".join(", ".join(records[0]) if records else "empty" for _, records in shown[:10])
            raise ControlAmbiguous(f"{len(shown)} tables are meant.", f"Their columns: {heads}.")
        return shown[0][1]

    def _named(self, label: str, within: str) -> Seen | None:
        try:
            return labels.find(
                label, self.seen, lambda item: bool(item.names), within=within, what="things on the page"
            )
        except ControlNotFound:
            if within and not any(_is_within(item, within) for item in self.seen):
                raise
            return None

    def _inner(self, item: Seen) -> str:
        if item.id and any(item.id in other.inside for other in self.seen):
            return "\n".join(
                line for other in self.seen if item.id in other.inside and other.visible for line in _line(other)
            )
        return item.text


def _is_within(item: Seen, within: str) -> bool:
    wanted = labels.folded(within)
    return not within or any(labels.folded(title) == wanted for title in item.path)


def _line(item: Seen) -> list[str]:
    """How one thing reads in the text of the whole page; its neighbour's label is on the page already."""
    own = label_text(item.state.get("description"))
    if own and item.text and own != item.text:
        return [f"{own} {item.text}" if item.kind in MARKUP else f"{own}: {item.text}"]
    return [own or item.text] if own or item.text else []


def _tables(item: Seen) -> list[list[dict[str, Any]]]:
    grid = _grid(item)
    return [grid] if grid is not None else [_records(table) for table in item.tables]


def _records(table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in table.records()]


def _grid(item: Seen) -> list[dict[str, Any]] | None:
    """The rows of a data grid widget that keeps them in its state as ipydatagrid does."""
    data = item.state.get("_data")
    if not isinstance(data, dict) or not isinstance(data.get("schema"), dict):
        return None
    fields = [
        str(field["name"]) for field in data["schema"].get("fields", ()) if isinstance(field, dict) and "name" in field
    ]
    rows = data.get("data")
    if isinstance(rows, list):
        return [{name: row.get(name) for name in fields} for row in rows if isinstance(row, dict)]
    return None
