"""What a person can enter into a control, and what its front end then sends to the kernel.

A slider cannot be dragged beyond its end and a dropdown offers nothing but its options, so such values are refused
here rather than sent: the app would never see them.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import mimetypes
import re
import time
from collections.abc import Callable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from ..errors import ControlUnusable
from .controls import described, limits
from .kinds import BOUNDED, MOMENTS, NUMBERS, OPTION_RANGES, RANGES, SEVERAL, SINGLE, TAGS, TEXTS, TOGGLES, serialised
from .labels import exact, folded
from .tree import Seen

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\Z")
_COLOUR_NAME = re.compile(r"[a-zA-Z]{3,24}\Z|(?:rgb|hsl)a?\([\d\s.,%/]+\)\Z")
_WHOLE = ("IntText", "IntSlider", "BoundedIntText", "IntRangeSlider", "IntsInput", "Play")
_TYPES = {
    "DatePicker": dt.date,
    "TimePicker": dt.time,
    "NaiveDatetimePicker": dt.datetime,
    "DatetimePicker": dt.datetime,
}
_MOST_OPTIONS = 30  # listed in an error


def entry(seen: Seen, value: Any, option_values: Sequence[Any] | None) -> dict[str, Any]:
    """The change of state that entering ``value`` makes.

    Raises :class:`~microapps.errors.ControlUnusable` when a person could not enter it; says what can be entered.
    """
    kind = seen.kind
    if kind in SINGLE:
        return {"index": _option(seen, value, option_values)}
    if kind in SEVERAL:
        if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
            value = [value]
        return {"index": sorted({_option(seen, item, option_values) for item in value})}
    if kind in OPTION_RANGES:
        low, high = (_option(seen, item, option_values) for item in _pair(seen, value))
        if low > high:
            raise ControlUnusable(f"{described(seen)} takes its two options in order, not {value!r}.")
        return {"index": [low, high]}
    for kinds, read in _READERS:
        if kind in kinds:
            return {"value": read(seen, value)}
    raise ControlUnusable(
        f"{described(seen)} takes no value.",
        "Click it instead." if kind == "Button" else "Use set_trait for a widget of another library.",
    )


def _toggle(seen: Seen, value: Any) -> bool:
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return bool(value)
    raise ControlUnusable(f"{described(seen)} is on or off (True or False), not {value!r}.")


def _text(seen: Seen, value: object) -> str:
    if not isinstance(value, str):
        raise ControlUnusable(f"{described(seen)} takes text, not {value!r}.", f"Give it as text: {str(value)!r}.")
    if seen.kind in ("Text", "Password", "Combobox"):
        value = re.sub(r"[\r\n]+", "", value)  # as a browser does when text is pasted into one line
    options = seen.state.get("options") or ()
    if seen.kind == "Combobox" and seen.state.get("ensure_option") and value not in options:
        raise ControlUnusable(f"{described(seen)} takes only its options, not {value!r}.", _offered(options))
    return value


def _number(seen: Seen, value: Any) -> Any:
    low, high = limits(seen)
    if isinstance(value, bool | str | bytes) or not (isinstance(value, Real) or hasattr(value, "__float__")):
        raise ControlUnusable(f"{described(seen)} takes a number, not {value!r}.")
    if seen.kind in _WHOLE:
        if isinstance(value, Integral) or float(value).is_integer():
            number: Any = int(value)
        else:
            raise ControlUnusable(f"{described(seen)} takes a whole number, not {value!r}.")
    else:
        number = float(value)
        if not math.isfinite(number):
            raise ControlUnusable(f"{described(seen)} takes a finite number, not {value!r}.")
    close = 1e-9 * max(abs(number), 1.0) if seen.kind == "FloatLogSlider" else 0
    if (low is not None and number < low - close) or (high is not None and number > high + close):
        ends = [f"{word} {end:g}" for word, end in (("from", low), ("to", high)) if end is not None]
        raise ControlUnusable(f"{described(seen)} goes {' '.join(ends)}; {value!r} is beyond that.")
    return number


def _range(seen: Seen, value: Any) -> list[Any]:
    low, high = (_number(seen, item) for item in _pair(seen, value))
    if low > high:
        raise ControlUnusable(f"{described(seen)} takes its lower value first, not {value!r}.")
    return [low, high]


def _pair(seen: Seen, value: Any) -> tuple[Any, Any]:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == 2:
        return value[0], value[1]
    raise ControlUnusable(f"{described(seen)} takes a pair (lower, upper), not {value!r}.")


def _moment(seen: Seen, value: Any) -> Any:
    wanted: Any = _TYPES[seen.kind]
    if isinstance(value, str):
        try:
            value = wanted.fromisoformat(value)
        except ValueError:
            raise ControlUnusable(
                f"{described(seen)} takes a {wanted.__name__}, or ISO text such as "
                f"{wanted(2024, 2, 29).isoformat() if wanted is not dt.time else '13:30'!r}, not {value!r}."
            ) from None
    if wanted is dt.date and isinstance(value, dt.datetime):
        value = value.date()
    if value is not None:
        if not isinstance(value, wanted):
            raise ControlUnusable(f"{described(seen)} takes a {wanted.__name__}, not {value!r}.")
        if isinstance(value, dt.datetime):
            aware = seen.kind == "DatetimePicker"
            value = value.astimezone(dt.UTC) if aware else value.replace(tzinfo=None)
        low, high = limits(seen)
        if (low is not None and value < low) or (high is not None and value > high):
            raise ControlUnusable(f"{described(seen)} goes from {low} to {high}; {value} is beyond that.")
    return serialised(seen.kind, value)


def _colour(seen: Seen, value: Any) -> str:
    if isinstance(value, str) and (_HEX.match(value) or _COLOUR_NAME.match(value)):
        return value
    raise ControlUnusable(f"{described(seen)} takes a colour such as '#1a2b3c' or 'teal', not {value!r}.")


def _tags(seen: Seen, value: Any) -> list[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence | set | frozenset):
        raise ControlUnusable(f"{described(seen)} takes a list, not {value!r}.")
    allowed = seen.state.get("allowed_tags") or ()
    read: Callable[[Seen, Any], Any] = {"IntsInput": _number, "FloatsInput": _number, "ColorsInput": _colour}.get(
        seen.kind, _tag
    )
    tags = [read(seen, item) for item in value]
    if allowed and (wrong := [tag for tag in tags if tag not in allowed]):
        raise ControlUnusable(f"{described(seen)} does not take {wrong[0]!r}.", _offered(allowed))
    if not seen.state.get("allow_duplicates", True):
        tags = list(dict.fromkeys(tags))
    return tags


def _tag(seen: Seen, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ControlUnusable(f"{described(seen)} takes tags of text, not {value!r}.")
    return value


_READERS: tuple[tuple[Any, Callable[[Seen, Any], Any]], ...] = (
    (TOGGLES, _toggle),
    (TEXTS, _text),
    (NUMBERS | BOUNDED, _number),
    (RANGES, _range),
    (MOMENTS, _moment),
    (TAGS, _tags),
    (("ColorPicker",), _colour),
)


def _option(seen: Seen, value: Any, values: Sequence[Any] | None) -> int:
    labels = [str(label) for label in seen.state.get("_options_labels") or ()]
    if isinstance(value, str):
        for fold in (exact, folded):
            found = [number for number, label in enumerate(labels) if fold(label) == fold(value)]
            if found and (len(found) == 1 or fold is exact):
                return found[0]
    for number, known in enumerate(values or ()):
        if _same(known, value) and number < len(labels):
            return number
    if not isinstance(value, str) and str(value) in labels:
        return labels.index(str(value))
    raise ControlUnusable(f"{described(seen)} has no option {value!r}.", _offered(labels))


def _same(known: Any, value: Any) -> bool:
    if isinstance(known, bool) is not isinstance(value, bool):
        return False
    try:
        return bool(known == value)
    except (TypeError, ValueError):  # arrays answer with arrays
        return False


def _offered(options: Sequence[Any]) -> str:
    more = f" and {len(options) - _MOST_OPTIONS} more" if len(options) > _MOST_OPTIONS else ""
    return (
        f"It offers: {', '.join(repr(option) for option in options[:_MOST_OPTIONS])}{more}."
        if options
        else ("It offers nothing now.")
    )


def upload_entry(seen: Seen, files: Sequence[tuple[str, bytes]]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The change of state that choosing files makes, and the buffers that go with it (path as JSON text → bytes)."""
    if len(files) > 1 and not seen.state.get("multiple"):
        raise ControlUnusable(f"{described(seen)} takes one file, not {len(files)}.")
    now = int(time.time() * 1000)
    entries, buffers = [], {}
    for number, (name, content) in enumerate(files):
        kind = mimetypes.guess_type(name)[0] or ""
        if not _accepted(str(seen.state.get("accept") or ""), name, kind):
            raise ControlUnusable(f"{described(seen)} takes {seen.state['accept']}, not '{name}'.")
        entries.append({"name": name, "type": kind, "size": len(content), "last_modified": now})
        buffers[f'["value", {number}, "content"]'] = content
    return {"value": entries, "error": ""}, buffers


def _accepted(accept: str, name: str, kind: str) -> bool:
    wanted = [part.strip().lower() for part in accept.split(",") if part.strip()]
    return not wanted or any(
        name.lower().endswith(part)
        if part.startswith(".")
        else kind.startswith(part.removesuffix("*"))
        if part.endswith("/*")
        else part in (kind, "*", "*/*")
        for part in wanted
    )


def trait_entry(seen: Seen, trait: str, value: Any) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The change of state of any trait, for widgets of other libraries; ``bytes`` travel as buffers."""
    if trait not in seen.state:
        known = ", ".join(sorted(name for name in map(str, seen.state) if not name.startswith("_")))
        raise ControlUnusable(f"{described(seen)} has no trait '{trait}'.", f"It has: {known}.")
    buffers: dict[str, bytes] = {}
    return {trait: _split(value, [trait], buffers)}, buffers


def _split(value: Any, path: list[Any], buffers: dict[str, bytes]) -> Any:
    if isinstance(value, bytes | bytearray | memoryview):
        buffers[json.dumps(path)] = bytes(value)
        return None
    if isinstance(value, Mapping):
        return {str(key): _split(item, [*path, str(key)], buffers) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_split(item, [*path, number], buffers) for number, item in enumerate(value)]
    return value
