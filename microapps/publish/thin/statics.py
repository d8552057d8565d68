"""The page's client as it was built: which files there are, and serving them compressed and for ever.

``extensions/page/build.mjs`` writes them to ``microapps/publish/static`` with a ``manifest.json`` that names them.
Every file has its content's hash in its name, and its compressed forms beside it. A checkout in which they have not
been built has no thin page.

The style and the small scripts are within the page itself: it is drawn without waiting for a file. The client's script
is fetched by the frame around it, which is there sooner, and handed over.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import tornado.web

from ..policy import common_headers
from ..templates import templates_folder

FOLDER = Path(__file__).resolve().parent.parent / "static"
MANIFEST = "manifest.json"
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Client:
    """The built client.

    Attributes
    ----------
    folder : where its files are.
    script, style, early : names of the module, of the style sheet, and of the script that runs before both.
    cover : the name of the script that runs in the frame around the page.
    exported : the name of the script that sets formulas in exported pages.
    icons : the folder of icons, with a slash at its end.
    parts : names of the modules that the first one begins with.
    """

    folder: Path
    script: str
    style: str
    early: str
    cover: str
    exported: str
    icons: str

    @property
    def version(self) -> str:
        """A text that changes with any of its files."""
        return f"{self.script} {self.style} {self.early} {self.cover} {self.icons}"

    @cached_property
    def style_text(self) -> str:
        """The style sheet."""
        return (self.folder / self.style).read_text(encoding="utf-8")

    @cached_property
    def early_text(self) -> str:
        """The script that runs before anything else of the page."""
        return (self.folder / self.early).read_text(encoding="utf-8")

    @cached_property
    def cover_text(self) -> str:
        """The script of the frame's cover."""
        return (self.folder / self.cover).read_text(encoding="utf-8")

    @cached_property
    def early_source(self) -> str:
        """The source expression by which a page's policy lets just that script run within the page."""
        return _source(self.early_text.encode())

    @cached_property
    def inline_sources(self) -> str:
        """The same for each script that may be within a page: that one, the bridge, the client that is handed over."""
        others = (bridge_text().encode(), (self.folder / self.script).read_bytes())
        return " ".join([self.early_source, *map(_source, others)])


@cache
def bridge_text() -> str:
    """The script by which a page and the window around it speak."""
    return (templates_folder() / "bridge.js").read_text(encoding="utf-8")


def _source(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def built_client(folder: Path = FOLDER) -> Client | None:
    """The client, or None where it has not been built."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Client(folder, *(manifest[key] for key in ("script", "style", "early", "cover", "exported", "icons")))


class ClientFiles(tornado.web.StaticFileHandler):
    """Serves the client's files to any origin, in the smallest form that the browser takes."""

    encoding = ""

    def set_default_headers(self) -> None:
        for name, value in common_headers().items():
            self.set_header(name, value)
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        self.set_header("Timing-Allow-Origin", "*")
        self.set_header("Vary", "Accept-Encoding")

    async def get(self, path: str, include_body: bool = True) -> None:
        taken = {part.partition(";")[0].strip() for part in self.request.headers.get("Accept-Encoding", "").split(",")}
        for encoding, suffix in _ENCODINGS:
            if encoding in taken and (Path(self.root) / f"{path}{suffix}").is_file():
                self.encoding, path = encoding, path + suffix
                break
        await super().get(path, include_body)

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", _FOREVER)
        if self.encoding:
            self.set_header("Content-Encoding", self.encoding)

    def get_content_type(self) -> str:
        path = Path(self.absolute_path or "")
        suffix = path.with_suffix("").suffix if self.encoding else path.suffix
        return _TYPES.get(suffix, "application/octet-stream")

    def write_error(self, status_code: int, **_: Any) -> None:
        self.set_header("Content-Type", "text/plain")
        self.finish(f"{status_code}\n")


def client_routes(prefix: str, client: Client) -> list[tuple[str, type[tornado.web.RequestHandler], dict[str, Any]]]:
    """Routes for the client's files under ``prefix`` (a regular expression that ends with a slash)."""
    name = r"[A-Za-z0-9_-]+(?:/[a-z0-9]+)?\.(?:js|css|json|woff2)"
    return [(rf"{prefix}({name})", ClientFiles, {"path": str(client.folder)})]
