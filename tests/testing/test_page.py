"""Reading and finding on a page, from widget state alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest

from microapps.errors import ControlAmbiguous, ControlNotFound, ControlUnusable
from microapps.testing.labels import find
from microapps.testing.page import Page
from microapps.testing.targets import target
from microapps.testing.tree import Seen, look


class Board:
    """Collects widgets, and shows the last one."""

    def __init__(self) -> None:
        self.states: dict[str, dict[str, Any]] = {}

    def add(
        self, kind: str, children: Sequence[str] = (), *, layout: dict[str, Any] | None = None, **state: Any
    ) -> str:
        model = f"m{len(self.states)}"
        state = {"_model_name": f"{kind}Model", "_view_name": f"{kind}View", "disabled": False, **state}
        if children:
            state["children"] = [f"IPY_MODEL_{child}" for child in children]
        if layout:
            self.states[f"{model}-layout"] = {"_model_name": "LayoutModel", "_view_name": "LayoutView", **layout}
            state["layout"] = f"IPY_MODEL_{model}-layout"
        self.states[model] = state
        return model

    def page(self, root: str) -> Page:
        view = {"output_type": "display_data", "data": {"application/vnd.jupyter.widget-view+json": {"model_id": root}}}
        return Page(look(self.states, [[view]]), lambda model: None)


def found(page: Page, label: str, within: str = "") -> Seen:
    return find(label, page.seen, lambda item: item.is_control, within=within, what="controls")


@pytest.fixture
def board() -> Board:
    return Board()


def test_a_label_is_matched_exactly_then_leniently_then_by_its_beginning(board: Board) -> None:
    exact = board.add("Text", description="Name")
    lower = board.add("Text", description="name:")
    longer = board.add("Text", description="Surname of the buyer")
    page = board.page(board.add("VBox", [exact, lower, longer]))
    assert found(page, "Name").id == exact
    assert found(page, "name:").id == lower
    assert found(page, "  SURNAME of  the buyer: ").id == longer
    assert found(page, "surname").id == longer
    with pytest.raises(ControlAmbiguous, match="2 controls answer to 'NAME'"):
        found(page, "NAME")


def test_composed_and_decomposed_letters_are_the_same(board: Board) -> None:
    control = board.add("Text", description=unicodedata.normalize("NFD", "금액 (원)"))
    assert found(board.page(control), unicodedata.normalize("NFC", "금액 (원)")).id == control


def test_a_missing_label_lists_what_is_there_and_the_nearest(board: Board) -> None:
    page = board.page(
        board.add("VBox", [board.add("Text", description="Amount"), board.add("Button", description="Go")])
    )
    with pytest.raises(ControlNotFound, match=r"nearest is 'Amount'.*'Amount' \(Text\), 'Go' \(Button\)"):
        found(page, "Ammount")


@pytest.mark.parametrize(
    ("state", "name"),
    [
        ({"description": "<b>Bill</b> &amp; tip"}, "Bill & tip"),
        ({"placeholder": "Your name"}, "Your name"),
        ({"tooltip": "Type here"}, "Type here"),
    ],
)
def test_description_placeholder_and_tooltip_are_names(board: Board, state: dict[str, str], name: str) -> None:
    control = board.add("Text", **state)
    assert found(board.page(control), name).id == control


def test_a_label_before_a_control_names_it(board: Board) -> None:
    rate, deep = board.add("FloatText"), board.add("FloatText")
    page = board.page(
        board.add(
            "VBox",
            [
                board.add("HBox", [board.add("Label", value="Rate:"), rate]),
                board.add("HBox", [board.add("HTML", value="<i>Years</i>"), board.add("VBox", [deep])]),
            ],
        )
    )
    assert found(page, "Rate").id == rate
    assert found(page, "Years").id == deep


def test_a_heading_names_no_control(board: Board) -> None:
    box = board.add("VBox", [board.add("HTML", value="<h2>Loan</h2>"), board.add("FloatText")])
    assert board.page(box).controls()[0].label == ""


def test_a_label_behind_a_lone_checkbox_names_it(board: Board) -> None:
    box = board.add("HBox", [board.add("Checkbox"), board.add("Label", value="Agree")])
    assert board.page(box).controls()[0].label == "Agree"


def test_a_kind_finds_the_only_one(board: Board) -> None:
    page = board.page(board.add("VBox", [board.add("Dropdown", description="x"), board.add("Text", description="y")]))
    assert found(page, "Dropdown").label == "x"


def test_closed_pages_hidden_and_disabled_controls_say_so(board: Board) -> None:
    first, second = board.add("Text", description="A"), board.add("Text", description="B")
    tabs = board.add("Tab", [first, second], titles=["One", "Two"], selected_index=0)
    closed = board.add("Accordion", [board.add("Text", description="C")], titles=["More"], selected_index=None)
    hidden = board.add("Text", description="D", layout={"display": "none"})
    unseen = board.add("VBox", [board.add("Text", description="E")], layout={"visibility": "hidden"})
    disabled = board.add("Text", description="F", disabled=True)
    stack = board.add(
        "Stack", [board.add("Text", description="G"), board.add("Text", description="H")], selected_index=1
    )
    page = board.page(board.add("VBox", [tabs, closed, hidden, unseen, disabled, stack]))
    notes = {control.label: control.note for control in page.controls()}
    assert notes == {
        "A": "",
        "B": "in the tab 'Two', which is not selected",
        "C": "in the closed page 'More'",
        "D": "hidden by its layout (display)",
        "E": "hidden by its layout (visibility)",
        "F": "disabled",
        "G": "in a stack that shows another of its children",
        "H": "",
    }
    assert {control.label for control in page.controls() if control.visible} == {"A", "F", "H"}
    assert next(control.path for control in page.controls() if control.label == "B") == ("Two",)


def test_the_visible_of_two_is_meant(board: Board) -> None:
    first, second = board.add("Text", description="Name"), board.add("Text", description="Name")
    page = board.page(board.add("Tab", [first, second], titles=["One", "Two"], selected_index=1))
    assert found(page, "Name").id == second
    assert found(page, "Name", within="One").id == first
    with pytest.raises(ControlNotFound, match="Pages: 'One', 'Two'"):
        found(page, "Name", within="Three")


def test_titles_and_options_can_be_clicked_but_buttons_come_first(board: Board) -> None:
    tabs = board.add("Tab", [board.add("Box"), board.add("Box")], titles=["Basic", "Go"], selected_index=0)
    toggles = board.add("ToggleButtons", _options_labels=["Small", "Large"], index=0)
    button = board.add("Button", description="Go")
    page = board.page(board.add("VBox", [tabs, toggles, button]))
    assert target("Go", page.seen).item.id == button
    assert target("Basic", page.seen).change == {"selected_index": 0}
    assert target("Large", page.seen).change == {"index": 1}


def test_a_hidden_button_cannot_be_clicked(board: Board) -> None:
    tabs = board.add(
        "Tab", [board.add("Box"), board.add("Button", description="Go")], titles=["A", "B"], selected_index=0
    )
    with pytest.raises(ControlUnusable, match=r"click\('B'\)"):
        target("Go", board.page(tabs).seen)


def test_the_text_of_the_page_is_what_is_visible(board: Board) -> None:
    page = board.page(
        board.add(
            "VBox",
            [
                board.add("HTML", value="<h1>Bill</h1>"),
                board.add("FloatText", description="Amount", value=100.0),
                board.add("HTML", description="Each pays", value="<b>24.00</b>"),
                board.add("HTML", value="secret", layout={"display": "none"}),
                board.add("Button", description="Split"),
            ],
        )
    )
    assert page.text() == "Bill\nAmount: 100\nEach pays 24.00\nSplit"
    assert page.text("Each pays") == "24.00"
    assert page.text("Bill") == "Bill"
    assert page.text("Amount") == "100"


def test_the_text_of_something_hidden_is_empty(board: Board) -> None:
    hidden = board.add("HTML", description="Warning", value="no!", layout={"display": "none"})
    page = board.page(hidden)
    assert page.text("Warning") == ""
    assert page.value("Warning") == "no!"


def test_a_label_before_a_result_names_it(board: Board) -> None:
    row = board.add("HBox", [board.add("Label", value="Total"), board.add("Label", value="5.00")])
    assert board.page(row).text("Total") == "5.00"


def test_tables_are_found_by_label_or_content(board: Board) -> None:
    table = "<table><tr><th>Name</th></tr><tr><td>{}</td></tr></table>"
    first = board.add("HTML", description="Guests", value=table.format("Ann"))
    second = board.add("HTML", value=table.format("Bo"))
    page = board.page(board.add("VBox", [first, second]))
    assert page.table("Guests") == [{"Name": "Ann"}]
    assert page.table("Bo") == [{"Name": "Bo"}]
    with pytest.raises(ControlAmbiguous, match="2 tables"):
        page.table()


def test_a_ring_of_boxes_and_endless_nesting_are_survived(board: Board) -> None:
    ring = board.add("VBox", ["m0"])
    assert board.page(ring).controls() == ()
    inner = board.add("Text", description="deep")
    for _ in range(3000):
        inner = board.add("VBox", [inner])
    assert board.page(inner).controls() == ()


def test_the_outline_is_indented_and_says_what_is_in_the_way(board: Board) -> None:
    box = board.add("VBox", [board.add("Text", description="Name", value="Ann", disabled=True)])
    assert board.page(box).outline == "VBox\n  Text 'Name': Ann (disabled)"
