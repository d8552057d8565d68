"""Which of the machine's files every kernel sees, read-only: the system's programs and the Python installation."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Iterable
from pathlib import Path

from ..errors import MachineFault

SYSTEM = ("/usr",)
LINKED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
"""Links into ``/usr`` on most systems, folders of their own on the rest."""

ETC = (
    "/etc/alternatives",
    "/etc/ca-certificates",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/pki/ca-trust",
    "/etc/pki/tls/certs",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
)
"""What programs need of ``/etc``: no users, no hosts, no keys."""

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of the ``microapps`` package, which holds the program that runs inside."""


def python_paths() -> tuple[Path, ...]:
    """The folders of the running Python installation, without those under ``/usr``.

    Raises MachineFault if the installation is the home folder itself or contains it: showing it would show all.
    """
    found: dict[Path, None] = {}
    for path in (Path(sys.prefix), Path(sys.base_prefix), *_links_to_python(), *_user_site(), PACKAGE):
        for form in (path, path.resolve()):
            if form.is_dir() and not any(form.is_relative_to(seen) for seen in (Path("/usr"), *found)):
                found[form] = None
    home = Path.home().resolve()
    for path in found:
        if home.is_relative_to(path):
            raise MachineFault(
                f"Python is installed in {path}, which contains the home folder.",
                "Install microapps in a virtual environment in a folder of its own.",
            )
    return tuple(found)


def _links_to_python() -> Iterable[Path]:
    """The installation behind each link on the way from ``sys.executable`` to the real program."""
    path = Path(sys.executable)
    while path.is_symlink():
        path = path.parent / path.readlink()
        if path.parent.name == "bin":
            yield Path(os.path.normpath(path.parent.parent))


def _user_site() -> Iterable[Path]:
    folder = site.getusersitepackages()
    if site.ENABLE_USER_SITE and folder in sys.path:
        yield Path(folder)
