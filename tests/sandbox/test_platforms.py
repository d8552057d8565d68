"""Where nothing can contain an app, everything but running it works, and what to install is said.

Stands in for Windows: a process in which the modules of Unix cannot be imported and ``sys.platform`` says so. Packages
of others are imported before, since they would ask the real Windows for more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from microapps.library import Library
from tests.library.samples import make

ELSEWHERE = """
import importlib, json, os, sys, types
from microapps.quick import start_quickly

start_quickly()
for name in ("anyio._backends._asyncio", "black", "ipykernel.kernelapp", "jupyter_client.manager", "nbclient",
             "nbconvert", "platformdirs", "psutil", "rich.console", "rich.table", "sqlalchemy.dialects.sqlite",
             "typer.main", "voila.app"):
    importlib.import_module(name)

MISSING = {"fcntl", "grp", "pwd", "resource", "termios", "tty"}

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.platform = sys.argv[1]
if sys.platform == "win32":
    for name in MISSING:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Nowhere())
    for name in ("fwalk", "getgid", "getuid", "pidfd_open", "register_at_fork", "O_NOFOLLOW"):
        delattr(os, name)
    sys.modules["msvcrt"] = types.SimpleNamespace(LK_NBLCK=1, LK_UNLCK=0, locking=lambda *_: None)

from microapps.sandbox import tier, why
from microapps.cli import main

print(json.dumps([tier(), why()]), flush=True)
for command in ("list", "show tip-splitter", "doctor --no-prove", "check tip-splitter"):
    sys.argv = ["microapps", *command.split()]
    try:
        main()
    except SystemExit as end:
        print("exit", end.code or 0, flush=True)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("platform", "what"), [("win32", "Windows Subsystem for Linux"), ("sunos5", "Use a Linux machine")]
)
def test_elsewhere_apps_are_read_and_not_run(platform: str, what: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Library(home) as library:
        make(library)
    environment = {**os.environ, "MICROAPPS_HOME": str(home), "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, platform], env=environment, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    first, rest = done.stdout.split("\n", 1)
    found: Any = json.loads(first)
    assert found == ["none", f"containment is written for Linux; this is {platform}"]
    listed, shown, doctor, checked = rest.split("exit ")[:4]
    assert "tip-splitter" in listed
    assert "Tip splitter" in shown
    assert "Apps can be read here but not run" in doctor
    assert what in doctor
    assert "bubblewrap" in doctor
    assert not checked.startswith("0\n")
    assert what in done.stderr + checked
