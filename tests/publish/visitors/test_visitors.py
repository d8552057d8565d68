"""Visitors are forks of an app that ran once: apart from each other, alive, and ended when they must be."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from nbformat.v4 import new_code_cell

from microapps.notebook.permissions import FileAccess
from microapps.publish.notices import Notice
from microapps.publish.settings import PublishedApp
from microapps.publish.visitors.protocol import Mode
from microapps.publish.visitors.staging import Plan
from microapps.publish.visitors.visitor import Place
from microapps.publish.visitors.visitors import Visitors
from microapps.sandbox.inside.outputs import MOST_OUTPUTS, added

from .conftest import Page, given, notebook

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]
Planned = Callable[..., Awaitable[Plan]]
Opened = Callable[..., Awaitable[Page]]

SLIDER = """
import ipywidgets as w
n = w.IntSlider(description="n"); label = w.Label("none"); go = w.Button(description="go"); out = w.Output()
n.observe(lambda change: setattr(label, "value", f"got {change['new']}"), "value")
"""
SHOW = "app = w.VBox([n, label, go, out])\napp"


def texts(messages: list[dict[str, Any]], widget: str) -> str:
    return "".join(m["output"].get("text", "") for m in messages if m["type"] == "output" and m["widget"] == widget)


async def test_an_app_runs_once_and_its_forks_answer_apart(
    planned: Planned, visitors: Visitors, notices: list[Notice]
) -> None:
    plan = await planned(SLIDER, SHOW)
    assert plan.mode is Mode.FORKED and plan.snapshot is not None, plan.why
    assert [cell["kind"] for cell in plan.snapshot.cells] == ["markdown", "code", "code"]
    assert plan.snapshot.cells[2]["outputs"][0]["output_type"] == "execute_result"
    one, other = [Page(await visitors.fork("calc", plan), plan.snapshot) for _ in range(2)]
    heard = await one.set(one.model(description="n"), value=7)
    assert [m["data"] for m in heard if m["type"] == "comm"] == [
        {"method": "echo_update", "state": {"value": 7}, "buffer_paths": []},
        {"method": "update", "state": {"value": "got 7"}, "buffer_paths": []},
    ]
    assert heard[0]["state"] == "busy"
    await other.visitor.hear({"type": "state", "id": "s"})
    state = await other.until(lambda m: m["type"] == "state")
    assert state["widgets"][other.model(description="n")]["state"]["value"] == 0
    assert notices == []


async def test_the_shell_is_as_notebooks_know_it(planned: Planned) -> None:
    """Its events come after cells that wait as well (figures are shown by one), and it is found as the kernel's."""
    plan = await planned(
        "import asyncio\nran = []\nget_ipython().events.register('post_run_cell', lambda result: ran.append(result))",
        "await asyncio.sleep(0)",
        "print(len(ran), get_ipython().kernel.shell is get_ipython())",
    )
    assert plan.snapshot is not None
    assert plan.snapshot.cells[-1]["outputs"][0]["text"] == "2 True\n"


def test_outputs_that_are_too_many_to_keep_are_counted() -> None:
    outputs: list[dict[str, Any]] = []
    for number in range(MOST_OUTPUTS + 3):
        added(outputs, {"output_type": "display_data", "data": {"text/plain": str(number)}, "metadata": {}})
    shown = [output["data"]["text/plain"] for output in outputs]
    assert shown == ["3 outputs before these are left out.", *map(str, range(3, MOST_OUTPUTS + 3))]


async def test_what_a_callback_prints_goes_into_its_output_widget(opened: Opened) -> None:
    page = await opened(SLIDER, "def f(_):\n    with out:\n        print('a', 1)\n        1 / 0\ngo.on_click(f)", SHOW)
    output = page.model(_model_name="OutputModel")
    heard = await page.click(page.model(description="go"))
    assert texts(heard, output) == "a 1\n"
    error = next(m["output"] for m in heard if m["type"] == "output" and m["output"]["output_type"] == "error")
    assert (error["ename"], error["traceback"]) == ("ZeroDivisionError", [])
    await page.visitor.hear({"type": "state", "id": "s"})
    state = await page.until(lambda m: m["type"] == "state")
    assert [o["output_type"] for o in state["widgets"][output]["state"]["outputs"]] == ["stream", "error"]


