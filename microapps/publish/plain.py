"""Markdown and TeX as plain words, for where a text is shown without either: the marks go, what they mark stays.

What comes out is text, never HTML: whoever shows it escapes it.
"""

from __future__ import annotations

import re
from html.entities import html5

_BETWEEN = {
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "approx": "≈", "to": "→", "rightarrow": "→",
}  # fmt: skip
"""Signs between two things, with a blank at either side."""
_SHORT = {
    **{name: f" {sign} " for name, sign in _BETWEEN.items()},
    "infty": "∞", "sum": "∑", "prod": "∏", "int": "∫", "sqrt": "√", "partial": "∂", "circ": "°", "ldots": "…",
    "dots": "…", "quad": " ", "qquad": " ",
    **dict.fromkeys(("left", "right", "text", "mathrm", "mathbf", "mathit", "operatorname", "displaystyle"), ""),
}  # fmt: skip
_RAISED = str.maketrans("0123456789n", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ")
_FORMULA = re.compile(
    r"\$\$([^$]{1,500})\$\$|\$(?![\s$])([^$\n]{0,499}[^$\s\\])\$(?!\d)|\\\((.{1,500}?)\\\)|\\\[(.{1,500}?)\\\]",
    re.DOTALL,
)
"""A formula: between single dollars none that begins or ends with a blank, or is followed by a digit, as money is."""
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]{0,200})\}\s*\{([^{}]{0,200})\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]{0,200})\}")
_SIMPLE = re.compile(r"\\?\w+\Z")
_PLAIN_MARKS = (
    (re.compile(r"^[ \t]{0,3}(?:#{1,6}(?=[ \t])|>|[-*+](?=[ \t]))[ \t]*", re.MULTILINE), ""),
    (re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,500}(?:\s\"[^\"]{0,200}\")?\)"), r"\1"),
    (re.compile(r"</?(?:br|div|h[1-6]|li|p|ul)\b[^<>]{0,200}>", re.IGNORECASE), " "),
    (re.compile(r"</?(?:a|b|code|em|i|small|span|strong|sub|sup|u)\b[^<>]{0,200}>", re.IGNORECASE), ""),
    (re.compile(r"`{1,3}([^`]{1,500})`{1,3}"), r"\1"),
    (re.compile(r"(?<![\\\w*])\*(?![\s*])([^*]{0,499}[^\s*\\])\*"), r"\1"),
    (re.compile(r"(?<!\\)(\*{2,3})(?![\s*])([^*]{0,499}[^\s*\\])\1"), r"\2"),
    (re.compile(r"(?<![\\\w])(_{1,3})(?![\s_])([^_]{0,499}[^\s_\\])\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?![\s~])([^~]{1,500})~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!$~-])"), r"\1"),
)


def plain_words(text: str) -> str:
    """A text of Markdown and TeX as one line of words."""
    words = _FORMULA.sub(lambda match: _formula("".join(filter(None, match.groups()))), text)
    for marks, instead in _PLAIN_MARKS:
        words = marks.sub(instead, words)
    return " ".join(words.split())


def _formula(tex: str) -> str:
    """A formula as it is said in a line: ``\\frac{a}{b}`` as a/b, ``\\pi r^2`` as π r²."""
    tex = _FRACTION.sub(lambda match: f"{_held(match[1])}/{_held(match[2])}", tex)
    tex = _ROOT.sub(lambda match: f"√{_held(match[1])}", tex)
    tex = re.sub(r"\^(?:\\circ|\{\\circ\})", "°", tex)
    tex = re.sub(r"\\([A-Za-z]+)", _command, re.sub(r"\\[,;: ]", " ", tex))
    tex = re.sub(r"\^(?:\{(\d+|n)\}|(\d|n)\b)", lambda match: (match[1] or match[2]).translate(_RAISED), tex)
    tex = re.sub(r"([\^_])\{([^{}]{2,200})\}", r"\1(\2)", tex)
    return re.sub(r"[{}]|\\(?:!|(?=%))", "", tex).replace("*", "·")


def _held(part: str) -> str:
    """A part of a fraction: in brackets, where it is more than one number or name."""
    return part if _SIMPLE.match(part.strip()) else f"({part})"


def _command(match: re.Match[str]) -> str:
    """What a command of TeX stands for: a sign, a letter by its name in HTML as in TeX, or a function's name."""
    name, around = match[1], match.string
    if name in _SHORT:
        return _SHORT[name]
    if (letter := html5.get(f"{name};", "")).isalpha():
        return letter
    before = " " if re.match(r"[\w)}]", around[: match.start()][-1:]) else ""
    after = " " if re.match(r"[^\W_]|\\", around[match.end() :][:1]) else ""
    return before + name + after
