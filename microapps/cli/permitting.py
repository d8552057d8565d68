"""What an app may reach, what it tried and what went wrong: ``permissions`` and ``log``."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import InvalidInput
from ..telling import allowed, plain, spelled
from . import options as o
from .console import Output
from .session import with_studio

if TYPE_CHECKING:
    from ..library import Access, Fault
    from ..notebook import Permissions
    from ..studio import PermissionState, Studio

ASKED, ALL = "asked", "all"


@o.command
def permissions(
    output: Output,
    name: o.AppName,
    grant: Annotated[
        list[str] | None,
        typer.Option(
            "--grant", metavar="WHAT", help=f"Give a permission, in the words of --allow; {ASKED}: all it asks for."
        ),
    ] = None,
    revoke: Annotated[
        list[str] | None, typer.Option("--revoke", metavar="WHAT", help=f"Take one back; {ALL}: every one.")
    ] = None,
) -> None:
    """Show, give and take back permissions.

    WHAT is written as in --allow of make: host:NAME[:PORT], read:PATH, write:PATH, package:NAME,
    storage:shared, model:DOLLARS, memory:MIB, seconds:N.
    """
    if grant and revoke:
        raise InvalidInput("--grant and --revoke were given together.", "Use one at a time.")

    async def work(studio: Studio) -> PermissionState:
        if grant:
            asked = studio.permissions(name).asked
            studio.grant(name, asked if grant == [ASKED] else allowed(grant))
        if revoke:
            studio.revoke(name, None if revoke == [ALL] else allowed(revoke))
        return studio.permissions(name)

    state = with_studio(work)
    parts = {"asked": state.asked, "granted": state.granted, "missing": state.missing}
    output.document({part: value.model_dump(mode="json") for part, value in parts.items()})
    if not output.json:
        _show(state, output)
    if revoke:
        output.say("Where the app is being served, pages that had it end within seconds; each can be started again.")


def _show(state: PermissionState, output: Output) -> None:
    from rich.text import Text

    def section(title: str, permissions: Permissions, mark: str, style: str) -> None:
        for sentence, word in zip(permissions.sentences(), spelled(permissions), strict=True):
            output.show(Text.assemble((f"{mark} ", style), f"{title}: {plain(sentence)}", (f"  {plain(word)}", "dim")))

    section("given", state.granted, "✓", "green")
    section("asked for, not given", state.missing, "–", "yellow")
    if not state.granted.sentences() and not state.missing.sentences():
        output.show("It reaches nothing but its own storage, and asks for nothing more.")


@o.command
def log(output: Output, name: o.AppName) -> None:
    """Show an app's errors, and what it tried.

    The errors of its visits with the traces that visitors do not see, the last one last; and why each visitor's process
    has to run the notebook anew, where that is so.
    """
    from .documents import access_document, fault_document
    from .tables import moment, table

    async def work(studio: Studio) -> tuple[tuple[Fault, ...], tuple[Access, ...]]:
        return studio.faults(name), studio.accesses(name)

    faults, accesses = with_studio(work)
    output.document(
        {"faults": [*map(fault_document, faults)], "accesses": [access_document(access) for access in accesses]}
    )
    if output.json:
        return
    for fault in reversed(faults):
        times = f", {fault.count} times" if fault.count > 1 else ""
        output.show(f"{'–' if fault.kind == 'remark' else '✗'} {moment(fault.last)}{times}: {plain(fault.what)}")
        if fault.detail:
            output.show(indent(fault.detail, "    "))
    if not faults:
        output.say(f"Nothing has gone wrong in {name}'s visits.")
    if not accesses:
        output.say(f"{name} has not tried to reach anything.")
        return
    rows = table("", "what", "times", "last", "detail")
    for access in accesses:
        mark = "✓" if access.allowed else "✗"
        rows.add_row(
            mark, plain(f"{access.kind} {access.target}"), str(access.count), moment(access.last), plain(access.detail)
        )
    output.show(rows)
