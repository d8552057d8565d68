"""Which apps cannot run on a gateway: those that were given what only this machine can give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...errors import InvalidInput
from ..inlining import uses_runtime
from ..notebooks import confined_as_granted, served_content
from ..notices import Notice
from ..settings import PublishedApp


def unfit(app: PublishedApp, cells: Iterable[str]) -> tuple[str, ...]:
    """Why an app of these cells cannot run there, each as a clause after "because"; none if it can."""
    granted, found = app.confinement.granted, []
    if granted.hosts:
        hosts = ", ".join(map(str, granted.hosts))
        found.append(f"it may connect to {hosts} and no other host, and what holds it to that is on this machine")
    if granted.files:
        found.append(f"it may use {', '.join(map(str, granted.files))}, which is on this machine")
    if granted.model_budget or app.confinement.sockets:
        found.append("it may ask the language model, by way of this machine, where its budget is kept")
    if any(map(uses_runtime, cells)):
        found.append("it keeps data or asks the language model ('microapps.runtime'), which stay on this machine")
    elif granted.storage == "shared":
        found.append("its visitors share data, which is kept on this machine")
    return tuple(found)


def admit(app: PublishedApp, cells: Iterable[str]) -> None:
    """Raises InvalidInput for an app that cannot run on a gateway."""
    if reasons := unfit(app, cells):
        raise InvalidInput(
            f"{app.name} cannot run on a gateway, because {'; '.join(reasons)}.",
            "Serve it from this machine, without --gateway-url.",
        )


def fit_for_gateway(
    apps: Sequence[PublishedApp], named: Sequence[str], tell: Callable[[Notice], None] | None = None
) -> None:
    """See which apps cannot run on a gateway: ``tell`` hears of each.

    Raises
    ------
    InvalidInput
        One of those that are named cannot, or none of all can.
    """
    refused = []
    for app in apps:
        try:
            notebook, digest = served_content(app.notebook, app.title)
            admit(
                confined_as_granted(app, digest), (cell.source for cell in notebook.cells if cell.cell_type == "code")
            )
        except InvalidInput as error:
            if app.name in named:
                raise
            refused.append(error)
            if tell is not None:
                tell(Notice("kernel_missing", app.name, error.what, error.hint))
    if apps and len(refused) == len(apps):
        raise refused[0]
