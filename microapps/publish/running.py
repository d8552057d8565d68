"""Running an app's notebook for a visit, before anything of its page is sent.

The whole notebook runs first, so that an error gives a page that explains it and not half a page.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from voila.execute import VoilaExecutor, strip_code_cell_warnings  # type: ignore[import-untyped]

from ..errors import CellFailed, MachineFault, RunExceeded


@dataclass(frozen=True)
class RunLimits:
    """Bounds of one run: seconds for the kernel to answer, seconds for the cells, bytes of output."""

    start_seconds: float
    run_seconds: float
    output_bytes: int


class PageExecutor(VoilaExecutor):  # type: ignore[misc]
    """Voila's executor with a bound on what a notebook may output."""

    output_left = 0

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        if msg["msg_type"] in ("stream", "display_data", "execute_result", "update_display_data", "comm_msg"):
            self.output_left -= len(json.dumps(msg["content"], default=str)) + sum(map(len, msg.get("buffers", ())))
            if self.output_left < 0:
                raise RunExceeded("The app output more than it may while it started.", "Show less at the start.")
        return super().process_message(msg, cell, cell_index)


async def run_notebook(notebook: NotebookNode, manager: AsyncKernelManager, limits: RunLimits) -> None:
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
    executor.output_left = limits.output_bytes
    executor.timeout = int(limits.run_seconds)
    try:
        executor.kc = await executor.async_start_new_kernel_client()
    except (RuntimeError, DeadKernelError) as error:
        raise MachineFault(
            f"The kernel did not answer: {error}.", "'microapps doctor' says what is missing."
        ) from error
    try:
        async with asyncio.timeout(limits.run_seconds):
            for index, cell in enumerate(notebook.cells):
                await executor.execute_cell(cell, None, index, store_history=False)
                if cell.cell_type == "code":
                    strip_code_cell_warnings(cell)
    except (CellTimeoutError, TimeoutError) as error:
        raise RunExceeded(
            f"The app was not ready after {limits.run_seconds:.0f} seconds.", "Do less at the start, or allow it more."
        ) from error
    except CellExecutionError as error:
        raise CellFailed(f"{error.ename}: {error.evalue}", error.traceback) from error
    except DeadKernelError as error:
        raise RunExceeded("The app's kernel died while it started.", "It may have used too much memory.") from error
    finally:
        executor.kc.stop_channels()
