"""A site that `microapps serve` runs, and its end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
import pytest

from microapps.cli.publishing import MOST_STARTS

from ..processes import command_of
from .shelf import fill

pytestmark = pytest.mark.sandbox


@pytest.mark.long
def test_a_site_that_ends_by_itself_is_started_again_unless_it_goes_on_so(microapps_home: Path) -> None:
    fill()
    command = [sys.executable, "-m", "microapps", "serve", "--port", "0", "--no-pictures"]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ)
    assert serving.stdout is not None
    links, found = [], []
    for _ in range(MOST_STARTS):
        links.append(serving.stdout.readline().strip())
        with urlopen(Request(links[0], method="HEAD"), timeout=60) as answer:
            found.append(answer.status)
        [site] = [
            one for one in psutil.Process(serving.pid).children() if command_of(one)[-1:] == ["microapps.publish"]
        ]
        site.kill()
    rest, said = serving.communicate(timeout=60)
    addresses = {link.partition("~")[0] for link in links}
    assert len(addresses) == 1 and addresses.pop().startswith("http://") and rest == ""
    assert found == [200] * MOST_STARTS and "/~" in links[0], "the first link is still good"
    assert serving.returncode != 0
    assert said.count("It is started again") == MOST_STARTS - 1
    assert "ended by itself" in said and "Start it again" in said and "Traceback" not in said
