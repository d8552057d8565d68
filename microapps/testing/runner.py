"""Runs the tests that a micro-app carries: each on a fresh app, in a kernel that is neither the app's nor ours.

The tests cell is written by whoever wrote the app, so it runs confined as well, in a *test kernel*. Its ``app`` is a
proxy; the harness performs each request on an app in a kernel of its own and sends back the answer. A test kernel
serves test after test; one that dies or hangs is replaced.
"""

from __future__ import annotations

import ast
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from ..errors import AppFault, MachineFault
from ..notebook import MicroApp, Role
from ..notebook.syntax import module_tree
from . import wire
from .app import OUTPUT_LIMIT, AsyncApp
from .kernels import KernelSource
from .remote import Remote, parsed
from .sent import VALUES, source
from .session import Exchange, Session
from .test_side import MARK


@dataclass(frozen=True)
class TestOutcome:
    """How one test ended: its name, whether it passed, how long it took in seconds, and why it failed."""

    __test__ = False

    test: str
    passed: bool
    seconds: float
    message: str = ""


def tests_of(app: MicroApp) -> tuple[str, ...]:
    """The names of the test functions in an app's tests cells, in order; none where the code does not parse."""
    names: list[str] = []
    for cell in app.of(Role.TESTS):
        try:
            tree = module_tree(cell.source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        names += [node.name for node in tree.body if isinstance(node, functions) and node.name.startswith("test")]
    return tuple(dict.fromkeys(names))


tests_of.__test__ = False  # type: ignore[attr-defined]  # its name would have pytest collect it


async def run_tests(
    app: MicroApp,
    *,
    app_kernels: KernelSource,
    test_kernels: KernelSource,
    seconds: float,
    parallel: int = 2,
    only: Sequence[str] = (),
) -> tuple[TestOutcome, ...]:
    """Run the tests of an app, each on a fresh app, and return how they ended, in their order in the notebook.

    A test fails when it raises, when it takes longer than ``seconds``, and when a callback of the app raised during it
    and the test did not read ``app.errors``.

    Parameters
    ----------
    app : the app with its tests.
    app_kernels, test_kernels : where the kernels of the app and of the tests come from.
    seconds : wall-clock limit of one test, the start of its app included.
    parallel : tests under way at once, each with two kernels.
    only : names of the tests to run; empty for all.

    Raises
    ------
    MachineFault
        No kernel could be started.
    """
    names = [name for name in tests_of(app) if not only or name in only]
    broken = [cell for cell in app.of(Role.TESTS) if cell.source.strip() and not _parses(cell.source)]
    if broken:
        return (TestOutcome("tests", False, 0.0, _syntax_error(broken[0].source, broken[0].id)),)
    if not names:
        return ()
    waiting = list(reversed(names))
    outcomes: dict[str, TestOutcome] = {}
    unloadable: list[str] = []

    async def work() -> None:
        async with _Bench(app, app_kernels, test_kernels, seconds, unloadable) as bench:
            while waiting:
                name = waiting.pop()
                outcomes[name] = await bench.run(name)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(max(1, min(parallel, len(names)))):
                group.create_task(work())
    except ExceptionGroup as failures:
        # Whatever is no fault of a test (a kernel that could not be started) is one error for the caller.
        raise failures.exceptions[0] from failures
    return tuple(outcomes[name] for name in names)


class _Bench:
    """One test kernel and what it takes to run a test in it."""

    def __init__(
        self,
        app: MicroApp,
        app_kernels: KernelSource,
        test_kernels: KernelSource,
        seconds: float,
        broken: list[str],
    ) -> None:
        self._app = app
        self._broken = broken  # why the tests cell does not load, known to all benches: none tries again
        self._app_kernels = app_kernels
        self._test_kernels = test_kernels
        self._seconds = seconds
        self._kernel: _TestKernel | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> _Bench:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def run(self, name: str) -> TestOutcome:
        started = time.monotonic()
        if self._kernel is None and not self._broken:
            cells = self._app.of(Role.TESTS)
            kernel = _test_kernel(self._test_kernels, "\n\n".join(c.source for c in cells), cells[0].id, self._seconds)
            try:
                self._kernel = await self._stack.enter_async_context(kernel)
            except AppFault as fault:
                self._broken.append(f"The tests cell does not load. {fault.what.replace('The app', 'The test')}")
            started = time.monotonic()
        if self._kernel is None:
            return TestOutcome(name, False, time.monotonic() - started, self._broken[0])
        message = await self._attempt(self._kernel, name)
        if self._kernel.session.fault is not None:
            self._kernel = None
            await self._stack.aclose()
        return TestOutcome(name, not message, time.monotonic() - started, message)

    async def _attempt(self, kernel: _TestKernel, name: str) -> str:
        """Why the test failed; empty when it passed."""
        try:
            async with (
                asyncio.timeout(self._seconds),
                AppsOfOneTest(self._app, self._app_kernels, self._seconds) as apps,
            ):
                await apps.fresh()
                message = await kernel.run(name, apps)
                return message or await apps.unnoticed()
        except TimeoutError:
            kernel.session.end(AppFault(f"{name} took too long."))
            return f"The test took longer than {self._seconds:g} seconds and was ended."
        except AppFault as fault:
            if kernel.session.fault is not None:
                return f"The test did not come to an end. {fault.what.replace('The app', 'The test')}"
            return str(fault)


class AppsOfOneTest:
    """The fresh app of a test, and of each further case of a parametrized one."""

    def __init__(self, app: MicroApp, kernels: KernelSource, seconds: float) -> None:
        self._notebook = app
        self._kernels = kernels
        self._seconds = seconds
        self._stack = AsyncExitStack()
        self._app: AsyncApp | None = None
        self.remote: Remote | None = None

    async def __aenter__(self) -> AppsOfOneTest:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def fresh(self) -> None:
        """End the app there was, and open a new one."""
        await self._stack.aclose()
        opening = AsyncApp.open(self._notebook, kernels=self._kernels, timeout=self._seconds)
        self._app = await self._stack.enter_async_context(opening)
        self.remote = Remote(self._app)

    async def unnoticed(self) -> str:
        """The errors of the app that the test did not read, as a message; empty if there are none."""
        if self._app is None or self.remote is None:
            return ""
        await self._app.wait()
        left = self._app.errors[self.remote.consumed :]
        if not left:
            return ""
        more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
        return f"The app raised during the test{more}: {left[0]}\n{left[0].traceback[-1500:]}"


class _TestKernel:
    """A kernel with the tests loaded."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._apps: AppsOfOneTest | None = None
        self._message: str | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self, name: str, apps: AppsOfOneTest) -> str:
        """Run a test; returns why it failed, or an empty text."""
        self._apps, self._message = apps, None
        exchange = Exchange(f"running {name}")
        self.session.begin(exchange)
        try:
            await self.session.execute(
                f"await get_ipython().microapps_tests.run({name!r})", exchange, silent=True, ask=True
            )
        finally:
            self._apps = None
        if self._message is None:
            return "The test ended without an outcome; it must not leave or replace its kernel."
        return self._message

    def asked(self, message: dict[str, Any]) -> None:
        """Called with each request on stdin."""
        task = asyncio.get_running_loop().create_task(self._answer(str(message["content"].get("prompt", ""))))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, prompt: str) -> None:
        apps = self._apps
        if apps is None or not prompt.startswith(MARK):
            # input() in a test: there is nobody to ask.
            self.session.channels.answer("\x04")
            return
        try:
            request = parsed(prompt.removeprefix(MARK))
        except ValueError as error:
            answer: dict[str, Any] = {
                "fault": {"name": "InvalidInput", "what": f"Unreadable request: {error}", "hint": ""}
            }
        else:
            answer = await self._performed(request, apps)
        if self.session.fault is None:
            self.session.channels.answer(wire.dumps(answer))

    async def _performed(self, request: dict[str, Any], apps: AppsOfOneTest) -> dict[str, Any]:
        if request["do"] == "finished":
            self._message = str((list(request["arguments"]) or [""])[0])
            return {"value": None}
        if request["do"] == "fresh":
            try:
                if unnoticed := await apps.unnoticed():
                    raise AppFault(unnoticed)
                await apps.fresh()
            except (AppFault, MachineFault) as fault:
                return {"fault": {"name": type(fault).__name__, "what": fault.what, "hint": fault.hint}}
            return {"value": None}
        if apps.remote is None:
            return {"fault": {"name": "AppFault", "what": "The app is not open.", "hint": ""}}
        return await apps.remote.answer(request)


@asynccontextmanager
async def _test_kernel(kernels: KernelSource, tests: str, cell: str, seconds: float) -> AsyncIterator[_TestKernel]:
    async with kernels() as manager:
        holder: list[_TestKernel] = []
        session = Session(
            manager, seconds=seconds, output_limit=OUTPUT_LIMIT, asked=lambda message: holder[0].asked(message)
        )
        holder.append(_TestKernel(session))
        try:
            await session.start()
            exchange = Exchange("loading the tests")
            session.begin(exchange)
            await session.execute(_loading(tests, cell), exchange, silent=True)
            yield holder[0]
        finally:
            await session.close()


def _loading(tests: str, cell: str) -> str:
    """The code that loads the tests in a test kernel."""
    return (
        "def _():\n"
        "    import sys\n"
        "    parts = {}\n"
        f"    for name, text in (('wire', {source(*VALUES)!r}), ('test_side', {source('test_side')!r})):\n"
        "        parts[name] = sys.modules['_microapps_' + name] = type(sys)('_microapps_' + name)\n"
        "        exec(compile(text, 'microapps_' + name + '.py', 'exec'), parts[name].__dict__)\n"
        "    shell = get_ipython()\n"
        f"    shell.microapps_tests = parts['test_side'].TestSide(shell, parts['wire'], {tests!r}, {cell!r})\n"
        "    shell.microapps_tests.load()\n"
        "_()\n"
        "del _\n"
    )


def _parses(source: str) -> bool:
    try:
        module_tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _syntax_error(source: str, cell: str) -> str:
    try:
        module_tree(source)
    except SyntaxError as error:
        return f"The cell '{cell}' does not parse: {error.msg}, line {error.lineno}: {(error.text or '').strip()[:200]}"
    except (ValueError, RecursionError, MemoryError) as error:
        return f"The cell '{cell}' does not parse: {error}"
    return ""
