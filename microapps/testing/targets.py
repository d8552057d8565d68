"""What can be clicked, and what a click on it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import ControlAmbiguous, ControlUnusable
from . import labels
from .controls import described
from .kinds import BUTTONS, PAGES, TOGGLES, referred
from .reading import titles_of
from .tree import Seen

_OPTION_BUTTONS = frozenset(("RadioButtons", "ToggleButtons"))
_PRESSED = BUTTONS | TOGGLES | {"Play"}


@dataclass(frozen=True)
class Target:
    """One thing to click: a button, or an option or page title (``number``) of a widget."""

    names: tuple[str, ...]
    item: Seen
    what: Literal["button", "option", "page"] = "button"
    number: int = 0

    @property
    def change(self) -> dict[str, Any]:
        """The change of state that the click makes; empty for a plain button."""
        state = self.item.state
        if self.what == "option":
            return {"index": self.number}
        if self.what == "page":
            closes = self.item.kind == "Accordion" and state.get("selected_index") == self.number
            return {"selected_index": None if closes else self.number}
        if self.item.kind in TOGGLES:
            return {"value": not state.get("value")}
        return {"playing": not state.get("playing")} if self.item.kind == "Play" else {}

    @property
    def event(self) -> str:
        """The message that the click sends."""
        return "click" if self.item.kind in ("Button", "ToggleButtons") else ""


def target(label: str, seen: Sequence[Seen], within: str = "") -> Target:
    """The one thing to click that answers to a label; buttons come before options and page titles.

    Raises ``ControlNotFound``, ``ControlAmbiguous``, or ``ControlUnusable`` when it is hidden or disabled.
    """
    buttons = [Target(item.names, item) for item in seen if item.kind in _PRESSED]
    parts = [
        Target((name,), item, "page" if item.kind in PAGES else "option", number)
        for item in seen
        if item.kind in PAGES | _OPTION_BUTTONS
        for number, name in enumerate(_parts(item))
        if name
    ]
    for group in (buttons, parts):
        if within:
            group = [one for one in group if any(labels.folded(t) == labels.folded(within) for t in one.item.path)]
        found = labels.best(label, group, lambda one: one.names)
        found = [one for one in found if one.item.visible] or found
        if len(found) > 1:
            things = ", ".join(labels.spelled(one.item) for one in found[:20])
            raise ControlAmbiguous(
                f"{len(found)} things to click answer to '{label}': {things}.",
                "Use the whole label, or name the tab or page with within=….",
            )
        if found:
            require_usable(found[0].item)
            return found[0]
    item = labels.find(label, seen, lambda item: item.kind in _PRESSED, within=within, what="buttons")
    require_usable(item)
    return Target(item.names, item)


def _parts(item: Seen) -> list[str]:
    if item.kind in PAGES:
        return titles_of(item.state)[: len(referred(item.state.get("children")))]
    return [str(label) for label in item.state.get("_options_labels") or ()]


def require_usable(item: Seen) -> None:
    """Raise :class:`~microapps.errors.ControlUnusable` when a person could not use it now."""
    if item.visible and item.enabled:
        return
    hint = ""
    if not item.visible and item.path:
        hint = f"Open its page first: click('{item.path[-1]}')."
    raise ControlUnusable(f"{described(item)} cannot be used: it is {item.note or 'hidden'}.", hint)
