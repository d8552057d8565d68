"""An app as a file of its own: the plain notebook, a static snapshot, a zip with all one needs, or one to import."""

from __future__ import annotations

import datetime as dt
import io
import os
import secrets
import zipfile
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import Literal

from .. import app_files
from ..errors import InvalidInput, MachineFault
from ..notebook import MicroApp, Origin, dumps, package_of, reach, read
from ..sandbox import Sandbox
from .answers import answered, drawn_answers
from .carrying import carried
from .inlining import inlined
from .notebooks import served_notebook
from .png import plain_png
from .settings import PublishedApp
from .snapshot import snapshot
from .visitors.staging import sources

Format = Literal["notebook", "html", "zip", "app"]
TOO_LARGE = ("All its answers together are too large for one page.",)


async def export(
    app: PublishedApp, to: Format, target: Path, *, with_data: bool = False, sandbox: Sandbox | None = None
) -> Path:
    """Write an app to ``target``, whole or not at all; the path written.

    Parameters
    ----------
    to : ``notebook``: the plain file, which runs with nothing of ours. ``html``: what its page shows when it has just
        been opened; the app runs once for it, confined, and asks no model. ``zip``: the notebook with a README,
        requirements and criteria. ``app``: a notebook that ``microapps import`` takes in elsewhere, with the app's
        picture (:mod:`.carrying`).
    with_data : put the app's own data in as well; a ``zip`` or an ``app`` can carry it.
    sandbox : whose warm parents the run for ``html`` uses; one of its own by default.

    Raises
    ------
    InvalidInput
        The target is there already (unless it is this very notebook); or data was asked for with a format that
        carries none, or is too much for it.
    AppFault
        The app does not run, so there is nothing to take a snapshot of.
    MachineFault
        It cannot be run here, or the file cannot be written.
    """
    if with_data and to not in ("zip", "app"):
        raise InvalidInput(f"An export to {to} cannot carry the app's data.", "Export to zip or app.")
    if to != "notebook" and os.path.lexists(target):
        raise InvalidInput(f"{target} is there already.", "Choose another name, or remove it first.")
    if to == "html":
        content = (await _snapshot(app, sandbox)).encode()
    elif to == "zip":
        content = _zip(app, inlined(read(app.notebook).app), app.confinement.data if with_data else None)
    elif to == "app":
        kept = app_files.contents(app.confinement.data) if with_data and app.confinement.data is not None else ()
        content = carried(read(app.notebook).app, _picture(app.thumbnail), kept).encode()
    else:
        content = dumps(inlined(read(app.notebook).app)).encode()
        if target.is_file() and target.read_bytes() != content:
            raise InvalidInput(f"{target} is there already and is another notebook.", "Choose another place.")
    _write(target, content)
    return target


async def _snapshot(app: PublishedApp, sandbox: Sandbox | None) -> str:
    if sandbox is None:
        async with Sandbox() as own:
            return await _snapshot(app, own)
    notebook = served_notebook(app.notebook, app.title)
    taken = dt.datetime.now().astimezone()
    found = await answered(app, sources(notebook), sandbox)
    if found.inputs and (page := drawn_answers(app.title, app.description, notebook, found, taken)):
        return page
    outputs = iter(found.outputs)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = next(outputs)
    return snapshot(app.title, app.description, notebook, found.widgets[0], taken, found.why or TOO_LARGE)


def _zip(app: PublishedApp, stored: MicroApp, data: Path | None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(f"{app.name}/{app.name}.ipynb", dumps(stored))
        folder.writestr(f"{app.name}/README.md", readme(app, stored))
        folder.writestr(f"{app.name}/requirements.txt", "".join(f"{line}\n" for line in requirements(stored)))
        if stored.metadata.criteria:
            folder.writestr(f"{app.name}/criteria.md", criteria(stored))
        for name, content in app_files.contents(data) if data is not None else ():
            folder.writestr(f"{app.name}/data/{name}", content)
    return made.getvalue()


def _picture(path: Path | None) -> bytes | None:
    """The picture in a file; None where there is none that can be carried."""
    try:
        return plain_png(path.read_bytes()) if path is not None else None
    except (InvalidInput, OSError):
        return None


def readme(app: PublishedApp, stored: MicroApp) -> str:
    """What the app is and how it is run, with nothing of ours installed."""
    asked = "".join(f"- {sentence}\n" for sentence in stored.metadata.permissions.sentences())
    reaches = f"\n## What it reaches for\n\n{asked}" if asked else ""
    return (
        f"# {app.title}\n\n{app.description}\n\n## Run it\n\n"
        f"```\npip install -r requirements.txt\nvoila {app.name}.ipynb\n```\n\n"
        f"It is a plain notebook: JupyterLab, Notebook and VS Code open it as well.\n{reaches}"
    )


def criteria(stored: MicroApp) -> str:
    """The acceptance criteria, each with the tests that show it."""
    lines = (
        f"- {criterion.text}" + (f" ({', '.join(criterion.tests)})" if criterion.tests else "")
        for criterion in stored.metadata.criteria
    )
    return f"# What {stored.metadata.title} does\n\n" + "\n".join(lines) + "\n"


def requirements(stored: MicroApp) -> tuple[str, ...]:
    """The distributions the app needs, from the version installed here up; one that is not installed, by its name."""
    known = packages_distributions()
    needed = {"ipykernel", "ipywidgets", "voila"}
    for item in reach(stored).imports:
        if item.origin is Origin.THIRD_PARTY:
            needed.update(known.get(item.detail, [package_of(item.detail)])[:1])
    installed = {name for names in known.values() for name in names}
    return tuple(sorted(f"{name}>={version(name)}" if name in installed else name for name in needed))


def _write(target: Path, content: bytes) -> None:
    if target.is_dir():
        raise InvalidInput(f"{target} is a folder.", "Name a file.")
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MachineFault(
            f"{target} could not be written: {error.strerror or error}.", "Check the folder and the disk."
        ) from error
