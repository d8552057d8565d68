"""A PostgreSQL server of this run's own, in a folder that goes with it, reached by a socket in that folder alone."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

USER = "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
"""Who runs the server: it refuses to be run by root."""
WHERE = os.pathsep.join([os.environ.get("PATH", ""), *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
"""Debian keeps a server's programs off the PATH."""


def missing() -> str:
    """What this machine lacks for a server; empty when it has all."""
    for program in ("initdb", "pg_ctl"):
        if shutil.which(program, path=WHERE) is None:
            return f"PostgreSQL's {program} is not installed"
    return "" if importlib.util.find_spec("psycopg") else "psycopg is not installed"


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty server; it trusts whoever reaches its socket, and is in no hurry to keep anything."""
    with TemporaryDirectory(prefix="ma-pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        kept = folder / "data"
        kept.mkdir()
        if USER:
            shutil.chown(kept, USER)
        # sockets' paths are short, and locks of theirs are files beside them
        settings = f"-k {kept} -c listen_addresses= -c fsync=off -c max_connections=50"
        _run("initdb", "-D", str(kept), "-U", "microapps", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        _run("pg_ctl", "-D", str(kept), "-w", "-l", str(kept / "log"), "-o", settings, "start")
        try:
            yield f"postgresql+psycopg://microapps@/postgres?host={kept}"
        finally:
            _run("pg_ctl", "-D", str(kept), "-m", "immediate", "stop")


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(shutil.which(program, path=WHERE)), *arguments],
        user=USER,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")
