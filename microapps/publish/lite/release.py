"""A release of Pyodide: Python for browsers, as files.

The core (interpreter and standard library) comes with the package. A full release, which a person has fetched and
unpacked, has compiled packages besides, numpy and pandas among them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import InvalidInput, MachineFault
from ..thin.statics import FOLDER

CORE = ("pyodide.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
_EITHER = ("pyodide.asm.mjs", "pyodide.asm.js")
"""Named one way or the other from release to release."""


@dataclass(frozen=True)
class Release:
    """The files of one release.

    Attributes
    ----------
    folder : where they are.
    core : the names of those that every app needs.
    version : of its Python.
    wheels : file names of the packages that are there, by distribution; with what each needs.
    """

    folder: Path
    core: tuple[str, ...]
    version: str
    wheels: dict[str, tuple[str, tuple[str, ...]]]

    @property
    def packages(self) -> frozenset[str]:
        """The distributions it has."""
        return frozenset(self.wheels)

    def needed(self, names: frozenset[str]) -> dict[str, str]:
        """The wheels for these distributions and all they need: file names by distribution."""
        found: dict[str, str] = {}
        waiting = sorted(names)
        while waiting:
            name = waiting.pop()
            if name in self.wheels and name not in found:
                found[name], needs = self.wheels[name]
                waiting += needs
        return found


def release(folder: Path | None = None) -> Release:
    """The release in a folder, by default the one that comes with this package.

    Raises
    ------
    InvalidInput
        The folder holds none.
    MachineFault
        The package was built without it.
    """
    place = folder or FOLDER / "pyodide"
    module = next((name for name in _EITHER if (place / name).is_file()), "")
    missing = [name for name in CORE if not (place / name).is_file()]
    if missing or not module:
        lacks = missing[0] if missing else _EITHER[0]
        if folder is not None:
            raise InvalidInput(f"{folder} is no release of Pyodide: {lacks} is missing.", "Name an unpacked release.")
        raise MachineFault(
            "Python for browsers (Pyodide) is not in this installation.", "Install microapps from a built package."
        )
    try:
        lock: dict[str, Any] = json.loads((place / "pyodide-lock.json").read_text("utf-8"))
        wheels = {
            _normal(name): (str(each["file_name"]), tuple(map(_normal, each["depends"])))
            for name, each in lock["packages"].items()
            if "/" not in str(each["file_name"]) and (place / str(each["file_name"])).is_file()
        }
        return Release(place, (*CORE, module), str(lock["info"]["python"]), wheels)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            f"{place} has a pyodide-lock.json that cannot be read.", "Unpack the release again."
        ) from error


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
