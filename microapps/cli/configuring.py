"""``config``."""

import typer

config = typer.Typer(no_args_is_help=True, help="Settings and the key.")


@config.command("path")
def path(context: typer.Context) -> None:
    """Show where settings, apps and keys are."""
