"""HTML built from values: everything an app says is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_VOID = frozenset(("img", "input"))


def text(value: Any) -> str:
    """A value as the content of an element."""
    return escape("" if value is None else str(value), quote=False)


def element(tag: str, /, *inner: str, style: str = "", classes: str = "", **attributes: Any) -> str:
    """An element around HTML. An attribute that is None or False is left out, one that is True has no value.

    A trailing underscore of a name is dropped (``for_``), other underscores become hyphens.
    """
    given: Mapping[str, Any] = {"class": classes or None, "style": style or None, **attributes}
    written = "".join(
        _attribute(key, value) for key, value in given.items() if value is not None and value is not False
    )
    return f"<{tag}{written}>" if tag in _VOID else f"<{tag}{written}>{''.join(inner)}</{tag}>"


def _attribute(name: str, value: Any) -> str:
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
