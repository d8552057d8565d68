"""What the build of the front end relies on."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXTENSIONS = ROOT / "extensions"


def test_the_lock_file_holds_no_address() -> None:
    lock = (EXTENSIONS / "yarn.lock").read_text("utf-8")
    assert "://" not in lock
    assert not (EXTENSIONS / "jupyterlab/yarn.lock").exists()


def test_the_extension_is_built_where_the_wheel_takes_it_from() -> None:
    package = json.loads((EXTENSIONS / "jupyterlab/package.json").read_text("utf-8"))
    built = (EXTENSIONS / "jupyterlab" / package["jupyterlab"]["outputDir"]).resolve()
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    shared = {(ROOT / source).resolve(): target for source, target in wheel["shared-data"].items()}
    assert shared[built] == f"share/jupyter/labextensions/{package['name']}"


def test_every_build_begins_by_removing_the_last_one() -> None:
    package = json.loads((EXTENSIONS / "jupyterlab/package.json").read_text("utf-8"))
    assert package["scripts"]["build:prod"].startswith("jlpm clean")
    assert "labextension" in package["scripts"]["clean"]


def test_the_server_extension_is_enabled_by_what_is_installed() -> None:
    config = json.loads((EXTENSIONS / "jupyter-config/server-config/microapps.json").read_text("utf-8"))
    assert config["ServerApp"]["jpserver_extensions"] == {"microapps": True}
