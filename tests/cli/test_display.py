"""A job on a terminal 60 columns wide, in Korean."""

from __future__ import annotations

import io
import re

from rich.cells import cell_len
from rich.console import Console

from microapps.cli.console import Output
from microapps.cli.display import Lines, OnTerminal
from microapps.events import Checked, CheckedLayer, Checking, Finished, Started, Text, Used, Writing

from ..telling.reports import BAD, FAILED_TEST, GOOD, PASSED_RUN, WARNED

EVENTS = (
    Started(
        job="j",
        action="make",
        request="나눠 내기",
        maker="model:m",
        note="모델이 계산서를 나누는 앱을 씁니다. " * 3,
    ),
    Text(turn=1, text="계산서와 인원수를 입력하면 한 사람이 낼 금액을 " * 4),
    Writing(turn=1, tool="write_app", characters=1240),
    Checking(round=1),
    *(CheckedLayer(round=1, result=result) for result in (PASSED_RUN, WARNED, FAILED_TEST)),
    Checked(round=1, report=BAD),
    Used(model="m", input_tokens=123456, output_tokens=7890, cache_read_tokens=100000, dollars=0.1234),
    Finished(app="나눠-내기", revision=1, title="나눠 내기", report=GOOD, seconds=4.2),
)


def narrow(*, terminal: bool) -> tuple[Output, io.StringIO]:
    """An output of 60 columns, and what is printed on it."""
    stream = io.StringIO()
    output = Output()
    for name in ("out", "err"):
        output.__dict__[name] = Console(
            file=stream, width=60, height=40, force_terminal=terminal, markup=False, emoji=False, highlight=False
        )
    return output, stream


def test_lines_keep_to_the_edge_and_findings_to_their_indentation() -> None:
    output, stream = narrow(terminal=False)
    shown = Lines(output)
    for event in EVENTS:
        shown.show(event)
    lines = stream.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= 60
    first = next(number for number, line in enumerate(lines) if line.startswith("  ✗ behaviour"))
    findings = [line for line in lines[first + 1 :] if not line.startswith("✓ ")][:-1]
    assert len(findings) >= 4
    assert all(line.startswith("      ") for line in findings)


def test_the_live_status_is_one_line_that_fits() -> None:
    output, stream = narrow(terminal=True)
    shown = OnTerminal(output)
    shown.resume()
    for event in EVENTS[:-1]:
        shown.show(event)
        shown._live.refresh()
    shown.show(EVENTS[-1])
    drawn = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", stream.getvalue())
    assert max(cell_len(line) for line in re.split(r"[\r\n]", drawn)) <= 60
    assert "write app: 1,240 characters" in drawn
    assert "나눠 내기 is ready" in drawn


def test_the_terminal_is_left_with_its_cursor() -> None:
    output, stream = narrow(terminal=True)
    shown = OnTerminal(output)
    shown.resume()
    shown.show(EVENTS[0])
    shown.pause()
    assert stream.getvalue().rfind("\x1b[?25h") > stream.getvalue().rfind("\x1b[?25l")
