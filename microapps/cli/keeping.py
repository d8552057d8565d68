"""Commands that move an app about: ``undo``, ``redo``, ``fork``, ``rename``, ``remove``, ``restore``.

Each of them can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import options as o
from .console import Output
from .session import with_studio

if TYPE_CHECKING:
    from ..studio import Studio


def _act(context: typer.Context, act: Callable[[Studio], tuple[str, dict[str, Any]]]) -> None:
    """Do one instant thing and say what it did: a sentence, and its values for ``--json``."""
    output = context.ensure_object(Output)

    async def work(studio: Studio) -> tuple[str, dict[str, Any]]:
        return act(studio)

    sentence, values = with_studio(work)
    output.document(values)
    output.show(sentence)


def undo(
    context: typer.Context,
    name: o.AppName,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Go back to the revision before."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        number = studio.undo(name).number
        return f"{name} is at revision {number} again.", {"app": name, "revision": number}

    _act(context, act)


def redo(
    context: typer.Context,
    name: o.AppName,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Take back an undo."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        number = studio.redo(name).number
        return f"{name} is at revision {number} again.", {"app": name, "revision": number}

    _act(context, act)


def fork(
    context: typer.Context,
    name: o.AppName,
    new: Annotated[str | None, typer.Argument(metavar="NEW", help="The copy's name; made up if left out.")] = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Copy an app, to try something."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        copy = studio.fork(name, new)
        return f"{copy.name} is a copy of {name}.", {"app": copy.name, "source": name}

    _act(context, act)


def rename(
    context: typer.Context,
    name: o.AppName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Give an app another name."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        studio.rename(name, new)
        return f"{name} is now {new}.", {"app": new, "was": name}

    _act(context, act)


def remove(
    context: typer.Context,
    name: o.AppName,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Put an app into the trash."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        studio.remove(name)
        return f"{name} is in the trash; microapps restore {name} brings it back.", {"app": name, "removed": True}

    _act(context, act)


def restore(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", autocompletion=o.removed_names, help="An app in the trash.")],
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Bring an app back from the trash."""

    def act(studio: Studio) -> tuple[str, dict[str, Any]]:
        studio.restore(name)
        return f"{name} is back.", {"app": name, "removed": False}

    _act(context, act)
