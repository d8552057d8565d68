"""Running an app's notebook for a visit, before anything of its page is sent.

The whole notebook runs first, so that an error gives a page that explains it and not half a page.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from voila.execute import VoilaExecutor, strip_code_cell_warnings  # type: ignore[import-untyped]

from ..errors import CellFailed, MachineFault, RunExceeded


@dataclass(frozen=True)
class RunLimits:
    """Bounds of one run: seconds for the kernel to answer, seconds for the cells, bytes of output."""

    start_seconds: float
    run_seconds: float
    output_bytes: int


@dataclass(frozen=True)
class Widgets:
    """The widgets after a run: serialised traits by model id, and binary traits (base64) by model id and name."""

    states: Mapping[str, Mapping[str, Any]]
    binaries: Mapping[str, Mapping[str, str]]


class PageExecutor(VoilaExecutor):  # type: ignore[misc]
    """Voila's executor with a bound on what a notebook may output.

    nbclient reads output beside the cell it waits for, so what is over the bound is told by an event.
    """

    def bound(self, output_bytes: int) -> None:
        """Set the bound; call it once, in the event loop."""
        self._output_left = output_bytes
        self.over = asyncio.Event()

    @property
    def widgets(self) -> Widgets:
        """The widgets as they are now."""
        binaries = {
            model: {path[0]: buffer["data"] for path, buffer in buffers.items() if len(path) == 1}
            for model, buffers in self.widget_buffers.items()
        }
        return Widgets(self.widget_state, binaries)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data", "comm_msg"):
            self._output_left -= len(json.dumps(msg["content"], default=str)) + sum(map(len, msg.get("buffers", ())))
            if self._output_left < 0:
                self.over.set()
                return None
        return super().process_message(msg, cell, cell_index)


async def run_notebook(notebook: NotebookNode, manager: AsyncKernelManager, limits: RunLimits) -> Widgets:
    """Run every cell; the outputs are left in the notebook's cells.

    Raises
    ------
    CellFailed
        A cell raised; ``hint`` is its traceback.
    RunExceeded
        Too slow, or too much output.
    MachineFault
        The kernel did not answer.
    """
    executor = PageExecutor(notebook, km=manager, show_tracebacks=True, startup_timeout=int(limits.start_seconds))
    executor.bound(limits.output_bytes)
    try:
        executor.kc = await executor.async_start_new_kernel_client()
    except (RuntimeError, DeadKernelError) as error:
        raise MachineFault(
            f"The kernel did not answer: {error}.", "'microapps doctor' says what is missing."
        ) from error
    running = asyncio.ensure_future(_run_cells(executor, notebook))
    over = asyncio.ensure_future(executor.over.wait())
    try:
        await asyncio.wait((running, over), timeout=limits.run_seconds, return_when=asyncio.FIRST_COMPLETED)
        if over.done():
            raise RunExceeded("The app output more than it may while it started.", "Show less at the start.")
        if not running.done():
            what = f"The app was not ready after {limits.run_seconds:.0f} seconds."
            raise RunExceeded(what, "Do less at the start, or allow it more time.")
        await running
        return executor.widgets
    except CellExecutionError as error:
        raise CellFailed(f"{error.ename}: {error.evalue}", error.traceback) from error
    except DeadKernelError as error:
        raise RunExceeded("The app's kernel died while it started.", "It may have used too much memory.") from error
    finally:
        over.cancel()
        running.cancel()
        await asyncio.gather(over, running, return_exceptions=True)
        executor.kc.stop_channels()


async def _run_cells(executor: PageExecutor, notebook: NotebookNode) -> None:
    for index, cell in enumerate(notebook.cells):
        await executor.execute_cell(cell, None, index, store_history=False)
        if cell.cell_type == "code":
            strip_code_cell_warnings(cell)
