"""Several answers to one request, and what was pointed at in an app."""

from __future__ import annotations

from ...studio.groups import Group
from ...studio.pointing import resolve
from ...telling.spoken import Language
from ..call import Call
from ..jobs_shown import job_view
from ..models import KeepWish, Kept, Pointed, Reference, VariantGroup, VariantsWish
from ..route import Route
from .jobs import attached


async def begin(call: Call, wish: VariantsWish) -> VariantGroup:
    """Begin two or three apps for one request, each checked by itself."""
    data = await call.work(attached, call, wish.data)
    group = call.studio.variants(wish.request, wish.count, data=data, speed=wish.speed, allow=wish.allow)
    for job in group.jobs:
        call.service.attach(job, wish.data)
    return view(group, call.language)


async def group(call: Call, group: str) -> VariantGroup:
    """The answers to one request, as far as they are."""
    return view(call.studio.group(group), call.language)


async def keep(call: Call, group: str, wish: KeepWish) -> Kept:
    """Keep one answer; the others go to the trash, and those under way are stopped."""
    app, removed = call.studio.keep(group, wish.job)
    return Kept(app=app, removed=removed)


async def pointed(call: Call, name: str, wish: Pointed) -> Reference:
    """Which cell and variable make the control that was pointed at, as the running app says, else its code."""
    app = await call.work(call.studio.show, name)
    there = await call.studio.stage.where(app.metadata.name, wish.model) if wish.model else None
    found = await call.work(resolve, app, wish.label, wish.type, there)
    return Reference(cell=found.cell, variable=found.variable, label=found.label, kind=found.kind)


def view(group: Group, language: Language) -> VariantGroup:
    """A group as the API shows it."""
    return VariantGroup(
        group=group.id,
        request=group.request,
        jobs=tuple(job_view(job, language) for job in group.jobs),
        kept=group.kept or None,
    )


ROUTES = (
    Route("POST", "variants", begin, status=201),
    Route("GET", "variants/{group}", group),
    Route("POST", "variants/{group}/keep", keep),
    Route("POST", "apps/{name}/pointed", pointed),
)
