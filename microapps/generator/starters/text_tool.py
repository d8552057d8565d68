"""Fills the text tool: which change and which count a description asks for first."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import normal
from .titles import title_from

_ASKED = (
    ("replace", r"replace|바꾸기|바꿔|치환"),
    ("unique", r"duplicate|unique|중복"),
    ("no_empty", r"(?:empty|blank) line|빈 줄"),
    ("sort_down", r"sort.*(?:descending|z to a|reverse)|역순 정렬|내림차순"),
    ("sort", r"sort|alphabetical|정렬|가나다"),
    ("upper", r"upper|capital|대문자"),
    ("lower", r"lower|소문자"),
    ("title", r"title case"),
    ("number", r"number (?:the |each )?lines?|줄 번호"),
    ("reverse", r"reverse"),
    ("spaces", r"(?:extra|double) spaces|trim|공백 (?:정리|제거)"),
    ("join", r"join (?:the )?lines|줄바꿈 제거|한 줄로"),
)
_KOREAN = {
    "none": "그대로 두기",
    "upper": "영문 대문자로",
    "lower": "영문 소문자로",
    "title": "단어 첫 글자만 대문자로",
    "sort": "줄을 가나다순으로 정렬",
    "sort_down": "줄을 역순으로 정렬",
    "unique": "중복된 줄 제거",
    "no_empty": "빈 줄 제거",
    "spaces": "연속 공백을 하나로",
    "number": "줄 번호 붙이기",
    "reverse": "줄 순서 뒤집기",
    "join": "한 줄로 합치기",
    "replace": "찾아 바꾸기",
}
_SAMPLE = "다람쥐 헌 쳇바퀴에 타고파.\n동해물과 백두산이 마르고 닳도록\n다람쥐 헌 쳇바퀴에 타고파."


def fill(request: Request) -> Filling:
    """The text tool for a request."""
    text = normal(request.description)
    operation = next((name for name, pattern in _ASKED if re.search(pattern, text)), "none")
    characters = bool(re.search(r"character|letter|글자|자소서", text)) and not re.search(r"word|단어", text)
    korean = request.language == "ko"
    main = (
        "without_spaces" if re.search(r"공백 ?제외|without spaces", text) else "characters" if characters else "words"
    )
    sample = _SAMPLE if korean else str(request.defaults["TEXT"])
    labels = dict(request.defaults["OPERATIONS"])
    operations = [(_KOREAN[name] if korean else label, name) for label, name in labels.items()]
    shown = next(label for label, name in operations if name == operation)
    return Filling(
        title=title_from(request.description, request.starter.title[request.language], request.language),
        constants={
            "TEXT": sample,
            "OPERATION": operation,
            "OPERATIONS": operations,
            "MAIN_COUNT": main,
            "COUNTS": {
                "words": len(sample.split()),
                "characters": len(sample),
                "without_spaces": len("".join(sample.split())),
                "lines": len(sample.splitlines()),
                "bytes": len(sample.encode()),
            },
        },
        taken=(shown,) if operation != "none" else (),
    )
