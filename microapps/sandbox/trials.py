"""A run of an app that is thrown away, which finds out whether all its visitors can be forks of one run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .apps import AppProcess, Ran, Source
from .confinement import Confinement
from .inside import trial_kinds as kinds
from .sandbox import Sandbox

SEEN = {
    kinds.ADDRESS: "it reads the address it was opened at",
    kinds.CHANCE: "chance decides what it does while it starts",
    kinds.CLOCK: "it looks at the clock while it starts",
    kinds.DATA: "it uses its data, which can change, while it starts",
    kinds.MODEL: "it asks the model while it starts",
    kinds.NETWORK: "it reaches the network while it starts",
}
"""What a run was seen to do that another run of it would do otherwise; each a clause in words."""


async def trial(sandbox: Sandbox, confinement: Confinement, cells: Sequence[Source], limit: int) -> Ran:
    """Run an app, watched, with a throwaway data folder, with no model to ask and no socket to the harness.

    ``limit``: characters it may show. Raises as :meth:`~.apps.AppProcess.run` does, and MachineFault where this machine
    cannot contain an app.
    """
    harmless = replace(confinement, data=None, sockets=(), rehearsal=True, log=None)
    process = await AppProcess.open(sandbox, harmless, {}, forks=False)
    try:
        return await process.run(cells, limit=limit, trial=True)
    finally:
        process.close()


def against_forks(ran: Ran) -> str:
    """Why an app that ran like this cannot be forked, as a clause in words; empty if nothing speaks against it."""
    left = [f"after its first run it has {', '.join(ran.left)}"] if ran.left else []
    return "; ".join([SEEN[kind] for kind in sorted(ran.seen)] + left)
