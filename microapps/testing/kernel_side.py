"""The driver's small part inside the app's kernel: calls functions, and says what the widgets' state leaves out.

Widget state does not hold the values behind a selection's labels, and a kernel does not say which file of a traceback
is which cell or that a background task failed. This module is sent to the kernel as source before the first cell, so
it imports the standard library only, and it answers over a comm of its own: JSON text both ways.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
import weakref
from typing import Any

TARGET = "microapps.testing"
SETTLED = 0.05  # seconds a failed task has to be awaited before it counts as unhandled


class KernelSide:
    """Answers ``call``, ``options`` and ``settle``; see the module's text."""

    def __init__(self, shell: Any, wire_source: str) -> None:
        self.shell = shell
        self.wire_source = wire_source
        self.wire: Any = None
        self.comm: Any = None
        self.cells: dict[str, int] = {}
        self.tasks: weakref.WeakSet[Any] = weakref.WeakSet()
        shell.kernel.comm_manager.register_target(TARGET, self.opened)
        self.name_cells()
        self.watch_tasks()

    def opened(self, comm: Any, message: Any) -> None:
        self.comm = comm
        comm.on_msg(self.received)

    def received(self, message: Any) -> None:
        request = json.loads(message["content"]["data"]["request"])
        answer = getattr(self, "do_" + request["do"])(request)
        if inspect.isawaitable(answer):
            self.answer_later(request, answer)
        else:
            self.answer(request, answer)

    def answer(self, request: Any, answer: Any) -> None:
        self.comm.send({"id": request["id"], "answer": json.dumps(answer)})

    def answer_later(self, request: Any, answer: Any) -> None:
        async def finish() -> None:
            self.answer(request, await answer)

        task = asyncio.ensure_future(finish())
        self.tasks.add(task)
        request["task"] = task  # asyncio keeps no strong reference of its own

    def load_wire(self) -> Any:
        # Compiled on first use: most openings need no more than the labels.
        if self.wire is None:
            name = "_microapps_wire"
            module = type(sys)(name)
            sys.modules[name] = module
            exec(compile(self.wire_source, name + ".py", "exec"), module.__dict__)  # noqa: S102 - our own source, sent along
            self.wire = module
        return self.wire

    def do_settle(self, request: Any) -> Any:
        """Everything the app sent so far is out when this is answered; failed tasks are reported."""
        for task in list(self.tasks):
            self.report(task)
        sys.stdout.flush()
        sys.stderr.flush()
        return None

    def do_cells(self, request: Any) -> Any:
        """Execution counts by the file name that tracebacks give."""
        return self.cells

    def do_options(self, request: Any) -> Any:
        """The values behind the labels of each selection widget in ``models``, encoded."""
        widget = sys.modules.get("ipywidgets.widgets.widget")
        instances = getattr(widget, "_instances", {})
        return {model: self.option_values(instances.get(model)) for model in request["models"]}

    def option_values(self, selection: Any) -> Any:
        try:
            values = list(selection._options_values)
            if all(type(value) in (str, int, float, bool, type(None)) for value in values):
                return [value if value == value else None for value in values]
            return [self.load_wire().encode(value) for value in values]
        except Exception:  # labels are enough to drive it
            return None

    def do_call(self, request: Any) -> Any:
        """Call a function of the notebook; an exception is an answer too."""
        wire = self.load_wire()
        try:
            function = self.find(request["function"])
            arguments = [wire.decode(item, self.class_named) for item in request["arguments"]]
            keywords = {key: wire.decode(item, self.class_named) for key, item in request["keywords"].items()}
            for value in (*arguments, *keywords.values()):
                if isinstance(value, wire.Opaque):
                    raise TypeError(f"{value.text} does not travel to the app; pass plain values")
            result = function(*arguments, **keywords)
        except BaseException as error:
            return self.failure(error)
        if inspect.isawaitable(result):
            return self.awaited(result)
        return self.success(result)

    async def awaited(self, result: Any) -> Any:
        try:
            return self.success(await result)
        except BaseException as error:
            return self.failure(error)

    def success(self, result: Any) -> Any:
        try:
            return {"value": self.load_wire().encode(result)}
        except Exception as error:
            return self.failure(error)

    def failure(self, error: BaseException) -> Any:
        if isinstance(error, NotThere):
            return {"missing": str(error), "names": error.names}
        trace = error.__traceback__
        while (
            trace
            and trace.tb_frame.f_code.co_filename.endswith(".py")
            and ("kernel_side" in trace.tb_frame.f_code.co_filename)
        ):
            trace = trace.tb_next
        return {"error": self.load_wire().encode_error(error.with_traceback(trace))}

    def find(self, path: str) -> Any:
        found: Any = None
        names: Any = self.shell.user_ns
        for number, name in enumerate(path.split(".")):
            try:
                found = names[name] if number == 0 else getattr(found, name)
            except (KeyError, AttributeError):
                raise NotThere(f"the app has no {path!r}", self.functions()) from None
        if not callable(found):
            raise NotThere(f"{path!r} in the app is no function but {type(found).__name__}", self.functions())
        return found

    def functions(self) -> list[str]:
        return [
            name
            for name, value in self.shell.user_ns.items()
            if not name.startswith("_") and inspect.isfunction(value) and value.__module__ == "__main__"
        ]

    def class_named(self, name: str) -> Any:
        found = self.shell.user_ns.get(name)
        return found if isinstance(found, type) else None

    def name_cells(self) -> None:
        compiler = self.shell.compile
        original = compiler.get_code_name

        def get_code_name(raw_code: str, code: str, number: int) -> str:
            name: str = original(raw_code, code, number)
            self.cells[name] = number
            return name

        compiler.get_code_name = get_code_name

    def watch_tasks(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        original = loop.get_task_factory()

        def make(loop: Any, coroutine: Any, **options: Any) -> Any:
            task = original(loop, coroutine, **options) if original else asyncio.Task(coroutine, loop=loop, **options)
            self.tasks.add(task)
            task.add_done_callback(lambda done: loop.call_later(SETTLED, self.report, done) if failed(done) else None)
            return task

        loop.set_task_factory(make)

    def report(self, task: Any) -> None:
        """Say that a task failed and nobody asked, as asyncio itself does once the task is garbage."""
        if not failed(task):
            return
        error = task.exception()  # from here on asyncio does not say it again
        task.get_loop().call_exception_handler(
            {"message": "Task exception was never retrieved", "exception": error, "task": task}
        )


class NotThere(LookupError):
    """The app has no such function; ``names`` are those it has."""

    def __init__(self, what: str, names: list[str]) -> None:
        super().__init__(what)
        self.names = names


def failed(task: Any) -> bool:
    return bool(task.done() and not task.cancelled() and getattr(task, "_log_traceback", False))
