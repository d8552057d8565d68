"""The permissions that an app's reach would need, to propose to a person."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from ..permissions import FileAccess, Host, Permissions
from .items import Origin, Reach, ReachKind

_NOT_ASKED = ("/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr")


def proposed_permissions(reach: Reach, folder: Path) -> Permissions:
    """What an app in ``folder`` would need for all that could be read off its code.

    Relative paths are taken from the folder, ``~`` is the person's home; files in the system's temporary folder need no
    permission. What only running code knows cannot be proposed.
    """
    hosts: dict[tuple[str, int], Host] = {}
    for item in reach.hosts:
        if item.detail:
            try:
                host = Host(name=item.detail, port=item.port or 443)
            except (ValidationError, UnicodeError):
                continue
            hosts[host.name, host.port] = host
    files: dict[str, bool] = {}
    for item in reach.files:
        if path := _absolute(item.detail, folder):
            files[path] = files.get(path, False) or item.writes
    for item in reach.imports:
        if item.origin is Origin.LOCAL:
            module = item.detail if (folder / item.detail).is_dir() else f"{item.detail}.py"
            files.setdefault(_absolute(module, folder), False)
    return Permissions(
        hosts=tuple(hosts[key] for key in sorted(hosts)),
        files=tuple(
            FileAccess(path=path, mode="read-write" if writes else "read")
            for path, writes in sorted(files.items())
            if path
        ),
        packages=tuple(sorted({item.detail for item in reach.imports if item.origin is Origin.THIRD_PARTY})),
        scripts=bool(reach.of(ReachKind.SCRIPT)),
    )


def names_relative_paths(reach: Reach) -> bool:
    """Whether the code names a file, or a module, by where it lies beside the notebook."""
    if any(item.origin is Origin.LOCAL for item in reach.imports):
        return True
    return any(item.detail and not os.path.isabs(os.path.expanduser(item.detail)) for item in reach.files)  # noqa: PTH111, PTH117


def _absolute(path: str, folder: Path) -> str:
    """The absolute path to ask for; empty if none is needed or it is no path."""
    if not path or "\0" in path:
        return ""
    # A pattern stands for the folder it is looked for in.
    plain = path
    for mark in "*?[":
        plain = plain.partition(mark)[0]
    if plain != path:
        plain = plain.rpartition("/")[0] or "."
    found = os.path.normpath(os.path.join(os.path.abspath(folder), os.path.expanduser(plain)))  # noqa: PTH100, PTH111, PTH118
    temporary = os.path.abspath(tempfile.gettempdir())  # noqa: PTH100
    named_absolutely = os.path.isabs(os.path.expanduser(plain))  # noqa: PTH111, PTH117
    if found in _NOT_ASKED or (named_absolutely and os.path.commonpath([found, temporary]) == temporary):
        return ""
    return found
