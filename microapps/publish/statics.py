"""The files that pages load: Voila's client and the widget libraries' extensions. The same for everyone.

They are served under a path that changes with what is installed, so that a browser may keep them for ever. Open are
the static folder of Voila's template, the extensions that pages are told to load, and the scripts of our own template.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tornado.web
from jupyterlab_server.config import get_federated_extensions
from voila.paths import collect_static_paths  # type: ignore[import-untyped]
from voila.static_file_handler import MultiStaticFileHandler  # type: ignore[import-untyped]
from voila.utils import get_voila_labextensions_path  # type: ignore[import-untyped]

from .policy import common_headers
from .templates import templates_folder

BASE_TEMPLATE = "lab"
SCRIPTS = ("bridge.js", "visit.js", "webrtc.js")
"""Our template's own scripts. A page's policy lets files run and no inline script, so they are files."""
NOT_FOR_PAGES = frozenset({"@voila-dashboards/widgets-manager7"})
"""The manager for ipywidgets 7; pages have the one for 8."""
WIDGETS = "@jupyter-widgets/base"
"""What every library of widgets takes from the page (ipywidgets' guide for their authors)."""


@dataclass(frozen=True)
class Extension:
    """An installed extension of the client."""

    name: str
    folder: Path
    build: Mapping[str, Any]

    @property
    def told(self) -> dict[str, Any]:
        """How a page is told to load it."""
        wanted = ("load", "extension", "mimeExtension", "style")
        return {"name": self.name, **{key: self.build[key] for key in wanted if key in self.build}}


def widget_extensions() -> tuple[Extension, ...]:
    """The extensions that pages load, by name: those that bring widgets or kinds of output, not the editor's."""
    found: dict[str, Any] = get_federated_extensions(get_voila_labextensions_path())
    return tuple(
        Extension(name, Path(data["ext_path"]), data["jupyterlab"]["_build"])
        for name, data in sorted(found.items())
        if name not in NOT_FOR_PAGES and _is_for_pages(data)
    )


def _is_for_pages(data: Mapping[str, Any]) -> bool:
    build = data["jupyterlab"]["_build"]
    if "mimeExtension" in build or WIDGETS in data.get("dependencies", {}):
        return True
    # Not every package tells its dependencies; the entry of its bundle names each shared module that it takes.
    entry = Path(data["ext_path"]) / build["load"]
    return entry.is_file() and WIDGETS in entry.read_text("utf-8", "replace")


def static_folders() -> tuple[Path, ...]:
    """The static folders of Voila's template, the first found wins."""
    return tuple(Path(p) for p in collect_static_paths(["voila", "nbconvert"], BASE_TEMPLATE) if Path(p).is_dir())


def statics_version(more: str = "") -> str:
    """A name for what is installed, that changes when it does, or when ``more`` does."""
    files: list[tuple[str, int, int]] = [(more, 0, 0)]
    folders = [*static_folders(), *(extension.folder for extension in widget_extensions())]
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    for path in [*paths, *(templates_folder() / name for name in SCRIPTS)]:
        state = path.stat()
        files.append((str(path), state.st_size, state.st_mtime_ns))
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]


class Statics(MultiStaticFileHandler):  # type: ignore[misc]
    """Serves folders of public files to any origin: the apps' pages have none of their own."""

    def set_default_headers(self) -> None:
        for name, value in common_headers().items():
            self.set_header(name, value)
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "public, max-age=31536000, immutable")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish(f"{status_code}\n")


def statics_routes(prefix: str) -> list[tuple[str, type[tornado.web.RequestHandler], dict[str, Any]]]:
    """Routes for everything under ``prefix`` (which ends with a slash)."""
    folders = [str(folder) for folder in static_folders()]
    routes: list[tuple[str, type[tornado.web.RequestHandler], dict[str, Any]]] = [
        (rf"{prefix}voila/(?:static|templates/{BASE_TEMPLATE}/static)/(.*)", Statics, {"paths": folders}),
        (rf"{prefix}page/({'|'.join(map(re.escape, SCRIPTS))})", Statics, {"paths": [str(templates_folder())]}),
    ]
    for extension in widget_extensions():
        route = rf"{prefix}labextensions/{extension.name}/(.*)"
        routes.append((route, Statics, {"paths": [str(extension.folder)]}))
    return routes
