"""The drive ``microapps``: each app's notebook in the shape of Jupyter's contents API, ``NAME.ipynb``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict

from .value import Value


class Contents(Value):
    """A notebook, or the drive's one folder.

    ``content`` is nbformat 4.5, or for the folder its files without content; null when it was not asked for.
    ``hash`` changes with every change; give it back as ``expected`` when saving.
    """

    name: str
    path: str
    type: Literal["notebook", "directory"]
    format: Literal["json"] | None
    mimetype: None
    content: dict[str, Any] | tuple[Contents, ...] | None
    created: datetime
    last_modified: datetime
    writable: bool
    size: int | None
    hash: str | None
    hash_algorithm: str | None


class ContentsWish(Value):
    """A notebook to save. ``expected`` is the hash it was last read or saved with; 409 when it is another by now."""

    model_config = ConfigDict(extra="ignore")

    type: Literal["notebook"] = "notebook"
    format: Literal["json"] = "json"
    content: dict[str, Any]
    expected: str | None = None


class RenameContents(Value):
    """A new name, as a path."""

    path: str


class Checkpoint(Value):
    """A revision as Jupyter's contents API names it."""

    id: str
    last_modified: datetime
