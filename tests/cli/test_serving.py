"""A site that `microapps serve` runs, and its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from .shelf import fill

pytestmark = pytest.mark.sandbox


def test_a_site_that_ends_by_itself_is_told_of(microapps_home: Path) -> None:
    fill()
    command = [sys.executable, "-m", "microapps", "serve", "--port", "0", "--no-pictures"]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    assert serving.stdout is not None
    assert serving.stdout.readline().startswith("http://")
    [site] = [one for one in psutil.Process(serving.pid).children() if one.cmdline()[-1:] == ["microapps.publish"]]
    site.kill()
    _, said = serving.communicate(timeout=60)
    assert serving.returncode != 0
    assert "ended by itself" in said and "Start it again" in said and "Traceback" not in said
