"""Questions of a job, put to the person at the terminal.

The answer is read only when the terminal has a whole line, so that a job that ends meanwhile, or Ctrl-C, never
leaves a thread hanging in a read.
"""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass

import anyio
from rich.text import Text

from ..errors import InvalidInput
from ..events import Asked
from ..telling import plain, spelled
from .console import Output

_YES = ("y", "yes", "예", "네")


class Unanswerable(InvalidInput):
    """A job asked, and nobody is there to answer."""


@dataclass(frozen=True)
class Person:
    """Who answers: the person at the terminal, or, with ``assume`` (``--yes``), nobody.

    ``assume`` takes the first option of a question and refuses every permission: those are given by name only.
    """

    output: Output
    assume: bool = False

    async def answer(self, asked: Asked) -> str:
        """The answer to one question; permissions are answered ``yes`` or ``no``.

        Raises :class:`Unanswerable` when there is no terminal and nothing to assume.
        """
        if self.assume and asked.permissions is not None:
            return "no"
        if self.assume and asked.options:
            return asked.options[0]
        if not self.output.interactive:
            raise _unanswerable(asked)
        err = self.output.err
        err.print(Text.assemble(("? ", "bold cyan"), (plain(asked.text), "bold")))
        if asked.permissions is not None:
            for sentence in asked.permissions.sentences():
                if sentence in asked.text:
                    continue
                err.print(Text(f"    • {plain(sentence)}"))
            return "yes" if (await self._line("  Allow it? [y/N] ")).lower() in _YES else "no"
        return await self._chosen(asked.options)

    async def _chosen(self, options: tuple[str, ...]) -> str:
        for number, option in enumerate(options, 1):
            self.output.err.print(Text(f"    {number}. {plain(option)}"))
        prompt = "  A number, or your own words: " if options else "  Your answer: "
        while not (said := await self._line(prompt)):
            pass
        if said.isdigit() and 1 <= int(said) <= len(options):
            return options[int(said) - 1]
        return said

    async def _line(self, prompt: str) -> str:
        self.output.err.print(prompt, end="", soft_wrap=True)
        await anyio.wait_readable(sys.stdin)
        typed = os.read(sys.stdin.fileno(), 65536)
        if not typed:
            raise Unanswerable("The input ended before the question was answered.", "Run the command again.")
        return typed.decode(errors="replace").strip()


def _unanswerable(asked: Asked) -> Unanswerable:
    if asked.permissions is not None:
        words = " ".join(f"--allow {shlex.quote(word)}" for word in spelled(asked.permissions))
        return Unanswerable(
            f"The app asks for permissions and nobody is at the terminal: {' '.join(asked.permissions.sentences())}",
            f"If you agree, run it again with {words}; with --yes it goes on without them.",
        )
    first = f" (here {asked.options[0]!r})" if asked.options else ""
    return Unanswerable(
        f"The job asks, and nobody is at the terminal: {asked.text}",
        f"Put the answer into the request, or run it in a terminal; --yes takes the first option{first}.",
    )
