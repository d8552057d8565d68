"""What went wrong inside an app, read from its messages and from the tracebacks on its stderr.

A callback's exception arrives in one of four ways: as an ``error`` message (ipywidgets shows it so), inside an
``Output`` widget, or as a traceback printed to stderr by a thread or by asyncio. All of them end up as
:class:`AppError`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_HEAD = "Traceback (most recent call last):\n"
_GROUP = r"  \+ Exception Group "
_BEFORE = len("  + Exception Group ")  # characters that may stand before it in its line
_ONE = (
    rf"^(?:{_GROUP}|Exception Group )?Traceback \(most recent call last\):\n"
    rf"(?:(?!{_GROUP})(?:[ \t].*)?\n){{0,50000}}?"  # lines up to where another one begins
    r"(?:[A-Za-z_].*|[ ]+\| \w.*)"
)
_CHAIN = r"(?:During handling of the above|The above exception was the direct cause).*"
_BLOCK = re.compile(rf"{_ONE}(?:\n\n{_CHAIN}\n\n{_ONE})*", re.MULTILINE)
_END = re.compile(r"^(?:[ ]+\| )?(?P<name>[A-Za-z_][\w.]*)(?::[ ]?(?P<message>.*))?$", re.MULTILINE)
_LONGEST = 100_000  # characters at a traceback's end that are looked through
_SHOWN = 3000  # characters of a traceback that are told
_FRAME = re.compile(
    r"Cell In\s?\[(?P<count>\d+)\], line (?P<line>\d+)"
    r"|File \"?(?P<file>[^\"\n]{1,500}?)\"?(?:, line |:)(?P<file_line>\d+)"
)


@dataclass(frozen=True)
class AppError:
    """One exception of the app that nothing in the app handled.

    Attributes
    ----------
    cell : id of the cell whose code raised it, or that was running; empty when it is not known.
    control : the label of the control in use; empty while the notebook ran or when nothing was in use.
    name : the exception's class, as ``ValueError``.
    message : its text.
    traceback : as the kernel gave it, without colours.
    line : the line in ``cell``, counted from 1; 0 when it is not known.
    caught : whether an ``Output`` widget took it in, which shows it to whoever uses the app.
    """

    cell: str
    control: str
    name: str
    message: str
    traceback: str
    line: int = 0
    caught: bool = False

    @property
    def end(self) -> str:
        """The last lines of the traceback, at most :data:`_SHOWN` characters, with a mark where some were left out."""
        if len(self.traceback) <= _SHOWN:
            return self.traceback
        return "…\n" + self.traceback[-_SHOWN:].partition("\n")[2]

    def __str__(self) -> str:
        where = f" in cell '{self.cell}'" if self.cell else ""
        where += f", line {self.line}" if self.line else ""
        when = f" while '{self.control}' was used" if self.control else ""
        return f"{self.name}: {self.message}{where}{when}".replace("  ", " ")


@dataclass(frozen=True)
class Written:
    """A piece of stderr, what was going on when it was written, and how many errors had been shown before."""

    text: str
    cell: str
    control: str
    before: int = 0


def without_colours(text: str) -> str:
    """Text without terminal escape sequences."""
    return _COLOUR.sub("", text)


def place(traceback: str, cell_of: Callable[[int], str | None], count_of: Callable[[str], int]) -> tuple[str, int]:
    """The cell id and line of the innermost frame that is a cell's code; ``("", 0)`` if there is none.

    Parameters
    ----------
    traceback : as text.
    cell_of : gives the id of the cell with an execution count, or "".
    count_of : gives the execution count of the cell with a file name, or 0.
    """
    found = ("", 0)
    for frame in _FRAME.finditer(traceback[-_LONGEST:]):
        count = int(frame["count"]) if frame["count"] else count_of(frame["file"])
        cell = cell_of(count) if count else ""
        if cell:
            found = (cell, int(frame["line"] or frame["file_line"]))
    return found


def tracebacks(written: Sequence[Written]) -> Iterator[tuple[str, str, str, Written]]:
    """Each traceback in what was written to stderr: name, message, text, and the piece in which it began.

    Of chained exceptions only the last is given, with the text of all.
    """
    texts = [without_colours(piece.text) for piece in written]
    starts = list(accumulate((len(text) for text in texts), initial=0))
    for block in _blocks("".join(texts)):
        if ends := list(_END.finditer(block[0])):
            last = ends[-1]
            piece = written[bisect_right(starts, block.start()) - 1]
            yield last["name"].rpartition(".")[2], (last["message"] or "").strip(), block[0].strip("\n"), piece


def _blocks(text: str) -> Iterator[re.Match[str]]:
    """Each match of ``_BLOCK``, which is looked for only where a traceback begins: there may be very many lines."""
    found = text.find(_HEAD)
    over = 0
    while found >= 0:
        line = text.rfind("\n", max(over, found - _BEFORE - 1), found) + 1
        block = _BLOCK.match(text, line or over)
        if block is not None:
            yield block
            over = block.end()
        found = text.find(_HEAD, max(over, found + 1))
