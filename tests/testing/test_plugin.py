"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from microapps.notebook.files import write

from .test_runner import app_with


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
    own = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240, check=False, env=own)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tests = """
def test_good(app):
    assert app.value("Bill") == 100

def test_bad(app):
    assert app.value("Bill") == 1

def test_other(app):
    pass
"""
    write(app_with(tests), tmp_path / "tip.ipynb", expected=None)
    return tmp_path


@pytest.mark.long
def test_the_tests_of_micro_apps_run_and_report(folder: Path) -> None:
    (folder / "other.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    ended = run(folder, "--microapps", "-k", "test_good or test_bad")
    assert "1 failed, 1 passed, 1 deselected" in ended.stdout, ended.stdout + ended.stderr
    assert "tip.ipynb::test_bad" in ended.stdout
    assert "assert 100.0 == 1" in ended.stdout
    assert "Traceback" not in ended.stdout


def test_the_fixture_opens_and_closes_and_notebooks_are_collected_only_when_asked_for(folder: Path) -> None:
    (folder / "test_tip.py").write_text(
        "def test_tip(microapp):\n"
        "    app = microapp('tip.ipynb')\n"
        "    app.set('Bill', 120)\n"
        "    assert app.text('Each pays') == '60.00'\n"
    )
    ended = run(folder)
    assert ended.stdout.splitlines()[-1].startswith("1 passed in "), ended.stdout + ended.stderr
