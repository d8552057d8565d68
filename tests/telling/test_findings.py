"""What the checks say is there in Korean, all of it, however their sentences are put together."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import microapps
from microapps.checks import Finding, Layer, LayerResult, Report, Status
from microapps.checks.policy import HINTS
from microapps.events import CheckedLayer, Failed, Finished, Text
from microapps.notebook import Item, ReachKind
from microapps.notebook.validation import _REQUIRED
from microapps.telling.findings import event_in
from microapps.telling.korean import CHECKS, ERRORS, JOBS, LOOSE, NOTES, PHRASES, REASONS
from microapps.telling.spoken import said

PACKAGE = Path(microapps.__file__).parent
WHERE = [*(f"checks/{name}.py" for name in ("behaviour", "checker", "format", "policy", "probe", "run")),
         "notebook/validation.py", "testing/session.py", "testing/said.py"]  # fmt: skip
FIELDS = ("what", "expected", "hint", "note")
PLACES = {"Problem": slice(2, 4), "RunExceeded": slice(0, 2), "AppFault": slice(0, 2), "CellFailed": slice(0, 1)}
"""Where the words are among what each is called with; Finding and LayerResult are given them by name."""


def words(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, with ``{}`` where something is put in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(value.value if isinstance(value, ast.Constant) else "{}" for value in values)  # type: ignore[misc]
        case ast.IfExp(body=one, orelse=other):
            yield from words(one)
            yield from words(other)
        case ast.BinOp(left=left, right=right) if isinstance(left, ast.Call):
            yield from (f"{{}}{text}" for text in words(right) if text)
        case ast.Call(func=ast.Attribute(value=value)):
            yield from words(value)


def spoken() -> Iterator[str]:
    for name in WHERE:
        for node in ast.walk(ast.parse((PACKAGE / name).read_text("utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "note":
                yield from words(node.value)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = node.func.id
                if called in ("Finding", "LayerResult", *PLACES):
                    given = [keyword.value for keyword in node.keywords if keyword.arg in FIELDS]
                    for value in (*given, *node.args[PLACES.get(called, slice(0, 0))]):
                        yield from words(value)
    yield from HINTS.values()
    yield from _REQUIRED.values()


def plain(text: str) -> str:
    """Holes side by side are one; what follows on lines of its own is an app's."""
    return re.sub(r"(\{\})+", "{}", text).removesuffix("\n{}")


def test_every_sentence_of_the_checks_is_there() -> None:
    found = {plain(text) for text in spoken() if re.search(r"[a-z]{2}", text.replace("{}", ""))}
    assert len(found) > 80
    assert found - {plain(text) for text in CHECKS | LOOSE} == set()


def test_no_sentence_is_left_over() -> None:
    places = (*WHERE, "notebook/packages.py", "notebook/reach/items.py", "generator/loop.py",
              "studio/writing.py", "studio/arriving.py")
    code = "\n".join((PACKAGE / name).read_text("utf-8") for name in places)
    joined = re.sub(r'"\s*\n\s*f?"', "", code)
    for text in (CHECKS | JOBS | LOOSE).keys() - {"{} tokens", "{} tokens, ${}"}:
        longest = max(re.split(r"\{\}|(?<=conversation) (?:is|are) ", text), key=len)
        assert longest in joined or longest.strip() in joined, text


def test_holes_are_kept() -> None:
    for english, korean in (CHECKS | JOBS | PHRASES | NOTES | REASONS | ERRORS | LOOSE).items():
        holes = {int(hole) for hole in re.findall(r"\{(\d)\}", korean)}
        assert holes == set(range(english.count("{}"))), english


