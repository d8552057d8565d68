"""Beside jupyter-collaboration: notebooks of micro-apps keep to their library, and others go through their document."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.async_api import expect

from tests.endpoint import Endpoint

from .conftest import Come
from .server import Lab
from .test_notebooks import NO_KERNEL, TIPS, current, edit, notebook, opened, type_into, until

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.sandbox,
    pytest.mark.skipif(
        importlib.util.find_spec("jupyter_server_ydoc") is None, reason="jupyter-collaboration is not installed"
    ),
]
COLLABORATIVE = "jupyterapp.shell.currentWidget.context.model.collaborative"


@pytest.fixture(scope="module")
def lab(model_endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A Lab in which notebooks are edited together."""
    folder = tmp_path_factory.mktemp("together")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    served = Lab(folder, model_endpoint.url, together=True)
    served.start()
    yield served
    with suppress(subprocess.TimeoutExpired):  # a document that is just being opened keeps that extension from ending
        served.stop()


@pytest.mark.long
async def test_notebooks_follow_their_app_and_unsaved_edits_are_kept(
    come: Come, lab: Lab, made: Callable[..., str]
) -> None:
    name = made(title="Followed")
    person = await come()
    page, dialog = person.page, person.page.get_by_role("dialog")
    editor = await opened(person, name)
    assert await page.evaluate(COLLABORATIVE) is False, "its history is the library's"
    edit(lab, name, "Doubles a whole number.", "Edited elsewhere.")
    await expect(editor).to_contain_text("Edited elsewhere.")
    await type_into(editor, "mine")
    lab.ask("POST", f"apps/{name}/undo")
    await expect(dialog).to_contain_text("edits here that are not saved")
    await dialog.get_by_role("button", name="Keep my edits").click()
    await person.run("docmanager:save")
    await expect(dialog).to_contain_text("changed on disk")
    await dialog.get_by_role("button", name="Overwrite").click()
    await until(lambda: current(lab, name)["action"] == "hand")
    assert "# mine" in str(lab.ask("GET", f"contents/{name}.ipynb")["content"])

    notebook(lab.root / "tips.ipynb", TIPS)
    await person.run("docmanager:open", path="tips.ipynb", kernelPreference=NO_KERNEL)
    await page.wait_for_function("jupyterapp.shell.currentWidget?.context?.path === 'tips.ipynb'")
    ordinary = page.locator(".jp-NotebookPanel:visible")
    await expect(ordinary.locator(".jp-CodeCell").first).to_be_visible()
    assert await page.evaluate(COLLABORATIVE) is True
    await type_into(ordinary, "typed just now")
    await page.get_by_role("button", name="Make this a micro-app").click()
    await expect(person.studio.outcomes.first).to_be_visible()
    assert "typed just now" in str(lab.ask("GET", "contents/tips.ipynb")["content"])
    kept = json.loads((lab.root / "tips.ipynb").read_text("utf-8"))
    assert "typed just now" in "".join(kept["cells"][0]["source"])
    assert "microapps" not in kept["metadata"], "the person's own file stays as it is"
