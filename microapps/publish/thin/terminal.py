"""Drawing what a program printed, as the client's ``terminal.ts`` does: colours become classes, and a carriage return
or a backspace overwrites what stood there."""

from __future__ import annotations

import re

from .elements import element, text

_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_BOLD = "ansi-bold"
_SEQUENCE = re.compile(r"\x1b\[(?P<codes>[0-9;]*)(?P<kind>[A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_LONGEST_CODES = 40
_MOVING = re.compile("[\r\b]")


def printed(output: str) -> str:
    """What was printed as HTML to put into a ``pre``."""
    shown = _settled(output)
    parts: list[str] = []
    classes: list[str] = []
    start = 0
    for match in _SEQUENCE.finditer(shown):
        parts.append(_run(shown[start : match.start()], classes))
        start = match.end()
        if match["kind"] == "m":
            classes = _after(match["codes"][:_LONGEST_CODES], classes)
    parts.append(_run(shown[start:], classes))
    return "".join(parts)


def _run(part: str, classes: list[str]) -> str:
    return element("span", text(part), classes=" ".join(classes)) if part and classes else text(part)


def _settled(output: str) -> str:
    """The text as it stands after its carriage returns and backspaces."""
    if not _MOVING.search(output):
        return output
    return "\n".join(map(_line, output.split("\n")))


def _line(line: str) -> str:
    """Each character is put into its place and looked at there once: an app may print many that move back."""
    if not _MOVING.search(line):
        return line
    places: list[str] = []
    for part in line.split("\r"):
        places[: len(part)] = part
    shown: list[str] = []
    for character in places:
        if character != "\b":
            shown.append(character)
        elif shown:
            shown.pop()
    return "".join(shown)


def _after(codes: str, before: list[str]) -> list[str]:
    classes = list(before)
    numbers = iter([int(code or 0) for code in codes.split(";")])
    for code in numbers:
        match code:
            case 0:
                classes = []
            case 1:
                classes = [*(name for name in classes if name != _BOLD), _BOLD]
            case 22:
                classes = [name for name in classes if name != _BOLD]
            case 38 | 48:  # 256 and true colours are left out
                for _ in range(1 if next(numbers, 0) == 5 else 3):
                    next(numbers, 0)
            case _ if code == 39 or 30 <= code <= 37 or 90 <= code <= 97:
                colour = [] if code == 39 else [f"ansi-{_COLOURS[code % 10]}"]
                classes = [*(name for name in classes if name == _BOLD), *colour]
    return classes
