"""The Python packages of an exported folder, in one zip from which they are imported as they are.

They are those installed here, so that the app meets in the browser what it was tested with; only packages without
compiled parts can go.
"""

from __future__ import annotations

import importlib.metadata as metadata
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from importlib.resources import files
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

BASE = ("ipywidgets", "comm", "ipython", "pygments", "traitlets", "stack-data", "matplotlib-inline")
"""What every app needs; those they need come along, but for what only a terminal needs."""
COMPILED = "has compiled parts, and none for a browser are at hand (a full release of Pyodide has some: --pyodide)"
_NEEDLESS = frozenset(
    ("jedi", "parso", "prompt-toolkit", "wcwidth", "widgetsnbextension", "jupyterlab-widgets", "pexpect", "psutil")
)
_LEFT_OUT = re.compile(r"(^|/)(__pycache__|tests?|testing/plugin)/|\.(pyi|pyc|so|pyd|dist-info/RECORD)$|^\.\.")
_LEXERS = re.compile(r"pygments/lexers/(?!__init__|_mapping|python|special|text|_builtins_python)")
_OURS = (
    "microapps/sandbox/inside/comms.py",
    "microapps/sandbox/inside/frames.py",
    "microapps/sandbox/inside/outputs.py",
    "microapps/sandbox/inside/shell.py",
    "microapps/publish/lite/engine.py",
    "microapps/publish/lite/stand_in.py",
)
_BARE = ("microapps", "microapps/sandbox", "microapps/sandbox/inside", "microapps/publish", "microapps/publish/lite")
"""Packages of ours of which the folder has a part: their own ``__init__`` would import the rest."""
_ENVIRONMENT = {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "os_name": "posix",
    "python_version": "3.14",
    "python_full_version": "3.14.2",
    "platform_machine": "wasm32",
    "extra": "",
}


@dataclass(frozen=True)
class Gathered:
    """Distributions for a set of modules: their names, and those that cannot go, with why as the end of a sentence."""

    distributions: tuple[str, ...]
    missing: dict[str, str]


@cache
def gathered(modules: tuple[str, ...], elsewhere: frozenset[str] = frozenset()) -> Gathered:
    """The distributions that hold these top-level modules, and all that those need.

    ``elsewhere``: names of distributions that a Pyodide release has; they and what they need come from there.
    """
    known = _known()
    wanted, missing = [], {}
    for module in modules:
        if module in known:
            wanted.append(known[module][0])
        else:
            missing[module] = "is not installed here"
    found: dict[str, None] = {}
    waiting = [*BASE, *wanted]
    while waiting:
        name = _normal(waiting.pop(0))
        if name in found or name in _NEEDLESS or name in elsewhere:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            missing[name] = "is not installed here"
            continue
        if _compiled(distribution):
            missing[name] = COMPILED
            continue
        found[name] = None
        waiting += _needs(distribution)
    return Gathered(tuple(found), missing)


@cache
def _known() -> Mapping[str, list[str]]:
    return packages_distributions()


def packed(distributions: Iterable[str]) -> bytes:
    """A zip of these distributions, with the engine and the runtime."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as folder:
        for name, content in sorted(_contents(distributions)):
            entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))  # the same packages give the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            folder.writestr(entry, content)
    return made.getvalue()


def _contents(distributions: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in distributions:
        for file in metadata.files(name) or ():
            place = file.as_posix()
            if not _LEFT_OUT.search(place) and not _LEXERS.match(place):
                path = Path(str(file.locate()))
                if path.is_file():
                    yield place, path.read_bytes()
    for package in _BARE:
        yield f"{package}/__init__.py", b""
    root = files("microapps")
    for place in _OURS:
        yield place, root.joinpath(place.removeprefix("microapps/")).read_bytes()
    for part in root.joinpath("runtime").iterdir():
        if part.name.endswith(".py"):
            yield f"microapps/runtime/{part.name}", part.read_bytes()


def _compiled(distribution: metadata.Distribution) -> bool:
    return any(str(file).endswith((".so", ".pyd", ".dylib")) for file in distribution.files or ())


def _needs(distribution: metadata.Distribution) -> Iterator[str]:
    for line in distribution.requires or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate(_ENVIRONMENT):
            yield requirement.name


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
