"""An app as a folder from which a container is built: templates of ``templates/deploy`` filled in, and the notebook."""

from __future__ import annotations

import shutil
from pathlib import Path

import jinja2

from ..errors import InvalidInput, MachineFault
from ..notebook import MicroApp
from ..notebook.files import dumps
from .templates import templates_folder

PORT = 8866
FILES = ("Dockerfile", "start.sh", "compose.yaml", "README.md")


def docker_files(name: str, title: str) -> dict[str, str]:
    """The files of a container that serves one app, by their names.

    ``name`` is an app's name, which holds nothing a shell or a Dockerfile would take for more than a word.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder().parent / "deploy" / "docker"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML; the title is put on one line, and stands only in prose
    )
    values = {"name": name, "title": " ".join(title.split()), "port": PORT}
    return {file: environment.get_template(file).render(values) for file in FILES}


def export_docker(app: MicroApp, folder: Path) -> Path:
    """Write the files for a container into a new folder; the folder.

    Raises
    ------
    InvalidInput
        The folder is there already.
    MachineFault
        It cannot be written.
    """
    metadata = app.metadata
    contents = {**docker_files(metadata.name, metadata.title), f"{metadata.name}.ipynb": dumps(app)}
    try:
        folder.mkdir(parents=True)
    except FileExistsError as error:
        raise InvalidInput(f"{folder} is there already.", "Choose another name, or remove it first.") from error
    except OSError as error:
        raise MachineFault(f"{folder} could not be made: {error.strerror}.", "Choose another place.") from error
    try:
        for file, text in contents.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise MachineFault(f"{folder} could not be written: {error.strerror}.", "Make room on the disk.") from error
    return folder
