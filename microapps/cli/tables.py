"""Tables of the library as text."""

from __future__ import annotations

from datetime import datetime

from rich.table import Table

_WHOLE = ("", "rev", "when", "changed", "last", "times", "cost")


def table(*columns: str) -> Table:
    """A table without lines; long cells fold, wide characters included, so that nothing is cut at a narrow edge.

    Moments and numbers stay whole.
    """
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold", no_wrap=column in _WHOLE)
    return made


def moment(when: datetime) -> str:
    """A moment in the person's own time zone, to the minute."""
    return f"{when.astimezone():%Y-%m-%d %H:%M}"
