"""Drive an ipywidgets notebook without a browser, as a person would: by the labels on the page.

::

    from microapps.testing import App

    def test_the_bill_is_shared():
        with App.open("tip.ipynb") as app:
            app.set("Bill", 120)
            app.choose("Currency", "EUR")
            app.click("Split")
            assert "24.00" in app.text("Each pays")
            assert app.call("share", 120, people=5) == 24
            assert not app.errors

:class:`App` is for plain tests and scripts, :class:`AsyncApp` for asynchronous code; a pytest plugin brings the
fixture ``microapp``. :func:`run_tests` runs the tests that a micro-app carries. The notebook's code runs in a kernel of
its own, never in the caller's process.
"""

from typing import TYPE_CHECKING

from ..faces import on_demand

if TYPE_CHECKING:
    from .app import OUTPUT_LIMIT, AsyncApp
    from .blocking import App
    from .controls import Control
    from .faults import AppError
    from .kernels import KernelSource, plain_kernels
    from .records import Member, NamedRecord, Opaque, Record
    from .runner import TestOutcome, run_tests, tests_of
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "OUTPUT_LIMIT": "app",
            "App": "blocking",
            "AppError": "faults",
            "AsyncApp": "app",
            "Control": "controls",
            "KernelSource": "kernels",
            "Member": "records",
            "NamedRecord": "records",
            "Opaque": "records",
            "Record": "records",
            "TestOutcome": "runner",
            "plain_kernels": "kernels",
            "run_tests": "runner",
            "tests_of": "runner",
        },
    )

__all__ = [
    "OUTPUT_LIMIT",
    "App",
    "AppError",
    "AsyncApp",
    "Control",
    "KernelSource",
    "Member",
    "NamedRecord",
    "Opaque",
    "Record",
    "TestOutcome",
    "plain_kernels",
    "run_tests",
    "tests_of",
]
