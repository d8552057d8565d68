"""What of an app cannot run inside a browser, said in sentences before anything is exported.

What the code reaches for is read from its source, as for permissions; what Pyodide lacks was tried (Pyodide 314).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...notebook import MicroApp, Origin, Reach, ReachKind, reach
from ...notebook.source import tree
from .packing import gathered
from .release import Release

LACKING = {
    **dict.fromkeys(("multiprocessing", "subprocess", "pty", "signal"), "other processes"),
    **dict.fromkeys(("threading", "concurrent", "_thread", "queue"), "threads"),
    **dict.fromkeys(("socket", "socketserver", "ssl", "ftplib", "smtplib", "imaplib", "poplib"), "sockets"),
    **dict.fromkeys(("http", "urllib", "xmlrpc"), "connections of their own"),
    **dict.fromkeys(("curses", "readline", "tkinter", "turtle", "termios", "tty"), "a terminal or windows"),
    **dict.fromkeys(("resource", "grp", "pwd", "syslog", "dbm", "venv", "ensurepip"), "an operating system"),
}
"""Modules of the standard library that are not there or do nothing, and what they would need."""
_HARMLESS = frozenset(("urllib.parse", "http.HTTPStatus", "urllib.error"))


def obstacles(app: MicroApp, release: Release) -> tuple[str, ...]:
    """Why this app cannot be exported so, one sentence for each reason; empty where it can."""
    return tuple(dict.fromkeys(_obstacles(app, release)))


def _obstacles(app: MicroApp, release: Release) -> Iterator[str]:
    asked = app.metadata.permissions
    if asked.model_budget:
        yield "It asks a language model, whose key must not be in a browser."
    for host in asked.hosts:
        yield f"It connects to {host}, which only the containment here lets it do."
    for file in asked.files:
        yield f"It uses {file.path} of this computer."
    if asked.scripts:
        yield "It runs scripts of its own in the page."
    found = reach(app)
    for item in found.imports:
        lacks = LACKING.get(item.detail)
        if item.origin is Origin.STANDARD and lacks and not _only_harmless(app, item.detail):
            yield f"It imports {item.detail}, and a browser has no {lacks}."
        elif item.origin is Origin.LOCAL:
            yield f"It imports {item.detail} from a file beside it, which would not be there."
    for kind, needs in ((ReachKind.COMMAND, "other programs"), (ReachKind.CONCURRENCY, "threads and processes")):
        for item in found.of(kind):
            if "asyncio" not in (item.through or item.detail):
                yield f"{item.sentence()[:-1]}, and a browser has no {needs}."
    for item in found.of(ReachKind.PROMPT):
        yield item.sentence()
    for name, why in gathered(_third_party(found), release.packages).missing.items():
        yield f"It needs {name}, which {why}."


def _third_party(found: Reach) -> tuple[str, ...]:
    """The top-level modules that an app imports and that are in neither Python nor ipywidgets."""
    names = {item.detail for item in found.imports if item.origin is Origin.THIRD_PARTY}
    return tuple(sorted(names - {"microapps"}))


def needed(app: MicroApp) -> tuple[str, ...]:
    """The modules whose packages go along: third-party ones, and the time zones for an app that asks for one."""
    found = reach(app)
    zones = any(item.detail == "zoneinfo" for item in found.imports)
    return (*_third_party(found), *(("tzdata",) if zones else ()))


def apart(app: MicroApp, release: Release) -> frozenset[str]:
    """Modules of the standard library that a release keeps in packages of their own, as older ones do."""
    used = {item.detail for item in reach(app).imports if item.origin is Origin.STANDARD}
    if app.metadata.permissions.storage != "none":
        used.add("sqlite3")
    return frozenset(used) & release.packages


def remarks(app: MicroApp) -> tuple[str, ...]:
    """What is different there, for whoever exports the app."""
    said = ["The app's code goes to every visitor, who can read it; there is no containment but the browser's."]
    if app.metadata.permissions.storage != "none":
        said.append("What a visitor enters is kept in their own browser, and shared with nobody.")
    return tuple(said)


def _only_harmless(app: MicroApp, module: str) -> bool:
    """Whether all that is imported of a module is a part of it that needs nothing."""
    used = _imports_of(app, module)
    return bool(used) and all(name in _HARMLESS or name.rpartition(".")[0] in _HARMLESS for name in used)


def _imports_of(app: MicroApp, module: str) -> frozenset[str]:
    names: set[str] = set()
    for cell in app.cells:
        if not cell.runs:
            continue
        try:
            parsed = tree(cell.source)
        except SyntaxError:
            continue
        for node in ast.walk(parsed):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(name for name in names if name == module or name.startswith(f"{module}."))
