"""HTML that an app drew, so that it ends where it is put: what it leaves open would go on into the rest of the page.

A page of ours is written in one piece, and an app may write ``<b>Hello``, ``</div>`` or ``<!--``. Browsers mend that
only where they are given it by itself. So markup is put in as it is where it is plain what a browser makes of it, with
ends for what it leaves open (the rules are those of https://html.spec.whatwg.org/multipage/parsing.html). All else is
mended by a library that reads HTML as browsers do, and what even that leaves unclear is shown as text.
"""

from __future__ import annotations

import re
from html import escape, unescape

import nh3

from .lifeless import lifeless

_SPACE = r"[ \t\n\r\f]"
_ATTRIBUTES = (
    rf"(?:{_SPACE}++[^ \t\n\r\f\"'<>/=]++(?:{_SPACE}*+={_SPACE}*+(?:\"[^\"]*+\"|'[^']*+'|[^ \t\n\r\f\"'<>=`]++))?+)*+"
)
_TOKEN = re.compile(
    rf"[^<]++|<(?![A-Za-z/!?])|<!--(?!-?>)(?:[^-]|-(?!-))*+-->"
    rf"|<(?P<begins>[A-Za-z][A-Za-z0-9-]*+){_ATTRIBUTES}{_SPACE}*+(?P<closed>/?)>"
    rf"|</(?P<ends>[A-Za-z][A-Za-z0-9-]*+){_SPACE}*+>"
    rf"|(?P<document><!(?:DOCTYPE|doctype){_SPACE}[^<>]*+>)"
)


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_VOID = _names("area base basefont bgsound br col embed hr image img input keygen link meta param source track wbr")
_IMPLIED = _names(
    "caption colgroup dd dt li optgroup option p rb rp rt rtc tbody td tfoot th thead tr x-base x-embed x-frame x-link "
    "x-meta"
)
"""What ends with what it is in; the last ones are void elements that :func:`lifeless` gave other names."""
_WHOLE = _names("body head html")
"""What a whole page has around its parts; in another one it is nothing."""
_UNCLEAR = _names("frameset noembed noframes noscript plaintext xmp")
_DRAWN = _names("math svg")
_HELD = _names("desc foreignobject")
"""What holds HTML in a drawing."""
_BREAKING = _names(
    "b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i img li listing menu "
    "meta nobr ol p pre ruby s small span strike strong sub sup table tt u ul var"
)
"""What ends a drawing or a formula where it begins in one."""
_ROWS = _names("colgroup table tbody tfoot thead tr")
_CELLS = _names("caption col colgroup script style tbody td template tfoot th thead tr")
"""What may begin in the rows of a table; browsers put all else before it."""
_WRITTEN = re.compile(r"[^<]*+</(?P<ends>script|style|textarea|title)>", re.IGNORECASE)
_RAW = {
    **dict.fromkeys(("style", "textarea", "title"), _WRITTEN),
    "script": re.compile(r"(?:(?!</script).)*+</(?P<ends>script)>", re.IGNORECASE | re.DOTALL),
}
"""The rest of what holds text that is no markup."""
_NAME = re.compile(r"<([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = re.compile(r"(?<=[ \t\n\r\f/\"'])([A-Za-z_:@][A-Za-z0-9_:.@-]*)(?=[ \t\n\r\f=/>])")
_NO_WORDS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b.*?(?:</(?P=raw)>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL
)
SCHEMES = frozenset(("blob", "data", "http", "https", "mailto"))
"""What addresses in markup that is mended may begin with."""
MOST_MENDED = 5_000_000
"""Characters of markup that are mended; more would take too long."""
DEEPEST = 500
"""Elements in one another; browsers change what is deeper than 512."""


def contained(html: str) -> str:
    """HTML without what acts by itself (:func:`.lifeless.lifeless`), and without effect on what follows."""
    found = closed(html)
    return found if found is not None else escape(unescape(_NO_WORDS.sub(" ", html)))


def closed(html: str) -> str | None:
    """The same where it can be had with all that it shows; else None. Scripts are not mended: they would be others."""
    drawn = lifeless(html)
    found = _ended(drawn)
    if found is not None or len(drawn) > MOST_MENDED or "<script" in drawn.lower():
        return found
    return _ended(_mended(drawn))


def _mended(html: str) -> str:
    names = {name for found in _NAME.findall(html) for name in (found, found.lower())} - _UNCLEAR - _WHOLE
    attributes = {name for found in _ATTRIBUTE.findall(html) for name in (found, found.lower())}
    allowed = dict.fromkeys(names, attributes)
    return nh3.clean(
        html, tags=names, attributes=allowed, clean_content_tags=set(), link_rel=None, url_schemes=set(SCHEMES)
    )


def _ended(html: str) -> str | None:
    """The same with ends for what it leaves open; None where only a browser knows what it means."""
    within: list[str] = []
    around: list[tuple[int, bool]] = []  # the places of what changes whether a drawing is drawn, and how it was before
    drawing = False
    kept = []
    at = since = 0
    while at < len(html):
        token = _TOKEN.match(html, at)
        if token is None:
            return None
        at = token.end()
        name = (token["begins"] or token["ends"] or "").lower()
        if token["document"] or (name in _WHOLE and not drawing):
            kept.append(html[since : token.start()])
            since = at
        elif token["begins"]:
            if name in _UNCLEAR or (drawing and name in _DRAWN | _BREAKING):
                return None
            if within and within[-1] in _ROWS and name not in _CELLS:
                return None
            if name in _RAW and not (drawing and token["closed"]):
                text = (_WRITTEN if drawing else _RAW[name]).match(html, at)
                if text is None or text["ends"].lower() != name or (name == "script" and _nested(text[0])):
                    return None
                at = text.end()
            elif not (token["closed"] if drawing else name in _VOID):
                if name in _DRAWN or (drawing and name in _HELD):
                    around.append((len(within), drawing))
                    drawing = name in _DRAWN
                if not (within and within[-1] == name and name in _IMPLIED):
                    within.append(name)
                if len(within) > DEEPEST:
                    return None
        elif token["ends"]:
            left = len(within) - 1
            while left >= 0 and within[left] != name and within[left] in _IMPLIED:
                left -= 1
            if left < 0 or within[left] != name:
                if name == "p":
                    continue  # an empty one
                return None
            if around and around[-1][0] == left:
                if left < len(within) - 1:
                    return None
                drawing = around.pop()[1]
            del within[left:]
    if around:
        return None
    ends = (f"</{name}>" for name in reversed(within) if name not in _IMPLIED)
    return "".join((*kept, html[since:], *ends))


def _nested(script: str) -> bool:
    """Whether a script goes on after what looks like its end."""
    within = script.lower()
    return "<script" in within[max(0, within.find("<!--")) :] and "<!--" in within
