"""The driver without ``await``: every method is one call into :class:`AsyncApp`, on an event loop of its own."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from anyio.from_thread import start_blocking_portal

from .app import OUTPUT_LIMIT, AsyncApp, File
from .controls import Control
from .faults import AppError
from .kernels import KernelSource
from .script import Notebook
from .waiting import Waiting


class App:
    """A notebook app running in a kernel of its own; made by :meth:`open`. See :class:`AsyncApp` for each method.

    Example
    -------
    ::

        with App.open("tip.ipynb") as app:
            app.set("Bill", 120)
            app.click("Split")
            assert "24.00" in app.text("Each pays")
            assert app.call("share", 120, people=5) == 24
    """

    def __init__(self, app: AsyncApp, portal: Any, close: Callable[[], Any]) -> None:
        self._app = app
        self._portal = portal
        self._close = close

    @classmethod
    def open(
        cls,
        notebook: Notebook,
        *,
        kernels: KernelSource | None = None,
        timeout: float = 30.0,
        output_limit: int = OUTPUT_LIMIT,
        cwd: str | Path | None = None,
    ) -> App:
        """Start a fresh kernel and run the notebook in it; see :meth:`AsyncApp.open`.

        Use it in a ``with`` statement, or call :meth:`close` at the end.
        """
        with ExitStack() as stack:
            portal = stack.enter_context(start_blocking_portal(name="microapps-driver"))
            opening = AsyncApp.open(notebook, kernels=kernels, timeout=timeout, output_limit=output_limit, cwd=cwd)
            app = stack.enter_context(portal.wrap_async_context_manager(opening))
            made = cls(app, portal, lambda: None)
            # An app that was forgotten takes its kernel with it, at the latest when Python ends.
            made._close = weakref.finalize(made, stack.pop_all().close)
            return made

    def __enter__(self) -> App:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the app and its kernel; a second call does nothing."""
        self._close()

    @property
    def errors(self) -> tuple[AppError, ...]:
        """Every exception of the app that it did not handle."""
        return self._portal.call(lambda: self._app.errors)  # type: ignore[no-any-return]

    @property
    def stdout(self) -> str:
        """All that was printed so far."""
        return self._portal.call(lambda: self._app.stdout)  # type: ignore[no-any-return]

    @property
    def stderr(self) -> str:
        """All that was written to stderr so far."""
        return self._portal.call(lambda: self._app.stderr)  # type: ignore[no-any-return]

    @property
    def tree(self) -> str:
        """The page as indented lines of text."""
        return self._portal.call(lambda: self._app.tree)  # type: ignore[no-any-return]

    def controls(self, *, within: str = "") -> tuple[Control, ...]:
        """Every control in reading order."""
        return self._do(AsyncApp.controls, within=within)  # type: ignore[no-any-return]

    def text(self, label: str = "", *, within: str = "") -> str:
        """What a person reads, on the whole page or in one thing."""
        return self._do(AsyncApp.text, label, within=within)  # type: ignore[no-any-return]

    def value(self, label: str, *, within: str = "", trait: str = "value") -> Any:
        """What a widget holds."""
        return self._do(AsyncApp.value, label, within=within, trait=trait)

    def table(self, label: str = "", *, within: str = "") -> list[dict[str, Any]]:
        """The rows of a table."""
        return self._do(AsyncApp.table, label, within=within)  # type: ignore[no-any-return]

    def set(self, label: str | Control, value: Any, *, within: str = "") -> None:
        """Enter a value into a control."""
        self._do(AsyncApp.set, label, value, within=within)

    def choose(self, label: str | Control, *options: Any, within: str = "") -> None:
        """Choose options of a selection, or a page of a tab or accordion."""
        self._do(AsyncApp.choose, label, *options, within=within)

    def click(self, label: str | Control, *, within: str = "") -> None:
        """Click a button, a toggle, an option or a page title."""
        self._do(AsyncApp.click, label, within=within)

    def submit(self, label: str | Control, *, within: str = "") -> None:
        """Press Enter in a text field."""
        self._do(AsyncApp.submit, label, within=within)

    def upload(self, label: str | Control, *files: File, within: str = "") -> None:
        """Choose files in an upload."""
        self._do(AsyncApp.upload, label, *files, within=within)

    def set_trait(self, label: str | Control, trait: str, value: Any, *, within: str = "") -> None:
        """Change any synchronised trait of a widget."""
        self._do(AsyncApp.set_trait, label, trait, value, within=within)

    def call(self, function: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call a function of the notebook."""
        return self._do(AsyncApp.call, function, *arguments, **keywords)

    def wait(self, seconds: float = 0.0) -> None:
        """Let time pass."""
        self._do(AsyncApp.wait, seconds)

    def wait_until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        """Wait until ``predicate()`` is true; it runs in the calling thread and may use this app."""
        waiting = Waiting(timeout)
        while not (result := predicate()):
            self._do(AsyncApp.next_change, waiting.left(self.text))
        return result

    def _do(self, method: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        return self._portal.call(lambda: method(self._app, *arguments, **keywords))
