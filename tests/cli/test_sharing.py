"""Publishing from the command line: links, a running site beside it, and what is said before it opens to others."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from microapps import app_files
from microapps.cli.reaching import only_here, warnings
from microapps.errors import InvalidInput
from microapps.library import Library
from microapps.publish.passwords import fits
from microapps.runtime import Store
from microapps.sandbox import Tier
from microapps.studio import sites
from microapps.telling.sharing import period

from ..processes import command_of
from .shelf import fill, run

pytestmark = pytest.mark.usefixtures("microapps_home")


def document(captured: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command says for scripts."""
    captured.readouterr()
    assert run(*arguments, "--json") == 0
    return json.loads(captured.readouterr().out)


def status(url: str) -> int:
    """What a browser without any right gets there; 0 where nobody listens."""
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_a_link_is_printed_with_its_code_and_whose_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    assert run("publish", "times") == 0
    said = capsys.readouterr()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/apps/times/~[\w-]{32}/\n", said.out)
    assert "█▀" in said.err and "your own data" in said.err and "serve" in said.err
    assert document(capsys, "publish", "times")["url"] == said.out.strip(), "the same as before"
    guest = document(capsys, "publish", "times", "--guest", "안나", "--expires", "7d")
    assert guest["label"] == "안나" and guest["expires"] and guest["url"] != said.out.strip()
    assert document(capsys, "link", "times", "show", "안나")["url"] == guest["url"]
    assert run("publish", "times", "--guest", "안나") == 2, "a label is one guest's"
    assert run("publish", "times", "--open", "--password") == 2
    assert run("publish", "times", "--expires", "soon") == 2
    assert run("link", "times", "revoke") == 2
    capsys.readouterr()
    assert run("link", "times", "revoke", str(guest["id"])) == 0
    assert "opens times no more" in capsys.readouterr().out
    [listed] = document(capsys, "published")["apps"]
    assert (listed["app"], [link["role"] for link in listed["links"]]) == ("times", ["owner"])
    assert run("unpublish", "times") == 0
    assert document(capsys, "published")["apps"] == []
    assert [link["good"] for link in document(capsys, "link", "times")] == [False, False]


def test_a_password_comes_from_the_input_and_stays_unseen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, microapps_home: Path
) -> None:
    fill()
    read, write = os.pipe()
    os.write(write, "열려라 참깨 열려라\nmore\n".encode())
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as given:
        monkeypatch.setattr(sys, "stdin", given)
        made = document(capsys, "publish", "times", "--password")
    assert made["url"].endswith("/apps/times/") and made["password"] is True and "열려라" not in str(made)
    with Library(microapps_home) as library:
        [link] = library.links("times")
        assert fits("열려라 참깨 열려라", link.password)


@pytest.mark.parametrize("typed", [b"", b"\n", b"  \n", b"short\n"])
def test_a_password_that_is_none_publishes_nothing(
    monkeypatch: pytest.MonkeyPatch, microapps_home: Path, typed: bytes
) -> None:
    fill()
    read, write = os.pipe()
    os.write(write, typed)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as given:
        monkeypatch.setattr(sys, "stdin", given)
        assert run("publish", "times", "--password") == 2
    with Library(microapps_home) as library:
        assert not library.links("times")


