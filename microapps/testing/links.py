"""``jslink`` and ``jsdlink``: they work in the browser only, so here the driver does what the browser would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .kinds import REFERENCE

MOST_ROUNDS = 20  # links that never agree (rounding in a circle) stop here, as a browser's would by equality
End = tuple[str, str]


class Links:
    """Keeps linked traits equal.

    ``seen`` holds what each link's ends were when it last acted: whichever end has changed since wins, the source
    where both have.
    """

    def __init__(self, states: dict[str, dict[str, Any]], tell: Callable[[str, dict[str, Any]], None]) -> None:
        self._states = states
        self._tell = tell
        self._seen: dict[str, tuple[Any, Any]] = {}

    def act(self, links: set[str]) -> bool:
        """Carry changes over once; returns whether anything changed."""
        changed = False
        for link in sorted(links):
            state = self._states.get(link, {})
            source, target = _end(state.get("source")), _end(state.get("target"))
            if source is None or target is None or source[0] not in self._states or target[0] not in self._states:
                continue
            left, right = self._value(source), self._value(target)
            before = self._seen.get(link)
            both_ways = state.get("_model_name") == "LinkModel"
            if before is not None and both_ways and left == before[0] and right != before[1]:
                source, target, left, right = target, source, right, left
            elif before is not None and left == before[0]:
                self._seen[link] = (left, right)
                continue
            if left != right and not (left is None and self._wants_a_value(target)):
                self._states[target[0]][target[1]] = left
                self._tell(target[0], {target[1]: left})
                changed = True
            self._seen[link] = (left, left)
        return changed

    def _wants_a_value(self, end: End) -> bool:
        """Whether the end is the value of a control that always has one, such as a slider: it takes no nothing."""
        control = self._states[end[0]].get("_model_module") == "@jupyter-widgets/controls"
        return control and end[1] == "value" and isinstance(self._value(end), str | int | float)

    def _value(self, end: End) -> Any:
        return self._states[end[0]].get(end[1])


def _end(value: Any) -> End | None:
    if isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(part, str) for part in value):
        return value[0].removeprefix(REFERENCE), value[1]
    return None
