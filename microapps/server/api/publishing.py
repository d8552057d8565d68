"""Publishing: links of one's own, for guests and for anyone, kept by the library and good after a restart."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from ...errors import InvalidInput
from ...library import Link
from ...publish import qr
from ...studio import Studio
from ...telling.sharing import reach_of, whose_data
from ..call import Call
from ..models import LinkRow, PublicationView, PublishedLink, PublishWish
from ..route import Route


async def publication(call: Call, name: str) -> PublicationView:
    """How an app is published, with every way into it that there ever was."""
    return await call.work(_view, call, name)


async def publish(call: Call, name: str, wish: PublishWish) -> PublishedLink:
    """Publish an app by one more way into it; the link to give out, with its QR code. It is good after a restart."""
    link = await call.work(_opened, call.studio, name, wish)
    await call.studio.stage.renew()
    return await call.work(_given, call, link, wish.origin)


async def unpublish(call: Call, name: str) -> PublishedLink:
    """Close every way into an app; the visits that came by them end."""
    await call.work(call.studio.unpublish, name)
    await call.studio.stage.renew()
    return PublishedLink(link=None)


async def link(call: Call, name: str, id: str, *, origin: str = "") -> PublishedLink:
    """A way into an app, to be shown again; ``origin`` is the browser's, for the QR code."""
    return await call.work(lambda: _given(call, _link(call.studio, name, id), origin))


async def close_link(call: Call, name: str, id: str) -> PublicationView:
    """Close one way into an app; the visits that came by it end."""
    await call.work(lambda: call.studio.close_link(name, str(_link(call.studio, name, id).id)))
    await call.studio.stage.renew()
    return await publication(call, name)


def _opened(studio: Studio, name: str, wish: PublishWish) -> Link:
    if wish.role != "anyone" and wish.password is not None:
        raise InvalidInput("Only the address for anyone asks for a password.", "A link with a secret needs none.")
    expires = wish.expires.replace(tzinfo=wish.expires.tzinfo or UTC) if wish.expires is not None else None
    match wish.role:
        case "owner":
            return studio.share(name, expires=expires)
        case "guest":
            return studio.invite(name, wish.label, expires=expires)
        case _:
            return studio.open_to_all(name, password=wish.password, expires=expires)


def _link(studio: Studio, name: str, id: str) -> Link:
    found = next((link for link in studio.library.links(name) if str(link.id) == id), None)
    if found is None:
        raise InvalidInput(f"{name} has no link {id[:20]!r}.", "Look at its publication again.")
    return found


def _given(call: Call, link: Link, origin: str) -> PublishedLink:
    row = _row(call, link)
    url = f"{_origin(origin) or call.origin}{row.link}" if row.link is not None else None
    storage = call.studio.published(link.app).confinement.granted.storage
    return PublishedLink(
        link=row.link,
        url=url,
        qr=qr.data_uri(url) if url is not None else None,
        about=whose_data(link.role, link.label, storage),
        row=row,
    )


def _view(call: Call, name: str) -> PublicationView:
    record = call.studio.library.app(name)
    found = call.studio.library.publication(record.name)
    return PublicationView(
        published=found is not None,
        since=found.since if found is not None else None,
        links=tuple(_row(call, link) for link in call.studio.library.links(record.name)),
        visits=found.visits if found is not None else 0,
        visitors=sum(site.visits.get(record.name, 0) for site in call.studio.sites()),
        trouble=found.trouble if found is not None else "",
        troubled=found.troubled if found is not None else None,
        reach=reach_of(call.origin),
    )


def _row(call: Call, link: Link) -> LinkRow:
    path = call.studio.link_path(link)
    return LinkRow(
        id=link.id,
        role=link.role,
        label=link.label,
        link=f"{call.studio.stage.settings.base_url}{path}" if path is not None else None,
        password=bool(link.password),
        created=link.created,
        expires=link.expires,
        revoked=link.revoked,
        good=link.good(datetime.now(UTC)),
        visits=link.visits,
        last=link.last,
    )


def _origin(said: str) -> str:
    """The origin that a front end names; raises InvalidInput for what is none."""
    if not said:
        return ""
    try:
        parts = urlsplit(said)
        named = bool(parts.hostname) and parts.port != -1
    except ValueError:
        named = False
    if not named or parts.scheme not in ("http", "https") or said.rstrip("/") != f"{parts.scheme}://{parts.netloc}":
        raise InvalidInput(f"{said[:100]!r} is no origin.", "Give scheme, host and port only.")
    return said.rstrip("/")


ROUTES = (
    Route("GET", "apps/{name}/publish", publication),
    Route("POST", "apps/{name}/publish", publish),
    Route("DELETE", "apps/{name}/publish", unpublish),
    Route("GET", "apps/{name}/links/{id}", link),
    Route("DELETE", "apps/{name}/links/{id}", close_link),
)
