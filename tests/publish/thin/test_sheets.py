"""The part of a style sheet that a drawn page needs."""

from __future__ import annotations

import pytest

from microapps.publish.thin import built_client
from microapps.publish.thin.sheets import needed

PAGE = '<div id="one" class="lm-Widget wide"><input class="가나" type="text"><BR></div>'


@pytest.mark.parametrize(
    "rule",
    [
        ".wide{color:red}",
        ".wide.lm-Widget > input:focus::before{content:\".none\"}",
        "div.none, #one .가나{color:red}",
        "body #one br{color:red}",
        "*{color:red}",
        ":root:not(.none)[data-busy] input[type=text]{color:red}",
        ":is(.none, .wide){color:red}",
        "@font-face{font-family:x}",
        "@keyframes turn{to{rotate:1turn}}",
        "@media print{.wide{color:red}}",
        '.wide{background:url("data:image/svg+xml;utf8,<svg class=\'none\'/>")}',
    ],
)  # fmt: skip
def test_what_can_match_is_kept_as_it_is(rule: str) -> None:
    assert needed(rule, PAGE).replace('"', "'") == rule.replace('"', "'")


@pytest.mark.parametrize(
    "rule",
    [
        ".none{color:red}",
        ".wide.none, .none input{color:red}",
        ".wide > .no-ne:hover{color:red}",
        "#two{color:red}",
        "select{color:red}",
        ".WIDE{color:red}",
        "@media print{.none{color:red} textarea{color:red}}",
        "/* .wide{} */",
    ],
)
def test_what_cannot_is_left_out(rule: str) -> None:
    assert needed(rule, PAGE) == ""


def test_rules_keep_their_order_and_what_holds_them_only_what_is_needed() -> None:
    sheet = "p{a:b} .wide{color:red} @media (min-width: 9px){.none{a:b} @supports (a:b){.wide{a:b}}} .wide{color:blue}"
    assert needed(sheet, PAGE) == (
        ".wide{color:red}@media (min-width: 9px){@supports (a:b){.wide{a:b}}}.wide{color:blue}"
    )


@pytest.mark.skipif(built_client() is None, reason="the page's client has not been built")
def test_of_the_client_s_sheet_little_is_needed_by_a_small_page() -> None:
    client = built_client()
    assert client is not None
    found = needed(client.style_text, PAGE)
    assert ":root{" in found
    assert ".lm-Widget{" in found
    assert "noUi" not in found.replace(":is(", "")
    assert len(found) < len(client.style_text) / 4
