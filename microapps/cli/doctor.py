"""``doctor``: what is there, what is missing, and the command that mends it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from ..telling import plain
from . import options as o
from .console import Output
from .exits import Exit
from .session import with_studio

if TYPE_CHECKING:
    from ..studio import Diagnosis


@o.command
def doctor(
    output: Output,
    call: Annotated[
        bool, typer.Option("--call", help="Also call the model once; this costs a fraction of a cent.")
    ] = False,
    prove: Annotated[bool, typer.Option("--prove/--no-prove", help="Try to break out of the containment.")] = True,
) -> None:
    """Say what works here and what is missing.

    Each thing that is missing comes with the command that mends it.
    """
    diagnoses = with_studio(lambda studio: studio.diagnose(call=call, prove=prove))
    output.document([dataclasses.asdict(diagnosis) for diagnosis in diagnoses])
    for diagnosis in diagnoses:
        if diagnosis.ok is not True or not output.quiet:
            _show(diagnosis, output)
    if any(diagnosis.ok is False for diagnosis in diagnoses):
        raise typer.Exit(Exit.MACHINE)


def _show(diagnosis: Diagnosis, output: Output) -> None:
    from rich.text import Text

    mark, style = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("–", "yellow")}[diagnosis.ok]
    output.show(Text.assemble((f"{mark} ", style), (plain(diagnosis.name), "bold"), f": {plain(diagnosis.what)}"))
    if diagnosis.mend:
        output.show(Text.assemble(("  → ", "cyan"), plain(diagnosis.mend)))