async def test_clear_output_and_updated_displays_and_figures_come_as_they_are_made(
    opened: Opened, app: PublishedApp
) -> None:
    object.__setattr__(app.confinement, "preload", ("matplotlib.pyplot",))
    cells = (
        SLIDER,
        "%matplotlib inline\nfrom IPython.display import display, clear_output\nimport matplotlib.pyplot as plt\n"
        "%config InlineBackend.figure_formats = ['svg', 'png']\nplt.plot([1, 2])",
        "def f(_):\n    with out:\n        clear_output(wait=True)\n        h = display('one', display_id='d')\n"
        "        h.update('two')\n        plt.plot([1, 2]); plt.title(str(n.value)); plt.show()\ngo.on_click(f)",
        SHOW,
    )
    pages = [await opened(*cells), await opened(*cells)]  # fonts that the run has opened are read by both at once
    clicks = [page.click(page.model(description="go")) for page in pages]
    all_heard = [[m for m in heard if m["type"] != "status"] for heard in await asyncio.gather(*clicks)]
    heard = all_heard[0]
    assert [m["type"] for m in heard if m["type"] != "comm"] == ["clear", "output", "update_display", "output"]
    assert heard[0]["wait"] is True
    assert "image/svg+xml" in heard[-1]["output"]["data"]
    assert all_heard[1][-1]["output"]["data"]["image/png"] == heard[-1]["output"]["data"]["image/png"]


async def test_tasks_and_threads_of_callbacks_reach_the_page(opened: Opened) -> None:
    page = await opened(
        SLIDER,
        "import asyncio, threading, time",
        "async def later():\n    await asyncio.sleep(0.05)\n    label.value = 'task'\n    1 / 0\n"
        "def work():\n    time.sleep(0.05)\n    n.value = 42\n"
        "def f(_):\n    globals()['t'] = asyncio.create_task(later())\n    threading.Thread(target=work).start()\n"
        "go.on_click(f)",
        SHOW,
    )
    await page.click(page.model(description="go"))
    await page.until(lambda m: m["type"] == "comm" and m["data"]["state"] == {"value": "task"})
    await page.until(lambda m: m["type"] == "comm" and m["data"]["state"] == {"value": 42})


async def test_what_a_callback_leaves_is_collected_when_the_process_is_at_rest(opened: Opened) -> None:
    cells = (
        "import weakref\nclass Kept: pass\n"
        "def f(_):\n    one = Kept(); one.self = one; label.value = 'left'\n"
        "    weakref.finalize(one, lambda: setattr(label, 'value', 'collected'))\ngo.on_click(f)"
    )
    page = await opened(SLIDER, cells, SHOW)
    label = page.model(value="none")
    await page.click(page.model(description="go"))
    said = await page.until(lambda m: m["type"] == "comm" and m["data"]["state"].get("value") == "collected")
    assert said["comm"] == label


async def test_new_widgets_uploads_and_interact_work(opened: Opened) -> None:
    page = await opened(
        SLIDER,
        "u = w.FileUpload()\nu.observe(lambda c: setattr(label, 'value', bytes(u.value[0].content).decode()), 'value')",
        "go.on_click(lambda _: setattr(app, 'children', (*app.children, w.Text('new'))))",
        "double = w.interactive(lambda x: print(x * 2), x=(0, 10))",
        "app = w.VBox([n, label, go, u, double])\napp",
    )
    heard = await page.click(page.model(description="go"))
    assert any(m.get("kind") == "open" and m["data"]["state"].get("value") == "new" for m in heard)
    heard = await page.say(
        page.model(_model_name="FileUploadModel"),
        {
            "method": "update",
            "state": {"value": [{"name": "a", "type": "", "size": 2, "last_modified": 0, "content": None}]},
            "buffer_paths": [["value", 0, "content"]],
        },
        [b"hi"],
    )
    assert any(m["type"] == "comm" and m["data"]["state"] == {"value": "hi"} for m in heard)
    slider = page.model(description="x")
    heard = await page.set(slider, value=4)
    assert [m["output"]["text"] for m in heard if m["type"] == "output" and m["widget"]] == ["8\n"]


