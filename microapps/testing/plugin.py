"""The pytest plugin: a fixture that opens notebooks, and ``--microapps`` to collect the tests that micro-apps carry.

::

    def test_the_bill_is_shared(microapp):
        app = microapp("tip.ipynb")
        app.set("Bill", 120)
        assert "24.00" in app.text("Each pays")

With ``--microapps``, pytest also collects ``.ipynb`` files that are micro-apps; their code runs in ordinary kernels, so
ask for this only with notebooks you would run yourself. Nothing heavy is imported before it is needed: the plugin is
loaded in every pytest run of an environment that has this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .blocking import App
    from .runner import TestOutcome

SECONDS = 60.0  # for one test of a micro-app


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--microapps`` and ``--microapps-seconds``."""
    group = parser.getgroup("microapps")
    group.addoption("--microapps", action="store_true", help="Also run the tests that .ipynb micro-apps carry.")
    group.addoption(
        "--microapps-seconds", type=float, default=SECONDS, help="Wall-clock seconds for each of them (default 60)."
    )


@pytest.fixture
def microapp() -> Iterator[Callable[..., App]]:
    """Opens notebooks: ``microapp(path, **options)`` gives an :class:`~microapps.testing.App`, closed after the test.

    The options are those of :meth:`microapps.testing.App.open`.
    """
    from .blocking import App

    opened: list[App] = []

    def open_app(notebook: Any, **options: Any) -> App:
        opened.append(App.open(notebook, **options))
        return opened[-1]

    yield open_app
    for app in reversed(opened):
        app.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a notebook where ``--microapps`` asks for it."""
    if file_path.suffix == ".ipynb" and parent.config.getoption("--microapps"):
        return MicroappFile.from_parent(parent, path=file_path)
    return None


class MicroappFile(pytest.File):
    """One notebook; empty where it is no micro-app or has no tests."""

    _outcomes: dict[str, TestOutcome] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        from ..errors import InvalidNotebook
        from ..notebook.files import read
        from .runner import tests_of

        try:
            app = read(self.path).app
        except InvalidNotebook:
            return
        for name in tests_of(app):
            yield MicroappItem.from_parent(self, name=name)

    def outcome(self, name: str) -> TestOutcome:
        """How a test ended; the first call runs all of this file's tests that were selected, side by side."""
        if self._outcomes is None:
            import anyio

            from ..notebook.files import read
            from .kernels import plain_kernels
            from .runner import run_tests

            selected = [item.name for item in self.session.items if item.parent is self]
            kernels = plain_kernels(cwd=self.path.parent)
            seconds = self.config.getoption("--microapps-seconds")

            async def run() -> tuple[TestOutcome, ...]:
                app = read(self.path).app
                return await run_tests(
                    app, app_kernels=kernels, test_kernels=kernels, seconds=seconds, only=selected or [name]
                )

            self._outcomes = {outcome.test: outcome for outcome in anyio.run(run)}
        return self._outcomes[name]


class MicroappItem(pytest.Item):
    """One test of a notebook."""

    parent: MicroappFile

    def runtest(self) -> None:
        outcome = self.parent.outcome(self.name)
        if not outcome.passed:
            raise MicroappTestFailed(outcome.message)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The runner's own message is all there is to see: the code ran elsewhere."""
        if isinstance(excinfo.value, MicroappTestFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the test is, for the report."""
        return self.path, None, f"{self.path.name}::{self.name}"


class MicroappTestFailed(Exception):
    """A test of a micro-app failed; the text says why."""
