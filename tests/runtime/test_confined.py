"""The store in real confined kernels: lasting, shared by the app's kernels, bounded, and empty in checks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from microapps.checks import Layer, Status, check
from microapps.notebook import Criterion, Permissions, compose
from microapps.runtime import Store
from microapps.sandbox import Confinement, Sandbox
from tests.sandbox.kernels import talking

pytestmark = [pytest.mark.sandbox, pytest.mark.anyio]
IMPORT = "from microapps.runtime import store, ask, StoreError, StoreFullError, AskError"


@pytest.fixture
async def sandbox(anyio_backend: str) -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


def confinement(tmp_path: Path, **more: object) -> Confinement:
    return Confinement("keeps", data=tmp_path / "data", preload=("microapps.runtime",), **more)  # type: ignore[arg-type]


async def test_what_one_visit_keeps_the_next_finds(sandbox: Sandbox, tmp_path: Path) -> None:
    source = sandbox.kernels(confinement(tmp_path))
    async with talking(source) as kernel:
        said = await kernel.run(
            f"{IMPORT}; store['a'] = [1]; store.table('t').add(x=1); print(store.path, store.shared)"
        )
        assert said == "/data/store.sqlite3 False"
    async with talking(source) as kernel:
        assert await kernel.run(f"{IMPORT}; print(store['a'], store.table('t').rows())") == "[1] [{'id': 1, 'x': 1}]"
    assert Store(tmp_path / "data")["a"] == [1]


async def test_kernels_that_write_at_once_lose_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    source = sandbox.kernels(confinement(tmp_path))
    code = f"{IMPORT}\nfor _ in range(50): store.update('n', lambda n: n + 1, 0)"

    async def visit() -> str:
        async with talking(source) as kernel:
            return await kernel.run(code)

    assert "".join(await asyncio.gather(visit(), visit(), visit())) == ""
    assert Store(tmp_path / "data")["n"] == 150


async def test_a_full_store_is_told_before_the_kernel_is_ended(sandbox: Sandbox, tmp_path: Path) -> None:
    fill = f"""{IMPORT}
try:
    while True:
        store.table('t').add(x='x' * (1 << 20))
except StoreFullError as error:
    print(error)
"""
    async with talking(sandbox.kernels(confinement(tmp_path))) as kernel:
        assert "no room left" in await kernel.run(fill)
        assert await kernel.run("store.table('t').clear(); store['a'] = 1; print(store['a'])") == "1"


async def test_a_throw_away_folder_that_is_full_is_told_too(sandbox: Sandbox) -> None:
    small = Confinement("small", granted=Permissions(memory=256))  # whose folder lives in 32 MiB of memory
    fill = f"""{IMPORT}
try:
    while True:
        store.table('t').add(x='x' * (1 << 20))
except StoreError as error:
    print(error)
"""
    async with talking(sandbox.kernels(small)) as kernel:
        assert "no room left" in await kernel.run(fill)


async def test_storage_that_is_shared_or_not_permitted_is_known_inside(sandbox: Sandbox, tmp_path: Path) -> None:
    shared = confinement(tmp_path, granted=Permissions(storage="shared"))
    async with talking(sandbox.kernels(shared)) as kernel:
        assert await kernel.run(f"{IMPORT}; print(store.shared)") == "True"
    none = confinement(tmp_path, granted=Permissions(storage="none"))
    async with talking(sandbox.kernels(none)) as kernel:
        assert "no permission to keep data" in await kernel.run(f"{IMPORT}; store['a'] = 1")


LOG = compose(
    title="Log",
    description="Keeps lines and asks about them.",
    criteria=(
        Criterion(id="kept", text="Lines are kept.", tests=("test_lines_are_kept", "test_every_test_starts_empty")),
        Criterion(id="asked", text="A line is translated.", tests=("test_what_is_asked_is_shown",)),
    ),
    about="# Log",
    imports="import html\n\nimport ipywidgets as widgets\nfrom IPython.display import display\n"
    "from microapps.runtime import AskError, StoreError, ask, store",
    logic='def question(line: str) -> str:\n    """What is asked."""\n    return f"Translate: {line}"',
    ui='''
line = widgets.Text(description="Line")
add = widgets.Button(description="Add")
explain = widgets.Button(description="Translate")
shown = widgets.HTML()
entries = store.table("entries")


def show(_=None):
    shown.value = f"<p>{len(entries)} lines</p>"


def on_add(_):
    try:
        entries.add(text=line.value)
    except StoreError as error:
        shown.value = html.escape(str(error))
        return
    show()


def on_explain(_):
    try:
        shown.value = html.escape(ask(question(line.value)))
    except AskError as error:
        shown.value = html.escape(str(error))


add.on_click(on_add)
explain.on_click(on_explain)
show()
app = widgets.VBox([line, add, explain, shown])
'''.strip(),
    tests='''
def test_lines_are_kept(app):
    assert "0 lines" in app.text()
    app.set("Line", "a")
    app.click("Add")
    assert "1 lines" in app.text()


def test_every_test_starts_empty(app):
    assert "0 lines" in app.text()
    app.click("Add")


def test_what_is_asked_is_shown(app):
    app.set("Line", "Guten Tag")
    app.click("Translate")
    assert "Translate: Guten Tag" in app.text()
    assert "Placeholder" in app.text()
'''.strip(),
)  # fmt: skip


async def test_in_checks_every_test_starts_with_an_empty_store_and_asks_no_model(sandbox: Sandbox) -> None:
    report = await check(LOG, sandbox=sandbox, granted=Permissions(model_budget=1.0))
    assert report.passed, [finding.what for finding in report.findings]
    (behaviour,) = [layer for layer in report.layers if layer.layer is Layer.BEHAVIOUR]
    assert [evidence.status for evidence in behaviour.evidence] == [Status.PASSED] * 3


async def test_in_checks_without_the_permission_asking_says_what_to_do(sandbox: Sandbox) -> None:
    report = await check(LOG, sandbox=sandbox, layers=(Layer.RUN, Layer.BEHAVIOUR))
    told = [finding.what for finding in report.findings]
    assert len(told) == 1
    assert "test_what_is_asked_is_shown" in told[0]
    assert "no permission to ask" in told[0]
