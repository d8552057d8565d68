"""The code of an app laid out by black, in this process: black reads code and never runs it."""

from __future__ import annotations

import threading
from dataclasses import replace

from .cells import MicroApp
from .source import MAX_CHARACTERS

LINE_LENGTH = 88
_IMPORTING = threading.Lock()
_REMEMBERED = 512
"""Cells whose layout is kept: while an app is written, the same ones are laid out at every edit and every check."""
_KEPT: dict[str, str] = {}
_KEEPING = threading.Lock()


def formatted(app: MicroApp) -> MicroApp:
    """The same app with every code cell formatted; equal to ``app`` when nothing was to be done.

    A cell that black cannot read (IPython magics, a syntax error) is left as it is.
    """
    return replace(
        app,
        cells=tuple(
            replace(cell, source=formatted_source(cell.source)) if cell.kind == "code" else cell for cell in app.cells
        ),
    )


def formatted_source(source: str) -> str:
    """One cell's source, formatted, without a newline at its end; as it was if black cannot read it."""
    if len(source) > MAX_CHARACTERS or not source.strip():
        return source
    # black's import takes a fifth of a second, and most commands format nothing. It is compiled, and a thread that
    # imports it while another is at it gets a module without its names.
    with _IMPORTING:
        from black.parsing import InvalidInput

    try:
        result = _laid_out(source)
    except (InvalidInput, RecursionError, MemoryError, AssertionError):
        return source
    # A semicolon at the end of a cell keeps its last value from being shown; black would drop it.
    silent = source.rstrip().endswith(";") and not result.endswith(";")
    return result + ";" if silent else result


def _laid_out(source: str) -> str:
    """What black makes of it: a tenth of a second for a cell of a hundred lines. What it raises is not remembered."""
    import black
    from black.mode import TargetVersion

    if (known := _KEPT.get(source)) is not None:
        return known
    mode = black.Mode(line_length=LINE_LENGTH, target_versions={TargetVersion.PY311})
    result = black.format_str(source, mode=mode).rstrip("\n")
    with _KEEPING:
        while len(_KEPT) > _REMEMBERED:
            del _KEPT[next(iter(_KEPT))]  # the oldest
        _KEPT[source] = _KEPT[result] = result  # black leaves its own work as it is
    return result
