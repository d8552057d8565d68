"""The report of a right app, of apps with planted faults, and of notebooks that mean harm."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from microapps.checks import Layer, Report, Severity, Status, check, probe
from microapps.generator.reporting import finding_text, for_model
from microapps.notebook import Criterion, Host, MicroApp, Permissions
from microapps.sandbox import Sandbox

from .conftest import IMPORTS, LOGIC, TESTS, UI

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

Splitter = Callable[..., MicroApp]
TIGHT = Permissions(seconds=2, memory=512)


def errors(report: Report, layer: Layer) -> str:
    result = report.layer(layer)
    assert result is not None
    return "\n".join(f.what for f in result.findings if f.severity is Severity.ERROR)


async def test_a_right_app_passes_every_layer_and_tells_each_as_it_ends(splitter: Splitter, sandbox: Sandbox) -> None:
    told: list[Layer] = []
    report = await check(splitter(), sandbox=sandbox, emit=lambda result: told.append(result.layer))
    assert report.passed, for_model(report)
    assert [result.layer for result in report.layers] == list(Layer)[:5]
    assert sorted(told) == sorted(list(Layer)[:5])
    behaviour = report.layer(Layer.BEHAVIOUR)
    assert behaviour and [item.status for item in behaviour.evidence] == [Status.PASSED, Status.PASSED]
    assert report.digest == splitter().digest


async def test_a_wrong_formula_is_found_by_the_apps_tests(splitter: Splitter, sandbox: Sandbox) -> None:
    report = await check(splitter(logic=LOGIC.replace("/ people", "* people")), sandbox=sandbox)
    assert not report.passed
    assert "test_each_pays_an_equal_share" in errors(report, Layer.BEHAVIOUR)
    finding = next(f for f in report.findings if f.layer is Layer.BEHAVIOUR)
    assert finding.expected == "Everyone pays the same share."


async def test_an_unguarded_division_is_found_by_the_probe_alone(splitter: Splitter, sandbox: Sandbox) -> None:
    logic = "def share(bill, tip_percent, people):\n    return bill * (1 + tip_percent / 100) / people\n"
    ui = UI.replace("BoundedIntText(value=2, min=1, max=100", "IntText(value=2")
    tests = "def test_each_pays_an_equal_share(app):\n    app.set('People', 4)\n    assert '27.50' in app.text()\n"
    criteria = (Criterion(id="equal", text="Equal.", tests=("test_each_pays_an_equal_share",)),)
    report = await check(splitter(logic=logic, ui=ui, tests=tests, criteria=criteria), sandbox=sandbox)
    assert "ZeroDivisionError" in errors(report, Layer.PROBE)
    assert "'People' to 0" in errors(report, Layer.PROBE)
    behaviour = report.layer(Layer.BEHAVIOUR)
    assert behaviour and behaviour.status is Status.PASSED


async def test_a_fault_behind_a_button_is_found(splitter: Splitter, sandbox: Sandbox) -> None:
    ui = UI.replace("bill.value, tip.value, people.value = 0, 0, 1", "undefined_name + 1")
    report = await check(splitter(ui=ui), sandbox=sandbox)
    assert "NameError" in errors(report, Layer.PROBE) and "'Clear'" in errors(report, Layer.PROBE)


async def test_an_input_without_a_label_is_found(splitter: Splitter, sandbox: Sandbox) -> None:
    ui = UI.replace("app = widgets.VBox([bill,", "app = widgets.VBox([widgets.Text(), bill,")
    assert "no label" in errors(await check(splitter(ui=ui), sandbox=sandbox), Layer.PROBE)


async def test_faults_are_found_however_many_inputs_have_no_label(splitter: Splitter, sandbox: Sandbox) -> None:
    blank = "*(widgets.Text() for _ in range(20))"
    ui = UI.replace("bill.value, tip.value, people.value = 0, 0, 1", "undefined_name + 1")
    ui = ui.replace("app = widgets.VBox([bill,", f"app = widgets.VBox([{blank}, bill,")
    report = await check(splitter(ui=ui), sandbox=sandbox)
    found = errors(report, Layer.PROBE)
    assert found.count("An input of type Text has no label") == 20 and "NameError" in found


async def test_lists_of_numbers_and_colours_are_tried(splitter: Splitter, sandbox: Sandbox) -> None:
    lists = """sizes = widgets.FloatsInput(value=[1.5], min=0)
