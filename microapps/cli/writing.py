"""Commands that write apps: ``make``, ``change``, ``adopt``, ``import``. Each follows one job to its end."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InvalidInput
from ..telling import allowed
from . import options as o
from .console import Output
from .exits import Exit, exit_of
from .session import with_studio

if TYPE_CHECKING:
    from ..studio import Job, Studio


@o.command
def make(
    output: Output,
    request: o.Request,
    name: o.NewName = None,
    data: o.Data = None,
    speed: o.SpeedOption = None,
    starter: Annotated[
        str | None,
        typer.Option("--starter", metavar="NAME", autocompletion=o.starter_names, help="Fill this starter; no model."),
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Use no model, only starters.")] = False,
    allow: o.Allow = None,
    budget: o.Budget = None,
    deadline: o.Deadline = None,
    open_: o.OpenAfter = True,
    yes: o.Yes = False,
) -> None:
    """Make an app from a description.

    It is checked, then opened in the browser and served till Ctrl-C. Without a key for a model, the nearest
    starter is filled from the description.
    """
    request = _request(request)
    permissions = allowed(allow) if allow else None
    _follow(
        output,
        lambda studio: studio.make(
            request,
            name=name,
            data=data or (),
            speed=speed,
            starter=starter,
            offline=offline,
            allow=permissions,
            deadline=deadline,
            budget=budget,
        ),
        assume=yes,
        open_after=open_,
    )


@o.command
def change(
    output: Output,
    name: o.AppName,
    request: o.Request,
    data: o.Data = None,
    speed: o.SpeedOption = None,
    allow: o.Allow = None,
    budget: o.Budget = None,
    deadline: o.Deadline = None,
    open_: o.OpenAfter = True,
    yes: o.Yes = False,
) -> None:
    """Change an app by saying what you want.

    What its earlier revisions promised is checked as well; if the change fails, the app stays as it is.
    """
    request = _request(request)
    permissions = allowed(allow) if allow else None
    _follow(
        output,
        lambda studio: studio.change(
            name, request, data=data or (), speed=speed, allow=permissions, deadline=deadline, budget=budget
        ),
        assume=yes,
        open_after=open_,
    )


@o.command
def adopt(
    output: Output,
    path: Annotated[Path, typer.Argument(metavar="FILE.ipynb", exists=True, dir_okay=False, help="A widget notebook.")],
    name: o.NewName = None,
    allow: o.Allow = None,
    yes: o.Yes = False,
) -> None:
    """Take a widget notebook into the library.

    It gets roles, checks and permissions; its content stays as it is. Pictures that lie beside it and that its text
    shows become part of it, if you agree.
    """
    permissions = allowed(allow) if allow else None
    _follow(
        output,
        lambda studio: studio.adopt(path.absolute(), name=name, allow=permissions),
        assume=yes,
        open_after=False,
    )


@o.command
def import_(
    output: Output,
    file: Annotated[str, typer.Argument(metavar="FILE", help="An app, as 'export --to app' writes it.")],
    name: o.NewName = None,
    allow: o.Allow = None,
    yes: o.Yes = False,
) -> None:
    """Take in an app that someone exported.

    It is checked here again, in containment, and what it asks for is asked anew, whatever it was given elsewhere. It is
    taken in only if it passes, and remembers what it is a remix of.
    """
    if re.match(r"[a-z][a-z0-9+.-]+://", file, re.IGNORECASE):
        raise InvalidInput(f"{file[:200]} is an address, and nothing is downloaded.", "Save the file, and import that.")
    path = Path(file).absolute()
    permissions = allowed(allow) if allow else None
    _follow(
        output,
        lambda studio: studio.take_in(path, name=name, allow=permissions),
        assume=yes,
        open_after=False,
    )


def _request(text: str) -> str:
    said = sys.stdin.read() if text == "-" else text
    if not said.strip():
        raise InvalidInput("The request is empty.", 'Say what you want, like "split a bill between friends".')
    return said.strip()


def _follow(output: Output, begin: Callable[[Studio], Job], *, assume: bool, open_after: bool) -> None:
    """Run one job; raises typer's Exit with the code of the table unless all went well."""
    from ..events import Finished
    from .follow import follow
    from .publishing import serve_till_interrupted

    async def work(studio: Studio) -> Exit:
        end = await follow(begin(studio), output, assume=assume)
        if not isinstance(end, Finished):
            return exit_of(end.error)
        if open_after and not output.json:
            await serve_till_interrupted(studio, [end.app], output, browse=True)
        return Exit.DONE

    if code := with_studio(work):
        raise typer.Exit(code)
