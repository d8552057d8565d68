"""What of this machine is there, what is missing, and the command that mends it: the facts behind ``doctor``."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from ..errors import MachineFault, MicroappsError
from ..generator import Message, Model, Settings, Turn, TurnRequest, choose, find_key
from ..publish.browser import chromium
from ..sandbox import Tier, mend, prove, tier, why

LEAST_DISK = 200 << 20  # bytes: some hundred apps with their history
DISTRIBUTIONS = ("voila", "ipywidgets", "ipykernel", "jupyter_client", "nbclient", "anthropic")


@dataclass(frozen=True)
class Diagnosis:
    """One thing looked at.

    ``ok`` is None for something optional that is missing. ``what`` says in plain words what was found, ``mend`` the
    command or step that mends it; empty where nothing is to be done.
    """

    name: str
    ok: bool | None
    what: str
    mend: str = ""


async def diagnose(
    home: Path, settings: Settings, model: Model | None, *, call: bool = False, proven: bool = False
) -> tuple[Diagnosis, ...]:
    """Look at everything an app needs.

    Parameters
    ----------
    home : the user's folder.
    settings : which model is taken.
    model : the endpoint; None where there is no key.
    call : make one small billed call of the model.
    proven : run the escape probes in a confined kernel.
    """
    found = [_python(), *_packages(), _containment(), _browser(), _disk(home), _key()]
    if proven and tier() is not Tier.NONE:
        found.append(await _probes())
    if model is not None:
        found.append(await _endpoint(model, settings, call))
    elif call:
        found.append(Diagnosis("Endpoint", False, "It cannot be called without a key.", "microapps config key"))
    return tuple(found)


def _python() -> Diagnosis:
    return Diagnosis("Python", True, f"Python {platform.python_version()} on {platform.system()} {platform.machine()}.")


def _packages() -> Iterator[Diagnosis]:
    wanted = {
        requirement.name.replace("-", "_").lower(): requirement
        for requirement in map(Requirement, importlib.metadata.requires("microapps") or ())
    }
    for name in DISTRIBUTIONS:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Diagnosis(name, False, f"{name} is not installed.", f"pip install {name}")
            continue
        requirement = wanted.get(name)
        if requirement is not None and not requirement.specifier.contains(version, prereleases=True):
            yield Diagnosis(name, False, f"{name} {version} does not fit.", f"pip install '{requirement}'")
        else:
            yield Diagnosis(name, True, f"{name} {version}.")


def _containment() -> Diagnosis:
    level = tier()
    if level is Tier.FULL:
        return Diagnosis("Containment", True, "Full: bubblewrap, Landlock and seccomp.")
    if level is Tier.REDUCED:
        return Diagnosis(
            "Containment",
            None,
            f"Reduced: {why()}.",
            mend(),
        )
    return Diagnosis(
        "Containment",
        False,
        f"None: {why()}. Apps can be read here but not run.",
        mend(),
    )


async def _probes() -> Diagnosis:
    rows = await prove()
    through = [row.probe for row in rows if not row.blocked]
    if through:
        return Diagnosis("Escape probes", False, f"{len(through)} of {len(rows)} got through: {', '.join(through)}.")
    return Diagnosis("Escape probes", True, f"All {len(rows)} were blocked.")


def _browser() -> Diagnosis:
    try:
        return Diagnosis("Browser", True, f"{chromium()}.")
    except MachineFault as fault:
        return Diagnosis(
            "Browser", None, f"{fault.what} Apps work, but no pictures of them can be taken here.", fault.hint
        )


def _disk(home: Path) -> Diagnosis:
    free = shutil.disk_usage(home).free
    if free < LEAST_DISK:
        return Diagnosis(
            "Disk", False, f"Only {free >> 20} MiB are free below {home}.", "Make room, or move MICROAPPS_HOME."
        )
    return Diagnosis("Disk", True, f"{free >> 30} GiB are free below {home}.")


def _key() -> Diagnosis:
    key = find_key()
    if key is None:
        return Diagnosis(
            "Key",
            None,
            "No key for a model is set: the starters work, free descriptions do not.",
            "microapps config key",
        )
    return Diagnosis("Key", True, f"A key is set, from {key.source}.")


async def _endpoint(model: Model, settings: Settings, call: bool) -> Diagnosis:
    try:
        models = await model.models()
        said = f"It lists {len(models)} models"
        if call:
            chosen = choose(models, settings.speed, settings.model)
            request = TurnRequest(chosen, ("Answer with one word.",), (), (Message.user("Say yes."),), 1000, seconds=60)
            async for event in model.turn(request):
                if isinstance(event, Turn):
                    tokens = event.usage.prompt_tokens + event.usage.output_tokens
                    said += f"; {chosen.id} answered a call of {tokens} tokens"
    except MicroappsError as error:
        return Diagnosis("Endpoint", False, error.what, error.hint)
    return Diagnosis("Endpoint", True, f"{said}.")
