"""Fills the tracker: its fields, units and choices, from the description and from what such trackers usually hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .filling import Filling, Request
from .formulas import identifier
from .language import normal
from .reading import Currency, currency_of, items

MOST = 1e9
_CATEGORIES = re.compile(r"(?:categor(?:y|ies)(?: like| such as| for)?|카테고리(?:는|별로)?)[: ]+(.+)$", re.IGNORECASE)
_LIST = re.compile(r"(?:[:：]\s*|\bwith\b\s+|\bfor\b\s+(?=[^,]+,)|\()(.+?)\)?$", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?:일지|기록장|기록)\s+((?!앱|그래프|평균|합계|표|관리)[가-힣]{1,5}(?:\s+(?!앱|만들|보기|하기|포함|해)[가-힣]{1,5}){1,5})$"
)
"""운동 일지 무게 횟수 세트"""
_TEXT = re.compile(
    r"title|name|note|exercise|book|what|author|place|memo|comment|description|subject|purpose|reason|project|customer|client|location|brand|colou?r|메모|목적|이유|제목|이름|책|저자|운동|내용|장소|종목"
)
_STARS = re.compile(r"\b(?:ratings?|stars)\b|별점|평점")
_RATING = re.compile(r"(?:rating|score|scale)?\s*(?:from|of)?\s*(\d+)\s*(?:to|-|–|~|에서)\s*(\d+)")
_UNIT = re.compile(
    r"\b(?:in|per)\s+(ml|l|kg|lb|lbs|km|miles|minutes|hours|pages|steps|kcal)\b|(ml|kg|km|분|시간|쪽|페이지|걸음)(?:\s|로|$)"
)
_NO_FIELD = re.compile(
    r"\b(?:graph|chart|plot|table|date|dates|day|daily|month|total|totals|averages?)\b|그래프|차트|표$|합계|평균|날짜"
    r"|^(?:and |to )?(?:shows?|plots?|draws?|graphs?|warns?|alerts?|see|tells?|calculates?|computes?|sums?|reminds?|"
    r"notif(?:y|ies)|exports?|prints?|filters?|sorts?|counts?|highlights?|compares?)\b|(?:보여|알려|경고|계산|그려)"
)
_ENTERING = re.compile(r"^(?:enter|log|record|write down|note down|input|type in|keep)\s+(?:the |my )?", re.IGNORECASE)


def fill(request: Request) -> Filling:
    """The tracker for a request."""
    text = normal(request.description)
    preset = _preset(request, text)
    currency = currency_of(request.description, request.language)
    fields = [_field(entry, request, currency) for entry in preset["fields"]]
    rated = bool(_STARS.search(text))
    said = tuple(name for name in _named(request.description) if not (rated and _STARS.search(name.lower())))
    if any(field["kind"] == "choice" for field in fields) and len(said) > 1:
        choice = next(field for field in fields if field["kind"] == "choice")
        choice["options"] = list(said)
    elif said:
        fields = _fields_named(said, fields)
    if rated:
        label = request.pick("Rating, 1 to 5", "별점(1~5)")
        stars = {"name": "rating", "label": label, "kind": "number", "value": 4.0, "least": 1.0, "most": 5.0}
        fields, said = [*fields, stars], (*said, label)
    if (rating := _RATING.search(text)) and (number := next((f for f in fields if f["kind"] == "number"), None)):
        low, high = sorted((float(rating.group(1)), float(rating.group(2))))
        if low < high <= 1000:
            number.update(least=low, most=high, value=float(round((low + high) / 2)))
            said = (*said, f"{low:g}–{high:g}")
    if (unit := _UNIT.search(request.description)) and preset.get("generic"):
        name = next(part for part in unit.groups() if part)
        number = next((f for f in fields if f["kind"] == "number"), None)
        if number and "(" not in number["label"]:
            number["label"] = f"{number['label']} ({name})"
            said = (*said, name)
    return Filling(
        constants={
            "FIELDS": fields,
            "BY_TIME": bool(preset["by_time"]),
            "ADD_UP": bool(preset["add_up"]),
        },
        taken=said,
        used=tuple(word.lower() for name in said for word in name.split()) + tuple(preset["said"]),
    )


def _preset(request: Request, text: str) -> Mapping[str, Any]:
    """What trackers of this kind hold; the last one serves for all others."""
    presets: list[Mapping[str, Any]] = request.starter.more["presets"]
    return next((p for p in presets if any(word in text for word in p["said"])), presets[-1])


def _field(entry: Mapping[str, Any], request: Request, currency: Currency) -> dict[str, Any]:
    label = entry[request.language]
    if entry["kind"] == "choice":
        options = list(entry[f"{request.language}_options"])
        return {"name": entry["name"], "label": label, "kind": "choice", "options": options}
    if entry["kind"] == "text":
        return {"name": entry["name"], "label": label, "kind": "text", "needed": bool(entry.get("needed", False))}
    money = entry.get("unit") == "money"
    unit = (
        (currency.suffix or currency.sign)
        if money
        else request.pick(entry.get("unit", ""), entry.get("ko_unit", entry.get("unit", "")))
    )
    value = float(entry.get("ko_value", entry["value"]) if currency.sign in ("₩", "¥") else entry["value"])
    return {
        "name": entry["name"],
        "label": f"{label} ({unit})" if unit else label,
        "kind": "number",
        "value": value,
        "least": float(entry.get("least", 0)),
        "most": float(entry.get("most", MOST)),
    }


def _named(description: str) -> tuple[str, ...]:
    """The fields or choices a description lists."""
    found = _CATEGORIES.search(description) or _LIST.search(description) or _BEHIND.search(description)
    if not found:
        return ()
    listed = found.group(1)
    if "가" <= listed[:1] <= "힣" and "," not in listed and "、" not in listed:
        listed = ", ".join(listed.split())  # 카테고리 식비 교통 쇼핑
    named = [name for name in items(listed, 12) if not _NO_FIELD.search(name.lower()) and len(name) <= 30]
    named = [_RATING.sub("", _ENTERING.sub("", name)).strip() for name in named]
    named = [re.sub(r"^(?:a|an|the|my)\s+", "", name, flags=re.IGNORECASE) for name in named]
    plain = [name for name in named if not re.search(r"\d", name)]
    return tuple(dict.fromkeys(name[0].upper() + name[1:] for name in plain if name))


def _fields_named(said: tuple[str, ...], usual: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One field for each name: as usual where it is known, a text where it sounds like one, else a number."""
    fields: list[dict[str, Any]] = []
    for label in said:
        known = next((f for f in usual if f["label"].split(" (")[0].lower() == label.lower()), None)
        name = identifier(label, ("date", *(f["name"] for f in fields)))
        if known:
            fields.append(known | {"name": name})
        elif _TEXT.search(label.lower()):
            fields.append({"name": name, "label": label, "kind": "text", "needed": True})
        else:
            number = {"name": name, "label": label, "kind": "number", "value": 1.0, "least": 0.0, "most": MOST}
            fields.append(number)
    texts = [f for f in fields if f["kind"] == "text"]
    for field in texts[1:]:
        field["needed"] = False
    return fields if any(f["kind"] == "number" for f in fields) or len(fields) > 1 else [*fields, *usual]
