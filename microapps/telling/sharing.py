"""Publishing in words: whose data a way into an app shows, and who can follow its links."""

from __future__ import annotations

from datetime import timedelta

from ..errors import InvalidInput

_UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
LONGEST = timedelta(days=3660)


def whose_data(role: str, label: str, storage: str) -> str:
    """Whose data the app shows to whoever comes by a way, as a sentence."""
    if storage == "none":
        return "The app keeps nothing."
    if storage == "shared":
        return "What the app keeps is shared by everyone who uses it, as you have allowed it."
    match role:
        case "owner":
            return "It opens the app with your own data: keep it to yourself. For somebody else, make a guest's link."
        case "guest":
            return f"What {label} enters is kept apart, for this guest alone; you can read it on this machine."
        case _:
            return "Whoever comes here begins with nothing, and what they enter is gone when they leave."


def reach_of(url: str) -> str:
    """Who can follow the links of a site at this address, as a sentence."""
    host = url.partition("://")[2].partition("/")[0]
    if host.startswith(("127.", "localhost", "[::1]")):
        return "The site listens on this machine only, so that no phone and no other computer can follow the link."
    return "Every machine that reaches this address can follow the link."


def period(said: str) -> timedelta | None:
    """A time such as ``7d``, ``12h``, ``30m`` or ``2w``; None for ``never``. Raises InvalidInput."""
    text = said.strip().lower()
    if text == "never":
        return None
    if text[:-1].isdecimal() and text[-1:] in _UNITS and 0 < int(text[:-1]) < 10**7:
        given = timedelta(seconds=int(text[:-1]) * _UNITS[text[-1]])
        if given <= LONGEST:
            return given
    raise InvalidInput(
        f"{said[:40]!r} is no time that can be used.", "Write it like 30m, 12h, 7d or 2w, up to ten years, or never."
    )
