"""Every error this package raises on purpose, as one tree.

::

    MicroappsError
    ├── InvalidInput            the person is to act: what was given cannot be used
    │   ├── InvalidNotebook     a notebook that is no micro-app; names the cell and the key
    │   ├── UnknownApp          no app, revision or starter of that name
    │   ├── ChangedOnDisk       a file is not as it was last read
    │   └── InvalidSetting      a setting, key or option that cannot be used
    ├── AppFault                the app's own code is to change: a model can repair it
    │   ├── CellFailed          a cell raised while the notebook ran
    │   ├── CallbackFailed      a callback raised while a control was used
    │   ├── ControlNotFound     no control answers to that label
    │   ├── ControlAmbiguous    several controls answer to that label
    │   ├── ControlUnusable     the control is hidden, disabled or takes no such value
    │   └── RunExceeded         a run reached a limit: time, output, memory or processes
    ├── PermissionMissing       the app reaches for what it was not given
    ├── ModelFault              the model's endpoint
    │   ├── ModelUnreachable    network, overload or server error, retries used up
    │   ├── ModelRejected       the endpoint said no: key, credit or request
    │   ├── ModelRefused        the model declined the request
    │   └── TurnIncomplete      an answer that was cut, malformed or against its schema
    ├── LimitReached            money, time or repair rounds of a job are used up
    ├── MachineFault            kernel lost, containment missing, disk full, package missing
    └── Stopped                 the person stopped the job

Each says what happened and to what (``what``) and what to do next (``hint``).
"""

from __future__ import annotations

from typing import Any


class MicroappsError(Exception):
    """The root of the tree.

    Parameters
    ----------
    what : str
        What happened, and to what, in one sentence.
    hint : str
        What to do next, in one sentence; may be empty where nothing can be done.

    ``outcome`` is what a job had done when this ended it (a :class:`microapps.generator.Outcome`), or None.
    """

    outcome: Any = None

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".rstrip()


class InvalidInput(MicroappsError):
    """What the person gave cannot be used."""


class InvalidNotebook(InvalidInput):
    """A notebook that cannot be read as a micro-app.

    ``cell`` is the id of the offending cell, ``key`` the metadata key; each may be empty.
    """

    def __init__(self, what: str, hint: str = "", *, cell: str = "", key: str = "") -> None:
        super().__init__(what, hint)
        self.cell = cell
        self.key = key


class UnknownApp(InvalidInput):
    """No app, revision or starter of that name."""


class ChangedOnDisk(InvalidInput):
    """A file's content is not what it was when last read; nothing was written."""


class InvalidSetting(InvalidInput):
    """A setting, key or option that cannot be used."""


class AppFault(MicroappsError):
    """The app's own code is at fault; ``cell`` is the id of the cell, empty where it is not known."""

    def __init__(self, what: str, hint: str = "", *, cell: str = "") -> None:
        super().__init__(what, hint)
        self.cell = cell


class CellFailed(AppFault):
    """A cell raised while the notebook ran; ``traceback`` is its end, as the kernel showed it."""

    def __init__(self, what: str, hint: str = "", *, cell: str = "", traceback: str = "") -> None:
        super().__init__(what, hint, cell=cell)
        self.traceback = traceback

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.traceback}".rstrip()


class CallbackFailed(AppFault):
    """A callback raised while a control was used."""


class ControlNotFound(AppFault):
    """No control answers to that label."""


class ControlAmbiguous(AppFault):
    """Several controls answer to that label."""


class ControlUnusable(AppFault):
    """The control is hidden or disabled, or takes no such value."""


class RunExceeded(AppFault):
    """A run reached a limit of time, output, memory or processes."""


class PermissionMissing(MicroappsError):
    """The app reaches for what it was not given."""


class ModelFault(MicroappsError):
    """The model's endpoint did not give a usable answer.

    ``usage`` is what the failed attempts cost (a :class:`microapps.generator.Usage`), or None.
    """

    usage: Any = None


class ModelUnreachable(ModelFault):
    """Network, overload or server error, with the retries used up."""


class ModelRejected(ModelFault):
    """The endpoint said no: key, credit or request."""


class ModelRefused(ModelFault):
    """The model declined the request."""


class TurnIncomplete(ModelFault):
    """An answer that was cut, malformed or against its schema."""


class LimitReached(MicroappsError):
    """Money, time or repair rounds of a job are used up."""


class MachineFault(MicroappsError):
    """Something of this machine failed, not the app: kernel, containment, disk, package."""


class Stopped(MicroappsError):
    """The person stopped the job."""
