"""One thing that code reaches for, as a value with a sentence, and all of an app's together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReachKind(StrEnum):
    """What is reached for; the comment says what an item's ``detail`` holds."""

    IMPORT = "import"  # the top-level module's name
    HOST = "host"  # the host's name; empty if only running code knows it
    FILE = "file"  # the path as written; empty if only running code knows it
    COMMAND = "command"  # the command line; empty if only running code knows it
    DYNAMIC = "dynamic"  # the name of what makes the rest unreadable, like eval
    ENVIRONMENT = "environment"  # the variable's name; empty for all of them
    CONCURRENCY = "concurrency"  # the name of what starts it
    SCRIPT = "script"  # what runs in the browser
    REMOTE = "remote"  # the host from which the browser would load something
    PROMPT = "prompt"  # the name of what waits for the keyboard
    UNREADABLE = "unreadable"  # why the cell cannot be read as Python


class Origin(StrEnum):
    """Where a module comes from; ``widgets`` is what every app has: ipywidgets and what it stands on."""

    STANDARD = "standard"
    WIDGETS = "widgets"
    LOCAL = "local"
    THIRD_PARTY = "third party"


@dataclass(frozen=True, order=True)
class Item:
    """One thing reached for, in one cell at one line (from 1).

    Attributes
    ----------
    through : the name of the function that reaches, like ``requests.get``; may be empty.
    port : of a host.
    writes : whether a file is changed, not only read.
    origin, installed : of an import.
    needed : of an import: whether the code cannot do without, as it can where it catches that there is none.
    """

    cell: str
    line: int
    kind: ReachKind
    detail: str
    through: str = ""
    port: int = 0
    writes: bool = False
    origin: Origin | None = None
    installed: bool = True
    needed: bool = True

    def sentence(self) -> str:
        """What the line does, as a sentence for a finding or a permission."""
        by = f" ({self.through})" if self.through and self.through != self.detail else ""
        return f"Line {self.line} {self._does()}{by}."

    def _does(self) -> str:
        unknown = "that only the running code knows"
        match self.kind:
            case ReachKind.IMPORT:
                missing = "" if self.installed else ", which is not installed"
                return f"uses the package {self.detail}{missing}"
            case ReachKind.HOST:
                port = f" on port {self.port}" if self.port else ""
                return f"connects to {self.detail}{port}" if self.detail else f"connects to a host {unknown}"
            case ReachKind.FILE:
                verb = "writes" if self.writes else "reads"
                return f"{verb} the file {self.detail}" if self.detail else f"{verb} a file {unknown}"
            case ReachKind.COMMAND:
                return f"runs the command {self.detail!r}" if self.detail else f"runs a command {unknown}"
            case ReachKind.DYNAMIC:
                return f"uses {self.detail}, so that reading the code does not tell all that it does"
            case ReachKind.ENVIRONMENT:
                what = f"the environment variable {self.detail}" if self.detail else "the environment variables"
                return f"reads {what}"
            case ReachKind.CONCURRENCY:
                return f"works in the background with {self.detail}"
            case ReachKind.SCRIPT:
                return f"runs a script in the browser: {self.detail}"
            case ReachKind.REMOTE:
                what = self.detail or f"a host {unknown}"
                return f"makes the browser load something from {what}"
            case ReachKind.PROMPT:
                return f"waits for the keyboard with {self.detail}, which an app does not have"
            case ReachKind.UNREADABLE:
                return f"cannot be read as Python: {self.detail}"


@dataclass(frozen=True)
class Reach:
    """All items of an app, ordered by cell as in the notebook, then by line."""

    items: tuple[Item, ...] = ()

    def of(self, kind: ReachKind) -> tuple[Item, ...]:
        """The items of one kind."""
        return tuple(item for item in self.items if item.kind is kind)

    @property
    def imports(self) -> tuple[Item, ...]:
        return self.of(ReachKind.IMPORT)

    @property
    def hosts(self) -> tuple[Item, ...]:
        return self.of(ReachKind.HOST)

    @property
    def files(self) -> tuple[Item, ...]:
        return self.of(ReachKind.FILE)

    @property
    def commands(self) -> tuple[Item, ...]:
        return self.of(ReachKind.COMMAND)

    @property
    def dynamic(self) -> tuple[Item, ...]:
        return self.of(ReachKind.DYNAMIC)