counts, shades = widgets.IntsInput(value=[2]), widgets.ColorsInput(value=["red"])
for each in (sizes, counts, shades):
    each.observe(lambda change: change.new[0], "value")
labels = (widgets.Label(text) for text in ("Sizes", "Counts", "Shades"))
app = widgets.VBox([next(labels), sizes, next(labels), counts, next(labels), shades, bill,"""
    report = await check(splitter(ui=UI.replace("app = widgets.VBox([bill,", lists)), sandbox=sandbox)
    found = errors(report, Layer.PROBE)
    assert "IndexError" in found and "to ()" in found


async def test_what_the_probe_had_no_time_for_is_said(
    splitter: Splitter, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "MOST_ACTIONS", 3)
    report = await check(splitter(), sandbox=sandbox)
    layer = report.layer(Layer.PROBE)
    assert layer and layer.note == "4 actions on 1 input and 0 buttons; 3 controls not tried"


async def test_an_app_of_very_many_widgets_is_checked_as_any_other(splitter: Splitter, sandbox: Sandbox) -> None:
    """All of them are told in one burst, of which nothing may be lost."""
    buttons = "*(widgets.Button(description=str(number), disabled=True) for number in range(700))"
    ui = UI.replace("app = widgets.VBox([bill,", f"app = widgets.VBox([{buttons}, bill,")
    report = await check(splitter(ui=ui), sandbox=sandbox)
    assert report.passed, report.findings


async def test_a_blank_page_is_found(splitter: Splitter, sandbox: Sandbox) -> None:
    ui = "app = widgets.VBox([])"
    report = await check(splitter(ui=ui), sandbox=sandbox)
    assert "shows no widget" in errors(report, Layer.RUN)
    probe = report.layer(Layer.PROBE)
    assert probe and probe.status is Status.SKIPPED


MAP = """class Map(widgets.DOMWidget):
    _model_module = _view_module = Unicode("jupyter-map").tag(sync=True)
    _model_name = _view_name = Unicode("Map").tag(sync=True)
app = Map()
app"""


@pytest.mark.parametrize(("name", "script"), [("jupyter-map", ""), ("@maps/for-jupyter", "{name:'jupyter-map'}")])
async def test_a_page_with_nothing_but_a_widget_of_another_library_is_not_blank(
    splitter: Splitter, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, name: str, script: str
) -> None:
    extension = tmp_path / "labextensions" / name
    (extension / "static").mkdir(parents=True)
    build = {"load": "static/entry.js", "extension": "./extension"}
    about = {"name": name, "version": "1.0.0", "jupyterlab": {"_build": build}}
    (extension / "package.json").write_text(json.dumps(about))
    (extension / "static" / "entry.js").write_text(script)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    report = await check(splitter(imports=f"{IMPORTS}\nfrom traitlets import Unicode", ui=MAP), sandbox=sandbox)
    run = report.layer(Layer.RUN)
    assert run and run.status is Status.PASSED


async def test_a_widget_that_no_browser_can_draw_here_is_found(splitter: Splitter, sandbox: Sandbox) -> None:
    report = await check(splitter(imports=f"{IMPORTS}\nfrom traitlets import Unicode", ui=MAP), sandbox=sandbox)
    assert "the widget library jupyter-map is not installed" in errors(report, Layer.RUN)


async def test_it_is_said_why_each_visitors_process_runs_an_app_itself(splitter: Splitter, sandbox: Sandbox) -> None:
    shared = await check(splitter(), sandbox=sandbox, layers=(Layer.RUN,))
    thread = "threading.Thread(target=time.sleep, args=(60,), name='ticker', daemon=True).start()"
    imports = f"{IMPORTS}\nimport threading, time\n{thread}\nbegun = time.time()\n"
    own = await check(splitter(imports=imports), sandbox=sandbox, layers=(Layer.RUN,))
    notes = [report.layers[0].note for report in (shared, own)]
    assert shared.passed and own.passed and "each visitor's process" not in notes[0]
    assert notes[1].partition("; ")[2] == (
        "each visitor's process runs the app itself, since it looks at the clock while it starts; "
        "after its first run it has a thread running (ticker)"
    )


async def test_an_exception_while_running_names_the_cell(splitter: Splitter, sandbox: Sandbox) -> None:
    report = await check(splitter(imports=IMPORTS + "\n1 / 0"), sandbox=sandbox)
    finding = next(f for f in report.findings if f.layer is Layer.RUN)
    assert finding.cell == "imports" and "ZeroDivisionError" in finding.what


async def test_the_traceback_of_a_cell_is_what_happened_and_begins_at_a_line(
    splitter: Splitter, sandbox: Sandbox
) -> None:
    deep = "def down(depth):\n    return down(depth - 1) if depth else 1 / 0\nfor name in range(60):\n"
    deep += "    exec(f'def down{name}(): return down{name - 1}() if {name} else 1 / 0')\ndown59()"
    finding = next(f for f in (await check(splitter(imports=deep), sandbox=sandbox)).findings if f.layer is Layer.RUN)
    first, mark, *rest = finding.what.splitlines()
    assert "raised ZeroDivisionError" in first and mark == "…" and rest[-1].startswith("ZeroDivisionError")
    assert finding.hint == "Mend the line named in the traceback."
    assert finding_text(finding, traceback=False).splitlines()[0].endswith("division by zero")
    assert len(finding_text(finding, traceback=False).splitlines()) == 3


async def test_a_missing_package_is_told_with_what_a_person_can_do(splitter: Splitter, sandbox: Sandbox) -> None:
    report = await check(splitter(imports=IMPORTS + "\nimport nothing_here"), sandbox=sandbox)
    found = [finding for finding in report.findings if finding.layer in (Layer.POLICY, Layer.RUN)]
    hints = [finding.hint for finding in found]
    assert len(hints) == 2 and all("'pip install nothing_here'." in hint for hint in hints)
    assert "Traceback" in found[1].what and "Traceback" not in hints[1]


async def test_a_host_without_permission_is_named_and_with_it_is_not(splitter: Splitter, sandbox: Sandbox) -> None:
    logic = (
        LOGIC
        + '\n\ndef fetch():\n    import urllib.request\n    return urllib.request.urlopen("https://api.example.org/x")\n'
    )
    app = splitter(logic=logic)
    assert "api.example.org on port 443" in errors(
        await check(app, sandbox=sandbox, layers=[Layer.POLICY]), Layer.POLICY
    )
    granted = Permissions(hosts=(Host(name="api.example.org"),))
    assert (await check(app, sandbox=sandbox, granted=granted, layers=[Layer.POLICY])).passed


async def test_of_the_environment_the_query_of_its_address_is_there(splitter: Splitter, sandbox: Sandbox) -> None:
    logic = LOGIC + "\n\nimport os\nASKED, HOME = os.environ['QUERY_STRING'], os.environ.get('HOME')\n"
    report = await check(splitter(logic=logic), sandbox=sandbox, layers=[Layer.POLICY])
    found = [(finding.what, finding.hint) for layer in report.layers for finding in layer.findings]
    ((what, hint),) = found
    assert "the environment variable HOME" in what and "QUERY_STRING" in hint


async def test_what_a_notebook_asks_for_grants_nothing(splitter: Splitter, sandbox: Sandbox) -> None:
    logic = (
        LOGIC
        + '\n\ndef fetch():\n    import urllib.request\n    return urllib.request.urlopen("https://api.example.org/x")\n'
    )
    app = splitter(logic=logic, permissions=Permissions(hosts=(Host(name="api.example.org"),)))
    assert not (await check(app, sandbox=sandbox, layers=[Layer.POLICY])).passed


HOSTILE = {
    "an endless loop": "while True:\n    pass",
    "an endless loop that ignores interrupts": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"
    ),
    "an exit of the process": "import os\nos._exit(3)",
    "a kill of itself": "import os\nos.kill(os.getpid(), 9)",
    "gigabytes of output": "while True:\n    print('x' * (1 << 20))",
    "gigabytes of memory": "kept = []\nwhile True:\n    kept.append(b'x' * (64 << 20))",
    "children that fork": "import os\nwhile True:\n    os.fork()",
    "a SystemExit": "raise SystemExit(0)",
    "input": "input('name?')",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_harm_while_running_ends_in_a_finding_in_time(name: str, splitter: Splitter, sandbox: Sandbox) -> None:
    began = time.monotonic()
    report = await check(splitter(imports=f"{IMPORTS}\n{HOSTILE[name]}"), sandbox=sandbox, granted=TIGHT)
    assert errors(report, Layer.RUN)
    assert time.monotonic() - began < 30  # a bound against hanging, fifteen times the limit of one run
    assert (await check(splitter(), sandbox=sandbox)).passed


@pytest.mark.parametrize("name", ["an endless loop", "an exit of the process", "gigabytes of output"])
async def test_harm_in_a_callback_ends_in_a_finding(name: str, splitter: Splitter, sandbox: Sandbox) -> None:
    body = "\n".join(f"    {line}" for line in HOSTILE[name].splitlines())
    ui = UI.replace("    bill.value, tip.value, people.value = 0, 0, 1", body)
    report = await check(splitter(ui=ui), sandbox=sandbox, granted=TIGHT)
    assert "clicking 'Clear'" in errors(report, Layer.PROBE)


@pytest.mark.parametrize("name", ["an endless loop", "an exit of the process", "gigabytes of output"])
async def test_harm_in_a_test_ends_in_a_finding(name: str, splitter: Splitter, sandbox: Sandbox) -> None:
    body = "\n".join(f"    {line}" for line in HOSTILE[name].splitlines())
    tests = f"{TESTS}\n\ndef test_harm(app):\n{body}\n"
    criteria = (Criterion(id="harm", text="Harm.", tests=("test_harm",)),)
    report = await check(splitter(tests=tests, criteria=criteria), sandbox=sandbox, granted=TIGHT)
    assert "test_harm" in errors(report, Layer.BEHAVIOUR)


async def test_an_app_cannot_fake_the_result_of_its_tests(splitter: Splitter, sandbox: Sandbox) -> None:
    forged = LOGIC.replace("/ people", "* people") + (
        "\n\nimport builtins\nimport sys\n\nsys.modules['microapps.testing'] = None\n"
        "builtins.AssertionError = type('Quiet', (BaseException,), {})\n"
    )
    report = await check(splitter(logic=forged), sandbox=sandbox)
    assert "test_each_pays_an_equal_share" in errors(report, Layer.BEHAVIOUR)


async def test_a_fault_behind_a_closed_tab_is_found(splitter: Splitter, sandbox: Sandbox) -> None:
    ui = UI + (
        "\nrate = widgets.FloatText(value=1, description='Rate')\n"
        "rate.observe(lambda change: 1 / change['new'], 'value')\n"
        "app = widgets.Tab([app, widgets.VBox([rate])], titles=('Bill', 'More'))\n"
    )
    report = await check(splitter(ui=ui), sandbox=sandbox)
    assert "ZeroDivisionError" in errors(report, Layer.PROBE) and "'Rate' to 0" in errors(report, Layer.PROBE)


async def test_controls_that_the_app_makes_anew_are_no_fault(splitter: Splitter, sandbox: Sandbox) -> None:
    ui = UI + (
        "\nnames = widgets.Text(value='a,b', description='Names')\nboxes = widgets.VBox()\n\n\n"
        "def rebuild(_=None):\n"
        "    boxes.children = [widgets.Checkbox(description=n or '?') for n in names.value.split(',')[:5]]\n\n\n"
        "names.observe(rebuild, 'value')\nrebuild()\napp = widgets.VBox([app, names, boxes])\n"
    )
    report = await check(splitter(ui=ui), sandbox=sandbox)
    assert report.passed, for_model(report)


@pytest.mark.long
async def test_the_button_under_many_inputs_is_clicked(splitter: Splitter, sandbox: Sandbox) -> None:
    ui = UI.replace("bill.value, tip.value, people.value = 0, 0, 1", "undefined_name + 1") + (
        "\ngrid = [widgets.Text(description=f'Cell {i}') for i in range(81)]\napp = widgets.VBox([*grid, app])\n"
    )
    assert "'Clear'" in errors(await check(splitter(ui=ui), sandbox=sandbox), Layer.PROBE)
