"""An app that goes to another person by a file: checked there again, and asked about anew."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from microapps.checks.report import Layer
from microapps.cli import main
from microapps.events import Failed, Finished
from microapps.notebook import Criterion, FileAccess, Host, MicroApp, Permissions, Provenance, compose
from microapps.publish.carrying import carried
from microapps.studio import Studio
from tests.publish.pngs import chunk, png

from .people import reports, watched

pytestmark = [pytest.mark.anyio, pytest.mark.sandbox]


@pytest.fixture(scope="module")
async def studio(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """One studio for all imports here; its warm kernels are shared."""
    async with Studio.open(tmp_path_factory.mktemp("home")) as opened:
        yield opened


def counter(hosts: tuple[Host, ...] = (), logic: str = "return number + 1") -> MicroApp:
    return compose(
        title="세기 <script>alert(1)</script>",
        description="Counts, and remembers.",
        about="# Counter",
        imports="import ipywidgets as widgets\nfrom microapps.runtime import store",
        logic=f'def after(number: int) -> int:\n    """The next number."""\n    {logic}',
        ui='start = store.get("start", 1)\nnumber = widgets.BoundedIntText(description="Number", value=start)\n'
        "app = widgets.VBox([number])",
        tests='def test_next(app):\n    assert app.call("after", 2) == 3',
        criteria=(Criterion(id="next", text="It knows the next number.", tests=("test_next",)),),
        permissions=Permissions(hosts=hosts),
        provenance=Provenance(maker="model:someone"),
        name="counter",
    )


async def test_it_is_taken_in_with_its_data_picture_and_ancestry(studio: Studio, tmp_path: Path) -> None:
    original = counter()
    file = tmp_path / "counter.app.ipynb"
    file.write_text(carried(original, png(), [("notes/하나.txt", b"kept")]))
    end, asked = await watched(studio.take_in(file))
    assert isinstance(end, Finished) and asked == []
    assert "It brought data of its own: 1 file." in end.note
    record = studio.library.app(end.app)
    assert (record.data / "notes" / "하나.txt").read_bytes() == b"kept"
    assert studio.pictures.of(original.digest) is not None
    provenance = studio.show(end.app).metadata.provenance
    assert (provenance.maker, provenance.source) == ("model:someone", file.name)
    assert [(old.name, old.digest) for old in provenance.lineage] == [("counter", original.digest)]

    again, _ = await watched(studio.take_in(file))
    assert isinstance(again, Finished) and again.app == "counter-2"
    assert f"the very app that you have as {end.app!r}" in again.note
    assert studio.library.app("counter").data != studio.library.app("counter-2").data

    passed_on = await studio.export("counter", "app", tmp_path / "out.ipynb", with_data=True)
    carried_on = json.loads(passed_on.read_text())["metadata"]
    assert "notes/하나.txt" in carried_on["microapps_carried"]["data"]
    assert carried_on["microapps"]["provenance"]["lineage"][0]["digest"] == original.digest
    bare = await studio.export("counter", "app", tmp_path / "bare.ipynb")
    assert "data" not in json.loads(bare.read_text())["metadata"]["microapps_carried"]


async def test_what_it_asks_for_is_asked_anew_and_no_is_kept_to(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "asking.ipynb"
    file.write_text(carried(counter(hosts=(Host(name="api.example.org"),)), None))
    job = studio.take_in(file, name="asking")
    end, asked = await watched(job, "no")
    assert isinstance(end, Finished)
    assert len(asked) == 1 and "api.example.org" in asked[0].text
    assert "It was not allowed to: Connect to api.example.org" in end.note
    assert studio.permissions("asking").granted.hosts == ()
    assert studio.permissions("asking").missing.hosts != ()


async def test_what_no_app_is_given_is_said_and_the_rest_is_asked(studio: Studio, tmp_path: Path) -> None:
    about = counter(hosts=(Host(name="api.example.org"),)).metadata
    wide = about.permissions.model_copy(update={"files": (FileAccess(path="/etc"),)})
    file = tmp_path / "wide.ipynb"
    file.write_text(carried(counter().with_metadata(permissions=wide), None))
    end, asked = await watched(studio.take_in(file, name="wide"), "yes")
    assert isinstance(end, Finished)
    assert len(asked) == 1 and "api.example.org" in asked[0].text and "/etc" not in asked[0].text
    assert "/etc cannot be given to an app: /etc is the system's own." in end.note
    granted = studio.permissions("wide").granted
    assert granted.hosts != () and granted.files == ()


async def test_other_words_than_were_exported_are_noticed(studio: Studio, tmp_path: Path) -> None:
    node = json.loads(carried(counter().with_metadata(name="worded"), None))
    (tmp_path / "as.ipynb").write_text(json.dumps(node))
    end, _ = await watched(studio.take_in(tmp_path / "as.ipynb", name="as-it-was"))
    assert isinstance(end, Finished) and "altered" not in end.note
    for key, value in (("title", "Verified counter"), ("description", "Safe."), ("tags", ["safe"])):
        node["metadata"]["microapps"][key], before = value, node["metadata"]["microapps"].get(key)
        (tmp_path / f"{key}.ipynb").write_text(json.dumps(node))
        node["metadata"]["microapps"][key] = before
        end, _ = await watched(studio.take_in(tmp_path / f"{key}.ipynb", name=f"another-{key}"))
        assert isinstance(end, Finished)
        assert "altered after it was exported" in end.note and "very app" not in end.note


async def test_one_that_fails_here_is_not_taken_in_whatever_it_says(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "wrong.ipynb"
    file.write_text(carried(counter(logic="return number + 2"), None))
    job = studio.take_in(file, name="wrong")
    end, _ = await watched(job)
    assert isinstance(end, Failed)
    assert "adopt" in end.hint and "test_next" in end.what
    layer = reports(job)[0].layer(Layer.BEHAVIOUR)
    assert layer is not None and layer.status == "failed"
    assert "wrong" not in {record.name for record in studio.library.apps()}


async def test_an_altered_file_says_so_and_names_no_kernel(studio: Studio, tmp_path: Path) -> None:
    app = counter()
    text = carried(app, chunk(b"IHDR", b"broken"))
    node = json.loads(text)
    for cell in node["cells"]:
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "old"}] if "outputs" in cell else None
        if cell["outputs"] is None:
            del cell["outputs"]
    node["metadata"] |= {
        "kernelspec": {"name": "theirs", "display_name": "Theirs", "language": "python"},
        "voila": {"template": "theirs"},
    }
    node["metadata"]["microapps_carried"]["digest"] = "0" * 64
    file = tmp_path / "altered.ipynb"
    file.write_text(json.dumps(node))
    end, _ = await watched(studio.take_in(file, name="altered"))
    assert isinstance(end, Finished)
    assert "altered after it was exported" in end.note and "picture was left out" in end.note
    kept = studio.library.app("altered").path.read_text()
    assert "theirs" not in kept and "microapps_carried" not in kept


def test_an_address_is_not_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(("import", "https://example.org/app.ipynb"))
    assert ended.value.code == 2
    assert "nothing is downloaded" in capsys.readouterr().err
