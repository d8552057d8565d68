"""What an app has said: its standard output, its standard error, and the errors to be found in both and beside them."""

from __future__ import annotations

from ..errors import CellFailed
from ..notebook import remedy_of
from .faults import AppError, Written, place, tracebacks, without_colours


class Said:
    """A record that only grows."""

    def __init__(self) -> None:
        self._stdout: list[str] = []
        self._stderr: list[Written] = []
        self._shown: list[AppError] = []
        self._errors: list[AppError] = []
        self._parts_read = self._printed_read = self._shown_read = 0
        self._cell_of_count: dict[int, str] = {}
        self._lines_before: dict[str, int] = {}
        self.count_of_file: dict[str, int] = {}

    @property
    def stdout(self) -> str:
        return "".join(self._stdout)

    @property
    def stderr(self) -> str:
        return "".join(piece.text for piece in self._stderr)

    @property
    def size(self) -> int:
        """Characters kept."""
        return sum(map(len, self._stdout)) + sum(len(piece.text) for piece in self._stderr)

    def printed(self, text: str) -> None:
        self._stdout.append(text)

    def written(self, text: str, cell: str, control: str) -> None:
        """A piece of stderr, and the cell or control in use."""
        self._stderr.append(Written(text, cell, control, len(self._shown)))

    def raised(self, name: str, message: str, traceback: str, cell: str, control: str, *, caught: bool = False) -> None:
        """An exception that the kernel showed; colours are taken out, and the cell's id and line looked up."""
        text = without_colours(traceback)
        where, line = self._place(text)
        self._shown.append(AppError(where or cell, control, name, without_colours(message), text, line, caught))

    def ran(self, count: int, cell: str, source: str) -> None:
        """The execution count under which a cell runs."""
        self._cell_of_count[count] = cell
        # IPython drops the empty lines at a cell's start, and counts from there.
        self._lines_before[cell] = source[: len(source) - len(source.lstrip())].count("\n")

    def cell_failure(self, cell: str, name: str, message: str) -> CellFailed:
        """The fault for a cell that raised."""
        error = self._shown[-1] if self._shown else None
        # ipykernel answers so when it was a value's display that raised.
        if error is not None and name == type(None).__name__:
            name, message = error.name, error.message
        line = f", line {error.line}" if error and error.line else ""
        return CellFailed(
            f"Cell '{cell}'{line} raised {name}: {message[:1000]}",
            remedy_of(f"{name}: {message[:1000]}"),
            cell=cell,
            traceback=error.end if error else "",
        )

    @property
    def raised_so_far(self) -> int:
        """How many exceptions were shown, wherever they were."""
        return len(self._shown)

    def forget_errors(self, since: int) -> None:
        """Take back those shown from the one of that number on: their cell is tagged ``raises-exception``."""
        del self._shown[max(since, self._shown_read) :]

    @property
    def errors(self) -> tuple[AppError, ...]:
        """Every exception the app did not handle, so far, in the order in which they came to light."""
        printed = list(tracebacks(self._stderr)) if self._parts_read != len(self._stderr) else []
        fresh: list[tuple[int, int, AppError]] = []
        for name, message, text, piece in printed[self._printed_read :]:
            cell, line = self._place(text)
            fresh.append((piece.before, 1, AppError(cell or piece.cell, piece.control, name, message, text, line)))
        fresh += [(number + 1, 0, error) for number, error in enumerate(self._shown)][self._shown_read :]
        self._parts_read = len(self._stderr)
        self._printed_read = max(self._printed_read, len(printed))
        self._shown_read = len(self._shown)
        self._errors += [error for _, _, error in sorted(fresh, key=lambda found: found[:2])]
        return tuple(self._errors)

    def _place(self, traceback: str) -> tuple[str, int]:
        cell, line = place(traceback, self._cell_of, self._count_of)
        return cell, line + self._lines_before.get(cell, 0) if line else 0

    def _cell_of(self, count: int) -> str:
        return self._cell_of_count.get(count, "")

    def _count_of(self, file: str) -> int:
        return self.count_of_file.get(file, 0)
