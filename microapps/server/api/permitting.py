"""Permissions: what an app asks for and has, granting and revoking, and what it tried."""

from __future__ import annotations

from ...notebook import Permissions
from ...studio import PermissionState
from ..call import Call
from ..cards import to_ask
from ..models import AccessRow, GrantWish, PermissionItem, PermissionView, RevokeWish
from ..route import Route


async def permissions(call: Call, name: str) -> PermissionView:
    """What an app asks for, what it was given, and what is missing between the two."""
    return view(await call.work(call.studio.permissions, name))


async def grant(call: Call, name: str, wish: GrantWish) -> PermissionView:
    """Give an app, as it is now, these permissions: those that the person was shown, and no others."""
    await call.work(call.studio.grant, name, wish.permissions)
    return await permissions(call, name)


async def revoke(call: Call, name: str, wish: RevokeWish) -> PermissionView:
    """Take permissions back; null takes all of them."""
    await call.work(call.studio.revoke, name, wish.permissions)
    return await permissions(call, name)


async def accesses(call: Call, name: str) -> tuple[AccessRow, ...]:
    """What an app tried to reach, the most recent first."""
    found = await call.work(call.studio.accesses, name)
    return tuple(AccessRow.model_validate(access) for access in found)


def view(state: PermissionState) -> PermissionView:
    """A state with a sentence for each thing in it."""
    single = [*_singly(state.asked), *_singly(state.granted)]
    items = {}
    for one in single:
        sentence = one.sentences()[0]
        items[sentence] = PermissionItem(
            sentence=sentence,
            asked=one.beyond(state.asked) == Permissions(),
            granted=one.beyond(state.granted) == Permissions(),
            permissions=one,
        )
    return PermissionView(
        asked=state.asked, granted=state.granted, missing=to_ask(state.missing), sentences=tuple(items.values())
    )


def _singly(permissions: Permissions) -> list[Permissions]:
    """Each thing of these permissions by itself; what nobody is asked for left out."""
    return [one for one in to_ask(permissions).parts() if one.beyond(Permissions()) != Permissions()]


ROUTES = (
    Route("GET", "apps/{name}/permissions", permissions),
    Route("POST", "apps/{name}/permissions/grant", grant),
    Route("POST", "apps/{name}/permissions/revoke", revoke),
    Route("GET", "apps/{name}/accesses", accesses),
)
