"""Permissions as words, both ways."""

import pytest

from microapps.errors import InvalidInput
from microapps.notebook import Permissions
from microapps.telling import allowed, spelled


def test_words_become_permissions_and_back() -> None:
    words = (
        "host:api.example.org:8443",
        "read:/data",
        "write:/out",
        "package:numpy",
        "storage:shared",
        "model:1.5",
        "memory:2048",
        "seconds:60",
    )
    assert spelled(allowed(words)) == words


def test_a_host_without_a_port_is_https() -> None:
    assert str(allowed(["host:example.org"]).hosts[0]) == "example.org:443"


def test_a_relative_file_is_made_absolute(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert allowed(["read:data.csv"]).files[0].path == f"{tmp_path}/data.csv"


def test_nothing_spells_to_nothing() -> None:
    assert spelled(Permissions()) == ()


@pytest.mark.parametrize(
    "word",
    ["host:", "everything", "host:bad name", "host:a.example:99999", "read:/a/../b", "model:much", "memory:1", "x:y"],
)
def test_a_word_that_is_none_is_named_with_the_ways_to_write_one(word: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        allowed([word])
    assert repr(word) in raised.value.what
    assert "host:NAME[:PORT]" in raised.value.hint
