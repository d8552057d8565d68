"""Four ways to show a job: live on a terminal, line by line in a pipe, as JSON lines, or only its end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from ..events import Event, Failed, Finished
from ..telling import plain
from ..telling.story import Story
from .console import Output
from .hanging import hanging


class Display(Protocol):
    """Shows the events of one job."""

    def show(self, event: Event) -> None:
        """Show one event."""

    def pause(self) -> None:
        """Leave the terminal alone: a question is being asked."""

    def resume(self) -> None:
        """Go on."""


class JsonLines:
    """Every event as one line of JSON on standard output."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def show(self, event: Event) -> None:
        self._output.line(event.model_dump_json())

    def pause(self) -> None:
        """Nothing is drawn."""

    def resume(self) -> None:
        """Nothing is drawn."""


class Lines:
    """Each line once, as it comes; with ``--quiet`` only how the job ended."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._story = Story()

    def show(self, event: Event) -> None:
        for line in self._story.tell(event):
            _print(self._output, event, line)

    def pause(self) -> None:
        """Nothing is drawn over."""

    def resume(self) -> None:
        """Nothing is drawn over."""


def _print(output: Output, event: Event, line: Text) -> None:
    """The good end goes to standard output, the bad one to standard error, the rest is progress."""
    if isinstance(event, Finished):
        output.out.print(hanging(line))
    elif isinstance(event, Failed):
        output.err.print(hanging(line))
    else:
        output.say(line)


class _Now:
    """What the live part of the terminal shows; rich asks for it at every refresh."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._spinner = Spinner("dots", style="cyan")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self._story.partial:
            yield Text(f"  {plain(self._story.partial)}", "italic")
        status = Text(self._story.status, "dim", no_wrap=True, overflow="ellipsis")
        status.truncate(max(options.max_width - 3, 10), overflow="ellipsis")
        self._spinner.update(text=status)
        yield self._spinner


class OnTerminal:
    """Lines above, and under them a status that is redrawn."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._story = Story()
        self._live = Live(_Now(self._story), console=output.err, refresh_per_second=8, transient=True)

    def show(self, event: Event) -> None:
        for line in self._story.tell(event):
            if isinstance(event, Finished | Failed):
                self._live.stop()
            _print(self._output, event, line)

    def pause(self) -> None:
        self._live.stop()

    def resume(self) -> None:
        self._live.start()


@contextmanager
def display(output: Output) -> Iterator[Display]:
    """The display that fits where the output goes."""
    if output.json:
        yield JsonLines(output)
    elif output.quiet or not output.err.is_terminal:
        yield Lines(output)
    else:
        live = OnTerminal(output)
        live.resume()
        try:
            yield live
        finally:
            live.pause()
