"""Commands that move an app about: ``undo``, ``redo``, ``fork``, ``rename``, ``remove``, ``restore``.

Each of them can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InvalidInput
from . import options as o
from .console import Output
from .session import with_studio

if TYPE_CHECKING:
    from ..studio import Studio


def _act(output: Output, act: Callable[[Studio], tuple[str, dict[str, Any]]]) -> None:
    """Do one instant thing and say what it did: a sentence, and its values for ``--json``."""

    async def work(studio: Studio) -> tuple[str, dict[str, Any]]:
        return act(studio)

    sentence, values = with_studio(work)
    output.document(values)
    output.show(sentence)


@o.command
def undo(output: Output, name: o.AppName) -> None:
    """Go back to the revision before."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        number = studio.undo(name).number
        return f"{name} is at revision {number} again.", {"app": name, "revision": number}

    _act(output, act)


@o.command
def redo(output: Output, name: o.AppName) -> None:
    """Take back an undo."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        number = studio.redo(name).number
        return f"{name} is at revision {number} again.", {"app": name, "revision": number}

    _act(output, act)


@o.command
def fork(
    output: Output,
    name: o.AppName,
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="The copy's name; made up if left out.")] = None,
) -> None:
    """Copy an app, to try something."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        copy = studio.fork(name, new)
        return f"{copy.name} is a copy of {name}.", {"app": copy.name, "source": name}

    _act(output, act)


@o.command
def rename(
    output: Output,
    name: o.AppName,
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="The new name.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="The new title, as people read it.")] = None,
) -> None:
    """Give an app another name, or another title."""
    if new is None and title is None:
        raise InvalidInput("What is it to be called?", "Give a new name, or --title with a new title.")

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        said = []
        if title is not None:
            said.append(f'{name} has the title "{studio.retitle(name, title).title}".')
        now = name if new is None else studio.rename(name, new).name
        if now != name:
            said.append(f"{name} is now {now}.")
        values = {"app": now, "was": name, "title": studio.library.app(now).title}
        return " ".join(said) or f"{name} is called so already.", values

    _act(output, act)


@o.command
def remove(output: Output, name: o.AppName) -> None:
    """Put an app into the trash."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        studio.remove(name)
        return f"{name} is in the trash; microapps restore {name} brings it back.", {"app": name, "removed": True}

    _act(output, act)


@o.command
def restore(
    output: Output,
    name: Annotated[str, typer.Argument(metavar="NAME", autocompletion=o.removed_names, help="An app in the trash.")],
) -> None:
    """Bring an app back from the trash."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        studio.restore(name)
        return f"{name} is back.", {"app": name, "removed": False}

    _act(output, act)