async def test_a_cell_that_may_raise_shows_it_and_the_next_one_runs(planned: Planned, visitors: Visitors) -> None:
    raises = new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]})
    plan = await planned(SLIDER, raises, SHOW)
    assert plan.mode is Mode.FORKED and plan.snapshot is not None, plan.why
    assert plan.snapshot.cells[2]["outputs"][0]["ename"] == "ZeroDivisionError"
    page = Page(await visitors.fork("calc", plan), plan.snapshot)
    heard = await page.set(page.model(description="n"), value=7)
    assert {"value": "got 7"} in [m["data"]["state"] for m in heard if m["type"] == "comm"]


async def test_an_exception_is_the_owners_to_know(opened: Opened, notices: list[Notice]) -> None:
    page = await opened(SLIDER, "go.on_click(lambda _: 1 / 0)", SHOW)
    heard = await page.click(page.model(description="go"))
    assert [m for m in heard if m["type"] == "failed"] == [{"type": "failed", "seq": 2, "parent": "m1"}]
    assert notices[0].kind == "callback_failed" and "ZeroDivisionError" in notices[0].what
    assert "1 / 0" in notices[0].detail


async def test_what_was_set_before_a_failure_goes_to_the_owner_with_it(opened: Opened, notices: list[Notice]) -> None:
    more = "box = w.HBox([w.Label('Amount'), w.IntText()]); secret = w.Password(description='P')\n"
    more += "how = w.Dropdown(description='How', options=[('Half', 2), ('Third', 3)]); display(box, secret, how)"
    page = await opened(SLIDER, "go.on_click(lambda _: 1 / 0)", SHOW, more)
    await page.set(page.model(description="n"), value=1)
    await page.set(page.model(_model_name="IntTextModel"), value=7)
    await page.set(page.model(description="P"), value="hunter2")
    await page.set(page.model(description="How"), index=1)
    await page.set(page.model(description="n"), value=4)
    heard = await page.click(page.model(description="go"))
    assert "inputs" not in str(heard)
    told = [("Amount", "7"), ("P", "…"), ("How", "Third"), ("n", "4"), ("go", "clicked")]
    assert list(notices[0].inputs.items()) == told


async def test_a_process_says_which_cell_and_variable_make_a_widget(opened: Opened) -> None:
    form = "class Form:\n    pass\n\n\nform = Form()\nform.late = w.Text(description='late')"
    page = await opened(SLIDER, form, "display(form.late, w.Text(description='nobody'))", SHOW)
    assert await page.visitor.where(page.model(description="n")) == Place(0, "n")
    assert await page.visitor.where(page.model(description="late")) == Place(1, "form.late")
    assert await page.visitor.where(page.model(description="nobody")) == Place(2, "")
    assert await page.visitor.where("no-such-model") is None
    heard = await page.set(page.model(description="late"), value="still in order")
    assert all("there" not in message for message in heard)


async def test_a_page_that_comes_back_hears_what_it_missed(opened: Opened) -> None:
    page = await opened(SLIDER, SHOW)
    await page.set(page.model(description="n"), value=1)
    seen = page.messages[-1]["seq"]
    page.visitor.leave(page.hear)
    await page.visitor.hear(
        {"type": "comm", "id": "x", "kind": "msg", "comm": page.model(description="n"),
         "data": {"method": "update", "state": {"value": 2}, "buffer_paths": []}}
    )  # fmt: skip
    while page.visitor.last < seen + 4:
        await asyncio.sleep(0.02)
    back: list[bytes] = []
    assert page.visitor.join(back.append, seen) and len(back) == 4
    assert page.visitor.join(back.append, page.visitor.last)
    assert not page.visitor.join(back.append, -5)


