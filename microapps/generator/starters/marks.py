"""The marks that an average is made of: "maths 90, English 80", "average of 4, 8 and 15", "average of 5 exams"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .catalogue import Recipe
from .language import normal
from .reading import Quantity, quantities

MOST = 12
_SCHOOL = re.compile(r"\b(?:grades?|marks?|scores?|exams?|tests?|points?)\b|(?<=\d)점")
_NAMED = re.compile(r"(?P<name>[^\W\d]+(?: [^\W\d]+)?)[ :=]*(?P<mark>\d+(?:\.\d+)?)?|(?P<only>\d+(?:\.\d+)?)")
_HOW_MANY = re.compile(r"\b(\d+|two|three|four|five|six) (?:exams?|tests?|subjects?|courses?|marks?|grades?|scores?)\b")
_AND = re.compile(r"\s*[,;、]\s*(?:and\s+)?|\s+(?:and|그리고|및|와|과)\s+")
_SPELLED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True)
class Mark:
    """One mark: the subject, if it is named, and the number, if it is told."""

    subject: str
    quantity: Quantity | None = None


def marks_said(text: str) -> tuple[Mark, ...]:
    """The marks a description lists, two at least; none where it lists none."""
    if re.search(r"\d, \d", text):
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)  # the other commas are decimal ones: 72, 85,5 and 91
    return _listed(text) or _korean(text) or _named(text) or _bare(text) or _counted(text)


def averaged(marks: tuple[Mark, ...], recipe: Recipe) -> tuple[list[dict[str, Any]], list[Mapping[str, Any]]]:
    """The recipe's inputs and results for these marks."""
    names = [f"mark_{number}" for number in range(1, len(marks) + 1)]
    inputs = []
    for place, (name, mark) in enumerate(zip(names, marks, strict=True)):
        labels = {"en": mark.subject or f"Mark {place + 1}", "ko": mark.subject or f"점수 {place + 1}"}
        example = mark.quantity.value if mark.quantity else 75 + 5 * (place % 4)
        inputs.append(
            dict(recipe.inputs[0])
            | labels
            | {"name": name, "value": example, "cues": [mark.subject.lower()], "least": min(0, example), "most": 1e9}
        )
    formulas = {
        "average": f"({' + '.join(names)}) / {len(names)}",
        "total": " + ".join(names),
        "highest": f"max({', '.join(names)})",
        "lowest": f"min({', '.join(names)})",
    }
    return inputs, [dict(result) | {"formula": formulas[result["name"]]} for result in recipe.results]


def _listed(text: str) -> tuple[Mark, ...]:
    """Those behind "of" or a colon, with commas between."""
    found = re.search(r"(?:\b(?:of|for|in)\b|[:：])(?: my| these)?\s+(.+)$", text)
    return _marks(_AND.split(_SCHOOL.sub("", found.group(1)))) if found else ()


def _korean(text: str) -> tuple[Mark, ...]:
    """Those of "국어 90점, 영어 80점 평균" and of "국어 영어 수학 점수 평균"."""
    pairs = re.findall(r"([가-힣]+) ?(\d+(?:\.\d+)?)점", text) or re.findall(
        r"([가-힣]+) (\d+(?:\.\d+)?)(?=[\s,점]|$)", text
    )
    if len(pairs) > 1:
        return _marks([f"{subject} {mark}" for subject, mark in pairs])
    found = re.search(r"((?:[가-힣]+[, ]+){2,12}?)(?:과목|점수|성적|평균)", text)
    return _marks(re.split(r"[, ]+", found.group(1).strip(" ,"))) if found else ()


def _named(text: str) -> tuple[Mark, ...]:
    """Those of "math 80 english 75 average": each number right behind its subject."""
    plain = re.sub(r"\b(?:and|is|was|got|in|my|a|of)\b|[:=,]", " ", _SCHOOL.sub(" ", text.lower()))
    found = re.findall(r"([^\W\d]+) +(\d+(?:\.\d+)?)(?![\w%.])", plain)
    alone = len(found) == len(re.findall(r"\d+(?:\.\d+)?", text))
    return _marks([f"{subject} {mark}" for subject, mark in found]) if alone and len(found) > 1 else ()


def _bare(text: str) -> tuple[Mark, ...]:
    """Numbers with commas between, wherever they stand."""
    found = re.search(r"(?<![\w.])\d+(?:\.\d+)?(?:\s*(?:,|and)\s*\d+(?:\.\d+)?)+(?![\w.])", text)
    return _marks(_AND.split(found.group())) if found else ()


def _marks(parts: Sequence[str]) -> tuple[Mark, ...]:
    """Each part as a subject with or without its mark, or as a mark; none where a part is neither."""
    marks: list[Mark] = []
    for place, part in enumerate(parts[: MOST + 1], 1):
        found = _NAMED.fullmatch(part.strip(" .?!"))
        if not found:
            return ()
        numbers = quantities(part)
        subject = (found["name"] or "").strip()[:30]
        again = subject and any(mark.subject.lower() == subject.lower() for mark in marks)
        named = f"{subject} {place}" if again else subject
        marks.append(Mark(named[:1].upper() + named[1:], numbers[0] if numbers else None))
    told = {mark.quantity is None for mark in marks}
    return tuple(marks) if 2 <= len(marks) <= MOST and len(told) == 1 else ()


def _counted(text: str) -> tuple[Mark, ...]:
    """As many marks as "five exams" are."""
    found = _HOW_MANY.search(normal(text))
    if not found:
        return ()
    told = quantities(found.group(1))
    count = int(told[0].value) if told else _SPELLED[found.group(1)]
    return tuple(Mark("") for _ in range(count)) if 2 <= count <= MOST else ()
