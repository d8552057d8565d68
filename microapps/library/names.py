"""Names of apps: words of any script joined by hyphens, safe as a folder on every system."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable

from ..errors import InvalidSetting
from ..notebook import slug

LONGEST = 48
"""Characters; with four bytes each and ``.ipynb`` still below the 255 bytes of common file systems."""

_WINDOWS = {"con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(10))}
"""Names that Windows keeps for devices, with any ending."""


def usable(text: str) -> str:
    """The name that a person's words ask for: ``"Tip Splitter"`` gives ``tip-splitter``.

    Raises :class:`~microapps.errors.InvalidSetting` when they hold no letter or digit, a path, or control
    characters, or are too long, or name a device of Windows.
    """
    said = unicodedata.normalize("NFKC", text).strip()
    said_so = shown(text)
    if re.search(r"[/\\\x00-\x1f\x7f\ud800-\udfff]", said) or said.startswith(".") or re.match(r"[A-Za-z]:", said):
        raise InvalidSetting(
            f"{said_so} is no name for an app: it looks like a path.", "Use words, like 'tip-splitter'."
        )
    if not re.search(r"[^\W_]", said):
        raise InvalidSetting(f"{said_so} is no name for an app.", "Use at least one letter or digit.")
    if len(said) > LONGEST:
        raise InvalidSetting(f"The name {said_so} is too long.", f"Use at most {LONGEST} characters.")
    name = slug(said)
    if name in _WINDOWS:
        raise InvalidSetting(f"{said_so} is a name that Windows keeps for itself.", "Choose another one.")
    return name


def shown(text: str) -> str:
    """A name of whatever length and characters, fit to stand in a message."""
    return repr(text if len(text) <= 60 else f"{text[:60]}…")


def sought(text: str) -> tuple[str, ...]:
    """The names under which to look for what a person wrote: as written, and as it would be when made a name."""
    try:
        return (text, usable(text))
    except InvalidSetting:
        return (text,)


def unique(base: str, free: Callable[[str], bool]) -> str:
    """``base``, or the first of ``base-2``, ``base-3`` … that is free."""
    name = f"{base}-app" if base in _WINDOWS else base
    number = 1
    while True:
        ending = "" if number == 1 else f"-{number}"
        candidate = name[: LONGEST - len(ending)].rstrip("-") + ending
        if free(candidate):
            return candidate
        number += 1


def nearest(name: str, names: Iterable[str]) -> str:
    """A sentence that offers the names most like this one."""
    known = list(names)
    near = difflib.get_close_matches(slug(name), known, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return "See 'microapps list'." if known else "There is none yet: 'microapps make \"…\"' makes one."
