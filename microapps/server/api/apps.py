"""Apps: the list, one app, and the instant things done with it."""

from __future__ import annotations

from ...errors import InvalidInput
from ..call import Call
from ..models import AppCard, AppDetail, Done, ForkWish, GotoWish, PageLink, RenameWish
from ..route import Route


async def apps(call: Call, *, removed: bool = False) -> tuple[AppCard, ...]:
    """The apps in use, or those in the trash, the most recently changed first."""
    return await call.work(call.service.cards.all, call.studio, removed=removed, language=call.language)


async def app(call: Call, name: str) -> AppDetail:
    """One app; a name it had before it was renamed will do."""
    return await call.work(call.service.cards.one, call.studio, name, call.language)


async def rename(call: Call, name: str, wish: RenameWish) -> AppDetail:
    """Give an app another title, which makes a revision, or another name."""
    if wish.title is None and wish.name is None:
        raise InvalidInput("Neither a title nor a name was given.", "Give what the app is to be called.")
    if wish.title is not None:
        await call.work(call.studio.retitle, name, wish.title)
    if wish.name is not None:
        name = (await call.work(call.studio.rename, name, wish.name)).name
    return await app(call, name)


async def remove(call: Call, name: str, *, forever: bool = False, id: int | None = None) -> Done:
    """Put an app in the trash; with ``forever``, delete one that is there for good, which ``id`` tells from others."""
    if forever:
        await call.work(call.studio.purge, name if id is None else id)
        return Done()
    await call.studio.stage.withdraw(name)
    await call.work(call.studio.remove, name)
    return Done()


async def restore(call: Call, name: str, *, id: int | None = None) -> AppDetail:
    """Take an app out of the trash: the one with that ``id``, else the one of that name that was removed last."""
    record = await call.work(call.studio.restore, name if id is None else id)
    return await app(call, record.name)


async def undo(call: Call, name: str) -> AppDetail:
    """Make the revision before the current one current."""
    await call.work(call.studio.undo, name)
    return await app(call, name)


async def redo(call: Call, name: str) -> AppDetail:
    """Take back an undo."""
    await call.work(call.studio.redo, name)
    return await app(call, name)


async def goto(call: Call, name: str, wish: GotoWish) -> AppDetail:
    """Make any revision current."""
    await call.work(call.studio.goto, name, wish.revision)
    return await app(call, name)


async def fork(call: Call, name: str, wish: ForkWish) -> AppDetail:
    """A copy of an app as it is now, to try something."""
    record = await call.work(call.studio.fork, name, wish.name)
    return await app(call, record.name)


async def page(call: Call, name: str) -> PageLink:
    """A fresh link that shows the app's page in a frame; its path holds the credential."""
    return PageLink(url=await call.studio.stage.link(name))


ROUTES = (
    Route("GET", "apps", apps),
    Route("GET", "apps/{name}", app),
    Route("PATCH", "apps/{name}", rename),
    Route("DELETE", "apps/{name}", remove),
    Route("POST", "apps/{name}/restore", restore),
    Route("POST", "apps/{name}/undo", undo),
    Route("POST", "apps/{name}/redo", redo),
    Route("POST", "apps/{name}/goto", goto),
    Route("POST", "apps/{name}/fork", fork, status=201),
    Route("GET", "apps/{name}/page", page),
)
