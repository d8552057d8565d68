"""What a person reads in HTML."""

from __future__ import annotations

import time

import pandas as pd
import pytest

from microapps.testing.markup import read, text_of

TEXTS = [
    ("plain", "plain"),
    ("a < b", "a < b"),
    ("<b>24.00</b>", "24.00"),
    ("<p>Each   pays\n<b>24</b></p><p>now</p>", "Each pays 24\nnow"),
    ("one<br>two<br/>three", "one\ntwo\nthree"),
    ("A &amp; B &lt;c&gt; &euro; &#8364;", "A & B <c> € €"),
    ("<style>p{}</style><script>x<y</script>left<!-- not > this -->over", "leftover"),
    ("<div style='display: none'>a<div>b</div>c</div>d", "d"),
    ("<p hidden>a</p>b", "b"),
    ("<img src=x alt='A chart'><img src=y>", "A chart[image]"),
    ("<pre>a\n b</pre>", "a\nb"),
    ("<ul><li>x<li>y</ul>", "x\ny"),
    ('<a title="a > b">link</a>', "link"),
    ("5 <6", "5 <6"),
    ("한국어 <em>강조</em>", "한국어 강조"),
]


@pytest.mark.parametrize(("markup", "text"), TEXTS)
def test_text_is_what_a_person_reads(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_a_table_of_pandas_gives_records() -> None:
    frame = pd.DataFrame({"Name": ["Ann", "<Bo>"], "Score": [1, 2]})
    assert read(frame.to_html(index=False)).tables[0].records() == [
        {"Name": "Ann", "Score": "1"},
        {"Name": "<Bo>", "Score": "2"},
    ]
    assert read(frame.set_index("Name").to_html()).tables[0].records()[0] == {"Name": "Ann", "Score": "1"}
    assert read(frame.to_html()).tables[0].records()[1] == {"": "1", "Name": "<Bo>", "Score": "2"}


def test_a_table_without_headings_numbers_its_columns() -> None:
    assert read("<table><tr><td>a<td>b</table>").tables[0].records() == [{"0": "a", "1": "b"}]


def test_row_headings_are_no_header() -> None:
    rows = read("<table><tr><th>Total</th><td>5</td></tr><tr><th>Tip</th><td>2</td></tr></table>").tables[0].records()
    assert rows == [{"0": "Total", "1": "5"}, {"0": "Tip", "1": "2"}]


def test_repeated_headings_stay_apart_and_spans_are_filled() -> None:
    markup = "<table><tr><th colspan=2>A</th><th>B</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>"
    assert read(markup).tables[0].records() == [{"A": "1", "A.1": "2", "B": "3"}]


BROKEN = [
    "<",
    "<!--",
    "<a ",
    '<a x="',
    "</a",
    "&",
    "&#9",
    "<td colspan=1000>",
    "<script>",
    "<div>",
    " \t",
    "<!",
    "<table><tr>",
]


@pytest.mark.parametrize("piece", BROKEN)
def test_broken_markup_takes_linear_time(piece: str) -> None:
    started = time.perf_counter()
    read("<p>" + piece * (400_000 // len(piece)))
    assert time.perf_counter() - started < 5
