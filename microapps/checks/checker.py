"""Run the layers in order and make one report.

The cheap layers come first and each later one needs the earlier to pass, save that behaviour and probe run side by
side: both need only an app that runs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from ..errors import RunExceeded
from ..notebook import MicroApp, Permissions
from ..sandbox import Confinement, Sandbox
from .behaviour import check_behaviour
from .format import check_format
from .policy import check_policy
from .preload import preloadable
from .probe import check_probe
from .report import Finding, Layer, LayerResult, Report, Status
from .run import check_run

BASIC_LAYERS = (Layer.FORMAT, Layer.POLICY, Layer.RUN, Layer.BEHAVIOUR, Layer.PROBE)
OUTER_SECONDS = 120.0  # wall clock of a whole check; every run inside has a shorter limit of its own
TEST_TOOLS = ("pytest", "_pytest.assertion.rewrite", "microapps.testing")

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
    began = time.monotonic()
    given = granted or Permissions()
    name = scope or app.metadata.name
    confinement = Confinement(app=f"check:{name}", granted=given, source=source, preload=preloadable(app))
    app_kernels = sandbox.kernels(confinement)
    test_kernels = sandbox.kernels(Confinement(app=f"tests:{name}", preload=TEST_TOOLS))
    results: list[LayerResult] = []

    def done(result: LayerResult) -> None:
        results.append(result)
        if emit:
            emit(result)

    async def timed(layer: Layer, work: Awaitable[LayerResult]) -> None:
        start = time.monotonic()
        try:
            async with asyncio.timeout(OUTER_SECONDS - (start - began)):
                result = await work
        except TimeoutError:
            result = _overran(layer)
        done(result.model_copy(update={"seconds": round(time.monotonic() - start, 3)}))

    def skip(layer: Layer) -> None:
        done(LayerResult(layer=layer, status=Status.SKIPPED, note="an earlier layer failed"))

    if Layer.FORMAT in layers:
        done(check_format(app))
    if Layer.POLICY in layers:
        done(check_policy(app, given, folder=source))
    if Layer.RUN in layers:
        await timed(Layer.RUN, check_run(app, app_kernels, seconds=given.seconds))
    runs = not any(result.layer is Layer.RUN and result.status is not Status.PASSED for result in results)
    later: list[tuple[Layer, Callable[[], Awaitable[LayerResult]]]] = [
        (
            Layer.BEHAVIOUR,
            lambda: check_behaviour(app, app_kernels=app_kernels, test_kernels=test_kernels, seconds=given.seconds),
        ),
        (Layer.PROBE, lambda: check_probe(app, app_kernels, seconds=given.seconds)),
    ]
    wanted = [(layer, start) for layer, start in later if layer in layers]
    if runs:
        async with asyncio.TaskGroup() as group:
            for layer, start in wanted:
                group.create_task(timed(layer, start()))
    else:
        for layer, _ in wanted:
            skip(layer)
    order = {layer: place for place, layer in enumerate(Layer)}
    return Report(
        digest=app.digest,
        layers=tuple(sorted(results, key=lambda result: order[result.layer])),
        seconds=round(time.monotonic() - began, 3),
    )


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