@pytest.mark.parametrize(
    ("cell", "word"),
    [
        ("import time; start = time.time()", "clock"),
        ("from datetime import date; today = date.today()", "clock"),
        ("import pandas as pd; day = pd.Timestamp.today().year", "clock"),
        ("import numpy as np; day = np.datetime64('today')", "clock"),
        ("import calendar, email.utils as e, time; e.localtime()", "clock"),
        ("import random; secret = random.randint(1, 1000)", "chance"),
        ("import numpy as np; dice = np.random.default_rng()", "chance"),
        ("import uuid; name = uuid.uuid4()", "chance"),
        ("import os; q = os.environ.get('QUERY_STRING', '')", "address"),
        ("from microapps.runtime import store; v = store.get('a')", "data"),
        ("import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "thread"),
        ("import subprocess; p = subprocess.Popen(['sleep', '60'])", "other processes"),
        ("import tempfile; f = tempfile.NamedTemporaryFile(delete=False)", "temporary files"),
        ("import mmap; m = mmap.mmap(-1, 4096)", "memory"),
        ("raise ValueError('x')", "ValueError"),
    ],
)
async def test_what_speaks_against_forks_is_found_and_said(planned: Planned, cell: str, word: str) -> None:
    plan = await planned("import ipywidgets as w", cell, "w.Label('x')")
    assert plan.mode is Mode.PER_VISITOR
    assert word in plan.why


@pytest.mark.parametrize(
    "cell",
    [
        "import random; random.seed(3); x = random.random()",
        "import numpy as np; dice = np.random.default_rng(1)",
        "import pandas as pd; display(object(), pd.DataFrame({'a': [1]}).style.format('{:.1f}'))",
        "import logging; logging.basicConfig(format='%(message)s'); logging.getLogger().warning('careful')",
        "def later():\n    import time, random\n    return time.time(), random.random()",
    ],
)
async def test_what_is_the_same_each_time_is_forked(planned: Planned, cell: str) -> None:
    plan = await planned("import ipywidgets as w", cell, "w.Label('x')")
    assert plan.mode is Mode.FORKED, plan.why


async def test_what_is_mounted_below_a_temporary_folder_is_no_temporary_file(
    planned: Planned, app: PublishedApp
) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        shown = Path(folder) / "deep" / "shown"
        shown.mkdir(parents=True)
        (shown / "rates.txt").write_text("1.5")
        for each in (Path(folder), shown.parent, shown):
            each.chmod(0o755)
        given(app, files=(FileAccess(path=str(shown), mode="read-write"),))
        plan = await planned(f"import ipywidgets as w; w.Label(open('{shown}/rates.txt').read())")
        assert plan.mode is Mode.FORKED, plan.why
        plan = await planned(f"open('{shown.parent}/mine', 'w').close()")
        assert f"temporary files ({shown.parent}/mine)" in plan.why


async def test_forks_draw_different_numbers(opened: Opened, planned: Planned, visitors: Visitors) -> None:
    cells = (SLIDER, "import random", "go.on_click(lambda _: setattr(label, 'value', str(random.random())))", SHOW)
    pages = [await opened(*cells), await opened(*cells)]
    drawn = [await page.click(page.model(description="go")) for page in pages]
    assert drawn[0][1]["data"]["state"] != drawn[1][1]["data"]["state"]


async def test_a_warning_shows_no_line_of_the_app_and_one_for_its_author_nothing(planned: Planned) -> None:
    old = "w.Text().on_submit(print)\nwarnings.warn('older', DeprecationWarning)"
    plan = await planned(f"import ipywidgets as w, warnings\n{old}\nwarnings.warn('old news')  # mine")
    assert plan.snapshot is not None and plan.snapshot.cells[-1]["outputs"][0]["text"] == "UserWarning: old news\n"


async def test_what_was_rehearsed_leaves_nothing_in_the_app(planned: Planned) -> None:
    count = "from ipywidgets.widgets import widget\nimport comm, threading\nthere = len(widget._instances)\n"
    plan = await planned(f"{count}print(there, len(comm.get_comm_manager().comms), threading.active_count())")
    assert plan.mode is Mode.FORKED and plan.snapshot is not None, plan.why
    assert plan.snapshot.cells[-1]["outputs"][0]["text"] == "0 0 1\n"
    assert plan.snapshot.widgets == {}


async def test_what_a_library_wants_done_at_a_fork_is_done(opened: Opened) -> None:
    wish = "import os\ntold = []\nos.register_at_fork(**{when: lambda when=when: told.append(when) for when in %r})"
    click = "go.on_click(lambda _: setattr(label, 'value', ' '.join(told)))"
    page = await opened(SLIDER, wish % (("before", "after_in_child", "after_in_parent"),), click, SHOW)
    heard = await page.click(page.model(description="go"))
    assert heard[1]["data"]["state"] == {"value": " ".join(["before", "after_in_child"] * 2)}  # a fork of a fork


async def test_a_visitor_can_run_the_notebook_itself(visitors: Visitors, app: PublishedApp) -> None:
    cells = (SLIDER, "import os; label.value = os.environ['QUERY_STRING']", SHOW)
    visitor, snapshot = await visitors.run(app, notebook(*cells), {"QUERY_STRING": "a=1"})
    page = Page(visitor, snapshot)
    assert page.model(value="a=1")
    heard = await page.set(page.model(description="n"), value=3)
    assert any(m["type"] == "comm" and m["data"]["state"] == {"value": "got 3"} for m in heard)


async def test_where_forks_cannot_be_had_the_next_visitors_process_is_ready(
    visitors: Visitors, planned: Planned, app: PublishedApp
) -> None:
    cells = (SLIDER, "import os; kept = open('/tmp/kept', 'w'); label.value = f'process {os.getpid()}'", SHOW)
    found = await planned(*cells)
    assert "/tmp/kept" in found.why and found.ahead
    first, _ = await visitors.run(app, notebook(*cells), {"QUERY_STRING": ""}, found)
    ready = visitors._heated._ready[app.name, app.confinement.data]
    process, ran = await ready.making
    second, snapshot = await visitors.run(app, notebook(*cells), {"QUERY_STRING": ""}, found)
    assert second.pid == process.process.pid != first.pid and ran is not None and second.went_on
    page = Page(second, snapshot)
    heard = await page.set(page.model(description="n"), value=3)
    assert any(m["type"] == "comm" and m["data"]["state"] == {"value": "got 3"} for m in heard)


@pytest.mark.parametrize(
    ("work", "why"),
    [
        ("import threading, time; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()", "thread"),
        ("import subprocess; process = subprocess.Popen(['sleep', '60'])", "other processes"),
    ],
)
async def test_what_an_app_begins_by_itself_begins_when_its_visitor_comes(
    visitors: Visitors, planned: Planned, app: PublishedApp, work: str, why: str
) -> None:
    """A countdown is not under way when somebody opens the page that shows it."""
    cells = (SLIDER, work, SHOW)
    found = await planned(*cells)
    assert why in found.why and not found.ahead
    await visitors.run(app, notebook(*cells), {"QUERY_STRING": ""}, found)
    _, ran = await visitors._heated._ready[app.name, app.confinement.data].making
    assert ran is None


async def test_an_app_that_reads_its_address_is_not_run_before_its_visitor_comes(
    visitors: Visitors, planned: Planned, app: PublishedApp
) -> None:
    cells = (SLIDER, "import os; label.value = os.environ.get('QUERY_STRING', '')", SHOW)
    found = await planned(*cells)
    for name in ("one", "two"):
        _, snapshot = await visitors.run(app, notebook(*cells), {"QUERY_STRING": name}, found)
        assert any(widget["state"].get("value") == name for widget in snapshot.widgets.values())


@pytest.mark.parametrize(
    ("work", "why"),
    [("while True: pass", "time"), ("x = bytearray(900 << 20)\n    import os\n    os._exit(3)", "crash")],
)
async def test_a_process_that_ends_is_told_of_and_leaves_the_others_alone(
    visitors: Visitors, app: PublishedApp, planned: Planned, notices: list[Notice], work: str, why: str
) -> None:
    given(app, seconds=2)
    object.__setattr__(app.confinement, "preload", ("ipywidgets",))  # which is no part of those seconds
    plan = await planned(SLIDER, f"def f(_):\n    {work}\ngo.on_click(f)", SHOW)
    assert plan.snapshot is not None, plan.why
    one, other = [Page(await visitors.fork("calc", plan), plan.snapshot) for _ in range(2)]
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await one.click(one.model(description="go"))
    gone = await one.until(lambda m: m["type"] == "gone")
    assert gone["why"] == (why if "True" in work else gone["why"])
    assert not one.visitor.alive and visitors.ended[gone["why"]] == 1
    assert notices[-1].kind == "kernel_lost"
    assert await other.set(other.model(description="n"), value=3)


async def test_a_flood_ends_the_visitor(opened: Opened, notices: list[Notice]) -> None:
    page = await opened(SLIDER, "def f(_):\n    while True: print('x' * 1000)\ngo.on_click(f)", SHOW)
    await page.visitor.hear(
        {"type": "comm", "id": "x", "kind": "msg", "comm": page.model(description="go"),
         "data": {"method": "custom", "content": {"event": "click"}}}
    )  # fmt: skip
    gone = await page.until(lambda m: m["type"] == "gone")
    assert gone["why"] == "output" and notices[-1].kind == "too_much_output"


async def test_nothing_is_left_when_visitors_close(visitors: Visitors, opened: Opened, planned: Planned) -> None:
    page = await opened(SLIDER, SHOW)
    pid = page.visitor.pid
    await visitors.close()
    async with asyncio.timeout(30):
        while os.path.exists(f"/proc/{pid}"):
            await asyncio.sleep(0.05)
    assert visitors.alive == 0


async def test_a_killed_process_is_heard_of(opened: Opened) -> None:
    page = await opened(SLIDER, SHOW)
    os.kill(page.visitor.pid, signal.SIGKILL)
    gone = await page.until(lambda m: m["type"] == "gone")
    assert gone["why"] == "crash"


@pytest.mark.parametrize("mode", [Mode.FORKED, Mode.PER_VISITOR])
async def test_an_app_whose_containment_ends_is_ready_again_in_the_same_way(
    planned: Planned, visitors: Visitors, app: PublishedApp, mode: Mode
) -> None:
    cells = [SLIDER, SHOW] if mode is Mode.FORKED else ["import time\nbegun = time.time()", SLIDER, SHOW]
    before = await planned(*cells)
    assert before.mode is mode
    made, content = notebook(*cells), repr(tuple(cells))
    await visitors.ready(app, made, content)
    waiting = before.process or visitors._heated._ready[app.name, app.confinement.data].making.result()[0]
    above = [process for process in psutil.Process(waiting.process.pid).parents() if process.name() == "bwrap"]
    above[-1].kill()
    await visitors.ready(app, made, content)
    after = visitors.prepare(app, made, content)
    assert after is not None and after.mode is mode and after.good and (after is not before or mode is Mode.PER_VISITOR)
    if mode is Mode.FORKED:
        page = Page(await visitors.fork("calc", after), after.snapshot)
    else:
        page = Page(*await visitors.run(app, made, {}, after))
    assert await page.set(page.model(description="n"), value=3)


async def test_a_new_revision_is_prepared_anew_and_the_old_one_serves_those_it_has(
    opened: Opened, visitors: Visitors
) -> None:
    old = await opened(SLIDER, SHOW)
    new = await opened(SLIDER, "label.value = 'second'", SHOW)
    assert new.model(value="second")
    assert await old.set(old.model(description="n"), value=3)


async def test_binary_traits_are_in_the_snapshot(opened: Opened) -> None:
    page = await opened("import ipywidgets as w", "w.Image(value=b'abc')")
    buffers = page.snapshot.widgets[page.model(_model_name="ImageModel")]["buffers"]
    assert base64.b64decode(buffers[0]["data"]) == b"abc"


async def test_what_is_no_number_is_shown_and_set_as_jupyter_does(opened: Opened) -> None:
    page = await opened(
        "import math, ipywidgets as w\nt, go = w.FloatText(math.nan, description='t'), w.Button(description='go')",
        "limit = w.BoundedFloatText(1, max=math.inf)\ngo.on_click(lambda _: setattr(t, 'value', -math.inf))",
        "w.VBox([t, limit, go])",
    )
    text = page.model(description="t")
    assert page.snapshot.widgets[text]["state"]["value"] == "nan"
    assert page.snapshot.widgets[page.model(_model_name="BoundedFloatTextModel")]["state"]["max"] == "inf"
    heard = await page.click(page.model(description="go"))
    assert [m["data"]["state"] for m in heard if m["type"] == "comm"] == [{"value": "-inf"}]
    heard = await page.set(text, value=2.5)
    assert not [m for m in heard if m["type"] == "failed"]
