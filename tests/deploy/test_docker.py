"""The files of a container: rendered for an app, whole, and in a form that the tools that read them accept."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from microapps.errors import InvalidInput
from microapps.notebook import read
from microapps.publish.deploy import FILES, PORT, deployment_files, export_deployment
from microapps.publish.gallery import gallery_folder

SHELL = shutil.which("sh")
INSTRUCTIONS = {"FROM", "RUN", "COPY", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return export_deployment("docker", read(gallery_folder() / "converter.ipynb").app, tmp_path / "out")


def test_every_file_is_there_and_filled_in(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {*FILES["docker"], "converter.ipynb"}
    assert all("{{" not in (folder / name).read_text() for name in FILES["docker"])
    assert read(folder / "converter.ipynb").app.metadata.name == "converter"


def test_the_compose_file_is_sound(folder: Path) -> None:
    compose = yaml.safe_load((folder / "compose.yaml").read_text())
    service = compose["services"]["app"]
    assert service["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert service["cap_drop"] == ["ALL"]
    assert {volume.partition(":")[0] for volume in service["volumes"]} == set(compose["volumes"])
    assert "MICROAPPS_TOKEN" in service["environment"]


def test_the_dockerfile_is_sound(folder: Path) -> None:
    text = re.sub(r"\\\n", " ", (folder / "Dockerfile").read_text())
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert lines[0][0] == "FROM" and ":" in lines[0][1] and not lines[0][1].endswith(":latest")
    assert {line[0] for line in lines} <= INSTRUCTIONS
    assert [line[0] for line in lines].index("USER") < [line[0] for line in lines].index("ENTRYPOINT")
    assert json.loads(lines[-1][1])[-1] == "/srv/start.sh"
    copied = {word for line in lines if line[0] == "COPY" for word in line[1].split()[:-1]} - {"*.whl"}
    assert all((folder / name).is_file() for name in copied)


@pytest.mark.skipif(SHELL is None, reason="there is no POSIX shell")
def test_the_script_is_a_shells_and_wants_a_token(folder: Path) -> None:
    assert SHELL
    subprocess.run([SHELL, "-n", str(folder / "start.sh")], check=True)
    assert "$MICROAPPS_TOKEN" not in (folder / "start.sh").read_text(), "every user can read a command line"
    ran = subprocess.run([SHELL, str(folder / "start.sh")], env={"PATH": "/nowhere"}, capture_output=True, text=True)
    assert ran.returncode != 0 and "MICROAPPS_TOKEN" in ran.stderr


def test_a_title_stays_on_its_line() -> None:
    made = deployment_files("docker", "tip", "Tip\nRUN rm -rf \x1b]0;x\x07\u202e/")
    assert made["Dockerfile"].splitlines()[0].startswith("# Tip RUN rm -rf ]0;x/, served")


def test_a_folder_that_is_there_is_left_alone(folder: Path) -> None:
    with pytest.raises(InvalidInput):
        export_deployment("docker", read(gallery_folder() / "converter.ipynb").app, folder)
