"""One app running in one kernel: its cells, its widgets' state, and everything it says, within limits.

A :class:`Session` is nbclient's client with two differences. It reads all the time (:mod:`.channels`), so what an app
says later is not lost; and every step is bounded from outside: when time or output runs out, the kernel is killed and
every further step raises what happened. A step is over when the kernel is idle again.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from ..errors import AppFault, MachineFault, RunExceeded
from .captured import CapturedOutput
from .channels import Channels, Message
from .said import Said

_LOG = logging.getLogger(__name__)
START_SECONDS = 60.0  # for a kernel to answer at all; a cold machine needs several
TRAFFIC = 8  # of the output limit: what one step may send in all, shown or not, widget state included
_EXITED = 1.0  # seconds a kernel that closed its sockets has to end, before it counts as cut off for a huge message
_LOOKS = 10  # in which that time is waited: while the whole machine stands still, no more than one of them passes
_OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data", "error")


@dataclass
class Exchange:
    """One message to the kernel, and the answer to it. ``what`` says what is going on, as in "clicking 'Go'"."""

    what: str
    cell: str = ""
    control: str = ""
    node: NotebookNode | None = None
    index: int = -1
    idle: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Session(NotebookClient):
    """See the module's text.

    Parameters
    ----------
    manager : of a started kernel; it is killed when a limit is reached.
    timeout : wall-clock seconds for each step.
    output_limit : bytes of output kept; :data:`TRAFFIC` times as many may be sent in one step.
    asked : called with each request on stdin; None when the kernel must not ask.
    """

    def __init__(
        self,
        manager: AsyncKernelManager,
        *,
        seconds: float,
        output_limit: int,
        asked: Callable[[Message], None] | None = None,
    ) -> None:
        super().__init__(new_notebook(), manager, record_timing=False, log=_LOG)  # type: ignore[no-untyped-call]
        self.clear_before_next_output = False
        self.manager = manager
        self.seconds = seconds
        self.output_limit = output_limit
        self.widget_registry = {"@jupyter-widgets/output": {"OutputModel": CapturedOutput}}
        self.unsynced: set[str] = set()
        self.said = Said()
        self.changed = asyncio.Event()
        self.links: set[str] = set()
        self.private: dict[str, Callable[[Message], None]] = {}
        self._last_control = ""
        self._exchanges: dict[str, Exchange] = {}
        self._current: Exchange | None = None
        self._held = self._traffic = 0
        self._end: asyncio.Future[AppFault] = asyncio.get_running_loop().create_future()
        self._ending: asyncio.Task[None] | None = None
        self.channels = Channels(
            manager,
            largest=output_limit * TRAFFIC,
            heard=self._hear,
            lost=self._lost,
            malformed=self._malformed,
            asked=asked,
        )
        self.kc = self.channels.client

    async def start(self) -> None:
        """Wait for the kernel; raises :class:`~microapps.errors.MachineFault` when it does not come."""
        await self.channels.start(START_SECONDS)

    async def prepared(self, exchange: Exchange) -> None:
        """Wait until the kernel has dealt with ``exchange``, sent before anything of the app ran.

        A kernel that ends or stays silent here is no fault of the app: it raises
        :class:`~microapps.errors.MachineFault`, and takes nothing of the time of the app's first step.
        """
        either: set[asyncio.Future[Any]] = {exchange.idle, self._end}
        await asyncio.wait(either, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not exchange.idle.done():
            how = "ended" if self._end.done() else f"stayed silent for {START_SECONDS:g} seconds"
            raise MachineFault(
                f"The kernel {how} before anything of the app ran.",
                "Try again; 'microapps doctor' shows what this machine lacks.",
            )

    async def close(self) -> None:
        """Stop listening. The kernel is ended by whoever started it."""
        self.channels.close()
        if self._ending is not None:
            await self._ending

    @property
    def fault(self) -> AppFault | None:
        """Why the app ended, or None while it runs."""
        return self._end.result() if self._end.done() else None

    # -- steps ---------------------------------------------------------------------------------------------------

    def send(
        self, kind: str, content: Mapping[str, Any], exchange: Exchange, buffers: list[bytes] | None = None
    ) -> str:
        """Send a message; ``exchange`` is told when the kernel is idle again."""
        identity = self.channels.send(kind, content, buffers)
        self._exchanges[identity] = exchange
        return identity

    def send_state(
        self,
        model: str,
        state: Mapping[str, Any],
        exchange: Exchange | None = None,
        buffers: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell the kernel of a change that the front end made to a widget's state.

        ``buffers`` maps paths (as JSON text) to bytes that belong into ``state``.
        """
        paths = [json.loads(path) for path in buffers or {}]
        data = {"method": "update", "state": dict(state), "buffer_paths": paths}
        self.send(
            "comm_msg",
            {"comm_id": model, "data": data},
            exchange or self._current or Exchange("keeping the app's outputs"),
            [bytes(part) for part in (buffers or {}).values()],
        )

    async def finish(
        self, exchange: Exchange, seconds: float | None = None, also: asyncio.Future[Any] | None = None
    ) -> None:
        """Wait until the kernel has dealt with ``exchange`` (and ``also`` is done), within the time of a step.

        Raises :class:`~microapps.errors.AppFault` (:class:`~microapps.errors.RunExceeded` for a limit) when the app
        ended instead; its kernel is dead by then.
        """
        limit = self.seconds if seconds is None else min(seconds, self.seconds)
        deadline = asyncio.get_running_loop().time() + limit
        for wanted in (exchange.idle, *([also] if also is not None else [])):
            left = deadline - asyncio.get_running_loop().time()
            await asyncio.wait({wanted, self._end}, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED)
            if not wanted.done() and not self._end.done():
                self.end(
                    RunExceeded(
                        f"{_sentence(exchange.what)} took longer than {limit:g} seconds.",
                        "Look for an endless loop or a wait that never ends, or do less work in one step.",
                        cell=exchange.cell,
                    )
                )
            await self.raise_if_ended()
        for model in tuple(self.unsynced):
            self.unsynced.discard(model)
            if isinstance(output := self.comm_objects.get(model), CapturedOutput):
                output.sync_state()

    def begin(self, exchange: Exchange) -> None:
        """A new step starts: its traffic is counted from here."""
        self._traffic = 0
        self._current = exchange
        self._last_control = exchange.control or self._last_control

    async def raise_if_ended(self) -> None:
        """Raise why the app ended, once its kernel is dead; nothing while it runs."""
        if self._end.done():
            if self._ending is not None:
                await asyncio.shield(self._ending)
            fault = self._end.result()
            raise type(fault)(fault.what, fault.hint, cell=fault.cell)

    def end(self, fault: AppFault) -> None:
        """Kill the kernel; every further step raises ``fault``."""
        if not self._end.done():
            self._end.set_result(fault)
            self.changed.set()
            self._ending = asyncio.create_task(self._kill())

    async def _kill(self) -> None:
        self.channels.close()
        if await self.manager.is_alive():
            await self.manager.shutdown_kernel(now=True)

    async def run_cell(self, identity: str, source: str, index: int) -> Mapping[str, Any]:
        """Run a cell and return the kernel's reply (``status``, ``ename``, …)."""
        node = self.nb.cells[index]
        exchange = Exchange(f"running cell '{identity}'", cell=identity, node=node, index=index)
        self.begin(exchange)
        self.clear_before_next_output = False
        return await self.execute(source, exchange, silent=False)

    async def execute(  # type: ignore[override]
        self, source: str, exchange: Exchange, *, silent: bool, ask: bool = False, seconds: float | None = None
    ) -> Mapping[str, Any]:
        content = {
            "code": source,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": ask,
            "stop_on_error": False,
        }
        reply = self.channels.expect(self.send("execute_request", content, exchange))
        await self.finish(exchange, seconds, also=reply)
        answer: Mapping[str, Any] = reply.result()["content"]
        return answer

    # -- what the app says ---------------------------------------------------------------------------------------

    def _hear(self, message: Message, size: int) -> None:
        if self._end.done():
            return
        kind, content = message["msg_type"], message["content"]
        self._traffic += size
        if self._traffic > self.output_limit * TRAFFIC:
            return self._too_much()
        if kind in _OUTPUTS:
            self._held += size
            if self._held > self.output_limit and self._still_held() > self.output_limit:
                return self._too_much()
        parent = message["parent_header"].get("msg_id", "")
        exchange = self._exchanges.get(parent)
        if kind == "status":
            if content["execution_state"] == "idle" and exchange is not None and not exchange.idle.done():
                exchange.idle.set_result(None)
            return
        if kind == "execute_input":
            if exchange is not None and exchange.cell:
                self.said.ran(int(content["execution_count"]), exchange.cell, str(content["code"]))
            return
        self._take(kind, message, exchange)

    def _take(self, kind: str, message: Message, exchange: Exchange | None) -> None:
        content = message["content"]
        cell = exchange.cell if exchange else ""
        # What runs by itself (a timer, a task) was set going by what was used last, as far as anyone can tell.
        control = exchange.control or ("" if cell else self._last_control) if exchange else self._last_control
        if kind == "stream":
            text = str(content["text"])
            if content["name"] == "stderr":
                self.said.written(text, cell, control)
            else:
                self.said.printed(text)
        elif kind == "error":
            text = "\n".join(str(line) for line in content.get("traceback", ()))
            name, told = str(content.get("ename", "")), str(content.get("evalue", ""))
            caught = bool(self.output_hook_stack.get(message["parent_header"].get("msg_id", "")))
            self.said.raised(name, told, text, cell, control, caught=caught)
        if kind == "update_display_data":
            self._update_display(message)
        elif kind.startswith("comm_"):
            self._take_comm(kind, message)
        elif exchange is not None and exchange.node is not None:
            self.process_message(message, exchange.node, exchange.index)
        elif kind == "clear_output":
            self.clear_output([], message, -1)
        elif kind in _OUTPUTS:
            # Outside an Output widget, a callback's output goes nowhere in Voila (to a log in JupyterLab).
            self.output([], message, (content.get("transient") or {}).get("display_id"), -1)
        if not kind.startswith("comm_") or message["content"]["comm_id"] not in self.private:
            self.changed.set()

    def _update_display(self, message: Message) -> None:
        display_id = str((message["content"].get("transient") or {}).get("display_id", ""))
        self._update_display_id(display_id, message)
        for captured in self.comm_objects.values():
            captured.update_display(display_id, message)

    def _take_comm(self, kind: str, message: Message) -> None:
        content = message["content"]
        model, data = str(content["comm_id"]), content.get("data") or {}
        if model in self.private:
            self.private[model](message)
        elif kind == "comm_close":
            self.widget_state.pop(model, None)
            self.comm_objects.pop(model, None)
            self.links.discard(model)
        elif isinstance(data.get("state"), dict) and data.get("method", "update") == "update":
            # Echoes of our own changes ("echo_update") bring nothing new, and may be older than what is known here.
            state = data["state"]
            for path, buffer in zip(data.get("buffer_paths") or (), message["buffers"], strict=False):
                put_buffer(state, path, bytes(buffer))
            self.widget_state.setdefault(model, {}).update(state)
            if kind == "comm_open":
                if state.get("_model_name") in ("LinkModel", "DirectionalLinkModel"):
                    self.links.add(model)
                if content.get("target_name") == "jupyter.widget":
                    captured = self.on_comm_open_jupyter_widget(message)
                    if captured is not None:
                        self.comm_objects[model] = captured
            elif model in self.comm_objects:
                self.comm_objects[model].handle_msg(message)

    # -- limits --------------------------------------------------------------------------------------------------

    def _too_much(self) -> None:
        what = _sentence(self._current.what) if self._current else "The app"
        megabytes = f"{self.output_limit / (1 << 20):g} MiB"
        self.end(
            RunExceeded(
                f"{what} brought more output than the limit of {megabytes}.",
                "Print and show less, and look for a loop that prints.",
                cell=self._current.cell if self._current else "",
            )
        )

    def _still_held(self) -> int:
        """What is kept of all output, now that some was cleared; measured only when the limit seems reached."""
        shown = [cell.get("outputs", []) for cell in self.nb.cells]
        shown += [captured.outputs for captured in self.comm_objects.values()]
        self._held = self.said.size + sum(len(json.dumps(outputs)) for outputs in shown)
        return self._held

    def _malformed(self, error: Exception) -> None:
        cell, control = (self._current.cell, self._current.control) if self._current else ("", "")
        text = f"the kernel sent a message that cannot be read ({type(error).__name__}: {str(error)[:200]})"
        self.said.raised("MalformedMessage", text, "", cell, control)

    def _lost(self) -> None:
        if not self._end.done() and self._ending is None:
            self._ending = asyncio.create_task(self._find_out())

    async def _find_out(self) -> None:
        """The kernel closed its sockets: did it end, or was it cut off for a message beyond every limit?"""
        provisioner = self.manager.provisioner
        status: int | None = None
        if provisioner:
            ended = asyncio.ensure_future(provisioner.wait())
            try:
                for _ in range(_LOOKS):
                    if not ended.done():
                        await asyncio.wait({ended}, timeout=_EXITED / _LOOKS)
            finally:
                ended.cancel()
            if not ended.done():
                if not self._end.done():
                    self._ending = None
                    self._too_much()
                return
            status = ended.result()
        if self._end.done():
            return
        what = self._current.what if self._current and not self._current.idle.done() else ""
        when = f" while {what}" if what else ""
        cell = self._current.cell if self._current else ""
        self.channels.close()
        if status in (-9, 137):
            fault: AppFault = RunExceeded(
                f"The app's kernel was killed{when}: out of memory, or beyond another limit.",
                "Use less memory and start no further processes.",
                cell=cell,
            )
        else:
            code = f" with status {status}" if status is not None else ""
            fault = AppFault(
                f"The app's kernel ended{code}{when}.",
                "An app must not end its own process (sys.exit, os._exit, quit) or crash it.",
                cell=cell,
            )
        self._end.set_result(fault)
        self.changed.set()


def _sentence(what: str) -> str:
    """An exchange's ``what`` as the start of a sentence."""
    return what[:1].upper() + what[1:]


def put_buffer(state: Any, path: list[Any], buffer: bytes) -> None:
    """Put binary data where it belongs in a widget's state."""
    for key in path[:-1]:
        state = state[key]
    state[path[-1]] = buffer
