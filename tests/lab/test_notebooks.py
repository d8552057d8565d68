"""Notebooks in JupyterLab's ordinary editor: those of micro-apps follow them, and any other can become one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from .conftest import Come
from .person import Person
from .server import SECONDS, Lab

pytestmark = [pytest.mark.anyio, pytest.mark.browser, pytest.mark.sandbox]

NO_KERNEL = {"shouldStart": False, "canStart": False}
"""Nothing is run here, and a kernel that starts would leave its mark in the notebook."""
TIPS = """import ipywidgets as widgets
from IPython.display import display

bill = widgets.FloatText(description="Bill", value=100)
tip = widgets.Label("15.0")
bill.observe(lambda change: setattr(tip, "value", str(change.new * 0.15)), names="value")
display(widgets.VBox([bill, tip]))
"""


def notebook(path: Path, source: str) -> None:
    cell: dict[str, Any] = {
        "id": "only",
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}), "utf-8")


def edit(lab: Lab, name: str, old: str, new: str) -> None:
    """A revision that somebody else makes."""
    stored = lab.ask("GET", f"contents/{name}.ipynb")
    for cell in stored["content"]["cells"]:
        cell["source"] = cell["source"].replace(old, new)
    wish = {"type": "notebook", "format": "json", "content": stored["content"], "expected": stored["hash"]}
    lab.ask("PUT", f"contents/{name}.ipynb", wish)


async def until(right: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not right():
            await asyncio.sleep(0.1)


async def type_into(editor: Locator, words: str) -> None:
    """Add a line to the notebook's code."""
    code = editor.locator(".jp-CodeCell .cm-content").first
    await code.click()
    await code.press("Control+Home")
    await code.press_sequentially(f"# {words}\n")


def current(lab: Lab, name: str) -> dict[str, Any]:
    revisions = lab.ask("GET", f"apps/{name}/revisions")
    return next(revision for revision in revisions if revision["current"])


async def opened(person: Person, name: str) -> Locator:
    await person.run("microapps:code", name=name)
    editor = person.page.locator(".jp-NotebookPanel:visible")
    await expect(editor.locator(".jp-CodeCell").first).to_be_visible()
    return editor


async def test_an_open_notebook_follows_its_app_and_loses_no_edit(
    come: Come, lab: Lab, made: Callable[..., str]
) -> None:
    name = made(title="Followed")
    person = await come()
    editor = await opened(person, name)
    edit(lab, name, "Doubles a whole number.", "Edited elsewhere.")
    await expect(editor).to_contain_text("Edited elsewhere.")

    await type_into(editor, "mine")
    lab.ask("POST", f"apps/{name}/undo")
    dialog = person.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("edits here that are not saved")
    await dialog.get_by_role("button", name="Keep my edits").click()
    await expect(editor).to_contain_text("# mine")
    await person.run("docmanager:save")
    await expect(dialog).to_contain_text("changed on disk")
    await dialog.get_by_role("button", name="Overwrite").click()
    await expect(dialog).to_have_count(0)
    await until(lambda: current(lab, name)["action"] == "hand")
    assert "# mine" in str(lab.ask("GET", f"contents/{name}.ipynb")["content"])

    await person.page.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")  # it has heard of it
    await type_into(editor, "soon dropped")
    lab.ask("POST", f"apps/{name}/undo")
    await dialog.get_by_role("button", name="Take the new revision").click()
    await expect(editor).not_to_contain_text("# mine")
    await expect(editor).not_to_contain_text("soon dropped")

    lab.ask("PATCH", f"apps/{name}", {"name": "followed-on"})
    await expect(person.page.get_by_role("tab", name="followed-on.ipynb")).to_be_visible()
    await person.page.wait_for_function(
        "jupyterapp.shell.currentWidget.content.model.getMetadata('microapps').name === 'followed-on'"
    )
    await type_into(editor, "under the new name")
    await person.run("docmanager:save")
    await until(lambda: "under the new name" in str(lab.ask("GET", "contents/followed-on.ipynb")["content"]))
    await expect(dialog).to_have_count(0)


@pytest.mark.long
async def test_a_widget_notebook_becomes_a_micro_app_and_a_copy_says_that_it_is_one(
    come: Come, lab: Lab, made: Callable[..., str]
) -> None:
    notebook(lab.root / "plain.ipynb", "print(1)")
    notebook(lab.root / "tips.ipynb", TIPS)
    person = await come()
    page = person.page
    await person.run("docmanager:open", path="plain.ipynb", kernelPreference=NO_KERNEL)
    await expect(page.locator(".jp-NotebookPanel:visible .jp-CodeCell")).to_be_visible()
    await expect(page.get_by_role("button", name="Make this a micro-app")).to_have_count(0)
    await person.run("docmanager:open", path="tips.ipynb", kernelPreference=NO_KERNEL)
    editor = page.locator(".jp-NotebookPanel:visible")
    await expect(editor).to_contain_text("Bill")  # not the one that it covers
    await type_into(editor, "not saved yet")
    await page.get_by_role("button", name="Make this a micro-app").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Save the notebook first?")
    await dialog.get_by_role("button", name="Save and go on").click()
    await expect(person.studio.whole).to_be_visible()
    await expect(person.studio.outcomes.first).to_be_visible()
    assert "not saved yet" in (lab.root / "tips.ipynb").read_text("utf-8")
    assert "tips" in [app["name"] for app in lab.ask("GET", "apps")]

    name = made(title="Copied")
    content = lab.ask("GET", f"contents/{name}.ipynb")["content"]
    (lab.root / "copy.ipynb").write_text(json.dumps(content), "utf-8")
    await person.run("docmanager:open", path="copy.ipynb", kernelPreference=NO_KERNEL)
    await page.get_by_role("button", name="Open in studio").click()
    await expect(dialog).to_contain_text("This notebook is a copy")
    await dialog.get_by_role("button", name="Open that one").click()
    await expect(page.get_by_role("tab", name="Copied")).to_be_visible()
