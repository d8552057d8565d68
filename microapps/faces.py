"""A package's face that is loaded on demand: each name comes from a module of it, imported when it is first asked for.

A package whose own programs start in it, or that has values which are read without the rest, must not make them pay for
all that it exports. Its ``__init__.py`` tells a type checker the names by imports under ``TYPE_CHECKING``, and everyone
else by this (PEP 562); under ``else``, because a checker that sees a ``__getattr__`` takes every name for one of it.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def on_demand(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """The ``__getattr__`` and ``__dir__`` of ``package``, for the names in ``homes``, each with the module it is in.

    A name that was asked for once is the package's own from then on.
    """

    def attribute(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes})

    return attribute, names
