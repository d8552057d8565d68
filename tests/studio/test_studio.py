"""The use cases of the house, as a front end calls them; most need no model."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import nbformat
import pytest

from microapps.checks import Layer, Severity, Status, check
from microapps.errors import InvalidInput, UnknownApp
from microapps.events import Failed, Finished, Started
from microapps.generator import AnthropicModel, Settings, forget_key, stamp, store_key
from microapps.library import Health
from microapps.notebook import Host, Permissions, write
from microapps.studio import Studio
from microapps.studio import studio as module
from tests.endpoint import Endpoint
from tests.library import samples

from .people import told, watched
from .small import doubler

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]

RATES = Permissions(hosts=(Host(name="rates.invalid"),))

NOTEBOOK = """
import urllib.request

import ipywidgets as widgets
from IPython.display import display

people = widgets.IntText(description="People", value=2)
fetch = widgets.Button(description="Fetch")
share = widgets.Label()


def show(change=None):
    share.value = f"Each pays {90 / people.value:.2f}"


def load(button):
    try:
        share.value = urllib.request.urlopen("https://rates.invalid/latest", timeout=1).read().decode()
    except OSError:
        share.value = "The rates cannot be reached."


people.observe(show, names="value")
fetch.on_click(load)
show()
display(widgets.VBox([people, fetch, share]))
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A person's own notebook: it reaches for a host, and nobody at the table is a division by zero."""
    path = tmp_path / "Dinner shares.ipynb"
    node = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Dinner shares"), nbformat.v4.new_code_cell(NOTEBOOK.strip())]
    )
    nbformat.write(node, path)
    return path


# Starters


async def test_two_starters_at_once_in_two_languages_without_a_key(offline: Studio) -> None:
    english, korean = offline.make("split a bill between friends"), offline.make("할 일 목록")
    assert offline.jobs() == (english, korean) and offline.job(korean.id) is korean
    first, second = await english.wait(), await korean.wait()
    assert isinstance(first, Finished) and isinstance(second, Finished), (first, second)
    assert first.report.passed and second.report.passed
    assert (first.app, second.title) == ("split-a-bill-between-friends", "할 일 목록")
    started = english.events_so_far[0]
    assert isinstance(started, Started)
    assert started.maker == "starter:calculator" and started.note
    assert {app.name for app in offline.library.apps()} == {first.app, second.app}
    assert offline.library.usage() == ()


async def test_what_no_starter_can_do_names_the_nearest_and_how_to_add_a_key(offline: Studio) -> None:
    outcome = await offline.make("an AI chatbot that splits a bill").wait()
    assert isinstance(outcome, Failed)
    assert outcome.error == "UnknownApp"
    assert "No starter can do" in outcome.what and "(calculator/bill-splitter)" in outcome.what
    assert "--starter calculator/bill-splitter'" in outcome.hint and "microapps config key" in outcome.hint
    assert offline.library.apps() == ()


async def test_a_change_without_a_key_says_where_the_notebook_is(offline: Studio) -> None:
    samples.make(offline.library)
    outcome = await offline.change("tip-splitter", "add a discount").wait()
    assert isinstance(outcome, Failed)
    assert "microapps config key" in outcome.hint
    assert str(offline.library.app("tip-splitter").path) in outcome.hint


async def test_an_empty_request_and_an_unknown_app_begin_no_job(offline: Studio) -> None:
    with pytest.raises(InvalidInput):
        offline.make("  ")
    with pytest.raises(UnknownApp):
        offline.change("nothing", "more of it")
    with pytest.raises(InvalidInput):
        offline.make("explore it", data=[Path("missing.csv")])
    assert offline.jobs() == ()


# The library


async def test_undo_redo_and_difference(offline: Studio) -> None:
    samples.make(offline.library)
    samples.change(offline.library, "tip-splitter", 2)
    (change,) = offline.difference("tip-splitter").cells
    assert change.id == "logic" and "+VALUE = 2" in change.diff
    assert samples.value(offline.undo("tip-splitter").notebook) == 1
    assert samples.value(offline.show("tip-splitter")) == 1
    assert samples.value(offline.show("tip-splitter", 2)) == 2
    with pytest.raises(InvalidInput):
        offline.difference("tip-splitter")
    with pytest.raises(InvalidInput):
        offline.undo("tip-splitter")
    assert samples.value(offline.redo("tip-splitter").notebook) == 2
    assert offline.goto("tip-splitter", 1).number == 1


