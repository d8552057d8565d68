"""Options that several commands share, each with its words and its completion."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ..telling import WAYS
from .console import Output


class Speed(StrEnum):
    """How much thought a job spends: a quick model line, the usual one, or the best there is."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"


def _set(context: typer.Context, option: typer.CallbackParam, value: bool) -> bool:
    """Keep one of the output's switches where the error handler finds it as well."""
    if value and option.name:
        setattr(context.ensure_object(Output), option.name, True)
    return value


def app_names(incomplete: str) -> list[str]:
    """The library's app names that begin so, for the shell."""
    from .session import library

    return [record.name for record in library().apps() if record.name.startswith(incomplete)]


def removed_names(incomplete: str) -> list[str]:
    """The names in the trash that begin so, for the shell."""
    from .session import library

    return [record.name for record in library().apps(trashed=True) if record.name.startswith(incomplete)]


def starter_names(incomplete: str) -> list[str]:
    """The starters that begin so, for the shell."""
    from ..generator.starters.catalogue import catalogue

    return [name for name in catalogue().starters if name.startswith(incomplete)]


Json = Annotated[
    bool, typer.Option("--json", callback=_set, help="JSON for scripts: one document, or one event a line.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", callback=_set, help="Only the result and errors.")]
Traceback = Annotated[
    bool,
    typer.Option("--traceback", callback=_set, envvar="MICROAPPS_TRACEBACK", help="Show the traceback of an error."),
]

AppName = Annotated[str, typer.Argument(metavar="NAME", autocompletion=app_names, help="An app of the library.")]
Request = Annotated[
    str, typer.Argument(metavar="REQUEST", help="What you want, in your own words; - reads it from the input.")
]
Data = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        metavar="FILE",
        exists=True,
        readable=True,
        help="A file to work with: its columns are described, the app may read it.",
    ),
]
SpeedOption = Annotated[Speed | None, typer.Option("--speed", help="How much thought to spend.")]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="WHAT",
        help=f"Give a permission: {WAYS}.",
    ),
]
Budget = Annotated[float | None, typer.Option("--budget", metavar="DOLLARS", min=0, help="The most this job may cost.")]
Deadline = Annotated[
    float | None, typer.Option("--deadline", metavar="SECONDS", min=1, help="The longest this job may take.")
]
OpenAfter = Annotated[bool, typer.Option("--open/--no-open", help="Open the app in the browser when it is done.")]
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", "-y", help="Ask nothing: take a question's first option, refuse permissions not given by --allow."
    ),
]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")]
NewName = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="The app's name; made from its title if left out.")
]

_SWITCHES = {"json": Json, "quiet": Quiet, "traceback": Traceback}


def command(act: Callable[..., None]) -> Callable[..., None]:
    """A command of the program: it gets the output, as the switches have set it that every command has."""

    @functools.wraps(act)
    def run(context: typer.Context, **options: Any) -> None:
        act(context.ensure_object(Output), **{name: options[name] for name in own})

    own = {each.name: each for each in list(inspect.signature(act, eval_str=True).parameters.values())[1:]}
    named = inspect.Parameter.KEYWORD_ONLY
    taken = [
        inspect.Parameter("context", named, annotation=typer.Context),
        *(each.replace(kind=named) for each in own.values()),
        *(inspect.Parameter(name, named, default=False, annotation=kind) for name, kind in _SWITCHES.items()),
    ]
    vars(run)["__signature__"] = inspect.Signature(taken)  # what typer makes the options from
    run.__annotations__ = {each.name: each.annotation for each in taken}
    return run
