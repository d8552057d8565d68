"""A browser is opened without the link's secret on its command line."""

from __future__ import annotations

import stat
import webbrowser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from microapps.cli.browsing import browsed

URL = "http://127.0.0.1:1/apps/tip/~CANARY/?a=1&b=2"


def test_the_browser_is_given_a_file_that_leads_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", lambda url: not asked.append(url))  # type: ignore[func-returns-value]
    with browsed(URL, tmp_path / "opening") as opened:
        assert opened
        path = Path(unquote(urlsplit(asked[0]).path))
        assert asked[0].startswith("file://") and "CANARY" not in asked[0]
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert 'content="0;url=http://127.0.0.1:1/apps/tip/~CANARY/?a=1&amp;b=2"' in path.read_text()
    assert not path.exists()


def test_without_a_display_there_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with browsed(URL, tmp_path / "opening") as opened:
        assert not opened
    assert not (tmp_path / "opening").exists()
