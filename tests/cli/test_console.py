"""What reaches a terminal, and on which stream."""

import json

import pytest

from microapps.cli.console import Output
from microapps.errors import UnknownApp
from microapps.telling import plain


def test_nothing_a_terminal_obeys_passes() -> None:
    assert plain("a\x1b[2Jb\x9b31mc\x07\u202ed\r\n한\te") == "a\ufffd[2Jb\ufffd31mc\ufffd\ufffdd\n한\te"


def test_an_error_is_what_happened_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    Output().failure(UnknownApp("There is no app 'tip'.", "Did you mean 'tips'?"))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "✗ There is no app 'tip'.\n  → Did you mean 'tips'?\n"


def test_an_error_with_json_is_one_document_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    Output(json=True).failure(UnknownApp("There is no app '팁'.", "List them."))
    captured = capsys.readouterr()
    assert json.loads(captured.out) == {"error": "UnknownApp", "what": "There is no app '팁'.", "hint": "List them."}
    assert captured.err == ""


def test_a_traceback_is_shown_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ZeroDivisionError("a bug")
    except ZeroDivisionError as error:
        Output().failure(error)
        assert "Traceback" not in (shown := capsys.readouterr().err)
        assert "--traceback" in shown
        Output(traceback=True).failure(error)
        assert "Traceback" in capsys.readouterr().err


def test_quiet_keeps_results_and_drops_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(quiet=True)
    output.say("on the way")
    output.show("the result")
    assert capsys.readouterr() == ("the result\n", "")


def test_markup_in_a_name_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    Output().show("[bold]not bold[/bold] :smile:")
    assert capsys.readouterr().out == "[bold]not bold[/bold] :smile:\n"


def test_a_pipe_has_no_edge(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    Output().show("word " * 60)
    assert capsys.readouterr().out.count("\n") == 1
