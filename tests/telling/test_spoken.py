"""Every error that a person can meet in JupyterLab is said in Korean, and every note of how an app came."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import microapps
from microapps import errors
from microapps.checks.policy import HINTS
from microapps.generator.anthropic_errors import ERRORS as OF_THE_ENDPOINT
from microapps.generator.anthropic_errors import STREAM_ERRORS
from microapps.generator.starters import best, explain
from microapps.notebook import FileAccess, Host, Permissions, ReachKind, remedy
from microapps.server.faults import OF_STATUS, UNEXPECTED
from microapps.telling.korean import CHECKS, ERRORS, JOBS, LOOSE, NOTES
from microapps.telling.spoken import DEEPEST, LONGEST, MOST, said

from .test_findings import plain, words

PACKAGE = Path(microapps.__file__).parent
FOLDERS = ("generator", "library", "notebook", "sandbox", "server", "studio")
FILES = ("app_files.py", "app_stores.py", "publish/browser.py", "publish/carrying.py", "publish/export.py",
         "publish/kernels.py", "publish/passwords.py", "publish/running.py", "publish/site.py",
         "testing/kernels.py")  # fmt: skip
APART = (
    "sandbox/inside/shell.py",
    "generator/scripted.py",
    "generator/prices.py",
    "library/database.py",
    "sandbox/confinement.py",
)
"""Nobody in JupyterLab meets their errors: those of a script, of a file of prices, of how this package is called."""
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type)} | {"Tried", "Meaning"}

TO_A_MODEL = ("Refused", "BadCall", "Unusable")


def raised() -> Iterator[tuple[str, str]]:
    """What each error of these modules says, with where it stands."""
    folders = (path for folder in FOLDERS for path in sorted((PACKAGE / folder).rglob("*.py")))
    for path in (*folders, *(PACKAGE / name for name in FILES)):
        place = path.relative_to(PACKAGE).as_posix()
        if place in APART:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        named = {ast.unparse(one.targets[0]): one.value for one in tree.body if isinstance(one, ast.Assign)}
        thrown = {node.exc.func.id for node in ast.walk(tree) if isinstance(node, ast.Raise)
                  and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)}  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                kind = node.func.id
                if kind not in KINDS | (thrown - vars(builtins).keys()) or kind in TO_A_MODEL:
                    continue
                first = 1 if kind in ("Tried", "Meaning") else 0
                for given in node.args[first : first + 2]:
                    for text in words(named.get(ast.unparse(given), given)):
                        if re.search(r"[a-z]{2}", text):
                            yield place, text


def korean(text: str) -> bool:
    """Whether nothing English is left of a sentence but what is quoted or named."""
    left = re.sub(r"'[^']*'|\([^()]*microapps[^()]*\)|https?://|\b[\w./-]*[A-Z.\d_/][\w./-]*", "", text)
    return not re.search(r"[a-z]{3,} [a-z]{2,}", left)


def test_every_error_is_said_in_korean() -> None:
    known = {plain(text) for text in CHECKS | JOBS | ERRORS | LOOSE}
    missing = {(place, plain(text)) for place, text in raised() if plain(text) not in known}
    assert {one for one in missing if one[1].replace("{}", "").strip() and not korean(said(one[1], "ko"))} == set()


def test_what_the_endpoint_answers_is_said_in_korean() -> None:
    for meaning in {*OF_THE_ENDPOINT.values(), *STREAM_ERRORS.values()}:
        assert re.search("[가-힣]", said(meaning.what, "ko")), meaning.what
        assert re.search("[가-힣]", said(meaning.hint, "ko")) or not meaning.hint, meaning.hint
    for fault in (*OF_STATUS.values(), UNEXPECTED):
        assert re.search("[가-힣]", said(fault.what, "ko")) and re.search("[가-힣]", said(fault.hint, "ko")), fault


@pytest.mark.parametrize(
    "request_made",
    ["split a bill among 4 people, 18% tip", "수입과 지출을 기록", "area = width * height", "flip a coin"],
)
def test_why_a_starter_was_taken_is_said_in_korean(request_made: str) -> None:
    note = explain(best(request_made))
    told = said(f"{note} Starters read no attached files: if the app takes one, upload it there.", "ko")
    assert told.startswith("스타터") and told.endswith("거기에서 올리세요."), told
    assert not re.search(r"It (opens|left|says|hints|is)|From your|sure", told), told


def test_a_refusal_names_the_nearest_starters_in_korean() -> None:
    with pytest.raises(errors.UnknownApp) as refused:
        best("split a bill from a photo")
    told = said(refused.value.what, "ko")
    assert told.startswith("모델 없이 'split a bill from a photo'") and "가장 가까운 것: " in told
    where = "JupyterLab의 패널이나 'microapps config key'로"
    anyway = "그래도 쓰려면 'microapps make --starter calculator/bill-splitter'라고 하세요."
    assert said(refused.value.hint, "ko") == f"{anyway} 다른 것을 하려면 {where} 모델의 키를 넣으세요."


def test_how_a_missing_package_is_installed_is_said_in_korean() -> None:
    told = said(f"{HINTS[ReachKind.IMPORT]} {remedy('sklearn')}", "ko")
    assert told.startswith("설치된 패키지나") and told.endswith("설치할 수 있습니다: 'pip install scikit-learn'."), told


def test_what_an_adopted_notebook_lacks_is_said_in_korean() -> None:
    mend = "It was taken in as it is. Ask for a change to mend what the checks found."
    told = said(f"{mend} Pictures that are not part of it: a.png (not there).", "ko")
    assert told.startswith("있는 그대로 가져왔습니다.") and told.endswith("그림: a.png (not there)."), told
    assert said(mend, "ko").startswith("있는")


def test_what_an_imported_app_may_not_do_is_said_in_korean() -> None:
    asked = Permissions(
        hosts=(Host(name="example.org", port=443),),
        files=(FileAccess(path="/a/b.csv"), FileAccess(path="/a", mode="read-write")),
        storage="shared",
        memory=4096,
        seconds=90,
        model_budget=1,
        scripts=True,
    )
    note = f"It is the very app that you have as 'tips'. It was not allowed to: {' '.join(asked.sentences())}"
    told = said(note, "ko")
    assert told.startswith("이미 'tips'(으)로 가지고 있는 바로 그 앱입니다. 허용하지 않은 것: example.org의 포트 443에")
    assert not re.search(r"[a-z]{3,} [a-z]{2,}", told), told


def test_the_more_telling_sentence_comes_first() -> None:
    assert said("There is no app 'a' in the trash.", "ko") == "휴지통에 'a'이라는 앱이 없습니다."
    assert said("The job took longer than 5 seconds.", "ko") == "작업이 5초를 넘겼습니다."
    assert said("The file was altered after it was exported.", "ko") == "내보낸 뒤에 파일이 고쳐졌습니다."
    assert said("a.ipynb: The file is JSON, but no notebook.", "ko") == "a.ipynb: 파일이 JSON이지만 노트북은 아닙니다."
    assert said("the file /home/a/key", "ko") == "파일 /home/a/key"
    assert said("/a/b cannot be read: No such file.", "ko") == "/a/b을(를) 읽을 수 없습니다: No such file."
    assert said("The request is empty. Say in a sentence what the app should do.", "ko").startswith("무엇이 필요한지")


def test_what_is_not_known_stays_as_it_is() -> None:
    assert said("It left out: 3. Something else entirely", "ko") == "빠진 것: 3. Something else entirely"
    assert set(NOTES) & set(ERRORS) == set()


def test_a_fault_is_said_as_deep_as_it_lies() -> None:
    """Why a check failed, which ended the app's process, while it ran what."""
    ended = "The app's kernel was killed with status 3 while running cell 'ui': out of memory, or beyond another limit."
    told = said(f"The app did not survive clicking 'Go': {ended}", "ko")
    assert told.startswith("'Go' 누르기 때 앱이 견디지 못했습니다: 메모리가") and "상태 3, 셀 'ui' 실행" in told


