"""A new app from the sources of its cells: what a generator, a starter and a test write."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from ..errors import InvalidNotebook
from .cells import SKIP_EXECUTION, Cell, MicroApp, Role
from .metadata import AppMetadata, Criterion, Provenance, slug
from .permissions import Permissions

SHOW = "display(app)"


def compose(
    *,
    title: str,
    description: str = "",
    tags: Iterable[str] = (),
    criteria: Iterable[Criterion] = (),
    about: str,
    imports: str,
    logic: str,
    ui: str,
    tests: str,
    permissions: Permissions | None = None,
    provenance: Provenance | None = None,
    name: str = "",
) -> MicroApp:
    """A new app of six cells, whose ids are their roles; nothing is checked but the metadata.

    Parameters
    ----------
    about : str
        Markdown: what the app does.
    imports, logic, ui : str
        Python; ``ui`` ends in a root widget called ``app``.
    tests : str
        Python functions ``test_…(app)``; the cell is tagged so that no notebook run executes it.
    name : str
        The app's name; made from the title if empty.

    Raises
    ------
    InvalidNotebook
        A value of the metadata cannot be used; names the key.
    """
    try:
        metadata = AppMetadata(
            name=name or slug(title),
            title=title,
            description=description,
            tags=tuple(tags),
            permissions=permissions or Permissions(),
            criteria=tuple(criteria),
            provenance=provenance or Provenance(),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InvalidNotebook(f"{key!r} cannot be used: {first['msg']}.", "Mend that value.", key=key) from error
    return MicroApp(
        metadata,
        (
            Cell(Role.ABOUT.value, about, "markdown", Role.ABOUT),
            Cell(Role.IMPORTS.value, imports, "code", Role.IMPORTS),
            Cell(Role.LOGIC.value, logic, "code", Role.LOGIC),
            Cell(Role.UI.value, ui, "code", Role.UI),
            Cell(Role.SHOW.value, SHOW, "code", Role.SHOW),
            Cell(Role.TESTS.value, tests, "code", Role.TESTS, {"tags": [SKIP_EXECUTION]}),
        ),
    )
