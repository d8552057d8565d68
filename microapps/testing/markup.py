"""What a person reads in a piece of HTML: its text in lines, and its tables; by the standard library's parser."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "button",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(("head", "noscript", "script", "style", "template", "title"))
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LOOKS_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!]|&[#\w]+;")


@dataclass
class Table:
    """A table of an HTML text: its header row (empty if it has none) and its body rows, as text."""

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def records(self) -> list[dict[str, str]]:
        """One dictionary per row: by heading (``""`` for a blank one, ``"Name.1"`` for a repeated one), else by
        column number (``"0"``, ``"1"``, …)."""
        width = max([len(self.header), *(len(row) for row in self.rows)], default=0)
        names: list[str] = []
        for number in range(width):
            name = self.header[number] if number < len(self.header) else "" if self.header else str(number)
            again = sum(1 for other in self.header[:number] if other == name)
            names.append(f"{name}.{again}" if again else name)
        return [dict(zip(names, [*row, *[""] * (width - len(row))], strict=True)) for row in self.rows]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.tables: list[Table] = []
        self.heading = False
        self._silent: list[str] = []
        self._open_tables: list[Table] = []
        self._rows: list[list[tuple[str, bool]]] = []
        self._cell: list[str] | None = None
        self._cell_heads = False
        self._span = 1
        self._in_head = False
        self._pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        hidden = tag in _SILENT or "hidden" in attributes or _HIDDEN.search(attributes.get("style", ""))
        if (self._silent or hidden) and tag not in _VOID:
            self._silent.append(tag)
            return
        if self._silent or hidden:
            return
        if tag in _BLOCKS:
            self._say("\n")
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = True
        if tag == "pre":
            self._pre += 1
        elif tag == "img":
            self._say(attributes.get("alt") or "[image]")
        elif tag in ("svg", "canvas"):
            self._say(attributes.get("aria-label") or "")
        elif tag == "input":
            self._say(attributes.get("value", ""))
        elif tag == "table":
            self._close_cell()
            table = Table()
            self.tables.append(table)
            self._open_tables.append(table)
        elif tag == "thead":
            self._in_head = True
        elif tag == "tbody":
            self._in_head = False
        elif tag == "tr":
            self._close_row()
            self._rows.append([])
        elif tag in ("td", "th"):
            self._close_cell()
            self._cell, self._cell_heads = [], tag == "th"
            span = attributes.get("colspan", "1")
            self._span = min(int(span), 1000) if span.isdigit() and span.isascii() and len(span) < 5 else 1

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag in self._silent:
                while self._silent.pop() != tag:
                    pass
            return
        if tag in ("td", "th"):
            self._close_cell()
        elif tag == "tr":
            self._close_row()
        elif tag == "thead":
            self._in_head = False
        elif tag == "table" and self._open_tables:
            self._close_row()
            self._open_tables.pop()
        elif tag == "pre":
            self._pre = max(0, self._pre - 1)
        if tag in _BLOCKS:
            self._say("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._say(data if self._pre else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _say(self, text: str) -> None:
        self.pieces.append(text)
        if self._cell is not None:
            self._cell.append(text)

    def _close_cell(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        if self._rows:
            self._rows[-1] += [(text, self._cell_heads)] * self._span
        self._cell = None
        self.pieces.append("\t")

    def _close_row(self) -> None:
        self._close_cell()
        if not self._rows:
            return
        row = self._rows.pop()
        if not self._open_tables or not row:
            return
        table = self._open_tables[-1]
        words = [text for text, _ in row]
        if (self._in_head or all(heads for _, heads in row)) and not table.rows:
            # pandas writes the index's name in a second header row, below the columns' names.
            table.header = (
                [new or old for old, new in zip(table.header, words, strict=True)]
                if (len(table.header) == len(words))
                else words
            )
        else:
            table.rows.append(words)

    def finish(self) -> None:
        self.close()
        while self._rows:
            self._close_row()


def read(markup: str) -> _Reader:
    """Parse a piece of HTML."""
    reader = _Reader()
    reader.feed(markup)
    reader.finish()
    return reader


def text_of(markup: str) -> str:
    """The lines a person reads in a piece of HTML; table cells are parted by tabs."""
    if not _LOOKS_LIKE_MARKUP.search(markup):
        return tidy(html.unescape(markup))
    return tidy("".join(read(markup).pieces))


def tidy(text: str) -> str:
    """Lines without blanks around them, empty ones left out."""
    lines = (re.sub(r"[ \xa0]+", " ", re.sub(r"[ \xa0]*\t[ \t\xa0]*", "\t", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def is_heading(markup: str) -> bool:
    """Whether a piece of HTML holds a heading: it names a section, not the control that follows."""
    return bool(_LOOKS_LIKE_MARKUP.search(markup)) and read(markup).heading


def tables_of(markup: str) -> list[Table]:
    """The tables in a piece of HTML, in order."""
    return read(markup).tables if "<table" in markup.lower() else []