def test_what_guests_keep_is_shown_exported_and_removed(
    capsys: pytest.CaptureFixture[str], microapps_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill()
    document(capsys, "publish", "times", "--guest", "Anna/../B")
    with Library(microapps_home) as library:
        record = library.app("times")
        folder = record.guests / library.links("times")[0].store
    for place, key in ((record.data, "mine"), (folder, "hers")):
        kept = Store(place)
        kept[key] = 1
        kept.close()
    shown = document(capsys, "data", "times")
    assert list(shown["own"]["values"]) == ["mine"] and list(shown["guests"]["Anna/../B"]["values"]) == ["hers"]
    target = tmp_path / "exports" / "all.zip"
    assert run("data", "times", "--export", str(target)) != 0 and "could not be written" in capsys.readouterr().err
    target.parent.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(app_files, "LARGEST", 1)
        assert run("data", "times", "--export", str(target)) == 2
    assert not list(target.parent.iterdir()), "what failed leaves nothing that is there already"
    assert run("data", "times", "--export", str(target)) == 0
    names = zipfile.ZipFile(target).namelist()
    assert "store.sqlite3" in names and any(
        re.fullmatch(r"guests/Anna_+B \w{6}/store\.sqlite3", name) for name in names
    )
    assert run("data", "times", "--clear") == 2, "nobody is here to agree"
    assert run("data", "times", "--clear", "--guest", "Anna/../B", "--yes") == 0
    left = document(capsys, "data", "times")
    assert left["guests"] == {} and list(left["own"]["values"]) == ["mine"]
    assert run("data", "times", "--clear", "--yes") == 0
    assert document(capsys, "data", "times")["own"]["bytes"] == 0


def test_opening_to_other_machines_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--host", "0.0.0.0") == 2
    said = capsys.readouterr().err
    assert "every machine" in said and "Containment here is" in said and "--yes" in said
    assert only_here("127.0.0.1") and only_here("::1") and only_here("localhost") and not only_here("192.168.1.2")
    assert "REDUCED" in warnings("0.0.0.0", Tier.REDUCED)[1] and "NO containment" in warnings("::", Tier.NONE)[1]


def test_a_site_that_may_embed_apps_is_an_origin(capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    for wrong in ("school.example", "https://school.example/page", "https://school.example; script-src *"):
        assert run("serve", "--embed-on", "https://fine.example", "--embed-on", wrong) == 2
        said = " ".join(capsys.readouterr().err.split())
        assert repr(wrong) in said and "https://school.example;" in said


def test_a_gateway_is_used_only_if_somebody_says_that_it_contains(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serve", "--gateway-url", "http://gateway.example:8888") == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "does NOT contain" in said and "not encrypted" in said and "--gateway-contains" in said
    assert run("serve", "--gateway-contains") == 2 and "--gateway-url" in capsys.readouterr().err
    assert run("serve", "--gateway-url", "http://me:secret@gateway", "--gateway-contains") == 2
    said = capsys.readouterr().err
    assert "secret" not in said and "JUPYTER_GATEWAY_AUTH_TOKEN" in said


def test_a_time_is_read() -> None:
    assert [period(said).total_seconds() for said in ("30m", "12h", "7d", " 2W ")] == [1800, 43200, 604800, 1209600]  # type: ignore[union-attr]
    assert period("never") is None
    for said in ("", "d", "-1d", "0d", "1y", "99999999w", "7"):
        with pytest.raises(InvalidInput):
            period(said)


TOKEN = "token-of-the-environment"


def test_a_token_that_others_can_read_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("serve", "nosuch", "--token", TOKEN) == 2
    said = capsys.readouterr().err
    assert "MICROAPPS_TOKEN" in said and TOKEN not in said
    monkeypatch.setenv("MICROAPPS_TOKEN", TOKEN)
    assert run("serve", "nosuch") == 2
    assert "MICROAPPS_TOKEN" not in capsys.readouterr().err


@pytest.fixture
def served(microapps_home: Path) -> Iterator[subprocess.Popen[str]]:
    """``microapps serve`` in a process of its own."""
    fill()
    command = [sys.executable, "-m", "microapps", "serve", "--json", "--no-pictures"]
    command += ["--embed-on", "https://school.example", "--embed-on", "https://*.school.example"]
    environment = {**os.environ, "MICROAPPS_TOKEN": TOKEN}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def until(condition: Any, seconds: float = 60) -> None:
    """Wait for what another process does."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come to be"
        time.sleep(0.1)


@pytest.mark.sandbox
def test_a_running_site_follows_and_ends_well_at_a_signal(
    served: subprocess.Popen[str], capsys: pytest.CaptureFixture[str], microapps_home: Path
) -> None:
    until(lambda: sites.running(microapps_home))
    [site] = sites.running(microapps_home)
    assert status(site.url) == 403 and status(f"{site.url}?token={TOKEN}") == 200
    made = document(capsys, "publish", "times", "--guest", "Anna")
    assert made["running"] and made["url"].startswith(site.url)
    assert status(made["url"]) == 200
    with urllib.request.urlopen(made["url"]) as frame:
        visit = re.search(r'<iframe src="([^"]+)"', frame.read().decode())
        policy = frame.headers["Content-Security-Policy"].split("; ")
    assert "frame-ancestors 'self' https://school.example https://*.school.example" in policy
    assert visit and status(site.url.rstrip("/") + visit[1]) == 200
    until(lambda: document(capsys, "published")["apps"][0]["visits"] == 1)
    until(lambda: document(capsys, "published")["apps"][0]["visitors"] == 1)
    assert run("link", "times", "revoke", "Anna") == 0
    until(lambda: status(made["url"]) == 404)
    assert status(site.url.rstrip("/") + visit[1]) == 404, "what came by it is over"
    until(lambda: document(capsys, "published")["apps"][0]["visitors"] == 0)
    family = psutil.Process(served.pid).children(recursive=True)
    shown = [" ".join(command_of(one)) for one in family]
    secret = made["url"].rstrip("/").rpartition("~")[2]
    assert not [line for line in shown if secret in line or TOKEN in line]
    served.send_signal(signal.SIGTERM)
    _, errors = served.communicate(timeout=60)
    assert served.returncode == 0, errors
    assert psutil.wait_procs(family, timeout=20)[1] == []
    assert sites.running(microapps_home) == () and secret not in (microapps_home / "site.log").read_text()
    assert sites.last_port(microapps_home) == int(re.findall(r":(\d+)/", site.url)[0]), "for the next time"