@pytest.mark.parametrize("kind", list(ReachKind))
@pytest.mark.parametrize("detail", ["", "Ω"])
def test_what_a_line_does_is_said_in_korean(kind: ReachKind, detail: str) -> None:
    for more in ({}, {"port": 443}, {"writes": True}, {"installed": False}):
        item = Item(cell="ui", line=3, kind=kind, detail=detail, **more)
        if not detail and kind not in (ReachKind.HOST, ReachKind.FILE, ReachKind.COMMAND, ReachKind.ENVIRONMENT):
            continue  # it always has one
        korean = said(f"{item.sentence()} The app has no permission for it.", "ko")
        assert korean.startswith("3번째 줄: ") and korean.endswith("권한이 없습니다.")
        assert not re.search(r"[a-z]{2}", korean.replace("Ω", "")), korean


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("12 actions on 1 input and 2 buttons", "입력 1개와 버튼 2개에 12번 조작"),
        (
            "400 actions on 1 input and 2 buttons; 3 controls not tried",
            "입력 1개와 버튼 2개에 400번 조작, 조작부 3개는 시험하지 않음",
        ),
        (
            "After setting 'Bill' to -1 a callback raised ZeroDivisionError: by zero, line 4\nTraceback:\n  ui",
            "'Bill'에 -1 넣기 뒤에 콜백에서 ZeroDivisionError 오류가 났습니다: by zero, line 4\nTraceback:\n  ui",
        ),
        (
            "The app did not survive clicking 'Go': Calling it took longer than 10 seconds.",
            "'Go' 누르기 때 앱이 견디지 못했습니다: 10초를 넘겼습니다 (Calling it).",
        ),
        (
            "The app's kernel was killed while running cell 'ui': out of memory, or beyond another limit.",
            "메모리가 모자라거나 다른 한도를 넘어 앱의 커널을 끝냈습니다 (셀 'ui' 실행).",
        ),
        (
            "Cell 'ui', line 3 is not valid Python (invalid syntax): x = = 1",
            "셀 'ui'의 3번째 줄은 바른 파이썬이 아닙니다 (invalid syntax): x = = 1",
        ),
        ("Cell 'ui', line 2 raised KeyError: 'a'", "셀 'ui'의 2번째 줄에서 KeyError 오류가 났습니다: 'a'"),
        ("Cell 'ui' raised KeyError: 'a'", "셀 'ui'에서 KeyError 오류가 났습니다: 'a'"),
        ("An input of type IntText has no label.", "IntText 입력에 이름표가 없습니다."),
        ("An input of type IntText has no label (in A › B).", "IntText 입력에 이름표가 없습니다 (A › B 안)."),
        (
            "2 controls shown; each visitor's process runs the app itself, since it looks at the clock while it "
            "starts; after its first run it has a thread running (ticker)",
            "조작부 2개를 보임; 앱이 방문자마다 새로 실행됨: "
            "시작할 때 시계를 봄; 처음 실행한 뒤 남은 것이 있음(도는 스레드 ticker)",
        ),
        ("NameError: name 'x' is not defined", "NameError: name 'x' is not defined"),
        ("", ""),
    ],
)
def test_what_an_app_says_within_a_sentence_is_left_as_it_is(english: str, korean: str) -> None:
    assert said(english, "ko") == korean
    assert said(english, "en") == english


def test_an_event_is_told_in_the_language_of_who_reads_it() -> None:
    finding = Finding(layer=Layer.RUN, what="ValueError: {0}", hint="Mend the line named in the traceback.")
    layer = LayerResult(layer=Layer.RUN, status=Status.FAILED, note="3 controls shown", findings=(finding,))
    told = event_in(CheckedLayer(round=1, result=layer), "ko")
    assert isinstance(told, CheckedLayer)
    assert told.result.note == "조작부 3개를 보임" and told.result.findings[0].what == "ValueError: {0}"
    assert told.result.findings[0].hint == "오류 기록에 나온 줄을 고치세요."
    ended = Finished(app="a", revision=1, title="A", report=Report(digest="", layers=(layer,)), seconds=1)
    korean = event_in(ended, "ko")
    assert isinstance(korean, Finished) and korean.report.layers == (told.result,)
    what = "The app did not pass its checks, so it was not accepted.\n[run]: ValueError: {0}"
    kept = "Revision 3 of 'tips' is still current. The draft and the conversation are kept in the history."
    failed = event_in(Failed(error="AppFault", what=what, kept=kept, report=ended.report), "ko")
    assert isinstance(failed, Failed)
    assert failed.what == "앱이 검사를 통과하지 못해 받아들이지 않았습니다.\nValueError: {0}"
    assert failed.kept == "'tips'은(는) 여전히 버전 3입니다. 초안과 대화는 기록에 남아 있습니다."
    assert event_in(ended, "en") == ended and event_in(Text(turn=1, text="Mend it."), "ko").kind == "text"
