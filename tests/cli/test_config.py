"""Settings and the key, by the real command line."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

import pytest

from microapps.cli import main
from microapps.cli.options import Speed
from microapps.generator.settings import Settings


def run(*arguments: str) -> int:
    """The exit code of one command line."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


def test_a_setting_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "set", "speed", "best") == 0
    assert run("config", "get", "speed") == 0
    assert capsys.readouterr().out == "best\n"


def test_all_settings_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert set(listed) == {*Settings.model_fields, "key"}
    assert listed["key"] is None


def test_a_setting_that_cannot_be_used_is_bad_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "set", "repairs", "many") == 2
    assert run("config", "get", "colour") == 2
    assert "speed" in capsys.readouterr().err
    assert run("config", "set", "speed", "wild") == 2
    assert "'speed' cannot be used: it should be 'fast', 'balanced' or 'best'." in capsys.readouterr().err
    assert run("make", "a tip calculator", "--speed", "wild") == 2
    assert "Invalid value for '--speed': 'wild' is not one of" in capsys.readouterr().err


def test_the_key_is_stored_for_its_owner_alone_and_never_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, microapps_home: Path
) -> None:
    secret = "sk-canary-0123456789"
    monkeypatch.setattr("sys.stdin", io.StringIO(secret + "\n"))
    assert run("config", "key") == 0
    assert run("config", "list") == 0
    captured = capsys.readouterr()
    assert secret not in captured.out + captured.err
    assert "A key is set" in captured.err
    (kept,) = [file for file in microapps_home.iterdir() if secret in file.read_text(errors="replace")]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run("config", "key", "--forget") == 0
    assert not kept.exists()


def test_the_folder_is_shown(capsys: pytest.CaptureFixture[str], microapps_home: Path) -> None:
    assert run("config", "path") == 0
    assert capsys.readouterr().out.strip() == str(microapps_home.resolve())


def test_the_speeds_are_those_of_the_settings() -> None:
    from microapps.generator.speed import Speed as Truth

    assert [speed.value for speed in Speed] == [speed.value for speed in Truth]
