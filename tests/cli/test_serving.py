"""A site that `microapps serve` runs, and its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from microapps.cli.publishing import MOST_STARTS

from ..processes import command_of
from .shelf import fill

pytestmark = pytest.mark.sandbox


def test_a_site_that_ends_by_itself_is_started_again_unless_it_goes_on_so(microapps_home: Path) -> None:
    fill()
    command = [sys.executable, "-m", "microapps", "serve", "--port", "0", "--no-pictures"]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    assert serving.stdout is not None
    addresses = []
    for _ in range(MOST_STARTS):
        addresses.append(serving.stdout.readline().partition("~")[0])
        [site] = [
            one for one in psutil.Process(serving.pid).children() if command_of(one)[-1:] == ["microapps.publish"]
        ]
        site.kill()
    rest, said = serving.communicate(timeout=60)
    assert addresses[0].startswith("http://") and set(addresses) == {addresses[0]} and rest == ""
    assert serving.returncode != 0
    assert said.count("It is started again") == MOST_STARTS - 1
    assert "ended by itself" in said and "Start it again" in said and "Traceback" not in said
