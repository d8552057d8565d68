"""Run the layers in order and make one report.

The cheap layers come first and each later one needs the earlier to pass, save that behaviour and probe run side by
side: both need only an app that runs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from ..errors import AppFault, MachineFault, RunExceeded
from ..notebook import MicroApp, Permissions, Role
from ..sandbox import Confinement, Sandbox
from ..sandbox.trials import against_forks, trial
from ..testing import OUTPUT_LIMIT, KernelSource
from ..testing.script import script_of
from .behaviour import check_behaviour
from .format import check_format
from .policy import check_policy
from .preload import preloadable
from .probe import check_probe
from .report import Finding, Layer, LayerResult, Report, Status
from .run import check_run

BASIC_LAYERS = (Layer.FORMAT, Layer.POLICY, Layer.RUN, Layer.BEHAVIOUR, Layer.PROBE)
OUTER_SECONDS = 120.0  # wall clock of a whole check; every run inside has a shorter limit of its own
TEST_TOOLS = ("_pytest.assertion.rewrite", "_pytest.assertion.util", "microapps.errors")

Emit = Callable[[LayerResult], None]


async def check(
    app: MicroApp,
    *,
    sandbox: Sandbox,
    granted: Permissions | None = None,
    scope: str = "",
    source: Path | None = None,
    emit: Emit | None = None,
    layers: Sequence[Layer] = BASIC_LAYERS,
) -> Report:
    """Check one app.

    Parameters
    ----------
    app : the app; its digest is the report's.
    sandbox : where every kernel comes from.
    granted : what the person has given the app; nothing by default. What the notebook itself asks for grants nothing.
    scope : drafts of one app share warm parents when they share this name; by default the app's name.
    source : folder the app may read beside its notebook, or None.
    emit : called with each layer's result as it ends.
    layers : which layers to run.

    Raises
    ------
    MachineFault
        When this machine, not the app, is at fault.
    """
    given = granted or Permissions()
    name = scope or app.metadata.name
    begins = app.metadata.provenance.begins
    of_app = Confinement(
        app=f"check:{name}", granted=given, source=source, begins=begins, preload=preloadable(app), rehearsal=True
    )
    of_tests = Confinement(app=f"tests:{name}", preload=TEST_TOOLS)
    app_kernels, test_kernels, seconds = sandbox.kernels(of_app), sandbox.kernels(of_tests), given.seconds
    run = _Run(emit)
    if Layer.FORMAT in layers:
        run.done(check_format(app))
    if Layer.POLICY in layers:
        run.done(check_policy(app, given, folder=source or begins))
    async with _gathered() as group:
        if Layer.BEHAVIOUR in layers and app.of(Role.TESTS):
            group.create_task(sandbox.warm(of_tests))  # while the app itself runs for the first time
        if Layer.RUN in layers:
            tried = _run_twice(app, app_kernels, sandbox, of_app, seconds)
            await run.timed(Layer.RUN, tried)
        if not run.good(Layer.RUN):
            for layer in (Layer.BEHAVIOUR, Layer.PROBE):
                if layer in layers:
                    run.done(LayerResult(layer=layer, status=Status.SKIPPED, note="the app does not run"))
        else:
            if Layer.BEHAVIOUR in layers:
                tests = check_behaviour(app, app_kernels=app_kernels, test_kernels=test_kernels, seconds=seconds)
                group.create_task(run.timed(Layer.BEHAVIOUR, tests))
            if Layer.PROBE in layers:
                group.create_task(run.timed(Layer.PROBE, check_probe(app, app_kernels, seconds=seconds)))
    return run.report(app)


async def _run_twice(
    app: MicroApp, kernels: KernelSource, sandbox: Sandbox, confinement: Confinement, seconds: float
) -> LayerResult:
    """Run the app in a kernel, and beside it as a visitor's process does, to say why its visitors cannot be forks."""
    async with asyncio.TaskGroup() as both:
        trying = both.create_task(_against(app, sandbox, confinement))
        result = await check_run(app, kernels, seconds=seconds)
    if (against := trying.result()) and result.status is Status.PASSED:
        note = f"{result.note}; each visitor's process runs the app itself, since {against}"
        return result.model_copy(update={"note": note})
    return result


async def _against(app: MicroApp, sandbox: Sandbox, confinement: Confinement) -> str:
    """What speaks against forks of the app; empty where nothing is known."""
    cells = [{"source": cell.source, "may_raise": cell.may_raise} for cell in script_of(app)]
    try:
        return against_forks(await trial(sandbox, confinement, cells, OUTPUT_LIMIT))
    except (AppFault, MachineFault):
        return ""  # an app that fails is the kernel's to say


class _Run:
    """The results of one check as they come."""

    def __init__(self, emit: Emit | None) -> None:
        self._emit = emit
        self._began = time.monotonic()
        self._results: dict[Layer, LayerResult] = {}

    def done(self, result: LayerResult) -> None:
        """Keep a result and tell it."""
        self._results[result.layer] = result
        if self._emit:
            self._emit(result)

    def good(self, layer: Layer) -> bool:
        """Whether a layer passed, or was not asked for."""
        result = self._results.get(layer)
        return result is None or result.status is Status.PASSED

    async def timed(self, layer: Layer, work: Awaitable[LayerResult]) -> None:
        """Run one layer within what is left of the whole check's time."""
        start = time.monotonic()
        try:
            async with asyncio.timeout(OUTER_SECONDS - (start - self._began)):
                result = await work
        except TimeoutError:
            result = _overran(layer)
        self.done(result.model_copy(update={"seconds": round(time.monotonic() - start, 3)}))

    def report(self, app: MicroApp) -> Report:
        """All results, in the order of the layers."""
        return Report(
            digest=app.digest,
            layers=tuple(self._results[layer] for layer in Layer if layer in self._results),
            seconds=round(time.monotonic() - self._began, 3),
            at=datetime.now(UTC),
        )


@asynccontextmanager
async def _gathered() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose first fault is raised as itself, so that a caller can tell what it is."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as faults:
        first: BaseException = faults
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None


def _overran(layer: Layer) -> LayerResult:
    fault = RunExceeded(
        f"The check took longer than {OUTER_SECONDS:.0f} seconds and was ended.",
        "Look for an endless loop or very slow work, and do less at once.",
    )
    return LayerResult(
        layer=layer,
        status=Status.FAILED,
        findings=(Finding(layer=layer, what=fault.what, hint=fault.hint),),
    )