async def test_fork_rename_remove_and_restore(offline: Studio) -> None:
    samples.make(offline.library)
    assert offline.fork("tip-splitter", "tips").name == "tips"
    job = offline.change("tips", "round up")
    assert offline.rename("tips", "gratuity").name == "gratuity"
    assert job.app == "gratuity", "a job is of its app, whatever that is called"
    await job.wait()
    assert {app.name for app in offline.library.apps()} == {"tip-splitter", "gratuity"}
    offline.remove("tip-splitter")
    with pytest.raises(UnknownApp):
        offline.change("tip-splitter", "round up")
    assert offline.restore("tip-splitter").name == "tip-splitter"
    assert samples.value(offline.show("tip-splitter")) == 1


async def test_a_new_title_is_a_revision_whose_checks_and_permissions_stand(offline: Studio) -> None:
    samples.make(offline.library, samples.tip(permissions=RATES))
    offline.grant("tip-splitter", RATES)
    revision = offline.retitle("tip-splitter", " 팁  나누기 ")
    assert (revision.number, revision.action, revision.request) == (2, "title", "팁 나누기")
    record = offline.library.app("tip-splitter")
    assert (record.title, record.health) == ("팁 나누기", Health.PASSED)
    assert offline.show("tip-splitter").cell("about").source == "# 팁 나누기"
    assert offline.permissions("tip-splitter").missing.sentences() == ()
    assert offline.retitle("tip-splitter", "팁 나누기").number == 2, "nothing differs"
    for wrong in (" ", "x" * 201):
        with pytest.raises(InvalidInput):
            offline.retitle("tip-splitter", wrong)
    offline.undo("tip-splitter")
    assert offline.library.app("tip-splitter").title == "Tip splitter"
    assert offline.show("tip-splitter").cell("about").source == "# Tip splitter"


async def test_permissions_are_granted_and_taken_back(offline: Studio) -> None:
    samples.make(offline.library, samples.tip(permissions=RATES))
    assert offline.permissions("tip-splitter").missing.hosts == RATES.hosts
    offline.grant("tip-splitter", RATES)
    state = offline.permissions("tip-splitter")
    assert state.granted.hosts == RATES.hosts and state.missing.sentences() == ()
    assert offline.published("tip-splitter").confinement.granted.hosts == RATES.hosts
    offline.revoke("tip-splitter")
    assert offline.permissions("tip-splitter").missing.hosts == RATES.hosts
    assert offline.published("tip-splitter").confinement.granted.hosts == ()


# Checks


async def test_an_app_and_a_file_are_checked_and_nothing_is_written(offline: Studio, tmp_path: Path) -> None:
    samples.make(offline.library)
    seen: list[Layer] = []
    report = await offline.check("tip-splitter", on_layer=lambda result: seen.append(result.layer))
    run = report.layer(Layer.RUN)
    assert run is not None and run.status is Status.PASSED
    assert set(seen) == {layer.layer for layer in report.layers}
    path = tmp_path / "broken.ipynb"
    write(samples.tip(logic="VALUE = 1 / 0"), path, expected=None)
    before = path.read_bytes()
    broken = await offline.check(path)
    assert not broken.passed
    assert any("ZeroDivisionError" in finding.what for finding in broken.findings)
    assert path.read_bytes() == before
    assert [app.name for app in offline.library.apps()] == ["tip-splitter"]


# Adoption


async def test_an_adopted_notebook_asks_for_its_host_and_is_taken_in_though_a_control_fails(
    offline: Studio, notebook: Path
) -> None:
    before = notebook.read_bytes()
    outcome, (asked,) = await watched(offline.adopt(notebook), "yes")
    assert isinstance(outcome, Finished), outcome
    assert asked.permissions is not None and asked.permissions.hosts == RATES.hosts
    probe = outcome.report.layer(Layer.PROBE)
    assert probe is not None and probe.status is Status.FAILED
    assert "ZeroDivisionError" in probe.findings[0].what
    assert "taken in as it is" in outcome.note
    assert offline.library.app(outcome.app).health == "failed"
    assert offline.permissions(outcome.app).granted.hosts == RATES.hosts
    assert notebook.read_bytes() == before


async def test_an_adopted_notebook_that_is_refused_its_host_has_none(offline: Studio, notebook: Path) -> None:
    outcome, _ = await watched(offline.adopt(notebook), "no")
    assert outcome.report is not None
    policy = outcome.report.layer(Layer.POLICY)
    assert policy is not None and policy.status is Status.FAILED
    assert isinstance(outcome, Finished)
    assert offline.permissions(outcome.app).granted.hosts == ()


