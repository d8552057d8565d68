"""What is installed, as JupyterLab and the Jupyter server see it: nothing was built, enabled or copied by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
INSTALLED = Path(sys.prefix) / "share/jupyter/labextensions/jupyterlab-microapps"


@pytest.fixture
def only_this_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the person who runs the tests has configured is no part of it."""
    for kind in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{kind}_DIR", str(tmp_path / kind.lower()))


def told(*command: str) -> str:
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, timeout=120, check=True)
    return COLOUR.sub("", done.stdout + done.stderr)


@pytest.mark.long
def test_jupyterlab_lists_the_extension_as_sound(only_this_environment: None) -> None:
    assert re.search(r"jupyterlab-microapps v\S+ enabled OK", told("jupyter", "labextension", "list"))


@pytest.mark.long
def test_the_server_lists_the_extension_as_enabled_and_sound(only_this_environment: None) -> None:
    listed = told("jupyter", "server", "extension", "list")
    assert re.search(r"^\s*microapps enabled$", listed, re.MULTILINE)
    assert re.search(r"^\s*microapps \S+ OK$", listed, re.MULTILINE)


def test_the_built_extension_is_whole() -> None:
    package = json.loads((INSTALLED / "package.json").read_text("utf-8"))
    built = package["jupyterlab"]["_build"]
    assert (INSTALLED / built["load"]).is_file()
    assert (INSTALLED / "static/style.js").is_file()
    assert (INSTALLED / "schemas/jupyterlab-microapps/plugin.json").is_file()


def test_jupyterlab_finds_the_catalogue() -> None:
    assert [one.value for one in entry_points(group="jupyterlab.locale") if one.name == "jupyterlab_microapps"] == [
        "microapps"
    ]
