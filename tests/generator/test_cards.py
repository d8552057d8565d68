"""Cards of widget libraries: ours, the person's, and bad ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.generator import cards

OWN = "---\nimport: json\nnetwork: yes\n---\nFor JSON.\n"


@pytest.fixture
def own(microapps_home: Path) -> Path:
    folder = microapps_home / "cards"
    folder.mkdir(parents=True)
    return folder


def test_every_card_that_ships_can_be_read() -> None:
    shown, bad = cards()
    assert bad == ()
    assert {"matplotlib", "pandas", "numpy", "anywidget"} <= {card.name for card in shown}


def test_only_installed_libraries_are_shown(own: Path) -> None:
    (own / "ghost.md").write_text(OWN.replace("json", "no_such_library"))
    assert "ghost" not in {card.name for card in cards()[0]}


def test_a_persons_own_card_is_shown(own: Path) -> None:
    (own / "mine.md").write_text(OWN)
    mine = next(card for card in cards()[0] if card.name == "mine")
    assert mine.module == "json"
    assert mine.for_model() == "## mine\nNeeds the network: propose the permission first.\n\nFor JSON."


def test_a_persons_card_takes_the_place_of_ours(own: Path) -> None:
    (own / "numpy.md").write_text(OWN)
    assert next(card for card in cards()[0] if card.name == "numpy").text == "For JSON."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("For JSON.", "front matter"),
        (OWN.replace("import: json", "imports: json"), "imports: json"),
        (OWN.replace("import: json\n", ""), "no name to import"),
        (OWN.replace("json", "os; import evil"), "no name to import"),
        (OWN.replace("json", "__main__"), "no name to import"),
        (OWN.replace("yes", "maybe"), "'yes' or 'no'"),
        (OWN.replace("For JSON.", ""), "says nothing"),
        (OWN + "x" * 5000, "characters"),
    ],
)
def test_a_bad_card_is_named_and_the_others_stay(own: Path, content: str, why: str) -> None:
    (own / "mine.md").write_text(content)
    shown, bad = cards()
    assert [found.path.name for found in bad] == ["mine.md"]
    assert why in str(bad[0])
    assert shown


def test_a_card_that_is_no_text(own: Path) -> None:
    (own / "mine.md").write_bytes(b"\xff\xfe\x00")
    assert len(cards()[1]) == 1


def test_nothing_is_imported_to_see_what_is_installed(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "trap.md").write_text(OWN.replace("json", "trap_library"))
    (own / "trap_library.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(str(own))
    assert "trap" in {card.name for card in cards()[0]}
