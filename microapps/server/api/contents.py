"""The drive ``microapps`` in the shape of Jupyter's contents API: a save by hand becomes a revision.

Checkpoints are revisions: the last one is offered, and going back to it makes it current.
"""

from __future__ import annotations

import hashlib
import platform
from typing import Any, Literal

from ...errors import ChangedOnDisk, InvalidInput, UnknownApp
from ...library import AppRecord, Revision
from ...notebook import MicroApp, dumps
from ...notebook.files import from_node, to_node
from ...studio import Studio
from ..call import Call
from ..models import Checkpoint, Contents, ContentsWish, RenameContents
from ..route import Route
from .history import whole

ENDING = ".ipynb"
SPOKEN = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
    "version": platform.python_version(),
}
"""What an IPython kernel says of its language, beside what every notebook of the library holds."""


async def root(call: Call, *, content: bool = True) -> Contents:
    """The drive's one folder: every app's notebook, without content."""
    records = await call.work(call.studio.library.apps)
    listed = tuple(_file(record, None, None) for record in records) if content else None
    latest = max((record.updated for record in records), default=call.service.began)
    return Contents(
        name="",
        path="",
        type="directory",
        format="json" if content else None,
        mimetype=None,
        content=listed,
        created=call.service.began,
        last_modified=latest,
        writable=False,
        size=None,
        hash=None,
        hash_algorithm=None,
    )


async def read(call: Call, path: str, *, content: bool = True) -> Contents:
    """An app's notebook as it is now."""
    if not path.strip("/"):
        return await root(call, content=content)
    return await call.work(_read, call.studio, app_of(path), content)


async def save(call: Call, path: str, wish: ContentsWish) -> Contents:
    """Save an edit by hand: it becomes a revision, which is checked in the background."""
    name = app_of(path)
    before, revision = await call.work(_save, call.studio, name, wish)
    if revision.number != before:
        call.service.check_later(revision.app, revision.number)
    return await call.work(_read, call.studio, revision.app, False)


async def rename(call: Call, path: str, wish: RenameContents) -> Contents:
    """Give the app another name."""
    record = await call.work(call.studio.rename, app_of(path), app_of(wish.path))
    return await call.work(_read, call.studio, record.name, False)


async def remove(call: Call, path: str) -> None:
    """Put the app in the trash."""
    name = app_of(path)
    await call.studio.stage.withdraw(name)
    await call.work(call.studio.remove, name)


async def checkpoints(call: Call, path: str) -> tuple[Checkpoint, ...]:
    """The current revision."""
    return (await _checkpoint(call, path),)


async def checkpoint(call: Call, path: str) -> Checkpoint:
    """The current revision: every save is one already."""
    return await _checkpoint(call, path)


async def go_back(call: Call, path: str, number: str) -> None:
    """Make a revision current."""
    await call.work(call.studio.goto, app_of(path), whole(number))


async def keep_checkpoint(call: Call, path: str, number: str) -> None:
    """Revisions are never deleted by themselves; this says so."""
    revision = await call.work(call.studio.library.revision, app_of(path), whole(number))
    raise InvalidInput(
        f"Revision {revision.number} of {revision.app} stays in the history.", "Remove the app to be rid of it."
    )


async def _checkpoint(call: Call, path: str) -> Checkpoint:
    revision = await call.work(call.studio.library.revision, app_of(path))
    return Checkpoint(id=str(revision.number), last_modified=revision.created)


def app_of(path: str) -> str:
    """The app whose notebook a path of the drive names; raises UnknownApp for any other path."""
    name = path.strip("/").removesuffix(ENDING)
    if "/" in name or not name or not path.endswith(ENDING):
        raise UnknownApp(f"There is no file {path!r} on this drive.", "It holds one notebook for each app.")
    return name


def _read(studio: Studio, name: str, content: bool) -> Contents:
    studio.library.sync(name)
    record = studio.library.app(name)
    return _file(record, studio.library.revision(record.name), content)


def _save(studio: Studio, name: str, wish: ContentsWish) -> tuple[int, Revision]:
    studio.library.sync(name)
    current = studio.library.revision(name)
    if wish.expected is not None and wish.expected != digest_of(current):
        raise ChangedOnDisk(
            f"{current.app} is at revision {current.number} by now, which you have not seen.",
            "Load it again, and make your edit there.",
        )
    return current.number, studio.save(name, from_node(wish.content), expected=current.number)


def digest_of(revision: Revision) -> str:
    """What changes with every revision."""
    return hashlib.sha256(f"{revision.number}\n{dumps(revision.notebook)}".encode()).hexdigest()


def _opened(app: MicroApp) -> dict[str, Any]:
    """The notebook as an editor has it once its kernel runs: what the kernel says of itself is no edit by hand then."""
    node = to_node(app)
    node.metadata["language_info"] = {**node.metadata["language_info"], **SPOKEN}
    return dict(node)


def _file(record: AppRecord, revision: Revision | None, content: bool | None) -> Contents:
    form: Literal["json"] | None = "json" if content else None
    return Contents(
        name=f"{record.name}{ENDING}",
        path=f"{record.name}{ENDING}",
        type="notebook",
        format=form,
        mimetype=None,
        content=_opened(revision.notebook) if revision is not None and content else None,
        created=record.created,
        last_modified=record.updated,
        writable=True,
        size=len(revision.text) if revision is not None else None,
        hash=digest_of(revision) if revision is not None else None,
        hash_algorithm="sha256" if revision is not None else None,
    )


ROUTES = (
    Route("GET", "contents", root),
    Route("GET", "contents/{path}/checkpoints", checkpoints),
    Route("POST", "contents/{path}/checkpoints", checkpoint, status=201),
    Route("POST", "contents/{path}/checkpoints/{number}", go_back, status=204),
    Route("DELETE", "contents/{path}/checkpoints/{number}", keep_checkpoint, status=204),
    Route("GET", "contents/{path}", read),
    Route("PUT", "contents/{path}", save),
    Route("PATCH", "contents/{path}", rename),
    Route("DELETE", "contents/{path}", remove, status=204),
)
