"""Builds a micro-app from a starter and a description, and says in a sentence what was taken and what left out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ...notebook.cells import MicroApp, Role
from ...notebook.compose import compose
from ...notebook.formatting import formatted
from ...notebook.metadata import Criterion, Provenance
from ...notebook.syntax import module_tree
from . import (
    calculator,
    chart,
    checklist,
    converter,
    csv_explorer,
    dates,
    flashcards,
    picker,
    settle_up,
    text_tool,
    timer,
    tracker,
)
from .catalogue import FORMULA, catalogue
from .filling import Filling, Request
from .language import READ, language_of
from .left_over import COLLECTIONS, LeftOver, left_over, subject
from .matching import Match
from .parameters import template, with_constants
from .spelling import with_slips_mended
from .titles import markdown_text, title_from
from .wishes import unmet
from .written import written

FILLERS: Mapping[str, Callable[[Request], Filling]] = {
    "calculator": calculator.fill,
    "chart": chart.fill,
    "checklist": checklist.fill,
    "converter": converter.fill,
    "csv-explorer": csv_explorer.fill,
    "dates": dates.fill,
    "flashcards": flashcards.fill,
    "picker": picker.fill,
    "settle-up": settle_up.fill,
    "text-tool": text_tool.fill,
    "timer": timer.fill,
    "tracker": tracker.fill,
}


def build(chosen: Match | str, description: str = "") -> MicroApp:
    """The starter's app, filled from the description.

    Parameters
    ----------
    chosen : Match or str
        A match, or a name: ``checklist``, ``calculator/bmi``.
    description : str
        What the person asked for; a match brings its own.

    Raises
    ------
    UnknownApp
        There is no starter of that name.
    """
    request, filling = _filled(chosen, description)
    starter = request.starter
    base = template(starter.notebook)
    values = {"WORDS": request.words, **filling.constants}
    sources = {cell.role: with_constants(cell.source, values) for cell in base.cells if cell.kind == "code"}
    logic = sources[Role.LOGIC]
    if filling.logic:
        logic = f"{filling.logic}\n\n\n{_without(logic, filling.replaces)}"
    title = _title(request, filling)
    about = filling.about or starter.about[request.language]
    app = compose(
        title=title,
        description=about,
        tags=(starter.name, *((request.recipe,) if request.recipe else ())),
        criteria=_criteria(request, base),
        about=f"# {markdown_text(title)}\n\n{markdown_text(about)}",
        imports=sources[Role.IMPORTS],
        logic=logic,
        ui=sources[Role.UI],
        tests=sources[Role.TESTS],
        permissions=base.metadata.permissions,
        provenance=Provenance(
            maker=f"starter:{starter.name}", request=request.description[:20_000], created=datetime.now(UTC)
        ),
    )
    return formatted(app)


def explain(chosen: Match) -> str:
    """Which starter, how sure, what it took from the description and what it left out; plain sentences."""
    request, filling = _filled(chosen, "")
    said = f"Starter {chosen.key!r} ({chosen.score:.0%} sure: {chosen.why})."
    took = (
        f" From your words it took: {'; '.join(filling.taken)}." if filling.taken else " It opens with example values."
    )
    examples = f" Example values: {', '.join(filling.examples)}." if filling.taken and filling.examples else ""
    left = left_over(request, filling).all[:8]
    lacks = f" It left out: {', '.join(left)}." if left else ""
    long = len(request.description) > READ
    cut = f" Only the first {READ:,} characters were read for what is wanted." if long else ""
    return said + took + examples + lacks + cut


def lost(chosen: Match) -> LeftOver:
    """What of the description has no place in the app of a match."""
    return left_over(*_filled(chosen, ""))


def _title(request: Request, filling: Filling) -> str:
    """The starter's own title, or the person's words where the app does all that they say.

    A collection of the person's own things is called what they call it: there the words say what it is for, up to
    those that say what else it should do.
    """
    own = filling.title or request.starter.title[request.language]
    left, collection = left_over(request, filling), request.starter.name in COLLECTIONS
    said = request.description
    if collection and left.wishes:
        said = subject(said)
        if unmet(said, request.starter.name):
            return own
    elif not collection:
        said = with_slips_mended(said)
    kept = collection or not (left.all or filling.examples)
    return title_from(said, own, request.language) if kept and not filling.another else own


def _filled(chosen: Match | str, description: str) -> tuple[Request, Filling]:
    key = chosen if isinstance(chosen, str) else chosen.key
    text = description or ("" if isinstance(chosen, str) else chosen.description)
    starter = catalogue().starter(key)
    request = Request(text, starter, _recipe(key, text), language_of(text))
    return request, FILLERS[starter.name](request)


def _recipe(key: str, description: str) -> str:
    name = key.partition("/")[2]
    if name and name != FORMULA and name not in catalogue().recipes:
        raise calculator.unknown_recipe(name)
    if name == FORMULA and not written(description):
        raise calculator.unknown_recipe(name)
    return name or ("bill-splitter" if key == "calculator" else "")


def _criteria(request: Request, base: MicroApp) -> tuple[Criterion, ...]:
    korean = request.starter.korean.get("criteria", {}) if request.language == "ko" else {}
    return tuple(Criterion(id=c.id, text=korean.get(c.id, c.text), tests=c.tests) for c in base.metadata.criteria)


def _without(source: str, names: tuple[str, ...]) -> str:
    """The source without its top-level functions and constants of these names."""
    lines = source.splitlines(keepends=True)
    for node in reversed(module_tree(source).body):
        named = node.name if isinstance(node, ast.FunctionDef) else ""
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named = node.targets[0].id
        if named in names:
            del lines[node.lineno - 1 : node.end_lineno]
    return "".join(lines).strip("\n")
