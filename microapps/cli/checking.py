"""``check``: the checks over an app of the library or over any notebook file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import options as o
from .console import Output
from .exits import Exit
from .session import with_studio

if TYPE_CHECKING:
    from ..checks.report import LayerResult, Report
    from ..studio import Studio


@o.command
def check(
    output: Output,
    target: Annotated[
        str, typer.Argument(metavar="NAME|FILE.ipynb", autocompletion=o.app_names, help="An app or a file.")
    ],
) -> None:
    """Check an app or any notebook.

    The exit code says whether it passed.
    """
    from ..telling.reports import layer_lines, verdict

    file = Path(target).expanduser()
    what = file.absolute() if file.suffix == ".ipynb" or file.is_file() else target

    def on_layer(result: LayerResult) -> None:
        if not output.quiet:
            output.show(*layer_lines(result))

    async def work(studio: Studio) -> Report:
        return await studio.check(what, on_layer=on_layer)

    report = with_studio(work)
    output.document({"passed": report.passed, **report.model_dump(mode="json")})
    output.show(verdict(report))
    if not report.passed:
        raise typer.Exit(Exit.FAILED)
