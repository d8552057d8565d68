"""One real Jupyter server with the extension for all these tests, its apps, and a person in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403
from traitlets.config import Config

from tests.endpoint import Endpoint
from tests.studio.small import doubler

from .jupyter import Jupyter, Person

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture(scope="session")
def jupyter_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("jupyter")


@pytest.fixture(autouse=True)
def microapps_home(jupyter_folder: Path, monkeypatch: pytest.MonkeyPatch, no_network: None) -> Path:
    """The home of the shared server, which reads settings and key from it at any time."""
    home = jupyter_folder / "microapps-home"
    monkeypatch.setenv("MICROAPPS_HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def _started(jupyter_folder: Path) -> Iterator[Jupyter]:
    served = Jupyter(jupyter_folder, jupyter_folder / "microapps-home")
    served.start()
    yield served
    served.stop()


@pytest.fixture
def jupyter(_started: Jupyter, microapps_home: Path) -> Jupyter:
    """The shared server: its apps, jobs and news are of all the tests before."""
    return _started


@pytest.fixture
def ask(jupyter: Jupyter) -> Person:
    """Asks the shared server's API."""
    return Person(jupyter)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as served:
        yield served


@pytest.fixture
def endpoint_there(jupyter: Jupyter, endpoint: Endpoint) -> Iterator[Endpoint]:
    """An endpoint in the server's settings, and no key for it yet."""
    ask = Person(jupyter)
    jupyter.run(ask("PATCH", "settings", {"changes": {"base_url": endpoint.url}}))
    yield endpoint
    jupyter.run(ask("PATCH", "settings", {"changes": {"base_url": None}}))


@pytest.fixture
def model(jupyter: Jupyter, endpoint_there: Endpoint) -> Iterator[Endpoint]:
    """The endpoint, with a key for it."""
    ask = Person(jupyter)
    assert jupyter.run(ask("PUT", "key", {"key": KEY})).status == 200
    yield endpoint_there
    jupyter.run(ask("DELETE", "key"))


@dataclass(frozen=True)
class Made:
    """An app that was made once for all tests: look at it, and fork it to do more. ``told`` are its job's events."""

    name: str
    job: str
    told: tuple[dict[str, Any], ...]


@pytest.fixture(scope="session")
def made_once() -> dict[str, Made]:
    return {}


def _made(jupyter: Jupyter, request: str) -> Made:
    ask = Person(jupyter)
    job = jupyter.run(ask("POST", "jobs", {"action": "make", "request": request})).body["id"]
    told = jupyter.run(ask.follow(job))
    assert told[-1]["kind"] == "finished", told[-1]
    return Made(told[-1]["app"], job, tuple(told))


@pytest.fixture
def starter(jupyter: Jupyter, made_once: dict[str, Made]) -> Made:
    """A starter's app."""
    if "starter" not in made_once:
        made_once["starter"] = _made(jupyter, "split the bill with a tip")
    return made_once["starter"]


@pytest.fixture
def doubled(jupyter: Jupyter, model: Endpoint, made_once: dict[str, Made]) -> Made:
    """A small app that the model wrote; the endpoint has no answers left."""
    if "doubler" not in made_once:
        model.answer("Here it is.", doubler()).answer("Done.")
        made_once["doubler"] = _made(jupyter, "double a number")
    model.requests.clear()
    return made_once["doubler"]


@pytest.fixture
def forked(ask: Person, jupyter: Jupyter) -> Callable[[Made], str]:
    """Makes a copy of an app for one test; its name."""

    def fork(made: Made) -> str:
        return str(jupyter.run(ask("POST", f"apps/{made.name}/fork", {})).body["name"])

    return fork


@pytest.fixture  # type: ignore[no-redef]
def jp_server_config() -> Config:
    """Of the servers that a test has for itself."""
    return Config(
        {"ServerApp": {"jpserver_extensions": {"microapps": True}}, "MicroappsExtension": {"pictures": False}}
    )
