"""The program: every command, in the order ``--help`` shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from .._version import __version__
from . import checking, configuring, doctor, keeping, permitting, publishing, reading, sharing, storing, writing
from . import options as o
from .exits import table


class Commands(TyperGroup):
    """All commands. What is wrong with an option is said without the name that the library which checks it gives it."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix("Value error, ")
            raise


program = typer.Typer(
    name="microapps",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help folds at 60 columns, where boxes cut it
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="\b\nExit codes:\n" + table(),
)


def _version(asked: bool) -> None:
    if asked:
        print(__version__)  # noqa: T201
        raise typer.Exit


@program.callback()
def root(
    context: typer.Context,
    traceback: o.Traceback = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Describe a small tool in a sentence; get a tested notebook app, published by Voila."""


COMMANDS: dict[str, Callable[..., None]] = {
    "make": writing.make,
    "change": writing.change,
    "adopt": writing.adopt,
    "import": writing.import_,
    "check": checking.check,
    "open": publishing.open_,
    "serve": publishing.serve,
    "publish": sharing.publish,
    "unpublish": sharing.unpublish,
    "published": sharing.published,
    "link": sharing.link,
    "data": storing.data,
    "export": publishing.export,
    "list": reading.list_,
    "show": reading.show,
    "history": reading.history,
    "diff": reading.diff,
    "undo": keeping.undo,
    "redo": keeping.redo,
    "fork": keeping.fork,
    "rename": keeping.rename,
    "remove": keeping.remove,
    "restore": keeping.restore,
    "permissions": permitting.permissions,
    "log": permitting.log,
    "doctor": doctor.doctor,
}
for name, command in COMMANDS.items():
    program.command(name)(command)
program.add_typer(configuring.config, name="config")
