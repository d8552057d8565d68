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
    from ..library import Revision
    from ..studio import Studio


def _act(output: Output, act: Callable[[Studio], tuple[str, dict[str, Any]]]) -> None:
    """Do one instant thing and say what it did: a sentence, and its values for ``--json``."""

    async def work(studio: Studio) -> tuple[str, dict[str, Any]]:
        return act(studio)

    sentence, values = with_studio(work)
    output.document(values)
    output.show(sentence)


def _turn(output: Output, name: str, to: Callable[[Studio], Revision]) -> None:
    """Make another revision current, and say which."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        number = to(studio).number
        return f"{name} is at revision {number} again.", {"app": name, "revision": number}

    _act(output, act)


@o.command
def undo(output: Output, name: o.AppName) -> None:
    """Go back to the revision before."""
    _turn(output, name, lambda studio: studio.undo(name))


@o.command
def redo(output: Output, name: o.AppName) -> None:
    """Take back an undo."""
    _turn(output, name, lambda studio: studio.redo(name))


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
    """Give an app another name or title."""
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
        ended = len(published.open_links) if (published := studio.library.publication(name)) else 0
        studio.remove(name)
        said = f"{name} is in the trash; microapps restore {name} brings it back"
        said += ", but not its links, which have ended." if ended else "."
        return said, {"app": name, "removed": True, "links_ended": ended}

    _act(output, act)


@o.command
def restore(
    output: Output,
    name: Annotated[str, typer.Argument(metavar="NAME", autocompletion=o.removed_names, help="An app in the trash.")],
    number: Annotated[
        int | None, typer.Option("--number", metavar="NUMBER", help="Which one, where several have that name.")
    ] = None,
) -> None:
    """Bring an app back from the trash."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        back = studio.restore(_in_trash(studio, name, number))
        said = f"{name} is back." if back.name == name else f"{name} is back as {back.name}: its name was taken."
        return said, {"app": back.name, "removed": False}

    _act(output, act)


def _in_trash(studio: Studio, name: str, number: int | None) -> str | int:
    """The one app in the trash that is meant; raises InvalidInput where a name alone does not say so."""
    from .tables import moment

    called = [record for record in studio.library.apps(trashed=True) if record.name == name]
    if number is not None and number not in [record.id for record in called]:
        raise InvalidInput(f"No app {name!r} in the trash has the number {number}.", "See 'microapps list --removed'.")
    if number is None and len(called) > 1:
        lines = [f"  {one.id}: {one.title}, removed {moment(one.trashed)}" for one in called if one.trashed]
        raise InvalidInput(
            "\n".join((f"{len(called)} apps in the trash are called {name!r}:", *lines)),
            f"Say which one: microapps restore {name} --number {called[0].id}",
        )
    return name if number is None else number
