"""An app that uses ``microapps.runtime``, made to run where nothing of ours is installed.

The runtime is standard library only, so its own source goes into a cell before the first that imports it, within one
function, so that none of its names meets one of the app's. The app's imports of it become plain assignments, in the
place where they stood. What an app keeps is then in a folder beside the notebook; ``ask`` says that there is no model.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

from .. import runtime
from ..notebook import Cell, MicroApp, Role
from ..notebook.formatting import formatted_source
from ..notebook.source import tree
from ..notebook.syntax import module_tree

RUNTIME = "microapps.runtime"
OURS = "_microapps_runtime"
"""The name of what stands in for the runtime in the exported notebook."""
PARTS = ("errors", "values", "storage", "asking")
"""The runtime's files, each after those it imports."""

HEAD = """\
# What keeps this app's data, in place of the package it came from: standard library only.
def {ours}():
{body}


{ours} = {ours}()
"""
FOOT = """
folder = os.environ.get("MICROAPPS_DATA") or ("data" if Path.cwd().name == {name!r} else {beside!r})
store = Store(folder)
import types
made = types.SimpleNamespace(**locals())
made.public = {{name: getattr(made, name) for name in {public!r}}}
made.microapps = types.SimpleNamespace(runtime=made)
return made
"""


def inlined(app: MicroApp) -> MicroApp:
    """The same app with the runtime inside; the very same value if it does not use it.

    Its data is kept in the folder ``data`` beside the notebook where the notebook is in a folder of the app's name, as
    in an exported zip, else in ``NAME-data``.
    """
    cells: list[Cell] = []
    for cell in app.cells:
        source = _without_imports(cell.source) if cell.runs else cell.source
        if source != cell.source and all(made.id != OURS for made in cells):
            cells.append(_runtime_cell(app.metadata.name))
        cells.append(replace(cell, source=source))
    return replace(app, cells=tuple(cells)) if len(cells) > len(app.cells) else app


def uses_runtime(source: str) -> bool:
    """Whether a cell imports ``microapps.runtime``."""
    return _without_imports(source) != source


def _runtime_cell(name: str) -> Cell:
    foot = FOOT.format(name=name, beside=f"{name}-data", public=runtime.__all__)
    body = "\n".join((*(_bare(part) for part in PARTS), foot))
    source = HEAD.format(ours=OURS, body=textwrap.indent(body, "    "))
    return Cell(OURS, formatted_source(source), role=Role.IMPORTS, metadata={"jupyter": {"source_hidden": True}})


def _bare(part: str) -> str:
    """The code of one of the runtime's files, without what is only for its readers and its neighbours."""
    module = module_tree(files(RUNTIME).joinpath(f"{part}.py").read_text("utf-8"))
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            kept = [statement for statement in node.body if not _left_out(statement)]
            node.body = kept or [ast.Pass()]
    return ast.unparse(module)


def _left_out(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return bool(statement.level)
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _without_imports(source: str) -> str:
    """A cell's source with each import of the runtime turned into an assignment."""
    if RUNTIME.partition(".")[0] not in source:
        return source
    try:
        module = tree(source)
    except SyntaxError:
        return source  # it does not run anywhere
    lines = source.encode().split(b"\n")
    imports = [node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in sorted(imports, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        new = "; ".join(_assigned(node))
        if not new:
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before, after = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        lines[first : last + 1] = [before + new.encode() + after]
    return b"\n".join(lines).decode()


def _assigned(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """The statements in place of one import; none if it imports nothing of ours."""
    if isinstance(node, ast.Import):
        for alias in node.names if any(_is_runtime(alias.name) for alias in node.names) else ():
            if not _is_runtime(alias.name):
                yield f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            else:
                yield f"{alias.asname} = {OURS}" if alias.asname else f"microapps = {OURS}.microapps"
    elif not node.level and _is_runtime(node.module or ""):
        names = [alias.name for alias in node.names]
        if names == ["*"]:
            yield f"globals().update({OURS}.public)"
        else:
            targets = ", ".join(alias.asname or alias.name for alias in node.names)
            yield f"{targets} = {', '.join(f'{OURS}.{name}' for name in names)}"
    elif not node.level and node.module == "microapps":
        for alias in node.names if any(alias.name == "runtime" for alias in node.names) else ():
            renamed = f" as {alias.asname}" if alias.asname else ""
            ours = alias.name == "runtime"
            yield f"{alias.asname or 'runtime'} = {OURS}" if ours else f"from microapps import {alias.name}{renamed}"


def _is_runtime(module: str) -> bool:
    return module == RUNTIME or module.startswith(f"{RUNTIME}.")
