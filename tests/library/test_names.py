"""Names: hostile ones are refused, spoken ones made into names, and old ones still lead somewhere."""

from __future__ import annotations

import unicodedata

import pytest

from microapps.errors import InvalidSetting, UnknownApp
from microapps.library import Library
from microapps.library.names import LONGEST, unique, usable
from microapps.notebook import AppMetadata, read

from .samples import change, make, tip

HOSTILE = ["../evil", "..", "/etc/passwd", "a\\b", "C:evil", ".hidden", "a\0b", "a\nb", "\ud800", "", " ", "---", "💥"]
WINDOWS = ["con", "NUL", "com1", "LPT9", "COM\u00b9", "aux"]


@pytest.mark.parametrize("name", [*HOSTILE, *WINDOWS, "x" * 49, "x" * 100_000])
def test_a_hostile_name_is_refused(library: Library, name: str) -> None:
    make(library)
    with pytest.raises(InvalidSetting):
        library.rename("tip-splitter", name)
    with pytest.raises(InvalidSetting):
        library.fork("tip-splitter", name)
    assert [record.name for record in library.apps()] == ["tip-splitter"]


@pytest.mark.parametrize("name", [*HOSTILE, "x" * 100_000, "%", "_"])
def test_a_hostile_name_finds_nothing(library: Library, name: str) -> None:
    make(library, tip(title="App", name="app"))
    with pytest.raises(UnknownApp) as caught:
        library.remove(name)
    assert len(str(caught.value)) < 300
    str(caught.value).encode()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Tip Splitter", "tip-splitter"),
        (unicodedata.normalize("NFD", "Café déjà vu"), "café-déjà-vu"),
        (unicodedata.normalize("NFD", "더치페이 계산기"), "더치페이-계산기"),
        ("ＦＵＬＬ width", "full-width"),
        ("  a_b  ", "a-b"),
    ],
)
def test_words_become_a_name(library: Library, said: str, name: str) -> None:
    make(library)
    record = library.rename("tip-splitter", said)
    assert record.name == name and record.path.name == f"{name}.ipynb" and record.path.is_file()
    assert library.app(said).id == record.id
    assert read(record.path).app.metadata.name == name


def test_names_stay_short_and_valid_when_numbered() -> None:
    taken = {"x" * LONGEST, "x" * (LONGEST - 2) + "-2"}
    name = unique("x" * LONGEST, lambda candidate: candidate not in taken)
    assert name == "x" * (LONGEST - 2) + "-3"
    AppMetadata(name=name, title="x")


def test_a_new_app_with_a_name_of_windows_gets_another(library: Library) -> None:
    assert make(library, tip(title="Con")).app == "con-app"


def test_the_longest_name_of_four_byte_letters_fits_the_disk(library: Library) -> None:
    name = "\U00010428" * LONGEST
    assert usable(name) == name
    make(library)
    library.rename("tip-splitter", name)
    assert library.remove(name).path.is_file()


def test_the_former_name_leads_to_a_renamed_app(library: Library) -> None:
    make(library)
    library.rename("tip-splitter", "tip")
    assert library.app("tip-splitter").name == "tip"
    assert change(library, "tip-splitter", 2).app == "tip"
    for use in (library.remove, library.purge, library.restore, lambda name: library.rename(name, "x")):
        with pytest.raises(UnknownApp):
            use("tip-splitter")


def test_a_former_name_that_is_taken_leads_to_the_one_that_took_it(library: Library) -> None:
    make(library)
    library.rename("tip-splitter", "tip")
    assert make(library).app == "tip-splitter"
    assert library.app("tip-splitter").id != library.app("tip").id
    library.rename("tip-splitter", "other")
    assert library.app("tip-splitter").name == "other"


def test_a_taken_name_is_refused_and_the_own_name_is_no_change(library: Library) -> None:
    make(library)
    make(library)
    with pytest.raises(InvalidSetting, match="already"):
        library.rename("tip-splitter-2", "tip-splitter")
    assert library.rename("tip-splitter", "Tip Splitter").name == "tip-splitter"
    (library.home / "apps" / "mine").mkdir()
    with pytest.raises(InvalidSetting, match="folder"):
        library.rename("tip-splitter", "mine")


def test_renaming_moves_everything_along_and_back(library: Library) -> None:
    make(library)
    change(library, "tip-splitter", 2)
    library.rename("tip-splitter", "tip")
    assert not (library.home / "apps" / "tip-splitter").exists()
    assert sorted(path.name for path in library.app("tip").path.parent.iterdir()) == ["data", "tip.ipynb"]
    assert library.undo("tip").notebook.metadata.name in ("tip", "tip-splitter")
    assert read(library.app("tip").path).app.metadata.name == "tip"
    assert library.rename("tip", "tip-splitter").path.is_file()
    assert library.sync("tip-splitter") is None


def test_a_fork_goes_its_own_way(library: Library) -> None:
    make(library, messages=[{"said": 1}])
    change(library, "tip-splitter", 2, messages=[{"said": 2}])
    record = library.fork("tip-splitter", "Other One")
    first = library.revision("other-one")
    assert (record.name, first.number, first.action) == ("other-one", 1, "fork")
    assert first.notebook.metadata.provenance.source == "tip-splitter"
    assert record.health is library.app("tip-splitter").health
    assert [m["said"] for m in library.conversation("other-one")] == [1, 2]
    change(library, "other-one", 3)
    assert library.app("tip-splitter").current == 2
    assert library.fork("tip-splitter").name == "tip-splitter-2"
