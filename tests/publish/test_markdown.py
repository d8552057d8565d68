"""Markdown of an app is rendered, unless that would keep the site from everything else."""

from __future__ import annotations

from html import escape

import pytest

from microapps.publish.markdown import Markdown
from microapps.publish.prose import prose


@pytest.mark.parametrize("mark", ["\\begin{a}", "\\\\(", "\n\n> a", "# a\n", "[]("])
def test_a_text_that_would_take_long_to_render_is_shown_as_it_is_written(mark: str) -> None:
    text = mark * (200_000 // len(mark))
    assert Markdown().html(text) == f'<pre style="white-space: pre-wrap">{escape(text, quote=False)}</pre>'


def test_the_texts_of_one_page_share_what_they_may_take() -> None:
    markdown = Markdown(effort=5_000)
    text = "*a* " * 20
    shown = [markdown.html(text) for _ in range(2)]
    assert shown[0].startswith("<p><em>a</em>") and shown[1].startswith("<pre")


def test_a_long_text_with_formulas_and_a_picture_is_rendered() -> None:
    formulas = "A *word* and $x^2$, then \\begin{align} x \\end{align} and more of it.\n\n" * 100
    picture = f"A *word* and ![a](data:image/png;base64,{'A' * 2_000_000})\n\n"
    markdown = Markdown()
    assert all("<em>word</em>" in markdown.html(text) for text in (formulas, picture))


def test_pictures_that_are_attached_are_within_the_text() -> None:
    attached = {"a & b.png": {"image/png": "AA\nBB"}, "c.svg": {"image/svg+xml": "CC"}}
    source = "![](attachment:a%20&%20b.png) ![c][d] ![](attachment:gone)\n\n[d]: attachment:c.svg"
    shown = prose(Markdown(), source, attached)
    for picture in ("data:image/png;base64,AABB", "data:image/svg+xml;base64,CC", "data:,"):
        assert f'src="{picture}"' in shown
