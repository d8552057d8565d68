"""What every test stands on: a home of its own, no model provider, no network, and honest skips."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from microapps.quick import start_quickly

start_quickly()
REQUIRED = {name for name in os.environ.get("MICROAPPS_REQUIRE", "").split(",") if name}
BY_NAME_ONLY = ("hub",)
"""What 'everything' leaves out: tests that need what the extra for tests does not bring."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
LONGEST = (
    ("publish", "library", "testing", "cli"),
    (
        "lab",
        "studio",
        "checks",
        "gallery",
        "server",
        "broker",
        "extensions",
        "runtime",
        "sandbox",
        "generator/starters/test_apps.py",
    ),
)
"""Where the tests that take long are, in two parts that take about as long as each other."""


def _long_too(config: pytest.Config) -> bool:
    """Whether tests that take long are run: also where somebody asks for tests by file, name or mark."""
    told: bool | None = getattr(config, "workerinput", {}).get("long_too")
    if told is not None:
        return told
    asked = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    return asked or "long" in REQUIRED or bool(config.option.keyword or config.option.markexpr)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Each worker of pytest-xdist decides as the one who started it: it does not know how that was asked."""
    node.workerinput["long_too"] = _long_too(node.config)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if not _long_too(config):
        why = "Tests that take long, and show in more ways what others show, were left out."
        terminalreporter.write_line(f"{why} MICROAPPS_REQUIRE=long pytest runs them too.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long unless it is asked for, and begin with what takes longest of the others."""
    if not _long_too(config):
        left_out = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]
    _put_in_order(items)


def _put_in_order(items: list[pytest.Item]) -> None:
    """Begin with what takes long: each of two workers is given a part of its own, and short tests to end with.

    Workers get equal numbers of tests, in this order, and whoever is done takes some from another's end. So what
    many tests share, such as a JupyterLab, is mostly started once, and no long test is left to one of them at the end.
    """
    here = Path(__file__).parent
    parts: dict[str, list[pytest.Item]] = {name: [] for names in LONGEST for name in names}
    short: list[pytest.Item] = []
    for item in items:
        place = os.path.relpath(item.path, here)
        parts.get(place, parts.get(place.split(os.sep)[0], short)).append(item)
    groups = [[item for name in names for item in parts[name]] for names in LONGEST]
    each = len(items) // len(groups)
    for group in groups[:-1]:
        wanted = max(0, each - len(group))
        group += short[:wanted]
        del short[:wanted]
    items[:] = [item for group in (*groups, short) for item in group]


def _missing(need: str) -> str:
    """Why this machine lacks ``need``; empty when it has it."""
    if need == "browser":
        return "" if any(shutil.which(name) for name in CHROMIUM_NAMES) else "Chromium is not installed"
    from microapps.sandbox import Tier, tier

    return "" if tier() is Tier.FULL else "full containment is not available"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where 'everything' is required, what a test skips itself for is what the machine lacks, and is a failure."""
    report = yield
    spared = any(item.get_closest_marker(name) and name not in REQUIRED for name in BY_NAME_ONLY)
    if report.skipped and "everything" in REQUIRED and not spared and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"MICROAPPS_REQUIRE names 'everything'. {why}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file of tests."""
    report = yield
    if report.skipped and "everything" in REQUIRED:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = "failed", f"MICROAPPS_REQUIRE names 'everything'. {why}"
    return report


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need in ("browser", "sandbox"):
        if item.get_closest_marker(need) and (why := _missing(need)):
            if need in REQUIRED:
                pytest.fail(f"MICROAPPS_REQUIRE names {need!r}, but {why}.")
            pytest.skip(why)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def microapps_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a home of its own, and knows no key of the person who runs it."""
    home = tmp_path / "microapps-home"
    monkeypatch.setenv("MICROAPPS_HOME", str(home))
    for name in [n for n in os.environ if n.startswith("ANTHROPIC_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return home


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that leaves this machine is a failed test: no test can reach a model provider."""
    connect = socket.socket.connect
    resolve = socket.getaddrinfo

    def local(host: object) -> bool:
        name = host.decode() if isinstance(host, bytes) else host
        if name in (None, "", "localhost", "0.0.0.0"):
            return True
        try:
            return ipaddress.ip_address(str(name)).is_loopback
        except ValueError:
            return False

    def guarded_connect(self: socket.socket, address: object) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not local(address[0]):  # type: ignore[index]
            raise AssertionError(f"a test tried to reach {address!r}; tests stay on this machine")
        connect(self, address)  # type: ignore[arg-type]

    def guarded_resolve(host: object, *args: object, **options: object) -> object:
        if not local(host):
            raise AssertionError(f"a test tried to look up {host!r}; tests stay on this machine")
        return resolve(host, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a path short enough for unix sockets."""
    with tempfile.TemporaryDirectory(prefix="ma-") as name:
        yield Path(name)
