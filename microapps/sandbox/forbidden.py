"""Paths that no app is ever given, whoever says yes: the folder of all apps and the key, and the system's own."""

from __future__ import annotations

from pathlib import Path

from .. import folders
from ..errors import InvalidInput
from ..notebook.permissions import FileAccess, Permissions

SYSTEM_OWN = tuple(map(Path, ("/run", "/proc", "/dev", "/sys", "/etc")))
MEDIA = Path("/run/media")
"""Where desktops mount a person's removable disks."""


def refuse_forbidden(permissions: Permissions) -> None:
    """Raise InvalidInput for a path that cannot be granted; symbolic links are followed first.

    Those are the home of microapps with all that is in it and every folder around it, and ``/run``, ``/proc``,
    ``/dev``, ``/sys`` and ``/etc``. An app's own data folder is no grant.
    """
    home = folders.home().resolve()
    for given in permissions.files:
        path = Path(given.path).resolve()
        if path.is_relative_to(home) or home.is_relative_to(path):
            raise InvalidInput(
                f"{given.path} cannot be given to an app: microapps keeps your key and all your apps in {home}.",
                "Give a file or folder that lies elsewhere; copy it there first if need be.",
            )
        if own := system_of(path):
            raise InvalidInput(
                f"{given.path} cannot be given to an app: {own} is the system's own.",
                "Give another file or folder.",
            )


def without_forbidden(permissions: Permissions) -> tuple[Permissions, tuple[str, ...]]:
    """The permissions without the paths that cannot be granted, and why each cannot, in a sentence."""
    files: list[FileAccess] = []
    reasons: list[str] = []
    for access in permissions.files:
        try:
            refuse_forbidden(Permissions(files=(access,)))
            files.append(access)
        except InvalidInput as error:
            reasons.append(error.what)
    return permissions.model_copy(update={"files": tuple(files)}), tuple(reasons)


def system_of(path: Path) -> Path | None:
    """The folder of the system's own that a resolved path lies in; None for a person's."""
    if MEDIA in path.parents:
        return None
    return next((own for own in SYSTEM_OWN if path.is_relative_to(own.resolve())), None)
