"""Formulas written in a description: ``area = width x height``, ``넓이 = 가로 * 세로``, ``E = m * c**2 with m in kg``.

The right side is read word by word: neighbouring words are one name ("unit price"), and the formula ends at the first
word that cannot belong to it. What was read is then parsed and checked like any other formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...errors import InvalidInput
from .formulas import CONSTANTS, FUNCTIONS, LONGEST, Formula, identifier, parse
from .language import READ, lexicon, normal

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([^\W\d]\w*)|(\*\*|[-+*/^%()×·÷−√,]))")
_ENDS = frozenset(
    lexicon(
        "with where and in for using given when if from to so that of by which while is are as then also please app "
        "calculator 계산기 계산 계산하는 계산해줘 구하기 구하는 앱 단위 단위는 만들어줘 공식 일때 이고 그리고"
    )
)
_JOINS = re.compile(
    r"(?:^|[,;:\n(]|\b(?:for|compute|calculate|calculates|formula|of|that|and|find|the|a|an)\b|공식|그리고)"
)
_SPOKEN = {"×": "*", "·": "*", "÷": "/", "−": "-", "^": "**", "x": "*"}
MOST = 12  # formulas of one description
_UNIT = re.compile(r"[A-Za-z°µΩ%²³/]{1,6}")


@dataclass(frozen=True)
class Written:
    """One formula as written: what it gives, its checked tree, and the label of each name in it."""

    name: str
    label: str
    formula: Formula
    labels: dict[str, str]


def written(description: str) -> tuple[Written, ...]:
    """The formulas of a description, in order; none where nothing of it is a formula."""
    found: list[Written] = []
    text = " ".join(description[:READ].replace("\n", " ; ").split())
    for match in re.finditer(r"(?<![=<>!])=(?!=)", text):
        if len(found) == MOST:
            break
        label = _left(text[max(0, match.start() - LONGEST) : match.start()])
        read = _right(text[match.end() : match.end() + LONGEST].replace("²", "**2").replace("³", "**3"))
        if not label or not read or not re.search(r"[^\W\d_]", label):
            continue
        source, labels = read
        try:
            formula = parse(source)
        except InvalidInput:
            continue
        if not formula.names or not _computes(source):
            continue
        taken = ("math", "html", "widgets", *labels, *(w.name for w in found), *FUNCTIONS, *CONSTANTS)
        found.append(Written(identifier(label, taken), label, formula, labels))
    return tuple(found)


def units_of(description: str, labels: dict[str, str]) -> dict[str, tuple[str, str]]:
    """For a name: its better label and its unit, from words like "mass in kg" or "질량(kg)"."""
    told: dict[str, tuple[str, str]] = {}
    for word, unit in re.findall(r"([^\W\d_]+) ?(?:\bin\b ?|\(|단위는? ?)([A-Za-z°µΩ%²³/]{1,6})\)?", description):
        if not _UNIT.fullmatch(unit) or unit.lower() in _ENDS or unit.lower() in ("the", "my", "a", "all"):
            continue
        for name, label in labels.items():
            same = label.lower() == word.lower()
            initial = len(label) == 1 and word.lower().startswith(label.lower())
            if name not in told and (same or initial):
                told[name] = (f"{word.capitalize()} {label}" if initial and not same else label, unit)
    return told


def _computes(source: str) -> bool:
    """Whether there is arithmetic in it: ``color = red`` is no formula."""
    return bool(re.search(r"[-+*/%(]", source))


def _left(text: str) -> str:
    """The name before the sign: the words after the last break."""
    last = ""
    for part in _JOINS.split(text.rstrip()):
        last = part
    label = re.sub(r"[^\w ]", " ", last).strip() or (text.split() or [""])[-1]
    return " ".join(label.split()[-3:])[:40]


def _right(text: str) -> tuple[str, dict[str, str]] | None:
    """Python source of the longest formula at the start of the text, and the label of each name in it."""
    parts: list[str] = []
    labels: dict[str, str] = {}
    position, depth, operand = 0, 0, False
    while token := _TOKEN.match(text, position):
        number, word, sign = token.groups()
        if word:
            word_normal = normal(word)
            if operand and word_normal == "x":
                parts.append("*")
                operand = False
            elif word_normal in _ENDS or operand:
                break
            elif word_normal in FUNCTIONS and text[token.end() :].lstrip().startswith("("):
                parts.append(word_normal)
            elif word_normal in CONSTANTS:
                parts.append(word_normal)
                operand = True
            else:
                label, end = _name(text, token.start(2))
                name = next((n for n, known in labels.items() if known == label), None)
                name = name or identifier(label, (*FUNCTIONS, *CONSTANTS, *labels, "math", "html", "widgets"))
                labels[name] = label
                parts.append(name)
                operand = True
                position = end
                continue
        elif number:
            if operand:
                break
            parts.append(number)
            operand = True
        elif sign == "(":
            if operand:
                break
            parts.append("(")
            depth += 1
        elif sign == ")":
            if not operand or depth == 0:
                break
            parts.append(")")
            depth -= 1
        elif sign == "√":
            parts.append("sqrt")
        elif sign == ",":
            if depth == 0:
                break
            parts.append(",")
            operand = False
        else:
            if not operand and sign not in "-−+":
                break
            parts.append(_SPOKEN.get(sign, sign))
            operand = False
        position = token.end()
    while parts and parts[-1] in ("+", "-", "*", "/", "%", "**", ","):
        parts.pop()
    used = {name: label for name, label in labels.items() if name in parts}
    return (" ".join(parts), used) if parts else None


def _name(text: str, start: int) -> tuple[str, int]:
    """Neighbouring words from ``start`` as one name, and where it ends."""
    words: list[str] = []
    end = start
    for match in re.finditer(r"[^\W\d]\w*", text[start:]):
        between = text[end : start + match.start()]
        word = normal(match.group())
        stops = word in _ENDS or word == "x" or (word in FUNCTIONS and len(words) > 0)
        if words and (between != " " or stops or len(words) == 3):
            break
        words.append(match.group())
        end = start + match.end()
    return " ".join(words), end
