"""Fills the text tool: which change and which count a description asks for first."""

from __future__ import annotations

import re

from .filling import Filling, Request
from .language import normal

_OFTEN = r"(?:frequency of|how often|how many times|most (?:frequent|common))"
_ASKED = (
    ("replace", r"replace|바꾸기|바꿔|치환"),
    ("unique", r"duplicate|unique|중복"),
    ("no_empty", r"(?:empty|blank) line|빈 줄"),
    ("sort_down", r"sort.*(?:descending|z to a|reverse)|역순 정렬|내림차순"),
    ("sort", r"sort|alphabetical|정렬|가나다"),
    ("title", r"title case|capitali[sz]e (?:the first letters? of )?(?:each|every|all|the)? ?words?"),
    ("upper", r"upper|capital|대문자"),
    ("lower", r"lower|소문자"),
    ("number", r"number (?:the |each )?lines?|줄 번호"),
    ("reverse", r"reverse"),
    ("spaces", r"(?:extra|double) spaces|trim|공백 (?:정리|제거)"),
    ("each_letter", rf"{_OFTEN}\b.*\bletters?\b|letter frequenc(?:y|ies)|글자.*(?:빈도|몇 번)"),
    ("each_word", rf"{_OFTEN}\b.*\bwords?\b|word frequenc(?:y|ies)|단어.*(?:빈도|몇 번|횟수)"),
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
    "each_word": "단어마다 나온 횟수",
    "each_letter": "글자마다 나온 횟수",
    "replace": "찾아 바꾸기",
}
_TO_COUNT = re.compile(
    r"\b(?:count|counts|counter of|how many|number of|how often|frequency of)\b"
    r" (?:the |all |every |each |of |my )*([a-z]+)"
    r"|([가-힣]+?)(?:의)? ?(?:개수|갯수|횟수|수) ?(?:세기|세는|세어|계산)"
)
_CAN_COUNT = re.compile(
    r"words?$|characters?$|letters?$|lines?$|sentences?$|bytes?$|vowels?$|texts?$|it$|in$|them$|times$"
    r"|.*(?:글자|문자|단어|줄|문장|바이트|모음|텍스트|글|자소서|나오는|나온)"
)
_SENTENCE_CASE = re.compile(r"sentence case|capitali[sz]e\b.*\bsentences?")  # no change of the starter's
_TOGETHER = re.compile(r"\band\b|\bthen\b|,|하고|그리고|고 ")
_SAMPLE = "다람쥐 헌 쳇바퀴에 타고파.\n동해물과 백두산이 마르고 닳도록\n다람쥐 헌 쳇바퀴에 타고파."


def fill(request: Request) -> Filling:
    """The text tool for a request."""
    text = normal(request.description)
    operations_asked = _operations(text)
    operation = operations_asked[0] if operations_asked else "none"
    characters = bool(re.search(r"character|letter|글자|자소서", text)) and not re.search(r"word|단어", text)
    korean = request.language == "ko"
    main = "characters" if characters else "words"
    if re.search(r"공백 ?제외|without spaces", text):
        main = "without_spaces"
    elif operation == "none" and re.search(r"vowel|모음", text):
        main = "vowels"
    elif operation == "none" and (counted := re.search(r"\b(lines|sentences|bytes)\b", text)) and "word" not in text:
        main = counted.group(1)
    sample = _SAMPLE if korean else str(request.defaults["TEXT"])
    labels = dict(request.defaults["OPERATIONS"])
    operations = [(_KOREAN[name] if korean else label, name) for label, name in labels.items()]
    shown = next(label for label, name in operations if name == operation)
    return Filling(
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
        used=("vowel", "vowels", "모음") if main == "vowels" else (),
        left=tuple(next(label for label, name in operations if name == other) for other in operations_asked[1:]),
        another=bool(_SENTENCE_CASE.search(text))
        or any(not _CAN_COUNT.match(one or two) for one, two in _TO_COUNT.findall(text)),
    )


def _operations(text: str) -> list[str]:
    """What is to be done to the text; more than one only where all of it is to be done at once."""
    asked = []
    for name, pattern in _ASKED:
        if re.search(pattern, text):
            asked.append(name)
            text = re.sub(pattern, " ", text)
    return asked if _TOGETHER.search(text) else asked[:1]
