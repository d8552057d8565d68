"""Everything that a person reads in the front end, and in an app's page, is in Korean too, and nothing else is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import microapps
from microapps.notebook import Permissions
from microapps.publish.application import STOPPING
from microapps.publish.visitors.live import _ENDED, _FULL, _NOT_STARTED, _UNKNOWN
from microapps.publish.visitors.visitor import _CRASHED, WORDS
from microapps.telling.sharing import reach_of, whose_data
from tests.notebook.test_permissions_said import ALL

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "extensions/jupyterlab/src"
CATALOGUE = Path(microapps.__file__).parent / "locale/ko_KR/LC_MESSAGES/jupyterlab_microapps.json"
STRING = r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"""
STORAGES = ("none", "private", "shared")
SAID = re.compile(rf"\.(?:__|_n)\(\s*{STRING}")


def said() -> set[str]:
    """The first argument of every call of the translator."""
    found = set()
    for source in SOURCES.rglob("*.ts*"):
        for single, double in SAID.findall(source.read_text("utf-8")):
            found.add((single or double).replace("\\'", "'").replace('\\"', '"'))
    return found


def catalogue() -> dict[str, list[str]]:
    return {key: value for key, value in json.loads(CATALOGUE.read_text("utf-8")).items() if key}


def test_every_call_of_the_translator_has_a_literal() -> None:
    calls = re.compile(r"\btrans(?:\(\))?\.(?:__|_n)\(")
    for source in SOURCES.rglob("*.ts*"):
        text = source.read_text("utf-8")
        assert len(calls.findall(text)) <= len(SAID.findall(text)), source.name


def test_every_string_is_translated() -> None:
    assert said() - catalogue().keys() == set()


def test_no_translation_is_left_over() -> None:
    assert catalogue().keys() - said() == set()


def test_translations_keep_the_places_of_values() -> None:
    for english, forms in catalogue().items():
        for korean in forms:
            assert korean.strip(), english
            assert sorted(re.findall(r"%\d", korean)) == sorted(re.findall(r"%\d", english)), english


def test_what_is_counted_has_two_forms() -> None:
    """JupyterLab takes a translation of a plural only where there are two, also in a language that has one."""
    counted = re.compile(rf"\._n\(\s*{STRING}")
    found = {a or b for source in SOURCES.rglob("*.ts*") for a, b in counted.findall(source.read_text("utf-8"))}
    assert {english for english, forms in catalogue().items() if len(forms) == 2} == found


def test_the_catalogue_names_its_language_as_jupyterlab_does() -> None:
    assert json.loads(CATALOGUE.read_text("utf-8"))[""]["language"] == "ko-KR"


def test_every_permission_is_said_in_both_languages() -> None:
    """What a person is asked to allow is never less than what is allowed; see ``phrases.ts``, which says it again."""
    known = [re.compile(re.sub(r"%\d", ".+", re.escape(english).replace(r"\%", "%"))) for english in catalogue()]
    for sentence in (*ALL.sentences(), *Permissions(storage="none").sentences()):
        assert any(one.fullmatch(sentence) for one in known), sentence


def test_whose_data_and_who_can_follow_a_link_are_said_in_both_languages() -> None:
    """The front end knows the server's sentences; see ``reach.ts``."""
    said = {whose_data(role, "%1", storage) for role in ("owner", "guest", "anyone") for storage in STORAGES}
    said |= {reach_of("http://127.0.0.1:8888"), reach_of("https://example.org")}
    assert said - catalogue().keys() == set()


def test_what_the_page_of_an_app_says_is_in_its_korean_words() -> None:
    page = ROOT / "extensions/page/src"
    korean = (page / "korean.ts").read_text("utf-8")
    known = set(re.findall(r"^  '(.+?)':", korean, re.MULTILINE))
    speaking = (
        *("index.ts", "absence.ts", "notices.ts", "unfilled.ts", "staying.ts", "numbers.ts", "naming.ts"),
        *("anywidget.ts", "elsewhere.ts", "failed.ts", "outputs.ts", "roots.ts"),
    )
    written = "".join((page / name).read_text("utf-8") for name in speaking)
    sentences = (
        r"'([A-Z“][^'\n]* [^'\n]*(?:[.…]|: %1))'|text: '([^']+)'|^  \[/.*/, '(.+)'\],$|said\('([^']+)'\)"
        r"|\? '(maximum)' : '(minimum)'"
    )
    said = set(re.findall(sentences, written, re.MULTILINE))
    console = {
        *("The page could not be brought to life.", "A widget could not be shown."),
        *("A widget of the app could not be loaded.", "A widget of the app could not be shown."),
    }
    ending = {*WORDS.values(), _CRASHED, _ENDED, _FULL, _NOT_STARTED, _UNKNOWN, STOPPING}
    assert {one for found in said for one in found if one} - console | ending == known