SHOWN_ERRORS = """
import ipywidgets as w
out = w.Output()
with out:
    1 / 0
@out.capture()
def fail(_):
    raise KeyError("shown on purpose")
go = w.Button(description="Fail")
go.on_click(fail)
w.VBox([go, out])
"""


async def test_an_error_that_an_output_widget_of_an_adopted_notebook_shows_is_a_warning(
    offline: Studio, tmp_path: Path
) -> None:
    path = tmp_path / "errors.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SHOWN_ERRORS)]), path)
    outcome, _ = await watched(offline.adopt(path))
    assert isinstance(outcome, Finished) and outcome.report.passed, outcome
    said = [(f.severity, f.what.split(":")[0], "Output widget" in f.hint) for f in outcome.report.findings]
    assert (Severity.WARNING, "ZeroDivisionError", True) in said
    assert (Severity.WARNING, "After clicking 'Fail' a callback raised KeyError", True) in said
    made = offline.library.revision(outcome.app).notebook
    made = made.with_metadata(provenance=made.metadata.provenance.model_copy(update={"maker": "model:any"}))
    assert not (await check(made, sandbox=offline.sandbox, layers=[Layer.RUN])).passed


async def test_an_adopted_notebook_that_does_not_run_is_told_how_it_would_be_taken_in(
    offline: Studio, notebook: Path
) -> None:
    node = nbformat.read(notebook, as_version=4)
    node.cells.append(nbformat.v4.new_code_cell("1 / 0"))
    nbformat.write(node, notebook)
    outcome, _ = await watched(offline.adopt(notebook), "yes")
    assert isinstance(outcome, Failed)
    assert "ZeroDivisionError" in outcome.what and "Traceback" not in outcome.what
    assert outcome.report and any("Traceback" in finding.what for finding in outcome.report.findings)
    assert outcome.hint.startswith("Mend the notebook until all its cells run")
    assert not offline.library.apps()


# With a model


async def test_a_hand_edit_is_kept_as_a_revision_before_a_change_begins(studio: Studio, endpoint: Endpoint) -> None:
    samples.make(studio.library)
    samples.edit(studio.library, "tip-splitter", "VALUE = 1", "VALUE = 77")
    endpoint.fault("401")
    outcome, _ = await watched(studio.change("tip-splitter", "round up"))
    assert isinstance(outcome, Failed)
    assert "VALUE = 77" in told(endpoint)
    assert [revision.action for revision in studio.library.revisions("tip-splitter")] == ["make", "hand"]
    assert samples.value(studio.show("tip-splitter")) == 77


async def test_an_attached_file_may_be_read_by_the_app_and_its_rows_are_not_told(
    studio: Studio, endpoint: Endpoint, tmp_path: Path
) -> None:
    sales = tmp_path / "sales.csv"
    sales.write_text("region,price\nAtlantis-7319,12.5\nLemuria-4410,9\n", "utf-8")
    endpoint.answer(doubler()).answer("It doubles.")
    outcome, asked = await watched(studio.make("double my prices", data=[sales]))
    assert isinstance(outcome, Finished) and not asked
    assert "region" in told(endpoint, 0)
    assert "7319" not in str(endpoint.requests)
    state = studio.permissions(outcome.app)
    assert [str(access) for access in state.granted.files] == [f"{sales} (read)"]
    assert state.missing.sentences() == ()


async def test_settings_that_were_read_before_a_change_never_have_the_last_word(
    offline: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever looks for changes of another process may have read the key that is just being forgotten."""
    reading, read_on, first = threading.Event(), threading.Event(), module.configured_model

    def slowly(settings: Settings) -> AnthropicModel | None:
        model = first(settings)
        if not reading.is_set():
            reading.set()
            read_on.wait(30)
        return model

    monkeypatch.setattr(module, "configured_model", slowly)
    store_key("sk-of-yesterday")
    early = asyncio.create_task(offline.renew())
    assert await asyncio.to_thread(reading.wait, 30)
    forget_key()
    late = asyncio.create_task(offline.renew())
    await asyncio.wait([late], timeout=0.2)  # it would be done by now, if it did not wait for the other
    read_on.set()
    await asyncio.gather(early, late)
    assert offline.model is None
    assert offline.configured == stamp()
