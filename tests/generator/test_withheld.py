"""What a report tells a model of the person's files: nothing that is only in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from microapps.checks.report import Finding, Layer, LayerResult, Report, Status
from microapps.generator import Task, schema
from microapps.generator.data import described
from microapps.generator.withheld import Withheld

from .jobs import Checks, Run, accepted, write_app

SECRET = "SECRET-IBAN-12345"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(f"name,iban,income\nRosalind Franklin,{SECRET},48217\n김철수,bill,125000\n", "utf-8")
    return path


def told(path: Path, text: str, known: str = "name iban income") -> str:
    app = accepted()
    finding = Finding(layer=Layer.RUN, what=text, expected="48217")
    report = Report(digest="", layers=(LayerResult(layer=Layer.RUN, status=Status.FAILED, findings=(finding,)),))
    found = Withheld(lambda: (path,), known).left_out(report, app).findings[0]
    assert found.expected == "[a value of people.csv]" if path.name == "people.csv" else True
    return found.what


def test_values_give_way_to_where_they_are_from(people: Path) -> None:
    said = told(people, f"ValueError: no account '{SECRET}' of Rosalind Franklin with 48,217 or 48217.0")
    here = "[a value of people.csv]"
    assert said == f"ValueError: no account '{here}' of {here} with {here} or {here}"


@pytest.mark.parametrize("way", [str, repr, ascii, json.dumps, str.upper])
def test_a_whole_file_in_a_message(people: Path, way: object) -> None:
    said = told(people, way(people.read_text("utf-8")))  # type: ignore[operator]
    for value in (SECRET, "Rosalind", "48217", "125000", "김철수", "\\uae40"):
        assert value.lower() not in said.lower()


def test_what_the_model_knows_stays(people: Path) -> None:
    assert told(people, "KeyError: 'income', bill, 125000", known="income to 125000") == (
        "KeyError: 'income', bill, 125000"
    )


def test_values_of_json_and_long_texts(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    words = " ".join(f"word{number}" for number in range(30))
    path.write_text(json.dumps([{"note": words, "who": {"name": "Rosalind"}}]))
    said = told(path, f"got {words} from Rosalind")
    assert "word" not in said
    assert "Rosalind" not in said


@pytest.mark.anyio
async def test_the_model_gets_no_value_and_the_person_does(people: Path) -> None:
    run = Run(write_app(), "I give up.", "No.", checks=Checks(f"KeyError: '{SECRET}'"))
    outcome = await run(Task("Show my accounts", data=(schema(people),)))
    assert SECRET not in run.told(1)
    assert "KeyError: '[a value of people.csv]'" in run.told(1)
    assert [event.text for event in run.events if event.kind == "told"] == [described(schema(people))]
    assert outcome.report is not None
    assert SECRET in outcome.report.findings[0].what


@pytest.mark.anyio
async def test_where_rows_are_allowed_nothing_is_withheld(people: Path) -> None:
    run = Run(write_app(), "I give up.", "No.", checks=Checks(f"KeyError: '{SECRET}'"))
    await run(Task("Show my accounts", data=(schema(people, rows=True),)))
    assert f"KeyError: '{SECRET}'" in run.told(1)
