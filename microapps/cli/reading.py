"""Commands that read the library: ``list``, ``show``, ``history``, ``diff``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ..telling import money, plain
from . import options as o
from .console import Output
from .session import with_studio

if TYPE_CHECKING:
    from rich.text import Text

    from ..library import Revision
    from ..notebook import MicroApp
    from ..studio import Studio

Number = Annotated[
    int | None, typer.Option("--revision", "-r", metavar="NUMBER", help="This revision; the current one if left out.")
]


_MARKS = {"passed": "✓", "failed": "✗", "unknown": "–"}


def _coloured(line: str) -> Text:
    from rich.text import Text

    return Text(plain(line), {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""))


def list_(
    context: typer.Context,
    removed: Annotated[bool, typer.Option("--removed", help="Those in the trash instead.")] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """List the apps of the library."""
    from .documents import app_document
    from .tables import moment, table

    output = context.ensure_object(Output)

    async def work(studio: Studio) -> None:
        records = studio.library.apps(trashed=removed)
        output.document([app_document(record) for record in records])
        if output.quiet:
            output.show(*(record.name for record in records))
        elif records:
            rows = table("name", "title", "revision", "checks", "changed")
            for record in records:
                rows.add_row(
                    plain(record.name),
                    plain(record.title),
                    str(record.current),
                    _MARKS[record.health],
                    moment(record.updated),
                )
            output.show(rows)
        else:
            output.say("The trash is empty." if removed else 'No apps yet. Make one: microapps make "a tip calculator"')

    with_studio(work)


def show(
    context: typer.Context,
    name: o.AppName,
    revision: Number = None,
    code: Annotated[bool, typer.Option("--code", help="The source of every cell as well.")] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Show what an app does and may reach.

    With --code also the source of every cell.
    """
    output = context.ensure_object(Output)

    async def work(studio: Studio) -> MicroApp:
        return studio.show(name, revision)

    app = with_studio(work)
    if output.json:
        from ..notebook.files import dumps

        output.line(dumps(app))
    else:
        _show_app(app, output, code=code)


def _show_app(app: MicroApp, output: Output, *, code: bool) -> None:
    from rich.text import Text

    about = app.metadata
    output.show(Text.assemble((plain(about.title), "bold"), (f"  {about.name}", "dim")))
    if about.description:
        output.show(about.description)
    for criterion in about.criteria:
        output.show(Text.assemble(("  • ", "cyan"), plain(criterion.text)))
    for sentence in about.permissions.sentences():
        output.show(Text.assemble(("  asks: ", "yellow"), plain(sentence)))
    if about.provenance.maker:
        output.show(Text(f"  made by {plain(about.provenance.maker)}", "dim"))
    for cell in app.cells if code else ():
        output.show("", Text(f"── {plain(cell.id)} ({cell.role or cell.kind})", "cyan"))
        output.out.print(plain(cell.source), soft_wrap=True)


def history(
    context: typer.Context,
    name: o.AppName,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """List an app's revisions.

    What was asked for, whether the checks passed, what it cost. The arrow marks the current one.
    """
    from .documents import revision_document
    from .tables import moment, table

    output = context.ensure_object(Output)

    async def work(studio: Studio) -> tuple[int, tuple[Revision, ...]]:
        return studio.library.app(name).current, tuple(studio.library.history(name))

    current, revisions = with_studio(work)
    output.document([revision_document(revision, current) for revision in revisions])
    rows = table("", "revision", "when", "checks", "request", "cost")
    for revision in revisions:
        mark = "→" if revision.number == current else ""
        when = moment(revision.created)
        cost = money(revision.usage.dollars) if revision.usage else ""
        request = plain(revision.request) or revision.action
        rows.add_row(mark, str(revision.number), when, _MARKS[revision.health], request, cost)
    output.show(rows)


def diff(
    context: typer.Context,
    name: o.AppName,
    old: Annotated[
        int | None, typer.Argument(metavar="OLD", help="A revision; the current one's parent if left out.")
    ] = None,
    new: Annotated[int | None, typer.Argument(metavar="NEW", help="A revision; the current one if left out.")] = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Show what changed between revisions.

    Cells, permissions and criteria; without numbers, what the current revision changed.
    """
    from .documents import difference_document

    output = context.ensure_object(Output)

    async def work(studio: Studio) -> None:
        difference = studio.difference(name, old, new)
        output.document(difference_document(difference))
        output.show(*(_coloured(line) for line in difference.text().splitlines()))

    with_studio(work)
