"""Opening a browser without a secret on a command line, which every user of the machine can read.

The browser is given a file that only this user can read, and that leads on to the link.
"""

from __future__ import annotations

import html
import os
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = """<!DOCTYPE html>
<meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Opening…</title>
<meta http-equiv="refresh" content="0;url={url}">
<p>The app is at <a href="{url}">this link</a>.</p>
"""


@contextmanager
def browsed(url: str, folder: Path) -> Iterator[bool]:
    """Open a browser with a window; whether there was one. The file lies in ``folder`` as long as the block runs.

    On a machine without a display there is no browser to open.
    """
    windowed = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    if not windowed:
        yield False
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="open-", suffix=".html", dir=folder)  # readable by its user alone
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(PAGE.format(url=html.escape(url)))
        yield webbrowser.open(Path(name).as_uri())
    finally:
        Path(name).unlink(missing_ok=True)
