"""The reading itself: every cell's syntax tree against the tables of :mod:`.calls`."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

from ..cells import Cell, MicroApp, Role
from ..source import magic_call, tree
from . import calls, page
from .items import Item, Origin, Reach, ReachKind
from .names import Names

_CATCHING = ("ImportError", "ModuleNotFoundError")
_WRITING_MODE = frozenset("wax+")


def reach(app: MicroApp | str, *, folder: Path | None = None, tests: bool = False) -> Reach:
    """What an app, or one piece of source, reaches for.

    Parameters
    ----------
    app : MicroApp or str
        A whole app, or Python source, whose items then have an empty cell id.
    folder : Path, optional
        Where the app's file is; modules beside it are told from installed ones.
    tests : bool
        Look at the tests cells too, which run in a kernel of their own.
    """
    if isinstance(app, str):
        app_cells: tuple[Cell, ...] = (Cell("", app),)
    else:
        app_cells = app.cells
    wanted = [cell for cell in app_cells if cell.kind == "markdown" or cell.runs or (tests and cell.role is Role.TESTS)]
    trees: dict[int, ast.Module] = {}
    unreadable: dict[int, Item] = {}
    for place, cell in enumerate(wanted):
        if cell.kind == "code":
            try:
                trees[place] = tree(cell.source)
            except SyntaxError as error:
                unreadable[place] = Item(cell.id, error.lineno or 1, ReachKind.UNREADABLE, error.msg or "syntax error")
    names = Names(trees.values())
    items: list[Item] = []
    addresses: list[Item] = []
    for place, cell in enumerate(wanted):
        if place in unreadable:
            items.append(unreadable[place])
        elif cell.kind == "markdown":
            items += sorted(set(_page(cell.id, 1, cell.source)))
        else:
            reader = _Reader(cell.id, names, folder)
            try:
                found = sorted(set(reader.read(trees[place])))
            except RecursionError:
                found = [Item(cell.id, 1, ReachKind.UNREADABLE, "it is nested too deeply")]
            items += found
            addresses += reader.addresses
    return Reach(_with_addresses(items, addresses, [cell.id for cell in wanted]))


def _with_addresses(items: list[Item], addresses: list[Item], order: list[str]) -> tuple[Item, ...]:
    """The items, and the addresses written in the code if something connects to a host that was not told."""
    known = {(item.detail, item.port) for item in items if item.kind is ReachKind.HOST}
    connects = any(item.kind is ReachKind.IMPORT and item.detail in calls.NETWORK_PACKAGES for item in items)
    untold = ("", 0) in known or (connects and not known)
    if untold:
        items = items + [item for item in dict.fromkeys(addresses) if (item.detail, item.port) not in known]
    places = {cell: number for number, cell in reversed(list(enumerate(order)))}
    return tuple(sorted(items, key=lambda item: (places[item.cell], item)))


def _page(cell: str, line: int, html: str, through: str = "") -> Iterator[Item]:
    for below, host in page.loaded(html):
        yield Item(cell, line + below, ReachKind.REMOTE, host)
    for below, what in page.scripts(html):
        yield Item(cell, line + below, ReachKind.SCRIPT, what, through)


class _Reader:
    """Reads one cell; ``addresses`` are the URLs that stand in its code, as items in case they are used."""

    def __init__(self, cell: str, names: Names, folder: Path | None) -> None:
        self.cell = cell
        self.names = names
        self.folder = folder
        self.addresses: list[Item] = []

    def read(self, module: ast.Module) -> Iterator[Item]:
        documentation = _documentation(module)
        called = {id(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
        magics = [node for node in ast.walk(module) if isinstance(node, ast.Call) and magic_call(node)]
        shown = {id(argument) for magic in magics for argument in magic.args}  # what a magic holds is read with it
        spared = {id(node) for node in _spared(module)}
        parts = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Attribute | ast.Subscript)}
        for node in ast.walk(module):
            match node:
                case ast.Import(names=imported):
                    for alias in imported:
                        yield from self._import(node, alias.name, needed=id(node) not in spared)
                case ast.ImportFrom(module=source, level=level, names=imported):
                    if level:
                        for name in [source.partition(".")[0]] if source else [alias.name for alias in imported]:
                            yield self._item(node, ReachKind.IMPORT, name, origin=Origin.LOCAL)
                    elif source:
                        yield from self._import(node, source, needed=id(node) not in spared)
                case ast.Call():
                    yield from self._call(node)
                case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()):
                    yield from self._name(node, id(node) in called, id(node) in parts)
                case ast.Subscript(value=value, slice=index) if self.names.dotted(value) == "os.environ":
                    written = self.names.written(index)
                    yield self._item(node, ReachKind.ENVIRONMENT, written.text if written and written.whole else "")
                case ast.Constant(value=str() as text) if id(node) not in documentation:
                    self._address(node, text)
                    if text.startswith(calls.SCRIPT_FORMS):
                        yield self._item(node, ReachKind.SCRIPT, f"what draws {text[:60]}")
                    if id(node) not in shown:
                        yield from _page(self.cell, node.lineno, text, page.LIKE_HTML)
                case ast.Assign(targets=[ast.Name(id="_esm")]):
                    yield self._item(node, ReachKind.SCRIPT, "the front end of a widget (_esm)")

    def _item(
        self,
        node: ast.AST,
        kind: ReachKind,
        detail: str,
        *,
        through: str = "",
        port: int = 0,
        writes: bool = False,
        origin: Origin | None = None,
        installed: bool = True,
        needed: bool = True,
    ) -> Item:
        line = getattr(node, "lineno", 1)
        return Item(self.cell, line, kind, detail, through, port, writes, origin, installed, needed)

    def _import(self, node: ast.AST, name: str, *, needed: bool) -> Iterator[Item]:
        top = name.partition(".")[0]
        origin = self._origin(top)
        installed = origin in (Origin.STANDARD, Origin.LOCAL) or _installed(top)
        yield self._item(node, ReachKind.IMPORT, top, origin=origin, installed=installed, needed=needed)
        for host in calls.NETWORK_PACKAGES.get(top, ()):
            yield self._item(node, ReachKind.HOST, host, through=top, port=443)
        for host in calls.BROWSER_PACKAGES.get(top, ()):
            yield self._item(node, ReachKind.REMOTE, host, through=top)
        if top in calls.SCRIPT_PACKAGES:
            yield self._item(node, ReachKind.SCRIPT, f"what {top} brings along", through=top)
        if top in calls.DYNAMIC_PACKAGES:
            yield self._item(node, ReachKind.DYNAMIC, top)

    def _origin(self, top: str) -> Origin:
        if top in sys.stdlib_module_names:
            return Origin.STANDARD
        if top in calls.WIDGET_FAMILY:
            return Origin.WIDGETS
        if self.folder and ((self.folder / f"{top}.py").is_file() or (self.folder / top / "__init__.py").is_file()):
            return Origin.LOCAL
        return Origin.THIRD_PARTY

    def _name(self, node: ast.Name | ast.Attribute, is_called: bool, is_part: bool) -> Iterator[Item]:
        """What is reached for by being named at all, called or handed on."""
        name = self.names.dotted(node)
        if name in calls.DYNAMIC_NAMES:
            yield self._item(node, ReachKind.DYNAMIC, name)
        elif isinstance(node, ast.Attribute) and node.attr in calls.DYNAMIC_ATTRIBUTES:
            yield self._item(node, ReachKind.DYNAMIC, node.attr)
        elif calls.is_command(name) and not is_called:
            yield self._item(node, ReachKind.COMMAND, "", through=name)
        elif name in calls.CONCURRENCY:
            yield self._item(node, ReachKind.CONCURRENCY, name)
        elif name in calls.PROMPTS and is_called:
            yield self._item(node, ReachKind.PROMPT, name)
        elif name in ("os.environ", "os.environb") and not is_part:
            yield self._item(node, ReachKind.ENVIRONMENT, "")

    def _call(self, node: ast.Call) -> Iterator[Item]:
        if magic := magic_call(node):
            yield from self._magic(node, *magic)
            return
        name = self.names.dotted(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        if calls.is_command(name):
            yield self._item(node, ReachKind.COMMAND, self._command(node), through=name)
        elif name in calls.URL_CALLS:
            yield self._url(node, name, calls.URL_CALLS[name])
        elif name in calls.HOST_CALLS:
            yield self._host(node, name)
        elif name in ("os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault"):
            written = self.names.written(node.args[0] if node.args else None)
            yield self._item(node, ReachKind.ENVIRONMENT, written.text if written and written.whole else "")
        elif name.startswith("os.environ."):
            yield self._item(node, ReachKind.ENVIRONMENT, "")
        elif name == "getattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant):
            if self.names.is_imported(node.args[0]):
                yield self._item(node, ReachKind.DYNAMIC, "getattr with a computed name")
        elif method in calls.CONCURRENCY_METHODS and name not in calls.CONCURRENCY:
            yield self._item(node, ReachKind.CONCURRENCY, method)
        if name in calls.SCRIPT_CALLS:
            yield self._item(node, ReachKind.SCRIPT, name)
        if name in calls.BROWSER_CALLS:
            yield self._item(node, ReachKind.REMOTE, calls.BROWSER_CALLS[name], through=name)
        yield from self._file_call(node, name, method)
        yield from self._browser_call(node, name)

    def _browser_call(self, node: ast.Call, name: str) -> Iterator[Item]:
        if name not in calls.BROWSER_URL_CALLS:
            return
        argument = _argument(node, calls.BROWSER_URL_CALLS[name], "src", "url", "data")
        written = self.names.written(argument)
        if written and (place := page.host_of(written.text, whole=written.whole)):
            yield self._item(node, ReachKind.REMOTE, place[0], through=name)

    def _magic(self, node: ast.Call, kind: str, name: str, text: str) -> Iterator[Item]:
        text = text.strip()
        if kind != "shell" and not name:
            yield self._item(node, ReachKind.DYNAMIC, "a magic that only the running code knows")
        if kind == "shell":
            yield self._item(node, ReachKind.COMMAND, text, through="!")
        elif name in calls.COMMAND_MAGICS:
            said = text if name in ("bash", "sh", "script", "!", "sx", "system", "cmd") else f"{name} {text}"
            yield self._item(node, ReachKind.COMMAND, said, through=f"%{name}" if kind == "line" else f"%%{name}")
        elif name in calls.SCRIPT_MAGICS:
            yield self._item(node, ReachKind.SCRIPT, f"%%{name}")
        elif name in calls.PAGE_MAGICS:
            yield from _page(self.cell, node.lineno, text)
        elif name in ("env", "set_env"):
            yield self._item(node, ReachKind.ENVIRONMENT, text.partition("=")[0].strip(), through=f"%{name}")
        elif name == "writefile":
            first = text.partition("\n")[0].split()
            yield self._item(node, ReachKind.FILE, first[-1] if first else "", through="%%writefile", writes=True)
        elif name == "matplotlib" and text.lower() in ("widget", "ipympl"):
            yield from self._import(node, "ipympl", needed=True)
        elif name in ("run", "load", "macro", "store"):
            yield self._item(node, ReachKind.DYNAMIC, f"%{name}")

    def _url(self, node: ast.Call, name: str, place: int) -> Item:
        written = self.names.written(_argument(node, place, "url", "uri", "full_url"))
        found = page.host_of(written.text, whole=written.whole) if written else None
        host, port = found or ("", 0)
        return self._item(node, ReachKind.HOST, host, through=name, port=port)

    def _host(self, node: ast.Call, name: str) -> Item:
        host_node, port_node = _argument(node, 0, "host", "address"), _argument(node, 1, "port")
        match host_node:
            case ast.Tuple(elts=[first, second, *_]):
                host_node, port_node = first, second
        written = self.names.written(host_node)
        port = calls.HOST_CALLS[name]
        if isinstance(port_node, ast.Constant) and type(port_node.value) is int and 0 < port_node.value < 65536:
            port = port_node.value
        host = written.text if written and written.whole else ""
        return self._item(node, ReachKind.HOST, host, through=name, port=port if host else 0)

    def _command(self, node: ast.Call) -> str:
        first = node.args[0] if node.args else _argument(node, 0, "args", "cmd", "url")
        parts: list[ast.expr] = [first] if first else []
        if isinstance(first, ast.List | ast.Tuple):
            parts = first.elts
        words = []
        for part in parts:
            written = self.names.written(part)
            words.append((written.text if written.whole else f"{written.text}…") if written else "…")
        return "" if all(word == "…" for word in words) else " ".join(words)

    def _file_call(self, node: ast.Call, name: str, method: str) -> Iterator[Item]:
        package = name.partition(".")[0]
        last = name.rpartition(".")[2]
        if name in calls.MODE_CALLS:
            mode = self.names.written(_argument(node, calls.MODE_CALLS[name], "mode"))
            writes = bool(mode and _WRITING_MODE & set(mode.text))
            yield from self._file(node, name, _argument(node, 0, "file", "filename", "name", "path"), writes)
            return
        if name in calls.READING_CALLS:
            argument = _argument(node, calls.READING_CALLS[name], "filename", "file", "path", "fname", "pathname")
            yield from self._file(node, name, argument, False)
        elif package in calls.TABLE_READERS and last.startswith(("read_", "scan_")) and "()" not in name:
            argument = _argument(node, 0, "filepath_or_buffer", "path_or_buf", "io", "path", "source")
            if last not in ("read_clipboard", "read_sql", "read_sql_query", "read_sql_table", "read_gbq"):
                yield from self._file(node, name, argument, False)
        if name in calls.WRITING_CALLS:
            argument = _argument(node, calls.WRITING_CALLS[name], "path", "database", "dst", "file", "filename")
            yield from self._file(node, name, argument, True)
        elif method in calls.WRITING_METHODS:
            argument = _argument(node, 0, "path_or_buf", "buf", "path", "fname", "excel_writer", "file", "filename")
            if argument is not None and not (isinstance(argument, ast.Constant) and argument.value is None):
                yield from self._file(node, f".{method}", argument, True)
        elif method and isinstance(node.func, ast.Attribute) and _is_path(self.names.dotted(node.func.value)):
            yield from self._path_method(node, node.func.value, method)

    def _path_method(self, node: ast.Call, path: ast.expr, method: str) -> Iterator[Item]:
        if method == "open":
            mode = self.names.written(_argument(node, 0, "mode"))
            yield from self._file(node, "Path.open", path, bool(mode and _WRITING_MODE & set(mode.text)))
        elif method in calls.PATH_READING_METHODS:
            yield from self._file(node, f"Path.{method}", path, False)
        elif method in calls.PATH_WRITING_METHODS:
            yield from self._file(node, f"Path.{method}", path, True)

    def _file(self, node: ast.Call, through: str, argument: ast.expr | None, writes: bool) -> Iterator[Item]:
        if argument is None or (isinstance(argument, ast.Constant) and not isinstance(argument.value, str)):
            # Nothing is named, or a descriptor or bytes are: nothing on the disk is chosen here.
            if argument is None and through in ("os.listdir", "os.scandir"):
                yield self._item(node, ReachKind.FILE, ".", through=through)
            return
        maker = self.names.dotted(argument)
        if maker.removesuffix("()") in calls.HANDLES or maker.startswith(("tempfile.", "io.", "sys.")):
            return
        written = self.names.written(argument)
        text = written.text if written else ""
        if written and page.is_address(text):
            place = page.host_of(text, whole=written.whole) or ("", 0)
            if through not in calls.BROWSER_URL_CALLS:
                yield self._item(node, ReachKind.HOST, place[0], through=through, port=place[1])
            return
        if through == "sqlite3.connect" and (text == ":memory:" or text.startswith("file::memory:")):
            return
        if written and not written.whole:
            # The folder is told, the file in it is not.
            text = f"{text.rpartition('/')[0]}/" if "/" in text else ""
        if text or not through.startswith("IPython.display."):
            # What is displayed without a name that can be read is content far more often than a file.
            yield self._item(node, ReachKind.FILE, text, through=through, writes=writes)

    def _address(self, node: ast.Constant, text: str) -> None:
        if page.is_address(text) and (place := page.host_of(text)):
            self.addresses.append(
                self._item(node, ReachKind.HOST, place[0], through="an address in the code", port=place[1])
            )


def _argument(node: ast.Call, place: int, *keywords: str) -> ast.expr | None:
    if len(node.args) > place and not any(isinstance(argument, ast.Starred) for argument in node.args[: place + 1]):
        return node.args[place]
    return next((keyword.value for keyword in node.keywords if keyword.arg in keywords), None)


def _is_path(name: str) -> bool:
    """Whether a dotted name is an object of pathlib."""
    return name.startswith("pathlib.") and "Path" in name and "()" in name


def _spared(module: ast.Module) -> Iterator[ast.AST]:
    """What is imported where the code catches that it is not there, and not just whatever goes wrong."""
    for node in ast.walk(module):
        if isinstance(node, ast.Try) and any(_catches(handler.type) for handler in node.handlers):
            yield from (inner for statement in node.body for inner in ast.walk(statement))


def _catches(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(name, ast.Name) and name.id in _CATCHING for name in names)


def _installed(name: str) -> bool:
    """Whether a top-level module could be imported here; nothing is imported to find out."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def _documentation(module: ast.Module) -> set[int]:
    """The identities of the constants that are docstrings."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found
