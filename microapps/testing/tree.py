"""The app as a person sees it: its widgets in reading order, what each is called, and what cannot be reached and why.

Starts from what the cells displayed and follows the boxes. A widget's names are, in this order: its own description,
a label that stands before it in the same box, its placeholder, its tooltip, and the title of a page that holds
nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .kinds import BOXES, BUTTONS, CONTROLS, INPUTS, MARKUP, PAGES, children_of, is_seen, kind_of, referred
from .markup import Table, read
from .reading import label_text, shown_text, titles_of, value_text

State = Mapping[str, Any]
_DEEPEST = 60  # boxes in boxes; no person nests so many, and more would exhaust the stack
_WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Seen:
    """One thing on the page.

    Attributes
    ----------
    id : of the widget's model; empty for plain output of a cell.
    kind : the widget's class name, or ``"output"`` for what is no widget.
    names : what it answers to, the best first.
    path : titles of the tabs and accordion pages it is in, outermost first.
    visible, enabled : whether a person sees it and can use it.
    note : why not, as ``"in the closed page 'Advanced'"``; empty if nothing is in the way.
    text : what a person reads in it, without its label.
    tables : the tables it shows.
    state : its serialised traits.
    inside : ids of the widgets it is in, outermost first.
    """

    id: str
    kind: str
    names: tuple[str, ...]
    path: tuple[str, ...]
    visible: bool
    enabled: bool
    note: str
    text: str
    tables: tuple[Table, ...]
    state: State
    inside: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.names[0] if self.names else ""

    @property
    def is_control(self) -> bool:
        """Whether a person can do something to it."""
        return self.kind in CONTROLS


@dataclass(frozen=True)
class _Place:
    path: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    title: str = ""
    visible: bool = True
    note: str = ""

    def within(self, model: str) -> _Place:
        return replace(self, inside=(*self.inside, model))

    def page(self, number: int, title: str, alone: bool) -> _Place:
        """A page of a tab or accordion; ``alone``: its title can only mean the one input in it."""
        return replace(self, path=(*self.path, title or str(number + 1)), title=title if alone else "")

    def hidden(self, note: str) -> _Place:
        return replace(self, visible=False, note=self.note or note)


def look(states: Mapping[str, State], outputs: Sequence[Sequence[Mapping[str, Any]]]) -> tuple[Seen, ...]:
    """Everything on the page, in reading order; a widget that is shown twice appears once.

    Parameters
    ----------
    states : the widgets' serialised traits by model id.
    outputs : the outputs of each cell, in order, in nbformat's form.
    """
    view = _View(states)
    for cell in outputs:
        view.outputs(cell, _Place())
    return tuple(view.seen.values())


class _View:
    def __init__(self, states: Mapping[str, State]) -> None:
        self.states = states
        self.seen: dict[str, Seen] = {}
        self.open: set[str] = set()

    def outputs(self, outputs: Sequence[Mapping[str, Any]], place: _Place) -> None:
        for number, output in enumerate(outputs):
            data = output.get("data") or {}
            view = data.get(_WIDGET) if isinstance(data, Mapping) else None
            if isinstance(view, Mapping) and str(view.get("model_id")) in self.states:
                self.widget(str(view["model_id"]), place, ())
                continue
            text, tables = shown_text(output)
            if text or tables:
                key = f"output-{len(self.seen)}-{number}"
                note = "" if place.visible else place.note
                self.seen[key] = Seen(
                    "", "output", (), place.path, place.visible, True, note, text, tables, {}, place.inside
                )

    def widget(self, model: str, place: _Place, names: tuple[str, ...]) -> None:
        state = self.states.get(model)
        if state is None or model in self.open or not is_seen(state) or len(self.open) > _DEEPEST:
            return
        kind = kind_of(state)
        place = self.placed(state, place)
        earlier = self.seen.get(model)
        if earlier is None or (place.visible and not earlier.visible):
            self.seen[model] = self.described(model, kind, state, place, names)
        names = names if kind in BOXES and self.inputs_in(model) == 1 else ()
        self.open.add(model)
        if kind == "Output":
            self.outputs(state.get("outputs") or (), place.within(model))
        else:
            self.children(kind, state, place.within(model), names)
        self.open.discard(model)

    def placed(self, state: State, place: _Place) -> _Place:
        layout = self.states.get(next(iter(referred(state.get("layout"))), ""), {})
        if layout.get("display") == "none":
            return place.hidden("hidden by its layout (display)")
        if layout.get("visibility") in ("hidden", "collapse"):
            return place.hidden("hidden by its layout (visibility)")
        return place

    def described(self, model: str, kind: str, state: State, place: _Place, names: tuple[str, ...]) -> Seen:
        disabled = bool(state.get("disabled"))
        note = place.note or ("disabled" if disabled else "")
        value = str(state.get("value", ""))
        return Seen(
            id=model,
            kind=kind,
            names=self.names(kind, state, names, place.title),
            path=place.path,
            visible=place.visible,
            enabled=not disabled,
            note=note,
            text=value_text(kind, state),
            tables=read(value).tables if kind in MARKUP else (),
            state=state,
            inside=place.inside,
        )

    def names(self, kind: str, state: State, nearby: tuple[str, ...], title: str) -> tuple[str, ...]:
        description = label_text(state.get("description"))
        if kind in BOXES:
            return ()
        found = [description] if description else list(nearby)
        if kind not in MARKUP:
            # A Label has a placeholder trait too, but never shows it.
            found.append(label_text(state.get("placeholder")))
        found += [label_text(state.get(trait)) for trait in ("tooltip", "description_tooltip")]
        if kind in BUTTONS | {"ToggleButton"} and not any(found):
            found.append(label_text(state.get("icon")))
        if kind in INPUTS:
            found.append(title)
        return tuple(dict.fromkeys(name for name in found if name))

    def children(self, kind: str, state: State, place: _Place, names: tuple[str, ...]) -> None:
        children = [model for model in children_of(kind, state) if model in self.states]
        titles = titles_of(state) if kind in PAGES else []
        chosen = state.get("selected_index")
        for number, model in enumerate(children):
            inner = place
            nearby = self.label_beside(kind, children, number)
            if kind in PAGES:
                title = titles[number] if number < len(titles) else ""
                shown = title or f"number {number + 1}"
                inner = place.page(number, title, self.inputs_in(model) == 1)
                if number != chosen:
                    inner = inner.hidden(
                        f"in the tab '{shown}', which is not selected"
                        if kind == "Tab"
                        else f"in the closed page '{shown}'"
                    )
            elif kind == "Stack" and chosen is not None and number != chosen:
                inner = inner.hidden("in a stack that shows another of its children")
            # A label before a box means the one input in it.
            self.widget(model, inner, nearby or (names if names and self.inputs_in(model) else ()))

    def label_beside(self, kind: str, children: Sequence[str], number: int) -> tuple[str, ...]:
        """The text of the label that stands before a child (behind it for a lone checkbox), if it can only mean it."""
        if kind in PAGES or kind == "Stack":
            return ()
        if number == 0:
            first, *rest = (self.states[child] for child in children)
            lone = kind_of(first) == "Checkbox" and len(rest) == 1 and kind_of(rest[0]) in MARKUP
            return (label_text(rest[0].get("value")),) if lone else ()
        before = self.states[children[number - 1]]
        own = kind_of(self.states[children[number]])
        if kind_of(before) not in MARKUP or label_text(before.get("description")):
            return ()
        if own in MARKUP and (kind not in ("HBox", "GridBox") or kind_of(before) != "Label"):
            return ()
        value = str(before.get("value", ""))
        text = label_text(value)
        return (text,) if text and not read(value).heading else ()

    def inputs_in(self, model: str) -> int:
        """How many inputs a widget holds, itself included."""
        state = self.states.get(model, {})
        kind = kind_of(state)
        if kind in INPUTS:
            return 1
        if model in self.open or len(self.open) > _DEEPEST:
            return 0
        self.open.add(model)
        total = sum(self.inputs_in(child) for child in children_of(kind, state))
        self.open.discard(model)
        return total


def outline(seen: Sequence[Seen]) -> str:
    """The page as indented lines: kind, label, what is read in it, and what is in the way."""
    lines = []
    for item in seen:
        label = f" '{item.label}'" if item.label else ""
        text = f": {item.text.splitlines()[0][:100]}" if item.text and item.text != item.label else ""
        note = f" ({item.note})" if item.note else ""
        lines.append(f"{'  ' * len(item.inside)}{item.kind}{label}{text}{note}")
    return "\n".join(lines)
