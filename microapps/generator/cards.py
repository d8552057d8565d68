"""Cards: one Markdown file tells the model of one widget library.

A card begins with a front matter of ``key: value`` lines between two lines ``---``: ``import`` (the name to
import, required), ``network`` (``yes`` where the library fetches something while the app runs) and ``scripts``
(``yes`` where it brings JavaScript that is no installed extension of the client). Its text says what the library is
for, how to import it, and three lines of example. Cards ship in ``generator/cards``; a person's own are in
the folder ``cards`` of microapps' home, and one of theirs with the same file name takes the place of ours. Only cards
of libraries that are installed are shown; nothing is imported to find that out.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ..folders import home

MAX_CARD = 4_000
"""Characters of one card: every card is part of every request."""

_FRONT = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)
_IMPORT = re.compile(r"[A-Za-z]\w*\Z")
_KEYS = frozenset({"import", "network", "scripts"})


@dataclass(frozen=True)
class Card:
    """One library. ``name`` is the file's stem, ``module`` what is imported."""

    name: str
    module: str
    network: bool
    scripts: bool
    text: str

    @property
    def installed(self) -> bool:
        """Whether this Python can import it; nothing is imported to tell."""
        return importlib.util.find_spec(self.module) is not None

    def for_model(self) -> str:
        """The card as it stands in the prompt."""
        needs = "Needs the network: propose the permission first." if self.network else "Needs no network."
        if self.scripts:
            needs += " Runs scripts of its own in the page: propose the permission `scripts` first."
        return f"## {self.name}\n{needs}\n\n{self.text}"


@dataclass(frozen=True)
class BadCard:
    """A card that cannot be used: which file, and why."""

    path: Path
    why: str

    def __str__(self) -> str:
        return f"The card {self.path} cannot be used: {self.why}"


def cards() -> tuple[tuple[Card, ...], tuple[BadCard, ...]]:
    """The cards of installed libraries in the order of their names, and the files that are no cards."""
    found: dict[str, Card] = {}
    bad = []
    for path in _paths():
        read = _read(path)
        if isinstance(read, BadCard):
            bad.append(read)
        else:
            found[read.name] = read
    return tuple(found[name] for name in sorted(found) if found[name].installed), tuple(bad)


def _paths() -> Iterator[Path]:
    shipped = Path(str(files(__package__))) / "cards"
    yield from sorted(shipped.glob("*.md"))
    yield from sorted((home() / "cards").glob("*.md"))


def _read(path: Path) -> Card | BadCard:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return BadCard(path, f"it cannot be read ({error}).")
    if len(text) > MAX_CARD:
        return BadCard(path, f"it has {len(text)} characters, and {MAX_CARD} at most are shown to a model.")
    match = _FRONT.match(text.replace("\r\n", "\n"))
    if match is None:
        return BadCard(path, "it does not begin with a front matter between two lines '---'.")
    values = {}
    for line in filter(str.strip, match.group(1).split("\n")):
        key, colon, value = line.partition(":")
        if not colon or key.strip() not in _KEYS:
            what = f"its front matter has the line {line!r}; known are 'import', 'network' and 'scripts'."
            return BadCard(path, what)
        values[key.strip()] = value.strip()
    module = values.get("import", "")
    if not _IMPORT.match(module):
        return BadCard(path, f"{module!r} is no name to import (front matter, 'import').")
    for key in ("network", "scripts"):
        if values.get(key, "no") not in ("yes", "no"):
            return BadCard(path, f"{key!r} is 'yes' or 'no' (front matter).")
    if not match.group(2).strip():
        return BadCard(path, "it says nothing after its front matter.")
    yes = {key for key, value in values.items() if value == "yes"}
    return Card(path.stem, module, "network" in yes, "scripts" in yes, match.group(2).strip())
