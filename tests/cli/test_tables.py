"""Tables at a narrow edge."""

import io
from datetime import UTC, datetime

from rich.cells import cell_len
from rich.console import Console

from microapps.cli.tables import moment, table


def drawn(*rows: tuple[str, ...]) -> list[str]:
    stream = io.StringIO()
    made = table("name", "title", "changed")
    for row in rows:
        made.add_row(*row)
    Console(file=stream, width=60, markup=False).print(made)
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_wide_characters_fold_and_nothing_is_cut() -> None:
    title = "친구들과 식당 계산서를 나누고 팁까지 더하는 아주 긴 이름의 계산기"
    lines = drawn(("split-a-restaurant-bill-with-a-tip", title, "2026-11-21 09:08"))
    assert max(map(cell_len, lines)) <= 60
    folded = "".join("".join(lines).split())
    for word in title.split():
        assert all(character in folded for character in word)
    assert "…" not in folded


def test_a_moment_is_told_to_the_minute() -> None:
    assert moment(datetime(2026, 11, 21, 9, 8, 7, tzinfo=UTC)).endswith(":08")
