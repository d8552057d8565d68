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

    from ..library import Health, Turn
    from ..notebook import MicroApp
    from ..studio import Studio

Number = Annotated[
    int | None, typer.Option("--revision", "-r", metavar="NUMBER", help="This revision; the current one if left out.")
]


_MARKS = {"passed": "✓", "failed": "✗", "unknown": "–"}


def _coloured(line: str) -> Text:
    from rich.text import Text

    return Text(plain(line), {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""))


@o.command
def list_(
    output: Output,
    removed: Annotated[bool, typer.Option("--removed", help="Those in the trash instead.")] = False,
) -> None:
    """List the apps of the library."""
    from .documents import app_document
    from .tables import moment, table


    async def work(studio: Studio) -> None:
        records = studio.library.apps(trashed=removed)
        output.document([app_document(record) for record in records])
        if output.quiet:
            output.show(*(record.name for record in records))
        elif records:
            rows = table("name", "title", "rev", "checks", "changed")
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


@o.command
def show(
    output: Output,
    name: o.AppName,
    revision: Number = None,
    code: Annotated[bool, typer.Option("--code", help="The source of every cell as well.")] = False,
) -> None:
    """Show what an app does and may reach.

    With --code also the source of every cell. Once it was served: why each visit takes a process that runs the notebook
    anew, where it does.
    """

    async def work(studio: Studio) -> tuple[MicroApp, tuple[str, ...]]:
        return studio.show(name, revision), studio.remarks(name) if revision is None else ()

    app, remarks = with_studio(work)
    if output.json:
        from ..notebook.files import dumps

        output.line(dumps(app))
    else:
        _show_app(app, remarks, output, code=code)


def _show_app(app: MicroApp, remarks: tuple[str, ...], output: Output, *, code: bool) -> None:
    from rich.text import Text

    about = app.metadata
    output.show(Text.assemble((plain(about.title), "bold"), (f"  {about.name}", "dim")))
    if about.description:
        output.show(about.description)
    for criterion in about.criteria:
        output.show(Text.assemble(("  • ", "cyan"), plain(criterion.text)))
    for sentence in about.permissions.sentences():
        output.show(Text.assemble(("  asks: ", "yellow"), plain(sentence)))
    for remark in remarks:
        output.show(Text.assemble(("  when visited: ", "yellow"), plain(remark)))
    if about.provenance.maker:
        output.show(Text(f"  made by {plain(about.provenance.maker)}", "dim"))
    for ancestor in reversed(about.provenance.lineage):
        when = f", imported {ancestor.imported:%Y-%m-%d}" if ancestor.imported else ""
        remix = f"  a remix of “{plain(ancestor.title)}” ({ancestor.name}, {ancestor.digest[:12]}{when})"
        output.show(Text(remix, "dim"))
    for cell in app.cells if code else ():
        output.show("", Text(f"── {plain(cell.id)} ({cell.role or cell.kind})", "cyan"))
        output.out.print(plain(cell.source), soft_wrap=True)


@o.command
def history(
    output: Output,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", autocompletion=o.app_names, help="An app; what never became one if left out."),
    ] = None,
) -> None:
    """List what was asked of an app.

    Each revision, whether its checks passed and what it cost; attempts that failed or were stopped have no number.
    The arrow marks the current revision.
    """
    from .documents import turn_document
    from .tables import moment, table


    async def work(studio: Studio) -> tuple[int, dict[int | None, Health], tuple[Turn, ...]]:
        library = studio.library
        if name is None:
            return 0, {}, library.turns(None)
        healths: dict[int | None, Health] = {revision.number: revision.health for revision in library.revisions(name)}
        return library.app(name).current, healths, library.turns(name)

    current, healths, turns = with_studio(work)
    output.document([turn_document(turn, current, healths.get(turn.revision)) for turn in turns])
    if not turns:
        output.say("Nothing was left unfinished.")
        return
    rows = table("", "rev", "when", "checks", "request", "cost")
    for turn in turns:
        mark = "→" if turn.revision and turn.revision == current else ""
        number = str(turn.revision or "")
        said = plain(turn.request) or turn.action
        if turn.error:
            said += f"\n({plain(turn.error)})"
        checks = _MARKS[healths.get(turn.revision, "failed")]
        rows.add_row(mark, number, moment(turn.created), checks, said, money(turn.usage.dollars) if turn.usage else "")
    output.show(rows)


@o.command
def diff(
    output: Output,
    name: o.AppName,
    old: Annotated[
        int | None, typer.Argument(metavar="OLD", help="A revision; the current one's parent if left out.")
    ] = None,
    new: Annotated[int | None, typer.Argument(metavar="NEW", help="A revision; the current one if left out.")] = None,
) -> None:
    """Show what changed between revisions.

    Cells, permissions and criteria; without numbers, what the current revision changed.
    """
    from .documents import difference_document


    async def work(studio: Studio) -> None:
        difference = studio.difference(name, old, new)
        output.document(difference_document(difference))
        output.show(*(_coloured(line) for line in difference.text().splitlines()))

    with_studio(work)
