"""A job's events told as lines of text, with one line of status for what is going on right now.

The story knows no terminal: the displays decide whether a line is drawn, redrawn or left out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from rich.text import Text

from .. import events as told
from ..checks.report import Report
from .amounts import spent
from .plain import plain
from .reports import layer_lines

_CHANGES = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("−", "red")}


def tokens(used: told.Used) -> str:
    """The totals of a job in words."""
    read = used.input_tokens + used.cache_read_tokens + used.cache_write_tokens
    return spent(read, used.cache_read_tokens, used.output_tokens, used.dollars)


class Story:
    """Turns events into lines, one event at a time."""

    def __init__(self) -> None:
        self.doing = "starting"
        self.partial = ""
        self.used: told.Used | None = None
        self.report: Report | None = None
        self._began = time.monotonic()
        self._rounds = 0

    def tell(self, event: told.Event) -> Iterator[Text]:
        """The lines this event adds; none for what only changes the status."""
        if not isinstance(event, told.Text) and self.partial:
            yield self._said(self.partial)
            self.partial = ""
        match event:
            case told.Started():
                self.doing = "working" if event.maker.startswith("starter:") else "thinking"
                yield Text.assemble(("● ", "cyan"), plain(event.note or _maker(event.maker)))
            case told.Told():
                yield Text(f"  The model is told of {plain(event.file)}:", "dim")
                yield from (Text(f"    {plain(line)}", "dim") for line in event.text.splitlines())
            case told.Text():
                self.doing = "thinking"
                *whole, self.partial = (self.partial + event.text).split("\n")
                yield from (self._said(line) for line in whole if line.strip())
            case told.Writing():
                self.doing = f"{plain(event.tool).replace('_', ' ')}: {event.characters:,} characters"
            case told.Wrote():
                yield _wrote(event)
            case told.Checking():
                self.doing, self._rounds = "checking", event.round
                yield Text("Check" if event.round == 1 else f"Check again (repair {event.round - 1})", "bold")
            case told.CheckedLayer():
                self.doing = f"checking, after {event.result.layer.value}"
                yield from layer_lines(event.result)
            case told.Checked():
                self.report = event.report
                self.doing = "finishing" if event.report.passed else "repairing"
            case told.Asked():
                self.doing = "waiting for your answer"
            case told.Answered():
                self.doing = "working"
                yield Text.assemble(("  ← ", "cyan"), plain(event.answer))
            case told.Retrying():
                self.doing = f"trying again in {event.delay:.0f} s"
                yield Text(f"  ⟳ {plain(event.what)} Trying again in {event.delay:.0f} s.", "yellow")
            case told.Used():
                self.used = event
            case told.Finished():
                yield self._finished(event)
            case told.Failed():
                yield from self._failed(event)

    @property
    def status(self) -> str:
        """What is going on, for how long, at what cost."""
        parts = [self.doing, f"{time.monotonic() - self._began:.0f} s"]
        if self.used:
            parts.append(tokens(self.used))
        return " · ".join(parts)

    def _said(self, line: str) -> Text:
        return Text(f"  {plain(line)}", "italic")

    def _finished(self, event: told.Finished) -> Text:
        repairs = f", {self._rounds - 1} repair{'s' if self._rounds > 2 else ''}" if self._rounds > 1 else ""
        cost = f", {tokens(self.used)}" if self.used else ""
        found = "" if event.report.passed else f" 'microapps check {plain(event.app)}' shows it."
        return Text.assemble(
            ("✓ ", "bold green"),
            (plain(event.title), "bold"),
            f" is ready: {plain(event.app)}, revision {event.revision}",
            (f" ({event.seconds:.1f} s{repairs}{cost})", "dim"),
            f"\n  {plain(event.note)}{found}" if event.note else "",
        )

    def _failed(self, event: told.Failed) -> Iterator[Text]:
        yield Text.assemble(("✗ ", "bold red"), (plain(event.what), "bold"))
        if event.hint:
            yield Text.assemble(("  → ", "cyan"), plain(event.hint))
        if event.kept:
            yield Text(f"  {plain(event.kept)}")
        yield from (Text.assemble(("  • ", "cyan"), plain(offer)) for offer in event.offers)
        if self.used:
            yield Text(f"  {tokens(self.used)}", "dim")


def _maker(maker: str) -> str:
    kind, _, name = maker.partition(":")
    return {"model": f"{name} writes", "starter": f"from the starter {name}"}.get(kind, maker)


def _wrote(event: told.Wrote) -> Text:
    mark, style = _CHANGES[event.change]
    lines = [line for line in event.diff.splitlines() if not line.startswith(("+++", "---", "@@"))]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    sizes = {"added": f"{added} line{'s' if added != 1 else ''}", "changed": f"+{added} −{removed} lines"}
    size = sizes.get(event.change, "")
    role = f" ({event.role})" if event.role and event.role != event.cell else ""
    return Text.assemble(f"  {mark} ", (plain(event.cell + role), style), (f"  {size}" if size else "", "dim"))
