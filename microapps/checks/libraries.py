"""Which libraries of widgets a page can load: Python makes their widgets, a script in the browser draws them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

CORE = ("@jupyter-widgets/base", "@jupyter-widgets/controls", "@jupyter-widgets/output")
"""The modules of ipywidgets itself."""
_OURS = (*CORE, "anywidget")
"""Those that every page has."""


def missing(modules: Iterable[str]) -> list[str]:
    """The modules of widgets that no page of this machine can load, sorted.

    A module is there when a prebuilt extension of JupyterLab is called so, as a rule, or when the scripts of one hold
    its name, under which it is registered then.
    """
    others = set(modules).difference(_OURS, [""])
    if not others:
        return []
    # Half a second, which most apps need not wait for.
    from jupyterlab_server.config import get_federated_extensions
    from voila.utils import get_voila_labextensions_path  # type: ignore[import-untyped]

    found = get_federated_extensions(get_voila_labextensions_path())
    folders = [Path(extension["ext_path"]) for extension in found.values()]
    return sorted(module for module in others.difference(found) if not any(_holds(each, module) for each in folders))


def _holds(folder: Path, module: str) -> bool:
    names = tuple(f"{quote}{module}{quote}" for quote in "\"'`")
    for script in folder.glob("static/*.js"):
        with suppress(OSError):
            text = script.read_text("utf-8", "replace")
            if any(name in text for name in names):
                return True
    return False
