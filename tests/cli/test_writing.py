"""Making, changing, adopting and checking by the real command line, with real confined kernels and no model."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

from microapps.library import Library

from .shelf import fill, run

BILL = "split a restaurant bill with a tip between friends"

pytestmark = pytest.mark.sandbox


def notebook(path: Path, *sources: str) -> Path:
    """A notebook file of code cells."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_make_without_a_key_says_which_starter_and_ends_in_an_app(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("make", BILL, "--no-open") == 0
    captured = capsys.readouterr()
    assert "is ready" in captured.out
    assert "%" in captured.err.splitlines()[0], "it says how sure it is"
    assert "✓ behaviour" in captured.err
    assert len(Library().apps()) == 1


def test_make_as_json_is_events_to_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("make", BILL, "--name", "my-bill", "--offline", "--json") == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[0]["kind"] == "started"
    assert (events[-1]["kind"], events[-1]["app"]) == ("finished", "my-bill")


def test_a_request_beyond_the_starters_is_not_pretended(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("make", "simulate the weather of Jupiter in three dimensions", "--no-open") == 2
    assert "config key" in capsys.readouterr().err
    assert Library().apps() == ()


def test_a_change_without_a_key_says_how_to_add_one(capsys: pytest.CaptureFixture[str]) -> None:
    fill()
    assert run("change", "times", "four times", "--no-open") != 0
    assert "config key" in capsys.readouterr().err


def test_an_empty_request_and_a_missing_file_are_bad_usage(tmp_path: Path) -> None:
    assert run("make", "  ") == 2
    assert run("make", "a chart", "--data", str(tmp_path / "none.csv")) == 2


def test_check_passes_a_good_notebook_and_fails_a_broken_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good = notebook(
        tmp_path / "good.ipynb",
        "import ipywidgets as widgets",
        "n = widgets.IntSlider(description='Number')\nn",
    )
    assert run("check", str(good)) == 0
    assert "✓ passed" in capsys.readouterr().out
    broken = notebook(tmp_path / "broken.ipynb", "import ipywidgets as widgets\nwidgets.Button(description='x')\n1 / 0")
    assert run("check", str(broken), "--json") == 1
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is False
    assert any("ZeroDivisionError" in finding["what"] for layer in report["layers"] for finding in layer["findings"])


def test_adopt_takes_a_notebook_in(tmp_path: Path) -> None:
    file = notebook(
        tmp_path / "slider.ipynb",
        "import ipywidgets as widgets",
        "n = widgets.IntSlider(description='Number')\nn",
    )
    assert run("adopt", str(file), "--name", "my-slider") == 0
    assert [record.name for record in Library().apps()] == ["my-slider"]


def started(*arguments: str) -> subprocess.Popen[str]:
    """A command line in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "microapps", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
        },
    )


def test_open_serves_till_ctrl_c() -> None:
    fill()
    process = started("open", "times")
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    with urllib.request.urlopen(url, timeout=60) as page:
        assert page.status == 200
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "There is no display for a browser here" in said
    assert "Stopped serving." in said


def test_ctrl_c_stops_a_job_and_says_so() -> None:
    process = started("make", BILL, "--no-open")
    assert process.stderr is not None
    first = process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, first + said
    assert "stopped" in said
    assert Library().apps() == ()
