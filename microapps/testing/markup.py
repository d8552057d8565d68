"""What a person reads in a piece of HTML: its text in lines, and its tables.

The standard library's parser takes quadratic time on broken markup, and an app may show anything; this reader goes
through the text once. It knows what reading needs: blocks, tables, what is hidden, and the text of pictures.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "button", "caption", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead"),
        *("tr", "ul"),
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SILENT = frozenset(("head", "noscript", "template"))
_RAW = frozenset(("script", "style", "title", "iframe", "xmp", "noembed"))
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#\w]{2,32};")
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_REST_OF_TAG = re.compile(r"""[^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*>""")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_LONGEST_TAG = 10_000  # characters of a tag that are looked at
_MOST_CELLS = 200_000  # of all tables in one piece: a column span makes many out of little
_WIDEST_SPAN = 100


@dataclass
class Table:
    """A table of an HTML text: its header row (empty if it has none) and its body rows, as text."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def records(self) -> list[dict[str, str]]:
        """One dictionary per row.

        Its keys are the headings (``""`` for a blank one, ``"Name.1"`` for a repeated one), or column numbers
        (``"0"``, ``"1"``, …) in a table without any.
        """
        width = max([len(self.header), *(len(row) for row in self.rows)], default=0)
        names: list[str] = []
        known: Counter[str] = Counter()
        for number in range(width):
            name = self.header[number] if number < len(self.header) else "" if self.header else str(number)
            names.append(f"{name}.{known[name]}" if known[name] else name)
            known[name] += 1
        return [dict(zip(names, [*row, *[""] * (width - len(row))], strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Tag:
    """A start tag, or with ``closes`` an end tag."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    closes: bool = False

    @property
    def hides(self) -> bool:
        """Whether what is inside is not shown."""
        return (
            self.name in _SILENT
            or "hidden" in self.attributes
            or bool(_HIDDEN.search(self.attributes.get("style", "")))
        )


def tokens(markup: str) -> Iterator[str | Tag]:
    """The texts and tags of a piece of HTML, in order, without comments, scripts and styles."""
    position = 0
    while (start := markup.find("<", position)) >= 0:
        if start > position:
            yield _unescaped(markup[position:start])
        ahead = markup[start + 1 : start + 2]
        if ahead in ("!", "?"):
            ends = "-->" if markup.startswith("<!--", start) else ">"
            end = markup.find(ends, start + 2)
            position = len(markup) if end < 0 else end + len(ends)
            continue
        closes = ahead == "/"
        name = _NAME.match(markup, start + 1 + closes)
        if name is None:
            yield "<"
            position = start + 1
            continue
        rest = _REST_OF_TAG.match(markup, name.end())
        if rest is None:  # a tag that never ends swallows the rest, as in a browser
            return
        position = rest.end()
        word = name[0].lower()
        if closes:
            yield Tag(word, closes=True)
        elif word in _RAW:
            end_tag = re.compile(f"</{word}", re.IGNORECASE).search(markup, position)
            position = markup.find(">", end_tag.end()) + 1 if end_tag else 0
            if not position:
                return
        else:
            yield Tag(word, _attributes(markup[name.end() : min(rest.end(), name.end() + _LONGEST_TAG)]))
    if position < len(markup):
        yield _unescaped(markup[position:])


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or ""
        found.setdefault(match[1].lower(), _unescaped(value.strip(value[:1]) if value[:1] in ("'", '"') else value))
    return found


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a numeric reference of thousands of digits
        return text


class _Reader:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tables: list[Table] = []
        self.heading = False
        self._hidden = ""  # the tag whose inside is not shown, and how many of it are open
        self._hidden_depth = 0
        self._open_tables: list[Table] = []
        self._rows: list[list[tuple[str, bool]]] = []
        self._cell: list[str] | None = None
        self._cell_heads = False
        self._span = 1
        self._cells = 0
        self._in_head = False
        self._preformatted = 0

    def read(self, markup: str) -> None:
        for token in tokens(markup):
            if self._hidden:
                if isinstance(token, Tag) and token.name == self._hidden:
                    self._hidden_depth += -1 if token.closes else 1
                    self._hidden = self._hidden if self._hidden_depth else ""
            elif isinstance(token, str):
                self._say(token if self._preformatted else _BLANKS.sub(" ", token))
            elif token.closes:
                self._ended(token.name)
            elif token.hides:
                self._hidden, self._hidden_depth = ("", 0) if token.name in _VOID else (token.name, 1)
            else:
                self._started(token)
        while self._rows:
            self._close_row()

    def _started(self, tag: Tag) -> None:
        name, attributes = tag.name, tag.attributes
        if name in _BLOCKS:
            self._say("\n")
        self.heading = self.heading or name in _HEADINGS
        if name == "pre":
            self._preformatted += 1
        elif name == "img":
            self._say(attributes.get("alt") or "[image]")
        elif name in ("svg", "canvas"):
            self._say(attributes.get("aria-label", ""))
        elif name == "input":
            self._say(attributes.get("value", ""))
        elif name == "table":
            self._close_cell()
            self._open_tables.append(Table())
            self.tables.append(self._open_tables[-1])
        elif name in ("thead", "tbody"):
            self._in_head = name == "thead"
        elif name == "tr":
            self._close_row()
            self._rows.append([])
        elif name in ("td", "th"):
            self._close_cell()
            self._cell, self._cell_heads = [], name == "th"
            span = attributes.get("colspan", "1")
            self._span = min(int(span), _WIDEST_SPAN) if re.fullmatch(r"[0-9]{1,4}", span) else 1

    def _ended(self, name: str) -> None:
        if name in ("td", "th"):
            self._close_cell()
        elif name == "tr":
            self._close_row()
        elif name == "thead":
            self._in_head = False
        elif name == "table" and self._open_tables:
            self._close_row()
            self._open_tables.pop()
        elif name == "pre":
            self._preformatted = max(0, self._preformatted - 1)
        if name in _BLOCKS:
            self._say("\n")

    def _say(self, text: str) -> None:
        self.pieces.append(text)
        if self._cell is not None:
            self._cell.append(text)

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        if self._rows and self._cells < _MOST_CELLS:
            self._rows[-1] += [(text, self._cell_heads)] * self._span
            self._cells += self._span
        self._cell = None
        self.pieces.append("\t")

    def _close_row(self) -> None:
        self._close_cell()
        row = self._rows.pop() if self._rows else []
        if not self._open_tables or not row:
            return
        table = self._open_tables[-1]
        words = [text for text, _ in row]
        if table.rows or not (self._in_head or all(heads for _, heads in row)):
            table.rows.append(words)
        elif len(table.header) == len(words):
            # pandas writes the index's name in a second header row, below the columns' names.
            table.header = [new or old for old, new in zip(table.header, words, strict=True)]
        else:
            table.header = words


@dataclass(frozen=True)
class Reading:
    """What a piece of HTML says: its lines, its tables, and whether it holds a heading."""

    text: str
    tables: tuple[Table, ...] = ()
    heading: bool = False


def read(markup: str) -> Reading:
    """Read a piece of HTML; table cells are parted by tabs."""
    if not _LOOKS_LIKE_MARKUP.search(markup):
        return Reading(tidy(markup))
    # The page is read at every step, and most of it has not changed. Few large pieces are kept, for they are large.
    return _read_small(markup) if len(markup) < 20_000 else _read_large(markup)


def _read(markup: str) -> Reading:
    reader = _Reader()
    reader.read(markup)
    return Reading(tidy("".join(reader.pieces)), tuple(reader.tables), reader.heading)


_read_small = lru_cache(maxsize=512)(_read)
_read_large = lru_cache(maxsize=8)(_read)


def tidy(text: str) -> str:
    """Lines without blanks around them, empty ones left out."""
    lines = (re.sub(r" ?\t[ \t]*", "\t", re.sub(r"[ \xa0]+", " ", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def text_of(markup: str) -> str:
    """The lines a person reads in a piece of HTML."""
    return read(markup).text
