"""The commands over a library, by the real command line on a real library."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from microapps.library import Fault, Library

from .shelf import fill, run

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def filled() -> None:
    fill()


def document(capsys: Captured) -> object:
    return json.loads(capsys.readouterr().out)


def test_list_shows_names_titles_and_revisions(capsys: Captured) -> None:
    assert run("list") == 0
    shown = capsys.readouterr().out
    assert "times" in shown and "두 배 계산기" in shown


def test_list_as_json_is_one_document(capsys: Captured) -> None:
    assert run("list", "--json") == 0
    (record,) = document(capsys)
    assert (record["name"], record["current"], record["health"]) == ("times", 2, "passed")


def test_quiet_lists_names_alone(capsys: Captured) -> None:
    assert run("list", "--quiet") == 0
    assert capsys.readouterr() == ("times\n", "")


def test_show_says_what_the_app_does_and_asks_for(capsys: Captured) -> None:
    assert run("show", "times", "--code") == 0
    shown = capsys.readouterr().out
    assert "Multiplies a number." in shown
    assert "Connect to api.example.org on port 443." in shown
    assert "return number * 3" in shown


def test_show_of_a_revision_is_that_revision(capsys: Captured) -> None:
    assert run("show", "times", "--revision", "1", "--json") == 0
    assert "return number * 2" in json.dumps(document(capsys))


def test_history_has_failed_attempts_too(capsys: Captured) -> None:
    assert run("history", "times", "--json") == 0
    turns = document(capsys)
    assert [(turn["revision"], turn["current"]) for turn in turns] == [(1, False), (2, True), (None, False)]
    assert turns[2]["error"] == "It failed."
    assert run("history", "times") == 0
    shown = capsys.readouterr().out
    assert "숫자를 두 배로" in shown and "It failed." in shown


def test_diff_shows_cells_and_permissions(capsys: Captured) -> None:
    assert run("diff", "times") == 0
    shown = capsys.readouterr().out
    assert "+    return number * 3" in shown
    assert "+ permission: Connect to api.example.org" in shown


def test_undo_and_redo_go_back_and_forth(capsys: Captured) -> None:
    assert run("undo", "times", "--json") == 0
    assert document(capsys) == {"app": "times", "revision": 1}
    assert run("undo", "times") == 2
    assert run("redo", "times") == 0
    assert Library().app("times").current == 2


def test_a_fork_is_an_app_of_its_own(capsys: Captured) -> None:
    assert run("fork", "times", "thrice") == 0
    assert {record.name for record in Library().apps()} == {"times", "thrice"}


def test_a_renamed_app_has_its_new_name() -> None:
    assert run("rename", "times", "곱하기") == 0
    assert [record.name for record in Library().apps()] == ["곱하기"]


def test_an_app_has_another_title(capsys: Captured) -> None:
    assert run("rename", "times", "--title", "Times  table", "--json") == 0
    assert document(capsys) == {"app": "times", "was": "times", "title": "Times table"}
    assert run("rename", "times", "product", "--title", "Product") == 0
    assert capsys.readouterr().out == 'times has the title "Product". times is now product.\n'
    assert run("rename", "product") == 2


def test_a_removed_app_comes_back(capsys: Captured) -> None:
    assert run("remove", "times") == 0
    assert "links" not in capsys.readouterr().out
    assert run("list", "--quiet") == 0
    assert capsys.readouterr().out == ""
    assert run("list", "--removed", "--quiet") == 0
    assert capsys.readouterr().out == "times\n"
    assert run("restore", "times") == 0
    assert [record.name for record in Library().apps()] == ["times"]


def test_whose_links_end_with_a_removed_app_is_said(capsys: Captured) -> None:
    assert run("publish", "times") == run("publish", "times", "--guest", "Anna") == 0
    capsys.readouterr()
    assert run("remove", "times") == 0
    assert "but not its links" in capsys.readouterr().out
    assert run("restore", "times") == 0
    assert not any(link.good(datetime.now(UTC)) for link in Library().links("times"))


def test_of_several_removed_apps_of_one_name_the_person_says_which(capsys: Captured) -> None:
    older = Library().app("times").id
    assert run("remove", "times") == run("restore", "times") == run("fork", "times", "thrice") == 0
    assert run("remove", "times") == run("rename", "thrice", "times") == run("remove", "times") == 0
    capsys.readouterr()
    assert run("restore", "times") == 2
    said = capsys.readouterr().err
    assert "2 apps in the trash are called 'times'" in said and f"{older}: " in said and "--number" in said
    assert run("restore", "times", "--number", "12345") == 2
    assert run("restore", "times", "--number", str(older)) == 0
    assert Library().app("times").id == older
    assert run("restore", "times") == 0
    assert "times is back as times-2" in capsys.readouterr().out


def test_an_unknown_app_is_bad_usage_with_a_hint(capsys: Captured) -> None:
    assert run("show", "time") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("✗ ") and "→ " in captured.err
    assert "Traceback" not in captured.err


def test_permissions_are_given_and_taken_back(capsys: Captured) -> None:
    assert run("permissions", "times") == 0
    assert "asked for, not given: Connect to api.example.org" in capsys.readouterr().out
    assert run("permissions", "times", "--grant", "asked", "--json") == 0
    assert document(capsys)["granted"]["hosts"] == [{"name": "api.example.org", "port": 443}]
    assert run("permissions", "times", "--revoke", "host:api.example.org", "--json") == 0
    assert document(capsys)["granted"]["hosts"] == []


def test_a_permission_to_give_and_one_to_take_are_two_commands() -> None:
    assert run("permissions", "times", "--grant", "asked", "--revoke", "all") == 2


def test_the_log_shows_what_went_wrong_and_what_was_tried(capsys: Captured) -> None:
    assert run("log", "times") == 0
    said = capsys.readouterr()
    assert not said.out and "Nothing has gone wrong" in said.err and "not tried to reach anything" in said.err
    library, now = Library(), datetime.now(UTC)
    library.log_access("times", "host", "evil.example.org:443", allowed=False, detail="not granted")
    fault = Fault("", "callback_failed", "KeyError: 'x'", "Traceback:\n  app.py\x1b[31m", 2, now, now)
    remark = Fault("", "remark", "Each visitor's process runs the app itself.", "", 1, now, now)
    library.note_faults("times", [fault, remark])
    assert run("log", "times") == 0
    shown = capsys.readouterr().out
    assert re.search(r"^✗ \S+ \S+, 2 times: KeyError: 'x'\n    Traceback:\n      app\.py\ufffd\[31m\n", shown, re.M)
    assert re.search(r"^– \S+ \S+: Each visitor's process", shown, re.M)
    assert run("show", "times") == 0
    assert "when visited: Each visitor's process runs the app itself." in " ".join(capsys.readouterr().out.split())
    assert re.search(r"✗ +host evil\.example\.org:443", shown)
    assert run("log", "times", "--json") == 0
    told = document(capsys)
    assert [one["kind"] for one in told["faults"]] == ["remark", "callback_failed"]
    assert [one["target"] for one in told["accesses"]] == ["evil.example.org:443"]


def test_a_notebook_is_exported(capsys: Captured, tmp_path: Path) -> None:
    target = tmp_path / "out.ipynb"
    assert run("export", "times", "--to", "notebook", "-o", str(target)) == 0
    assert json.loads(target.read_text())["nbformat"] == 4
    assert capsys.readouterr().out.strip() == str(target)


@pytest.mark.parametrize(
    ("typed", "completed"), [("show ti", "times"), ("show x", ""), ("undo ", "times"), ("re", "redo")]
)
def test_the_shell_completes_commands_and_names(typed: str, completed: str) -> None:
    words = f"microapps {typed}"
    ran = subprocess.run(
        [sys.executable, "-m", "microapps"],
        env={
            **os.environ,
            "_MICROAPPS_COMPLETE": "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stderr == ""
    assert completed in ran.stdout.split() if completed else ran.stdout.strip() == ""


def test_another_database_is_used_where_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill()
    capsys.readouterr()
    monkeypatch.setenv("MICROAPPS_LIBRARY_URL", f"sqlite:///{tmp_path}/other.db")
    assert run("list", "--json") == 0 and "times" not in capsys.readouterr().out
    monkeypatch.setenv("MICROAPPS_LIBRARY_URL", "")
    assert run("list", "--json") == 0 and "times" in capsys.readouterr().out