def test_a_sentence_that_holds_itself_again_and_again_is_taken_apart_no_deeper_than_any_is() -> None:
    once = "No app was written. The model said: "
    told = said(once * (LONGEST // len(once)), "ko")
    assert told.count("앱을 만들지 못했습니다. 모델의 말: ") == DEEPEST + 1
    assert told.endswith(once * 2)


def test_more_sentences_than_anybody_writes_stay_as_they_are() -> None:
    told = said("It opens with example values. " * (MOST + 1), "ko")
    assert told.count("보기로 넣은 값으로 열립니다.") == MOST
    assert told.endswith(" It opens with example values. ")


def test_no_text_is_hard_to_look_through() -> None:
    """Trying each length of each hole, some of these texts would take longer than any test may."""
    sentences = [text.split("{}") for text in CHECKS | ERRORS | JOBS | LOOSE | NOTES if text.count("{}") > 1]
    for first, middle, *_, last in sentences:
        for text in (middle, f"{first}a{middle}", f"{middle}{last}a"):
            hard = (first + text * LONGEST)[: LONGEST - 1] + "\0"
            assert said(hard, "ko").endswith("\0")
    for blank in (" ", "\n", ". ", ": "):
        assert said(blank * (LONGEST // len(blank)), "ko").endswith(blank)


def test_a_text_longer_than_any_of_ours_stays_as_it_is() -> None:
    text = "There is no app 'a'. " * LONGEST
    assert said(text, "ko") == text
