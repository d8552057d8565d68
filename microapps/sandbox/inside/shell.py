"""An IPython shell without a kernel: what an app's code shows, prints and raises goes to one :class:`Outlet`.

Libraries find what they look for in a notebook: the shell's class has the name they ask for, matplotlib draws inline,
``Output`` widgets capture. No thread is started and no socket is opened, so that the process can be forked.
"""

from __future__ import annotations

import builtins
import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from ipykernel.jsonutil import encode_images
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from traitlets import Type
from traitlets.config import Config

INLINE = "module://matplotlib_inline.backend_inline"


class Outlet(Protocol):
    """Where outputs go; they are nbformat's dictionaries."""

    def show(self, output: dict[str, Any]) -> None:
        """Something was displayed, printed or raised."""

    def update(self, display_id: str, output: dict[str, Any]) -> None:
        """Every display of that id is to be replaced."""

    def clear(self, wait: bool) -> None:
        """What was shown at this place is to be cleared."""


class Hook(DisplayHook):
    """Shows the value of a cell's last expression."""

    outlet: Outlet
    source = ""
    """The cell that runs; IPython looks for it in a history, of which there is none here."""

    def quiet(self) -> bool:
        """Whether the cell ends in a semicolon, and so is not to show its value."""
        return bool(self.semicolon_at_end_of_expression(self.source))  # type: ignore[no-untyped-call]

    def start_displayhook(self) -> None:
        self._bundle: dict[str, Any] = {}
        self._is_active = True

    def write_output_prompt(self) -> None:
        """There is none."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        data = encode_images(format_dict)  # type: ignore[no-untyped-call]
        self._bundle = {"data": data, "metadata": md_dict or {}}

    def finish_displayhook(self) -> None:
        self._is_active = False
        if self._bundle.get("data"):
            self.outlet.show({"output_type": "execute_result", "execution_count": None, **self._bundle})


class Publisher(DisplayPublisher):
    """Shows what ``display`` is given."""

    outlet: Outlet

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *_: Any,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **__: Any,
    ) -> None:
        drawn = encode_images(data)  # type: ignore[no-untyped-call]
        output = {"output_type": "display_data", "data": drawn, "metadata": dict(metadata or {})}
        display_id = (transient or {}).get("display_id")
        if display_id:
            output["metadata"]["display_id"] = str(display_id)
        if update:
            self.outlet.update(str(display_id), output)
        else:
            self.outlet.show(output)

    def clear_output(self, wait: bool = False) -> None:
        self.outlet.clear(bool(wait))


class Printed:
    """A text stream whose text is an output."""

    encoding = "utf-8"
    errors = "strict"
    closed = False
    newlines = None

    def __init__(self, name: str, outlet: Outlet) -> None:
        self.name = f"<{name}>"
        self._stream = name
        self._outlet = outlet

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._outlet.show({"output_type": "stream", "name": self._stream, "text": text})
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """It stays open."""

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def fileno(self) -> NoReturn:
        raise OSError("this stream has no file")


class NoKernel:
    """Where code looks for the kernel that its shell is in (``get_ipython().kernel``), and finds the shell again."""

    def __init__(self, shell: AppShell) -> None:
        self.shell = shell

    async def do_one_iteration(self) -> None:
        """The app's loop goes on by itself."""


class AppShell(ZMQInteractiveShell):
    """The shell of one app."""

    displayhook_class = Type(Hook)  # type: ignore[assignment]
    display_pub_class = Type(Publisher)  # type: ignore[assignment]
    outlet: Outlet

    async def run_cell_async(self, raw_cell: str, *given: Any, **named: Any) -> Any:
        before, self.displayhook.source = self.displayhook.source, raw_cell  # type: ignore[attr-defined]
        try:
            return await super().run_cell_async(raw_cell, *given, **named)
        finally:
            self.displayhook.source = before  # type: ignore[attr-defined]

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        self.outlet.show(
            {"output_type": "error", "ename": str(etype.__name__), "evalue": str(evalue), "traceback": list(stb)}
        )

    def enable_gui(self, gui: str | None = None) -> None:
        """There are no windows, and no event loop but the app's."""

    def set_parent(self, parent: Any) -> None:
        """There are no parents here: an output belongs to where the code runs that makes it."""

    def get_parent(self) -> Any:
        return None

    def ask_exit(self) -> None:
        """``exit()`` in a cell: there is nobody to leave."""

    def set_next_input(self, text: str, replace: bool = False) -> None:
        """There is no next cell."""


AppShell.__name__ = "ZMQInteractiveShell"  # rich, tqdm and others look for a notebook by this name


def make(outlet: Outlet) -> AppShell:
    """The shell of this process, with the streams and hooks of the interpreter turned to ``outlet``."""
    settings = Config()
    settings.HistoryManager.enabled = False  # its thread would be in the way of forks
    settings.IPKernelApp.tqdm = "a notebook"
    shell: AppShell = AppShell.instance(config=settings, user_module=None)
    for each in (shell, shell.displayhook, shell.display_pub):
        each.outlet = outlet  # type: ignore[union-attr]
    shell.kernel = NoKernel(shell)
    sys.stdout = Printed("stdout", outlet)
    sys.stderr = Printed("stderr", outlet)
    builtins.input = _no_input
    threading.excepthook = _tell_of_thread(shell)
    _draw_inline(shell)
    return shell


def _no_input(prompt: object = "") -> NoReturn:
    raise StdinNotImplementedError("input() was called, but a page cannot be asked this way; use a Text widget.")


def _tell_of_thread(shell: AppShell) -> Callable[[threading.ExceptHookArgs], None]:
    def tell(raised: threading.ExceptHookArgs) -> None:
        lines = traceback.format_exception(raised.exc_type, raised.exc_value, raised.exc_traceback)
        shell._showtraceback(raised.exc_type, raised.exc_value, "".join(lines).splitlines())

    return tell


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it says more than that fonts are looked for; each process does that, and on a slow machine says so."""
    return "building the font cache" not in record.getMessage()


def _draw_inline(shell: AppShell) -> None:
    """What a kernel sees to before matplotlib is imported; here it may have been."""
    os.environ.setdefault("MPLBACKEND", INLINE)
    logging.getLogger("matplotlib.font_manager").addFilter(_is_news)
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None or os.environ["MPLBACKEND"] != INLINE:
        return
    matplotlib.rcParams["backend"] = INLINE
    if "matplotlib.pyplot" in sys.modules:  # else it does this by itself when it is imported
        from IPython.core.pylabtools import activate_matplotlib
        from matplotlib_inline.backend_inline import configure_inline_support

        activate_matplotlib(INLINE)  # type: ignore[no-untyped-call]
        configure_inline_support(shell, INLINE)  # type: ignore[no-untyped-call]
