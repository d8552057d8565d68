"""A real JupyterLab in a process of its own, with a home, settings and a base URL of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TOKEN = "a-token-of-this-lab"
KEY = "sk-canary-0123456789abcdef"
BASE = "/user/ann%40example.org/"
"""As a Hub has them."""
SECONDS = 60.0
"""Longest that anything may take, on a machine that has much else to do."""
RUNNING, PORT = "is running at:", re.compile(r"http://127\.0\.0\.1:(\d+)/")
NEWS = "@jupyterlab/apputils-extension:announcements"
"""It would ask the network for news, and every new person whether it may."""
UNBUILT = {"buildAvailable": False, "buildCheck": False}
"""Every page that comes asks whether JupyterLab is to be built anew, and Node is started to answer that."""
TOGETHER = ("@jupyter/collaboration-extension", "@jupyter/docprovider-extension")
TOGETHER_ON_SERVER = ("jupyter_server_ydoc", "jupyter_server_fileid")
"""Of jupyter-collaboration, which may be installed."""


class Lab:
    """The server. ``folder`` is where all that it writes goes; ``endpoint`` is the model's, asked with ``key``.

    ``command`` starts it, ``disabled`` names extensions of the page that are left out, ``base`` is its base URL;
    ``together`` says whether notebooks are edited together in it.
    """

    def __init__(
        self,
        folder: Path,
        endpoint: str,
        *,
        key: str = KEY,
        command: Sequence[str] = (sys.executable, "-m", "jupyterlab"),
        disabled: Sequence[str] = (),
        base: str = BASE,
        together: bool = False,
    ) -> None:
        self.folder = folder
        self.root = folder / "files"
        self.home = folder / "home"
        self.log: list[str] = []
        self.address = ""
        self.first = ""  # the app that is copied where any will do
        self._endpoint = endpoint
        self._key = key
        self._command = tuple(command)
        self._disabled = tuple(disabled)
        self._base = base
        self._together = together
        self._ready = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address of Lab itself, quoted."""
        return f"{self.address}lab"

    def start(self) -> None:
        for made in (self.root, self.folder / "config/labconfig", self.home):
            made.mkdir(parents=True, exist_ok=True)
        for path in (self.folder, self.root, self.home):
            path.chmod(0o755)  # confined kernels run as another user
        disabled = (NEWS, *self._disabled, *(() if self._together else TOGETHER))
        (self.folder / "config/labconfig/page_config.json").write_text(
            json.dumps({"disabledExtensions": dict.fromkeys(disabled, True), **UNBUILT}), "utf-8"
        )
        if not self._together:
            left_out = {"ServerApp": {"jpserver_extensions": dict.fromkeys(TOGETHER_ON_SERVER, False)}}
            (self.folder / "config/jupyter_server_config.json").write_text(json.dumps(left_out), "utf-8")
        settings = {
            "ServerApp.port": 0,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.base_url": self._base,
            "ServerApp.root_dir": str(self.root),
            "ServerApp.allow_root": True,
            "ServerApp.open_browser": False,
            "IdentityProvider.token": TOKEN,
            "LabApp.expose_app_in_browser": True,
            "LabApp.user_settings_dir": str(self.folder / "settings"),
            "LabApp.workspaces_dir": str(self.folder / "workspaces"),
            "MicroappsExtension.pictures": False,
        }
        self._process = subprocess.Popen(
            [*self._command, *(f"--{name}={value}" for name, value in settings.items())],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._ready.wait(SECONDS)
        assert self.address, "JupyterLab did not start:\n" + "".join(self.log)
        address = ("127.0.0.1", int(self.address.split(":")[2].split("/")[0]))
        while self._process.poll() is None:  # it says where it runs a moment before it listens
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(address, SECONDS):
                self.connect_model()
                return
            time.sleep(0.05)
        raise AssertionError("JupyterLab ended:\n" + "".join(self.log))

    def connect_model(self) -> None:
        """Give the endpoint and the key for it, as a person does."""
        if self._endpoint:
            self.ask("PATCH", "settings", {"changes": {"base_url": self._endpoint}})
        if self._key:
            self.ask("PUT", "key", {"key": self._key})

    def forget_model(self) -> None:
        """As on the first day: no endpoint, no key."""
        self.ask("PATCH", "settings", {"changes": {"base_url": None}})
        self.ask("DELETE", "key")

    def stop(self) -> None:
        """End it as its owner does, and see that it ends."""
        assert self._process is not None and self._reader is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self._reader.join(10)

    def ask(self, method: str, path: str, wish: Any = None) -> Any:
        """The API's answer, as JSON; a refusal raises."""
        body = None if wish is None else json.dumps(wish).encode()
        request = urllib.request.Request(f"{self.address}microapps/api/{path}", body, method=method)
        request.add_header("Authorization", f"token {TOKEN}")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from error
        return json.loads(content) if content else None

    def follow(self, job: str) -> dict[str, Any]:
        """How a job ended, awaited."""
        url = f"{self.address}microapps/api/jobs/{job}/events"
        request = urllib.request.Request(url, headers={"Authorization": f"token {TOKEN}"})
        last = b"null"
        with urllib.request.urlopen(request, timeout=SECONDS) as stream:
            for line in stream:
                if line.startswith(b"event: end"):
                    break
                if line.startswith(b"data:"):
                    last = line[5:]
        found: dict[str, Any] = json.loads(last)
        return found

    def _environment(self) -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "JUPYTER"))}
        return known | {
            "MICROAPPS_HOME": str(self.home),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "IPYTHONDIR": str(self.folder / "ipython"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def _read(self) -> None:
        assert self._process is not None and self._process.stderr is not None
        here = False
        for line in self._process.stderr:
            self.log.append(line)
            if not self.address and here and (found := PORT.search(line)):
                self.address = f"http://127.0.0.1:{found[1]}{self._base}"
                self._ready.set()
            here = here or RUNNING in line
        self._ready.set()
