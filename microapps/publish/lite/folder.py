"""Writes the folder: a page drawn in advance, the client, Python for browsers, packages, and the app's cells."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from ...errors import InvalidInput, MachineFault
from ...notebook import MicroApp, read
from ...sandbox import Sandbox
from ...sandbox.apps import AppProcess, Ran, Source
from ..notebooks import served_notebook
from ..settings import MEBIBYTE, PublishedApp
from ..templates import templates_folder
from ..thin import Client, ThinPage, unknown_forms, unknown_modules
from ..thin.statics import built_client
from ..visitors.protocol import Mode
from ..visitors.staging import snapshot, sources
from .fitness import apart, needed, obstacles, remarks
from .packing import gathered, packed
from .release import Release, release

OUTPUT = 32 * MEBIBYTE
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {early}; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src data: blob:; font-src 'self' data:; "
    "form-action 'none'; base-uri 'none'"
)
_SCRIPTS = ("socket.js", "worker.js")
_DIFFERS = "It starts with other widgets each time it is opened, so that no page of it can be drawn in advance."


async def export_static(
    app: PublishedApp, target: Path, *, sandbox: Sandbox, pyodide: Path | None = None
) -> tuple[str, ...]:
    """Write an app as a folder for any web host; sentences on what is different there.

    Parameters
    ----------
    pyodide : the folder of a full release of Pyodide, for apps that need numpy and its like; by default the core that
        comes with this package.

    Raises
    ------
    InvalidInput
        The app cannot run in a browser (the message gives every reason), or the folder is there already.
    AppFault
        It does not run at all.
    MachineFault
        It cannot be run here, a part of this installation was not built, or the folder cannot be written.
    """
    if target.exists():
        raise InvalidInput(f"{target} is there already.", "Choose another name, or remove it first.")
    stored, used, client = read(app.notebook).app, release(pyodide), built_client()
    if client is None:
        raise MachineFault("The page's client is not in this installation.", "Install microapps from a built package.")
    against = list(obstacles(stored, used))
    if not against:
        notebook = served_notebook(app.notebook, app.title)
        first, second = [await _run(app, sandbox, sources(notebook)) for _ in range(2)]
        if _kinds(first) != _kinds(second):
            against.append(_DIFFERS)
        drawn = snapshot(notebook, second, Mode.FORKED)
        against += [f"It uses the widgets of {name}, which its page does not have." for name in unknown_modules(drawn)]
        against += [f"It shows {name}, which its page cannot draw." for name in unknown_forms(drawn)]
    if against:
        reasons = "\n".join(f"- {reason}" for reason in against)
        raise InvalidInput(
            f"{app.title!r} cannot run in a browser alone:\n{reasons}", "Serve it, or export it to docker."
        )
    page = ThinPage(drawn, title=app.title, client=client, statics="./").html()
    distant = used.needed(frozenset(gathered(needed(stored)).missing) | apart(stored, used))
    own = gathered(needed(stored), frozenset(distant)).distributions
    value = {
        "cells": sources(notebook),
        "widgets": drawn.widgets,
        "folder": f"/data/{app.name}",
        "keeps": stored.metadata.permissions.storage != "none",
        "wheels": sorted(distant),
    }
    files = {
        "index.html": _page(page, client, app).encode(),
        "app.json": json.dumps(value, ensure_ascii=False).encode(),
        "packages.zip": packed(own),
        "README.md": _readme(app, stored, own, used).encode(),
        ".nojekyll": b"",
        **{name: (templates_folder().parent / "static" / name).read_bytes() for name in _SCRIPTS},
        "page/bridge.js": (templates_folder() / "bridge.js").read_bytes(),
    }
    _write(target, files, client, used, tuple(distant.values()))
    return remarks(stored)


async def _run(app: PublishedApp, sandbox: Sandbox, cells: list[Source]) -> Ran:
    """One run with nothing but what a browser gives it: no data, no model, no network."""
    bare = replace(app.confinement, data=None, sockets=(), rehearsal=True, log=None)
    process = await AppProcess.open(sandbox, bare, {}, forks=False)
    try:
        return await process.run(cells, limit=OUTPUT)
    finally:
        process.close()


def _kinds(ran: Ran) -> list[Any]:
    return [widget["model_name"] for widget in ran.widgets.values()]


def _page(html: str, client: Client, app: PublishedApp) -> str:
    """The page with its policy, what a link shows of it, and the script that takes the place of a connection."""
    from html import escape

    about = escape(app.description, quote=True)
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(early=client.early_source)}">\n'
        f'<meta name="description" content="{about}">\n'
        f'<meta property="og:title" content="{escape(app.title, quote=True)}">\n'
        f'<meta property="og:description" content="{about}">\n'
        '<script src="./socket.js"></script>'
    )
    made, count = re.subn(r'(<meta charset="utf-8">)', lambda found: f"{found.group()}\n{head}", html, count=1)
    if not count:
        raise MachineFault("The template of the page has no place for its policy.", "Install microapps again.")
    return made


def _readme(app: PublishedApp, stored: MicroApp, packages: tuple[str, ...], used: Release) -> str:
    said = "".join(f"- {remark}\n" for remark in remarks(stored))
    return (
        f"# {app.title}\n\n{app.description}\n\n"
        "Put this folder on any web host, as it is; nothing has to run there. To look at it here:\n\n"
        "```\npython3 -m http.server --bind 127.0.0.1\n```\n\n"
        f"{said}\n"
        f"It holds Pyodide (Python {used.version} for browsers, Mozilla Public License 2.0), and of Python packages: "
        f"{', '.join(packages)}; their licences are in `packages.zip`. A host that compresses what it sends, and sends "
        "`.wasm` as `application/wasm`, makes the first visit quicker.\n"
    )


def _write(target: Path, files: dict[str, bytes], client: Client, used: Release, wheels: tuple[str, ...]) -> None:
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        beside.mkdir(parents=True)
        for name, content in files.items():
            path = beside / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        plain = shutil.ignore_patterns("*.br", "*.gz", "manifest.json", "pyodide")
        shutil.copytree(client.folder, beside / "thin", ignore=plain)
        (beside / "pyodide").mkdir()
        for name in (*used.core, *wheels):
            shutil.copyfile(used.folder / name, beside / "pyodide" / name)
        beside.rename(target)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise MachineFault(
            f"{target} could not be written: {error.strerror or error}.", "Check the folder and the disk."
        ) from error
