"""Files: sent to be attached, exported, stored by an app, and pictures of it."""

from __future__ import annotations

import secrets
import tempfile
import zipfile
from pathlib import Path
from typing import Literal

from ...errors import InvalidInput, UnknownApp
from ...studio import Studio
from ..call import Call
from ..models import AppData, Done, GuestKept, KeptFile, KeptTable, KeptValue, Upload
from ..route import Download, Route

MEDIA = {"notebook": "application/x-ipynb+json", "html": "text/html; charset=utf-8", "zip": "application/zip"}
MEDIA["app"] = MEDIA["notebook"]
EXPORTED = tuple(dict.fromkeys(media.partition(";")[0] for media in MEDIA.values()))
ENDINGS = {"notebook": "ipynb", "html": "html", "zip": "zip", "app": "app.ipynb"}


async def send(call: Call, *, name: str) -> Upload:
    """Send a file's bytes, to be named in a request; swept after a day unless an app may read it."""
    if call.body is None:
        raise InvalidInput("No file was sent.", "Send its bytes as the request's body.")
    kept = await call.work(call.service.uploads.keep, call.body, name, call.user)
    return Upload(id=kept.id, name=kept.name, size=kept.size)


async def forget(call: Call, id: str) -> Done:
    """Remove a file that no job used."""
    await call.work(call.service.uploads.forget, id, call.user)
    return Done()


async def export(
    call: Call, name: str, *, to: Literal["notebook", "html", "zip", "app"], data: bool = False
) -> Download:
    """An app as a file of its own: the plain notebook, a page, a zip with all one needs, or an app to be imported.

    With ``data``, a zip and an app carry what it stores.
    """
    record = await call.work(call.studio.library.app, name)
    target = _passing(ENDINGS[to])
    await call.studio.export(record.name, to, target, with_data=data)
    return Download(target, MEDIA[to], f"{record.name}.{ENDINGS[to]}", passing=True)


async def thumbnail(call: Call, name: str, *, digest: str = "", id: int | None = None) -> Download:
    """A picture of an app: of its current content, or of the content with that digest.

    ``id`` is of an app in the trash, where several may have one name.
    """
    found = await call.work(_picture, call.studio, name if id is None else id, digest)
    return Download(found, "image/png", digest=found.stem)


async def data(call: Call, name: str) -> AppData:
    """What an app stores, and how much it stores for each guest."""
    found = await call.work(call.studio.data, name)
    guests = await call.work(call.studio.guests_data, name)
    return AppData(
        bytes=found.bytes,
        values=tuple(KeptValue(name=one.name, bytes=one.bytes) for one in found.values),
        tables=tuple(KeptTable(name=one.name, rows=one.rows, bytes=one.bytes) for one in found.tables),
        files=tuple(
            KeptFile(name=one.name, bytes=one.bytes, modified=one.modified) for one in found.files if one.modified
        ),
        guests=tuple(GuestKept(label=one.label, bytes=one.data.bytes) for one in guests),
    )


async def export_data(call: Call, name: str) -> Download:
    """All that an app stores, as a zip; what its guests store is in folders of its ``guests``."""
    record = await call.work(call.studio.library.app, name)
    target = _passing("zip")
    await call.work(_zip, call.studio, record.name, target)
    return Download(target, MEDIA["zip"], f"{record.name}-data.zip", passing=True)


async def clear_data(call: Call, name: str) -> Done:
    """Remove all that an app stores, also what its guests store."""
    await call.work(call.studio.clear_data, name)
    return Done()


def _passing(ending: str) -> Path:
    """A name for a file that is made to be sent."""
    return Path(tempfile.gettempdir()) / f"microapps-{secrets.token_hex(16)}.{ending}"


def _picture(studio: Studio, name: str | int, digest: str) -> Path:
    wanted = digest or studio.library.revision(name).notebook.digest
    known = digest in ("", *(revision.notebook.digest for revision in studio.library.revisions(name)))
    found = studio.pictures.of(wanted) if known else None
    if found is None:
        raise UnknownApp(f"There is no picture of {name!r} yet.", "It is taken soon after a change.")
    return found


def _zip(studio: Studio, name: str, target: Path) -> None:
    target.touch(mode=0o600, exist_ok=False)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        for place, content in studio.data_contents(name):
            zipped.writestr(place, content)


ROUTES = (
    Route("POST", "uploads", send, status=201, raw=True),
    Route("DELETE", "uploads/{id}", forget),
    Route("GET", "apps/{name}/export", export, media=EXPORTED),
    Route("GET", "apps/{name}/thumbnail", thumbnail, media="image/png"),
    Route("GET", "apps/{name}/data", data),
    Route("GET", "apps/{name}/data/export", export_data, media="application/zip"),
    Route("DELETE", "apps/{name}/data", clear_data),
)
