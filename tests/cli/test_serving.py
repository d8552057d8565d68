"""A site that `microapps serve` runs, and its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
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


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """``microapps serve`` of one app; gives the link that it prints."""
    command = [sys.executable, "-m", "microapps", "serve", "--no-pictures", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()


def status(link: str) -> int:
    try:
        with urlopen(Request(link, method="HEAD"), timeout=60) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def test_what_a_site_printed_is_good_after_a_restart_unless_a_new_token_is_asked_for(microapps_home: Path) -> None:
    fill()
    with serving() as first:
        assert "/~" in first and status(first) == 200
    kept = microapps_home / "sites" / "token"
    assert kept.stat().st_mode & 0o777 == 0o600
    with serving() as second:
        assert second.partition("~")[0] == first.partition("~")[0] and status(first) == status(second) == 200
    with serving("--token", "new") as third:
        assert [status(link) for link in (first, second, third)] == [404, 404, 200]
    kept.chmod(0o644)  # somebody else may have read it
    with serving() as fourth:
        assert [status(link) for link in (third, fourth)] == [404, 200]
