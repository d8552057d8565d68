"""What is done with an app that came in a file, besides checking it; and what is said of one that was adopted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from ..errors import MachineFault
from ..library import Library
from ..notebook import Ancestor, MicroApp, Permissions, Pictures, pictures_shown
from ..publish.carrying import Arrival

IMPORT_HINT = (
    "Nothing was taken in. If it was refused what it asks for, import it again and allow that; "
    "to take it in as a plain notebook, faults and all, use 'microapps adopt'."
)

MOST_NAMED = 5
"""Pictures that were left out which are named; anybody may have written their names."""


def remixed(arrival: Arrival, file: str, name: str) -> MicroApp:
    """The app as it is kept here: with its ancestry, and under ``name`` if that is not empty."""
    app = arrival.app
    about = app.metadata
    ancestor = Ancestor(
        name=about.name,
        title=about.title,
        digest=app.digest,
        maker=about.provenance.maker,
        imported=datetime.now(UTC),
    )
    return app.with_metadata(name=name or about.name, provenance=about.provenance.remixed(ancestor, file))


def plain_title(app: MicroApp) -> str:
    """The title of an app for a sentence: a stranger wrote it."""
    words = " ".join("".join(c if c.isprintable() else " " for c in app.metadata.title).split())
    return f"“{words[:80]}”"


def same_content(library: Library, app: MicroApp) -> str:
    """The name of an app of the library whose current content is this very one; empty if there is none."""
    for record in library.apps():
        revision = library.revision(record.name)
        if revision.digest == app.digest and revision.notebook.words == app.words:
            return record.name
    return ""


def place_data(folder: Path, files: tuple[tuple[str, bytes], ...]) -> None:
    """Write what an app brought into its data folder, which is new.

    Names were held to stay within it (:func:`microapps.publish.carrying.arrived`), and nothing is ever overwritten.
    """
    try:
        for name, content in files:
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except OSError as error:
        raise MachineFault(
            f"The app is there, but its data could not be written: {error.strerror}.", "Make room on the disk."
        ) from error


def imported_note(arrival: Arrival, granted: Permissions, known: str, never: Sequence[str] = ()) -> str:
    """What a person should know of an app that was taken in; empty when it is as one expects.

    ``never`` says of what it wants why no app is given that.
    """
    app = arrival.app
    said = []
    if known:
        said.append(f"It is the very app that you have as {known!r}.")
    if arrival.altered:
        said.append("The file was altered after it was exported.")
    if not any(criterion.tests for criterion in app.metadata.criteria):
        said.append("It brings no tests: what it is for was not checked.")
    if arrival.data:
        said.append(f"It brought data of its own: {len(arrival.data)} {'file' if len(arrival.data) == 1 else 'files'}.")
    missing = app.metadata.permissions.beyond(granted).model_copy(update={"packages": ()}).sentences()
    if missing:
        said.append(f"It was not allowed to: {' '.join(missing)}")
    said += never
    return " ".join((*said, *arrival.notes))


def pictures_beside(app: MicroApp, folder: Path, given: Permissions) -> Pictures:
    """The pictures that an adopted notebook's text shows, as the pages will."""
    from ..publish.markdown import Markdown  # they bring a renderer, which nothing else here takes
    from ..publish.prose import attachments_shown

    return pictures_shown(app, folder, given, partial(attachments_shown, Markdown()))


def left_out(pictures: Pictures, *, agreed: bool) -> str:
    """Which pictures of an adopted notebook's text are not part of the app, and why; empty where all are."""
    declined = {} if agreed else {picture.address: "not allowed" for picture in pictures.found}
    left = {**declined, **pictures.left}
    named = [f"{_plain(address)} ({why})" for address, why in list(left.items())[:MOST_NAMED]]
    if len(left) > MOST_NAMED:
        named.append("…")
    return f"Pictures that are not part of it: {', '.join(named)}." if named else ""


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)[:80]
