"""Layer *behaviour*: does it do what was asked? Its own tests, each on a fresh app."""

from __future__ import annotations

from ..notebook import MicroApp, Role
from ..testing import KernelSource
from ..testing.runner import run_tests
from .report import Evidence, Finding, Layer, LayerResult, Severity, Status


async def check_behaviour(
    app: MicroApp, *, app_kernels: KernelSource, test_kernels: KernelSource, seconds: float, parallel: int = 2
) -> LayerResult:
    """Run the app's tests.

    Parameters
    ----------
    app : the app.
    app_kernels, test_kernels : where the app under test runs, and where the test functions run.
    seconds : wall-clock limit of one test.
    parallel : tests under way at once.
    """
    if not app.of(Role.TESTS):
        return _without_tests(app)
    outcomes = await run_tests(
        app, app_kernels=app_kernels, test_kernels=test_kernels, seconds=seconds, parallel=parallel
    )
    findings = [
        Finding(
            layer=Layer.BEHAVIOUR,
            cell=app.of(Role.TESTS)[0].id,
            what=f"{outcome.test} failed: {outcome.message}",
            expected=_promise(app, outcome.test),
            hint="Find out whether the app or the test is wrong, and mend that one.",
        )
        for outcome in outcomes
        if not outcome.passed
    ]
    if not outcomes:
        findings.append(
            Finding(
                layer=Layer.BEHAVIOUR,
                cell=app.of(Role.TESTS)[0].id,
                what="The tests cell defines no test function.",
                hint="Define functions named test_…(app) that use the app as a person would.",
            )
        )
    return LayerResult(
        layer=Layer.BEHAVIOUR,
        status=Status.FAILED if findings else Status.PASSED,
        findings=tuple(findings),
        evidence=tuple(
            Evidence(
                test=outcome.test,
                status=Status.PASSED if outcome.passed else Status.FAILED,
                seconds=outcome.seconds,
                message=outcome.message,
            )
            for outcome in outcomes
        ),
    )


def _promise(app: MicroApp, test: str) -> str:
    return " ".join(criterion.text for criterion in app.metadata.criteria if test in criterion.tests)


def _without_tests(app: MicroApp) -> LayerResult:
    if app.metadata.provenance.maker != "adopted":
        return LayerResult(
            layer=Layer.BEHAVIOUR,
            status=Status.FAILED,
            findings=(
                Finding(
                    layer=Layer.BEHAVIOUR,
                    what="The app has no tests, so nothing shows that it does what was asked.",
                    hint="Add a tests cell with functions test_…(app), one or more for each acceptance criterion.",
                ),
            ),
        )
    return LayerResult(
        layer=Layer.BEHAVIOUR,
        status=Status.SKIPPED,
        note="an adopted notebook without tests: nothing shows yet that its results are right",
        findings=(
            Finding(
                layer=Layer.BEHAVIOUR,
                severity=Severity.WARNING,
                what="The notebook has no tests, so only running and probing it was checked.",
                hint="Ask for a change such as 'add tests', or write test_…(app) functions in a tests cell.",
            ),
        ),
    )
