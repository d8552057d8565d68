"""The one metadata key, ``microapps``, that makes a notebook a micro-app.

Only the harness writes it; whatever a file or a model supplies passes through these models first.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SerializerFunctionWrapHandler, model_serializer

from .permissions import Permissions, absolute

SCHEMA_VERSION: Literal[1] = 1
NAME_PATTERN = re.compile(r"[a-z0-9\u00df-\U0010ffff]+(?:-[a-z0-9\u00df-\U0010ffff]+)*\Z")


def slug(text: str) -> str:
    """A name made from free text: lower case words joined by hyphens, any script, at most 48 characters.

    Empty input, or input without a letter or digit, gives ``"app"``.
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    words = re.findall(r"[^\W_]+", folded)
    name = ""
    for word in words:
        if len(name) + len(word) + 1 > 48:
            break
        name = f"{name}-{word}" if name else word
    return name or (words[0][:48] if words else "app")


def _name(value: str) -> str:
    if not value or len(value) > 64 or slug(value) != value:
        raise ValueError(f"{value!r} is no app name: lower-case words joined by hyphens, like 'tip-splitter'")
    return value


def _folder(value: str) -> str:
    return absolute(value) if value else ""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(_Value):
    """One thing the app must do, as a plain sentence, tied to the tests that show it."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    text: Annotated[str, Field(min_length=1, max_length=500)]
    tests: tuple[Annotated[str, Field(pattern=r"^test_\w{1,100}$")], ...] = ()


class Ancestor(_Value):
    """An app that this one was remixed from, as the file that it was imported from had it.

    ``digest`` is its content's (:attr:`microapps.notebook.MicroApp.digest`), ``imported`` when it was taken in here.
    """

    name: Annotated[str, AfterValidator(_name)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    maker: Annotated[str, Field(max_length=200)] = ""
    imported: datetime | None = None


LONGEST_LINEAGE = 20
"""Ancestors that are remembered; of more, the first and the latest."""


class Provenance(_Value):
    """Where the app came from.

    ``maker`` is ``model:ID``, ``starter:NAME``, ``adopted`` or ``hand``; ``source`` the app it was forked from or the
    file it was adopted or imported from; ``folder`` where the relative paths of its code begin, if it was adopted and
    has any; ``lineage`` what it was remixed from, the original first.
    """

    maker: Annotated[str, Field(max_length=200)] = "hand"
    request: Annotated[str, Field(max_length=20_000)] = ""
    created: datetime | None = None
    source: Annotated[str, Field(max_length=2000)] = ""
    folder: Annotated[str, Field(max_length=4096), AfterValidator(_folder)] = ""
    lineage: Annotated[tuple[Ancestor, ...], Field(max_length=LONGEST_LINEAGE)] = ()

    @model_serializer(mode="wrap")
    def _without_what_is_empty(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        values: dict[str, Any] = serialise(self)
        for name in ("lineage", "folder"):
            if not getattr(self, name):
                values.pop(name, None)  # a file that names none stays as it was, and older versions read it
        return values

    @property
    def begins(self) -> Path | None:
        """The folder as a path; None where no relative path was adopted."""
        return Path(self.folder) if self.folder else None

    def remixed(self, ancestor: Ancestor, source: str) -> Provenance:
        """The same, one import later."""
        lineage = (*self.lineage, ancestor)
        if len(lineage) > LONGEST_LINEAGE:
            lineage = (lineage[0], *lineage[-LONGEST_LINEAGE + 1 :])
        return self.model_copy(update={"lineage": lineage, "source": source[:2000]})


class AppMetadata(_Value):
    """The value of the notebook's ``microapps`` key.

    ``root`` names the variable that holds the root widget; it is empty for an adopted notebook that only displays.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    name: Annotated[str, AfterValidator(_name)]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    description: Annotated[str, Field(max_length=2000)] = ""
    tags: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] = ()
    permissions: Permissions = Permissions()
    criteria: tuple[Criterion, ...] = ()
    provenance: Provenance = Provenance()
    root: Annotated[str, Field(pattern=r"^([^\W\d]\w*)?$")] = "app"
