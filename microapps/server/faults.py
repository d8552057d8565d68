"""Errors as answers: which status each kind has, and what is said of it."""

from __future__ import annotations

import errno

from pydantic import ValidationError

from .. import errors
from ..errors import (
    ChangedOnDisk,
    InvalidInput,
    MachineFault,
    MicroappsError,
    ModelFault,
    PermissionMissing,
    UnknownApp,
)
from ..telling.spoken import Language, said
from .models import Fault

STATUS: tuple[tuple[type[MicroappsError], int], ...] = (
    (UnknownApp, 404),
    (ChangedOnDisk, 409),
    (InvalidInput, 400),
    (PermissionMissing, 403),
    (MachineFault, 503),
    (ModelFault, 503),
    (MicroappsError, 400),
)
"""The first class that fits counts."""

OF_STATUS = {
    400: Fault(error="InvalidInput", what="The request cannot be read.", hint="Look at the API's description."),
    401: Fault(error="Forbidden", what="This needs a sign-in.", hint="Sign in to the Jupyter server again."),
    403: Fault(error="Forbidden", what="This is not allowed here.", hint="Sign in to the Jupyter server again."),
    404: Fault(error="UnknownApp", what="There is nothing at this address.", hint="Reload the page."),
    405: Fault(error="InvalidInput", what="This address takes no such method.", hint="Look at the API's description."),
    413: Fault(error="InvalidInput", what="The request is too large.", hint="Send less at once."),
}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
UNEXPECTED = Fault(
    error="MicroappsError",
    what="The server ran into a fault that nobody expected.",
    hint="Its log says more. Please report this fault.",
)


def status(error: MicroappsError) -> int:
    """The HTTP status for an error."""
    return next(number for kind, number in STATUS if isinstance(error, kind))


def fault(error: MicroappsError, language: Language = "en") -> Fault:
    """What is said of an error, in this language; its name is one that front ends know."""
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__module__ == errors.__name__)
    return told(Fault(error=name, what=error.what, hint=error.hint), language)


def told(fault: Fault, language: Language) -> Fault:
    """A fault in this language."""
    return fault.model_copy(update={name: said(getattr(fault, name), language) for name in ("what", "hint")})


def no_room(error: OSError) -> MachineFault | None:
    """What is said where nothing more can be written; None for another error of the system."""
    if error.errno not in NO_ROOM:
        return None
    where = f"{error.filename} cannot be written" if error.filename else "Nothing more can be written"
    return MachineFault(f"{where}: {error.strerror}.", "Make room on the disk and try again; what there was is kept.")


def unreadable(error: ValidationError) -> InvalidInput:
    """A request that is not as it should be. It names the field, and never what stood there: that may be a secret."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    what = f"The request's {where!r} cannot be used: {first['msg']}." if where else f"{first['msg']}."
    return InvalidInput(what, "Look at the API's description (openapi.json).")
