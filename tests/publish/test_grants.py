"""What was granted holds for the content it was granted for, and for no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from microapps.notebook import Host, MicroApp, Permissions, compose, read, write
from microapps.publish import PublishedApp
from microapps.publish.notebooks import confined_as_granted, served_content
from microapps.sandbox import Confinement

GIVEN = Permissions(hosts=(Host(name="api.example.org"),), model_budget=1.0)


@pytest.fixture
def app() -> MicroApp:
    return compose(
        title="Rates",
        about="# Rates",
        imports="import ipywidgets as widgets",
        logic="",
        ui="app = widgets.Text(description='Currency')",
        tests="",
    )


@pytest.fixture
def published(app: MicroApp, tmp_path: Path) -> PublishedApp:
    path = tmp_path / "rates.ipynb"
    write(app, path, expected=None)
    confinement = Confinement("rates", granted=GIVEN, sockets=(("model", tmp_path / "broker"),))
    return PublishedApp("rates", "Rates", path, confinement, digest=app.digest)


def test_the_content_that_was_approved_has_what_it_was_given(published: PublishedApp) -> None:
    _, digest = served_content(published.notebook, published.title)
    assert confined_as_granted(published, digest) == published


def test_content_changed_since_then_has_its_own_data_and_nothing_else(published: PublishedApp, app: MicroApp) -> None:
    stored = read(published.notebook)
    write(app.with_cell("logic", "import urllib.request"), published.notebook, expected=stored.digest)
    _, digest = served_content(published.notebook, published.title)
    confined = confined_as_granted(published, digest).confinement
    assert confined.granted == Permissions()
    assert confined.sockets == ()


def test_a_file_that_is_no_micro_app_any_more_is_given_nothing(published: PublishedApp) -> None:
    text = published.notebook.read_text(encoding="utf-8").replace('"microapps"', '"other"')
    published.notebook.write_text(text, encoding="utf-8")
    _, digest = served_content(published.notebook, published.title)
    assert confined_as_granted(published, digest).confinement.granted == Permissions()
