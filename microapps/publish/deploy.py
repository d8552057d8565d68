"""An app as a folder to be deployed from: templates of ``templates/deploy`` filled in, and the notebook.

``docker`` builds a container, ``hub`` is a service of JupyterHub, ``kubernetes`` runs the container in a cluster.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

import jinja2

from ..errors import InvalidInput, MachineFault
from ..notebook import MicroApp, slug
from ..notebook.files import dumps
from .notices import unobeyed
from .templates import templates_folder

PORT = 8866
Place = Literal["docker", "hub", "kubernetes"]
FILES: dict[Place, tuple[str, ...]] = {
    "docker": ("Dockerfile", "start.sh", "compose.yaml", "README.md"),
    "hub": ("jupyterhub_config.py", "start.sh", "README.md"),
    "kubernetes": ("app.yaml", "ingress.yaml", "enterprise-gateway-values.yaml", "kernels.yaml", "README.md"),
}
_HUB_FOLDER = "/srv/microapps"


def deployment_files(place: Place, name: str, title: str) -> dict[str, str]:
    """The files for one place, by their names.

    ``name`` is an app's name, which holds nothing a shell or a Dockerfile would take for more than a word. Raises
    InvalidInput for a name that the place cannot take.
    """
    if place != "docker" and not (name.isascii() and name == slug(name) and not name[0].isdigit()):
        raise InvalidInput(
            f"{name!r} cannot name a service there: only a–z, digits and hyphens can, beginning with a letter.",
            f"Give a copy of the app such a name: microapps fork {name} NEW",
        )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder().parent / "deploy" / place),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML; the title is put on one line, and stands only in prose
    )
    values = {
        "name": name,
        "title": " ".join(unobeyed(title).split()),
        "port": PORT,
        "folder": f"{_HUB_FOLDER}/{name}",
        "image": f"registry.example.org/{name}:1",
    }
    return {file: environment.get_template(file).render(values) for file in FILES[place]}


def export_deployment(place: Place, app: MicroApp, folder: Path) -> Path:
    """Write the files for one place into a new folder; the folder.

    Raises
    ------
    InvalidInput
        The folder is there already, or the app's name cannot be used there.
    MachineFault
        It cannot be written.
    """
    metadata = app.metadata
    contents = deployment_files(place, metadata.name, metadata.title)
    if place != "kubernetes":  # its container holds the notebook
        contents[f"{metadata.name}.ipynb"] = dumps(app)
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
