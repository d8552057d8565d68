"""Layer *run*: does it run clean in a fresh confined kernel, and show a widget?"""

from __future__ import annotations

from ..errors import AppFault, CellFailed
from ..notebook import MicroApp
from ..testing import AppError, AsyncApp, KernelSource
from .libraries import CORE, missing
from .report import Finding, Layer, LayerResult, Severity, Status

_LINE = "Mend the line named in the traceback."
SHOWN = "An Output widget shows this error to whoever uses the app. If that is not meant, mend the line it names."


async def check_run(app: MicroApp, kernels: KernelSource, *, seconds: float) -> LayerResult:
    """Run the notebook once.

    Parameters
    ----------
    app : the app.
    kernels : where its fresh kernel comes from.
    seconds : wall-clock limit of each cell.
    """
    findings: list[Finding] = []
    note = ""
    try:
        async with AsyncApp.open(app, kernels=kernels, timeout=seconds) as running:
            findings += [_raised(app, error) for error in dict.fromkeys(running.errors)]
            if running.stderr.strip() and not findings:
                findings.append(
                    Finding(
                        layer=Layer.RUN,
                        severity=Severity.WARNING,
                        what=f"The run wrote to stderr: {running.stderr.strip()[-500:]}",
                        hint="Avoid the deprecated or doubtful call that it names.",
                    )
                )
            controls = running.controls()
            if not findings and not controls and not running.text().strip() and not _drawn_by_others(running):
                findings.append(
                    Finding(
                        layer=Layer.RUN,
                        what="The notebook ran but shows no widget: a visitor would see a blank page.",
                        expected="The last cell displays the root widget.",
                        hint="End the ui cell with a root widget named 'app' that holds every control.",
                    )
                )
            findings += [_undrawn(module) for module in missing(_modules(running))]
            note = "1 control shown" if len(controls) == 1 else f"{len(controls)} controls shown"
    except AppFault as fault:
        traceback = fault.traceback if isinstance(fault, CellFailed) else ""
        findings.append(
            Finding(
                layer=Layer.RUN,
                cell=fault.cell,
                what=f"{fault.what}\n{traceback}".rstrip(),
                expected="The notebook runs from top to bottom within its limits.",
                hint=fault.hint or (_LINE if traceback else ""),
            )
        )
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return LayerResult(
        layer=Layer.RUN, status=Status.FAILED if failed else Status.PASSED, note=note, findings=tuple(findings)
    )


def _raised(app: MicroApp, error: AppError) -> Finding:
    """An exception of the run: a fault, unless the author of an adopted notebook has an Output widget show it."""
    shown = error.caught and app.metadata.provenance.maker == "adopted"
    return Finding(
        layer=Layer.RUN,
        severity=Severity.WARNING if shown else Severity.ERROR,
        cell=error.cell,
        what=f"{error.name}: {error.message}\n{error.end}".rstrip(),
        expected="The notebook runs from top to bottom without an error.",
        hint=SHOWN if shown else _LINE,
    )


def _undrawn(module: str) -> Finding:
    return Finding(
        layer=Layer.RUN,
        what=f"The browser's part of the widget library {module} is not installed: visitors see an error in place of "
        "what it draws.",
        expected="Everything that the app shows can be drawn in a browser.",
        hint="Use a widget that is there, or have a person install the library here with its extension for JupyterLab "
        "and start the site again.",
    )


def _modules(running: AsyncApp) -> set[str]:
    """The modules in a browser of the widgets that are seen, of their models and of their views."""
    states = [item.state for item in running.page.seen if item.visible and item.id]
    return {str(state.get(name) or "") for state in states for name in ("_model_module", "_view_module")}


def _drawn_by_others(running: AsyncApp) -> bool:
    """Whether a widget of another library is seen, such as a map: what it draws is known in the browser alone."""
    return not _modules(running).issubset((*CORE, ""))
