"""The magics themselves: parse a cell, follow one job, show the running app under it."""

from __future__ import annotations

import argparse
import builtins
import html
import shlex
import sys
from pathlib import Path
from typing import Any, NoReturn

from IPython.core.error import StdinNotImplementedError
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.display import IFrame, display

from ..errors import InvalidInput, MicroappsError
from ..events import Asked, Failed, Finished
from ..studio import Job
from ..telling import allowed, plain
from .household import Household
from .progress import Progress

FRAME_HEIGHT = 600  # CSS pixels
_YES = ("y", "yes", "예", "네")


class _Arguments(argparse.ArgumentParser):
    """A parser whose errors are ours, since there is no process to end."""

    def error(self, message: str) -> NoReturn:
        raise InvalidInput(f"{self.prog}: {message}.", self.format_usage().strip())


def _cell_arguments() -> _Arguments:
    parser = _Arguments(prog="%%microapp", add_help=False)
    parser.add_argument("name", nargs="?", help="an app of the library is changed; a new name is for a new app")
    parser.add_argument("--speed", choices=("fast", "balanced", "best"))
    parser.add_argument("--data", action="append", type=Path, default=[], metavar="FILE")
    parser.add_argument("--allow", action="append", default=[], metavar="WHAT")
    parser.add_argument("--budget", type=float, metavar="DOLLARS")
    parser.add_argument("--deadline", type=float, metavar="SECONDS")
    parser.add_argument("--height", type=int, default=FRAME_HEIGHT, metavar="PIXELS")
    return parser


@magics_class
class MicroappMagics(Magics):
    """``%%microapp [NAME]`` and ``%microapp [NAME]``."""

    _household: Household | None = None

    @property
    def household(self) -> Household:
        """The studio of this kernel, started on first use."""
        if self._household is None:
            self._household = Household()
        return self._household

    @line_cell_magic
    def microapp(self, line: str, cell: str | None = None) -> None:
        """Make an app from the cell's text, or change the app NAME, and show it running.

        %%microapp [NAME] [--speed fast|balanced|best] [--data FILE] [--allow WHAT] [--budget DOLLARS]
                   [--deadline SECONDS] [--height PIXELS]

        As a line: %microapp lists the apps of the library, %microapp NAME shows one running.
        """
        try:
            if cell is not None:
                self._write(line, cell)
            elif name := line.strip():
                self._show(name)
            else:
                self._list()
        except MicroappsError as error:
            print(f"✗ {plain(error.what)}", file=sys.stderr)  # noqa: T201
            if error.hint:
                print(f"  → {plain(error.hint)}", file=sys.stderr)  # noqa: T201

    def _write(self, line: str, cell: str) -> None:
        asked = _cell_arguments().parse_args(shlex.split(line))
        wishes: dict[str, Any] = {
            "data": tuple(asked.data),
            "speed": asked.speed,
            "allow": allowed(asked.allow) if asked.allow else None,
            "budget": asked.budget,
            "deadline": asked.deadline,
        }
        if asked.name and any(record.name == asked.name for record in self.household.apps()):
            job = self.household.change(asked.name, cell, **wishes)
        else:
            job = self.household.make(cell, name=asked.name, **wishes)
        end = self._follow(job)
        if isinstance(end, Finished):
            self._show(end.app, asked.height)

    def _follow(self, job: Job) -> Finished | Failed:
        """Show the job to its end; interrupting the cell stops the job, interrupting again leaves it."""
        progress = Progress()
        seen, stopped = 0, False
        while True:
            try:
                for event in self.household.events(job, after=seen):
                    seen = event.number
                    progress.show(event)
                    if isinstance(event, Asked):
                        self._answer(job, event)
                    elif isinstance(event, Finished | Failed):
                        return event
            except KeyboardInterrupt:
                if stopped:
                    raise
                stopped = True
                self.household.stop(job)

    def _answer(self, job: Job, asked: Asked) -> None:
        lines = [plain(asked.text)]
        if asked.permissions is not None:
            lines += [f"  • {plain(sentence)}" for sentence in asked.permissions.sentences()]
        else:
            lines += [f"  {number}. {plain(option)}" for number, option in enumerate(asked.options, 1)]
        print("\n".join(lines))  # noqa: T201
        try:
            said = builtins.input("Allow it? [y/N] " if asked.permissions is not None else "Your answer: ").strip()
        except StdinNotImplementedError:
            self.household.stop(job)
            raise InvalidInput(
                f"The job asks, and this notebook cannot: {asked.text}",
                "Put the answer into the cell, or give permissions by --allow.",
            ) from None
        if asked.permissions is not None:
            said = "yes" if said.lower() in _YES else "no"
        elif said.isdigit() and 1 <= int(said) <= len(asked.options):
            said = asked.options[int(said) - 1]
        self.household.answer(job, asked.question, said)

    def _show(self, name: str, height: int = FRAME_HEIGHT) -> None:
        display(IFrame(self.household.link(name), width="100%", height=height))  # type: ignore[no-untyped-call]

    def _list(self) -> None:
        records = self.household.apps()
        if not records:
            print("No apps yet. Make one: %%microapp, and what it should do in the lines below.")  # noqa: T201
            return
        rows = "".join(
            f"<tr><td><code>{html.escape(record.name)}</code></td><td>{html.escape(record.title)}</td>"
            f"<td>revision {record.current}</td></tr>"
            for record in records
        )
        text = "\n".join(f"{record.name}  {record.title}  revision {record.current}" for record in records)
        display({"text/html": f"<table>{rows}</table>", "text/plain": text}, raw=True)  # type: ignore[no-untyped-call]
