"""An app, driven as a person drives it: by the labels on the page.

:class:`AsyncApp` is the truth; :class:`~microapps.testing.App` is the same without ``await``. Acting (``set``,
``click``, …) is asynchronous and returns when the kernel is idle again; reading (``text``, ``value``, …) looks at what
the kernel has said so far.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell

from ..errors import ControlNotFound, ControlUnusable, InvalidInput
from . import labels
from .controls import Control, described
from .entries import entry, trait_entry, upload_entry
from .faults import AppError
from .front_end import FrontEnd
from .inside import Inside, encoded, outcome
from .kernels import KernelSource, plain_kernels
from .kinds import INPUTS
from .page import Page
from .script import Notebook, ScriptCell, script_of
from .session import Exchange, Session
from .targets import Target, require_usable, target
from .tree import Seen, look
from .waiting import Waiting

OUTPUT_LIMIT = 5 << 20  # bytes

File = str | Path | tuple[str, bytes]


class AsyncApp:
    """A notebook app running in a kernel of its own; made by :meth:`open`.

    Example
    -------
    ::

        async with AsyncApp.open("tip.ipynb") as app:
            await app.set("Bill", 120)
            await app.click("Split")
            assert "24.00" in app.text("Each pays")
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._inside = Inside(session)
        self._front_end = FrontEnd(session, self._inside)

    # -- opening ---------------------------------------------------------------------------------------------------

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        notebook: Notebook,
        *,
        kernels: KernelSource | None = None,
        timeout: float = 30.0,
        output_limit: int = OUTPUT_LIMIT,
        cwd: str | Path | None = None,
    ) -> AsyncIterator[AsyncApp]:
        """Start a fresh kernel, run the notebook in it, and end the kernel when the context is left.

        Parameters
        ----------
        notebook : a path, a micro-app, or a notebook node. Cells tagged ``skip-execution`` and tests do not run.
        kernels : where the kernel comes from; by default an ordinary, unconfined one of this Python.
        timeout : wall-clock seconds each step may take: each cell, each click, each call.
        output_limit : bytes of output the app may keep.
        cwd : the app's working folder, for the default kernels; by default the notebook's own.

        Raises
        ------
        InvalidInput
            The notebook cannot be read.
        MachineFault
            No kernel can be started.
        CellFailed
            A cell raised.
        RunExceeded
            A limit of time or output was reached; the kernel is dead.
        AppFault
            The app ended its kernel.
        """
        script = script_of(notebook)
        if kernels is None:
            folder = cwd or (Path(notebook).resolve().parent if isinstance(notebook, str | Path) else None)
            kernels = plain_kernels(cwd=folder)
        async with AsyncExitStack() as stack:
            manager = await stack.enter_async_context(kernels())
            session = Session(manager, seconds=timeout, output_limit=output_limit)
            stack.push_async_callback(session.close)
            await session.start()
            app = cls(session)
            await app._run(script)
            yield app

    async def _run(self, script: Sequence[ScriptCell]) -> None:
        await self._inside.install()
        for index, cell in enumerate(script):
            self._session.nb.cells.append(new_code_cell(cell.source))  # type: ignore[no-untyped-call]
            shown = self._session.said.raised_so_far
            reply = await self._session.run_cell(cell.id, cell.source, index)
            if cell.may_raise:
                self._session.said.forget_errors(shown)  # those that an Output widget caught, too
            elif reply.get("status") == "error":
                name, message = str(reply.get("ename", "an error")), str(reply.get("evalue", ""))
                raise self._session.said.cell_failure(cell.id, name, message)
        self._session.said.count_of_file = await self._inside.cells()
        await self._front_end.catch_up()

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def page(self) -> Page:
        """The page as it is now: everything on it in reading order, hidden things included."""
        outputs = [cell.outputs for cell in self._session.nb.cells]
        return Page(look(self._session.widget_state, outputs), self._front_end.option_values)

    @property
    def tree(self) -> str:
        """The page as indented lines of text, saying of each hidden or disabled thing why."""
        return self.page.outline

    @property
    def errors(self) -> tuple[AppError, ...]:
        """Every exception of the app that it did not handle: in callbacks, tasks, threads and ``Output`` widgets."""
        return self._session.said.errors

    @property
    def stdout(self) -> str:
        """All that was printed so far, wherever it was shown."""
        return self._session.said.stdout

    @property
    def stderr(self) -> str:
        """All that was written to stderr so far."""
        return self._session.said.stderr

    def controls(self, *, within: str = "") -> tuple[Control, ...]:
        """Every control in reading order, hidden and disabled ones included; ``within`` names a tab or page."""
        return self.page.controls(within)

    def text(self, label: str = "", *, within: str = "") -> str:
        """What a person reads: on the whole page, or in the one thing with that label.

        A label finds whatever it names (of a control, its value as shown); failing that, whatever visible
        pieces of output contain it. Hidden things read as ``""``. HTML is read as text, its table cells parted by
        tabs; a picture as its alternative text or ``[image]``.
        """
        return self.page.text(label, within)

    def value(self, label: str, *, within: str = "", trait: str = "value") -> Any:
        """What a widget holds, in Python's types (see :class:`Control`); of a hidden one too.

        ``trait`` reads any other synchronised trait, as of an anywidget.
        """
        return self.page.value(label, within, trait)

    def table(self, label: str = "", *, within: str = "") -> list[dict[str, Any]]:
        """The rows of a table a person sees, each a dictionary by column heading; cells are text.

        ``label`` is that of the widget that shows it, or any text in the table; it may be left out where there is
        only one. Raises ``ControlNotFound`` or ``ControlAmbiguous``.
        """
        return self.page.table(label, within)

    # -- acting ------------------------------------------------------------------------------------------------------

    async def set(self, label: str | Control, value: Any, *, within: str = "") -> None:
        """Enter a value into a control, as a person could.

        ``label`` is what the control is called, or a :class:`Control` from :meth:`controls`: so for all that act.
        Numbers for sliders and number boxes, text, ``True``/``False``, an option's label or value, ``date``,
        ``time`` and ``datetime`` (or ISO text), ``(lower, upper)`` for ranges, a list for tags and several options.

        Raises
        ------
        ControlNotFound, ControlAmbiguous
            No control answers to the label, or several do.
        ControlUnusable
            It is hidden or disabled, or a person could not enter that value.
        RunExceeded, AppFault
            The app did not survive it.
        """
        item = await self._control(label, within, INPUTS, "inputs")
        if item.kind == "FileUpload":
            raise ControlUnusable(f"{described(item)} takes files.", "Use upload(…).")
        state = entry(item, value, self._front_end.option_values(item.id))
        await self._front_end.change(item, state, f"setting '{_name(label)}'")
        if item.kind == "ToggleButtons":
            await self._front_end.event(item, "click", f"setting '{_name(label)}'")

    async def choose(self, label: str | Control, *options: Any, within: str = "") -> None:
        """Choose an option (or several) of a selection by label or value, or a page of a tab or accordion by title."""
        if not options:
            await self.click(label, within=within)
        else:
            await self.set(label, options[0] if len(options) == 1 else list(options), within=within)

    async def click(self, label: str | Control, *, within: str = "") -> None:
        """Click a button, toggle or checkbox, an option of radio or toggle buttons, or the title of a tab or page."""
        await self._session.raise_if_ended()
        if isinstance(label, Control):
            item = await self._control(label, within, None, "controls")
            hit = Target(item.names, item)
        else:
            hit = target(label, self.page.seen, within)
        what = f"clicking '{_name(label)}'"
        if hit.change:
            await self._front_end.change(hit.item, hit.change, what)
        if hit.event:
            await self._front_end.event(hit.item, hit.event, what)

    async def submit(self, label: str | Control, *, within: str = "") -> None:
        """Press Enter in a one-line text field."""
        item = await self._control(label, within, frozenset(("Text", "Password", "Combobox")), "one-line text fields")
        await self._front_end.event(item, "submit", f"pressing Enter in '{_name(label)}'")

    async def upload(self, label: str | Control, *files: File, within: str = "") -> None:
        """Choose files in an upload: paths, or ``(name, bytes)``."""
        await self._upload(await self._control(label, within, frozenset(("FileUpload",)), "uploads"), files)

    async def set_trait(self, label: str | Control, trait: str, value: Any, *, within: str = "") -> None:
        """Change any synchronised trait of a widget as its front end could: for anywidgets and other libraries.

        ``label`` may be the widget's class name. ``bytes`` anywhere in ``value`` travel as buffers.
        """
        item = await self._control(label, within, None, "widgets")
        state, buffers = trait_entry(item, trait, value)
        await self._front_end.change(item, state, f"setting '{trait}' of '{_name(label)}'", buffers)

    async def call(self, function: str, /, *arguments: Any, **keywords: Any) -> Any:
        """Call a function of the notebook in the app's kernel, and return what it returned.

        Values cross as typed JSON: numbers, text, dates, ``Decimal``, tuples, sets, bytes, numpy, pandas. Instances
        of the app's own classes come back as records with the same attributes. A coroutine function is awaited.

        Raises
        ------
        the builtin exception
            that the function raised; a class of its own below a builtin one arrives as a class of that name.
        AppFault
            The app has no such function, or it raised something that is no builtin's kind.
        """
        await self._session.raise_if_ended()
        answer = await self._inside.call(function, *encoded(function, arguments, keywords))
        await self._front_end.catch_up()
        return outcome(function, answer)

    async def call_encoded(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        """:meth:`call` with arguments and answer left encoded, for a caller in another process."""
        await self._session.raise_if_ended()
        answer = await self._inside.call(function, arguments, keywords)
        await self._front_end.catch_up()
        return answer

    async def wait(self, seconds: float = 0.0) -> None:
        """Let time pass: tasks, threads, timers and ``Play`` widgets go on. Then everything said so far is read.

        With 0, only the latter: what the app had ready to say is seen when this returns.
        """
        await self._front_end.pause(seconds)
        await self._inside.settle(Exchange("waiting"))
        await self._front_end.catch_up()

    async def wait_until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> Any:
        """Wait until ``predicate()`` is true, asking whenever the app says something; returns what it gave.

        Raises :class:`~microapps.errors.AppFault` when it is not true within ``timeout`` seconds.
        """
        waiting = Waiting(timeout)
        while True:
            self._session.changed.clear()
            result = predicate()
            if inspect.isawaitable(result):
                result = await result
            if result:
                return result
            await self.next_change(waiting.left(self.text))

    async def next_change(self, seconds: float) -> None:
        """Return when the app says something, or after ``seconds``."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._session.changed.wait(), seconds)
        self._session.changed.clear()
        await self._session.raise_if_ended()
        await self._front_end.catch_up()

    async def _control(self, label: str | Control, within: str, kinds: frozenset[str] | None, what: str) -> Seen:
        """The one usable thing of some kinds (None: any widget) that answers to a label."""
        await self._session.raise_if_ended()

        def wanted(item: Seen) -> bool:
            return item.kind in kinds if kinds is not None else bool(item.id)

        if isinstance(label, Control):
            item = self._same(label)
            if not wanted(item):
                raise ControlUnusable(f"{described(item)} is none of the {what}.")
        else:
            item = labels.find(label, self.page.seen, wanted, within=within, what=what)
        require_usable(item)
        return item

    def _same(self, control: Control) -> Seen:
        """The thing on the page that ``controls()`` gave as this control."""
        for item in self.page.seen:
            if item.id == control.id:
                return item
        raise ControlNotFound(f"The {control} is no longer on the page.", "Ask for controls() again.")

    async def _upload(self, item: Seen, files: Sequence[File]) -> None:
        state, buffers = upload_entry(item, [_content(file) for file in files])
        await self._front_end.change(item, state, f"uploading to '{item.label}'", buffers)


def _name(label: str | Control) -> str:
    return label if isinstance(label, str) else label.label or label.kind


def _content(file: File) -> tuple[str, bytes]:
    if isinstance(file, str | Path):
        path = Path(file)
        try:
            return path.name, path.read_bytes()
        except OSError as error:
            raise InvalidInput(f"{path} cannot be read: {error.strerror or error}.", "Check the path.") from error
    name, content = file
    return str(name), bytes(content)
