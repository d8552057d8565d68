"""What an app keeps: ``data`` lists it, writes it to a file, removes it."""

from __future__ import annotations

import os
import secrets
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InvalidInput, MachineFault
from ..telling import plain
from . import options as o
from .console import Output
from .session import with_studio

if TYPE_CHECKING:
    from ..studio import GuestData, Studio
    from ..studio.data import Data


@o.command
def data(
    output: Output,
    name: o.AppName,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="FILE", help="Write all of it to a zip, that of guests too.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Remove all of it, that of guests too.")] = False,
    guest: Annotated[
        str | None, typer.Option("--guest", metavar="LABEL", help="Only what this guest keeps, to clear it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it is removed.")] = False,
) -> None:
    """Show, export or remove what an app keeps."""
    if guest is not None and not clear:
        raise InvalidInput("--guest says whose data to clear.", "Add --clear.")
    if export and clear:
        raise InvalidInput("--export and --clear were given together.", "Export first, then clear.")
    if clear and not yes:
        _agree(name, guest, output)

    async def work(studio: Studio) -> tuple[Data, tuple[GuestData, ...]]:
        if clear and guest is not None:
            studio.clear_guest(name, guest)
        elif clear:
            studio.clear_data(name)
        if export is not None:
            _write(studio, name, export.absolute())
        return studio.data(name), studio.guests_data(name)

    own, guests = with_studio(work)
    output.document({"app": name, "own": _document(own), "guests": {one.label: _document(one.data) for one in guests}})
    if output.json:
        return
    if export is not None:
        output.show(str(export.absolute()))
    elif clear:
        output.show("Removed.")
    else:
        _show(name, own, guests, output)


def _agree(name: str, guest: str | None, output: Output) -> None:
    whose = f"what {guest} keeps in {name}" if guest is not None else f"all that {name} keeps, for you and for guests"
    if not output.interactive:
        raise InvalidInput(f"Nobody is here to agree that {whose} is removed.", "Add --yes.")
    if not typer.confirm(f"Remove {plain(whose)}? It cannot be brought back.", default=False, err=True):
        raise InvalidInput("Nothing was removed.")


def _write(studio: Studio, name: str, target: Path) -> None:
    """Write beside the target and put it there when it is whole, so that what fails can be tried again."""
    if os.path.lexists(target):
        raise InvalidInput(f"{target} is there already.", "Choose another name, or remove it first.")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
                for place, content in studio.data_contents(name):
                    zipped.writestr(place, content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(target)
    except OSError as error:
        raise MachineFault(
            f"{target} could not be written: {error.strerror or error}.", "Check the folder and the disk."
        ) from error
    finally:
        with suppress(OSError):  # the fault that left it is what is told
            beside.unlink(missing_ok=True)


def _show(name: str, own: Data, guests: tuple[GuestData, ...], output: Output) -> None:
    from .tables import table

    if not own.bytes and not guests:
        output.say(f"{name} keeps nothing.")
        return
    rows = table("whose", "what", "kind", "bytes")
    for whose, found in (("you", own), *((plain(one.label), one.data) for one in guests)):
        for kind, several in (("value", found.values), ("table", found.tables), ("file", found.files)):
            for one in several:
                rows.add_row(whose, plain(one.name), kind, f"{one.bytes:,}")
    output.show(rows)


def _document(found: Data) -> dict[str, Any]:
    names = {"values": found.values, "tables": found.tables, "files": found.files}
    return {"bytes": found.bytes, **{kind: {one.name: one.bytes for one in each} for kind, each in names.items()}}
