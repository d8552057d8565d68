"""Help: quick, complete, and readable at 60 columns."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from rich.cells import cell_len

from microapps._version import __version__
from microapps.cli.exits import MEANING
from microapps.cli.program import COMMANDS

HEAVY = {
    "anthropic",
    "voila",
    "pandas",
    "matplotlib",
    "numpy",
    "sqlalchemy",
    "nbformat",
    "jupyter_client",
    "pydantic",
    "tornado",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "microapps", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=120,
    )


def test_help_imports_nothing_heavy() -> None:
    listed = "import sys; from microapps.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, timeout=120)
    modules = ran.stdout.splitlines()[-1].split()
    assert "typer" in modules
    assert HEAVY.isdisjoint(modules)


def test_help_names_every_command_and_exit_code() -> None:
    shown = run("--help").stdout
    for command in [*COMMANDS, "config"]:
        assert f"\n  {command} " in shown
    for code, meaning in MEANING.items():
        assert f"{code.value}  {meaning}" in shown


EVERY_HELP = """
import contextlib, io, json, sys
from microapps.cli import main
shown = {}
for command in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        main([*command.split(), "--help"])
    shown[command] = out.getvalue()
print(json.dumps(shown))
"""


@pytest.fixture(scope="module")
def narrow_help() -> dict[str, str]:
    """What each command says for ``--help`` on a terminal of 60 columns."""
    environment = {**os.environ, "COLUMNS": "60"}
    command = [sys.executable, "-c", EVERY_HELP, "", *COMMANDS, "config"]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=True)
    shown: dict[str, str] = json.loads(ran.stdout)
    return shown


@pytest.mark.parametrize("command", ["", *COMMANDS, "config"])
def test_help_fits_sixty_columns(command: str, narrow_help: dict[str, str]) -> None:
    shown = narrow_help[command]
    assert f"microapps {command}".rstrip() in shown
    assert max(map(cell_len, shown.splitlines())) <= 60
    assert "..." not in shown.partition("\n")[2]


def test_the_version_is_said() -> None:
    assert run("--version").stdout == f"{__version__}\n"


def test_bad_usage_is_two_and_says_so() -> None:
    ran = run("make")
    assert ran.returncode == 2
    assert "REQUEST" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_unknown_command_is_bad_usage() -> None:
    assert run("mak").returncode == 2


def test_jupyter_finds_the_command() -> None:
    ran = subprocess.run(["jupyter", "microapps", "--help"], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0
    assert "Usage: jupyter microapps" in ran.stdout
