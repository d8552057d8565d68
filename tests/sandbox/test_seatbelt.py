"""The profile for macOS, as text: it has not run on a Mac."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.notebook.permissions import FileAccess, Permissions
from microapps.sandbox import Confinement, seatbelt


def test_everything_is_denied_first_and_the_network_never_allowed(tmp_path: Path) -> None:
    lines = seatbelt.profile(Confinement("app"), tmp_path).splitlines()
    assert lines[:2] == ["(version 1)", "(deny default)"]
    assert [line for line in lines if "network" in line] == [
        f'(allow network-bind network-inbound (local unix-socket (subpath "{tmp_path}")))'
    ]


def test_only_own_data_and_granted_folders_can_be_written(tmp_path: Path) -> None:
    for name in ("own", "data", "source", "granted"):
        (tmp_path / name).mkdir()
    granted = Permissions(files=(FileAccess(path=str(tmp_path / "granted"), mode="read-write"),))
    confinement = Confinement("app", granted=granted, source=tmp_path / "source", data=tmp_path / "data")
    lines = seatbelt.profile(confinement, tmp_path / "own").splitlines()
    writable = {line.split('"')[1] for line in lines if "file-write*" in line}
    assert writable == {str(tmp_path / name) for name in ("own", "data", "granted")}
    assert any(f'"{tmp_path}/source"' in line for line in lines)


def test_a_quote_in_a_path_cannot_end_the_rule(tmp_path: Path) -> None:
    folder = tmp_path / 'a") (allow default) ("'
    folder.mkdir()
    assert r"a\") (allow default) (\"" in seatbelt.profile(Confinement("app", data=folder), tmp_path)


def test_the_environment_is_made_from_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "canary")
    assert "canary" not in seatbelt.environment(Confinement("app"), tmp_path).values()
