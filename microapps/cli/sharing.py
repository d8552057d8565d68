"""Commands that publish: ``publish``, ``unpublish``, ``published``, ``link``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InvalidInput
from ..telling import plain
from ..telling.sharing import period, reach_of, whose_data
from . import options as o
from .console import Output
from .session import with_studio

if TYPE_CHECKING:
    from ..library import Link, Publication
    from ..studio import RunningSite, Studio

Expires = Annotated[
    str, typer.Option("--expires", metavar="TIME", help="How long it is good: 30m, 12h, 7d, 2w; never by default.")
]


class LinkAct(StrEnum):
    """What ``link`` does."""

    LIST = "list"
    NEW = "new"
    SHOW = "show"
    REVOKE = "revoke"


@o.command
def publish(
    output: Output,
    name: o.AppName,
    guest: Annotated[
        str | None, typer.Option("--guest", metavar="LABEL", help="A link for somebody else, with their own data.")
    ] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Anyone who knows the password; it is asked for, or read from the input.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Anyone who knows the address.")] = False,
    expires: Expires = "never",
) -> None:
    """Put an app on your site; print its link.

    The link is your own, with your own data, unless an option says for whom it is. It is good on every site of
    yours, 'microapps serve' and Jupyter, and after a restart, till it expires or is revoked.
    """
    if (guest is not None) + password + open_ > 1:
        raise InvalidInput("--guest, --password and --open exclude each other.", "Run the command once for each.")
    until = _until(expires)
    secret = _password(output) if password else None

    async def work(studio: Studio) -> None:
        if guest is not None:
            link = studio.invite(name, guest, expires=until)
        elif password or open_:
            link = studio.open_to_all(name, password=secret, expires=until)
        else:
            link = studio.share(name, expires=until)
        await tell_link(studio, link, output)

    with_studio(work)


async def tell_link(studio: Studio, link: Link, output: Output) -> None:
    """Print a link once it is good on the sites that run, its QR code, and what there is to know of it."""
    from ..publish import qr
    from ..studio.sites import last_port

    path = studio.link_path(link)
    if path is None:
        raise InvalidInput(
            f"Link {link.id} cannot be shown again: the key it was made with is not here.",
            "It still opens; or revoke it.",
        )
    good = await studio.taken_up()
    running = [site.url for site in studio.sites()]
    addresses = [f"{url}{path}" for url in running or [f"http://127.0.0.1:{last_port(studio.home)}/"]]
    storage = studio.published(link.app).confinement.granted.storage
    output.document({**link_document(link), "url": addresses[0], "urls": addresses, "running": bool(running)})
    for address in addresses:
        output.show(address)
    if not output.json and not output.quiet:
        for line in qr.lines(addresses[0]):
            output.err.print(line, soft_wrap=True)
    output.say(whose_data(link.role, link.label, storage))
    if link.password:
        output.say("The password is asked for there, and kept nowhere in words.")
    if link.expires is not None:
        output.say(f"It is good until {link.expires.astimezone():%Y-%m-%d %H:%M}.")
    output.say(reach_of(addresses[0]) + " 'microapps serve --host' opens it to others." * (not _far(addresses[0])))
    if not good:
        output.say("The site is busy, and has not taken this up yet: the link is good in a moment.")
    if not running:
        output.say("No site of yours runs just now: 'microapps serve' starts it.")
    output.say(f"'microapps link {link.app} revoke {link.id}' ends it.")


@o.command
def unpublish(output: Output, name: o.AppName) -> None:
    """End every link to an app.

    The visits that came by them end within two seconds. Links that a site's home has shown end too.
    """

    async def work(studio: Studio) -> bool:
        return studio.unpublish(name)

    was = with_studio(work)
    output.document({"app": name, "published": False, "was": was})
    output.show(f"{name} is not published any more." if was else f"{name} was not published.")


@o.command
def published(output: Output) -> None:
    """List the published apps.

    With who may come in, visitors now, visits, and the last error of one.
    """
    from .tables import moment, table


    async def work(studio: Studio) -> tuple[tuple[Publication, ...], tuple[RunningSite, ...]]:
        return studio.publications(), studio.sites()

    found, sites = with_studio(work)
    now = {one.app: sum(site.visits.get(one.app, 0) for site in sites) for one in found}
    output.document(
        {
            "sites": [site.url for site in sites],
            "apps": [
                {
                    "app": one.app,
                    "title": one.title,
                    "since": one.since.isoformat(),
                    "visitors": now[one.app],
                    "visits": one.visits,
                    "error": one.trouble,
                    "links": [link_document(link) for link in one.open_links],
                }
                for one in found
            ],
        }
    )
    if not found:
        output.say("Nothing is published: 'microapps publish NAME' does it.")
        return
    rows = table("app", "for", "now", "visits", "last", "last error")
    for one in found:
        last = max((link.last for link in one.links if link.last), default=None)
        rows.add_row(
            one.app, _ways(one), str(now[one.app]), str(one.visits), moment(last) if last else "", plain(one.trouble)
        )
    output.show(rows)
    output.say(*([f"On {site.url}" for site in sites] or ["No site runs just now: 'microapps serve' starts one."]))


@o.command
def link(
    output: Output,
    name: o.AppName,
    act: Annotated[LinkAct, typer.Argument(metavar="ACT", help="list, new, show or revoke.")] = LinkAct.LIST,
    which: Annotated[
        str, typer.Argument(metavar="WHICH", help="A link's number or label; for new, who the guest is.")
    ] = "",
    expires: Expires = "never",
) -> None:
    """List, make, show and revoke links.

    A guest whose link is revoked, and who is given a new one under the same label, finds what they kept.
    """
    if act in (LinkAct.SHOW, LinkAct.REVOKE) and not which:
        raise InvalidInput(f"Which link is there to {act}?", f"'microapps link {name}' lists them by number.")

    async def work(studio: Studio) -> None:
        match act:
            case LinkAct.NEW:
                await tell_link(studio, studio.invite(name, which, expires=_until(expires)), output)
            case LinkAct.SHOW:
                await tell_link(studio, studio.find_link(name, which), output)
            case LinkAct.REVOKE:
                closed = studio.close_link(name, which)
                output.document(link_document(closed))
                output.show(f"Link {closed.id} ({plain(closed.label or closed.role)}) opens {closed.app} no more.")
                if closed.role == "guest":
                    output.say(f"What this guest kept is still there: see 'microapps data {closed.app}'.")
            case _:
                _list(studio.library.links(name), name, output)

    with_studio(work)


def _list(links: tuple[Link, ...], name: str, output: Output) -> None:
    from .tables import moment, table

    output.document([link_document(link) for link in links])
    if not links:
        output.say(f"There is no link to {name}: 'microapps publish {name}' makes one.")
        return
    rows = table("", "#", "for", "visits", "last", "until")
    now = datetime.now(UTC)
    for one in links:
        until = "revoked" if one.revoked else moment(one.expires) if one.expires else "–"
        last = moment(one.last) if one.last else ""
        rows.add_row("✓" if one.good(now) else "✗", str(one.id), plain(_whose(one)), str(one.visits), last, until)
    output.show(rows)


def link_document(link: Link) -> dict[str, Any]:
    """A link for ``--json``, without its secret."""
    return {
        "id": link.id,
        "app": link.app,
        "role": link.role,
        "label": link.label,
        "password": bool(link.password),
        "created": link.created.isoformat(),
        "expires": link.expires.isoformat() if link.expires else None,
        "revoked": link.revoked.isoformat() if link.revoked else None,
        "good": link.good(datetime.now(UTC)),
        "visits": link.visits,
        "last": link.last.isoformat() if link.last else None,
    }


def _whose(link: Link) -> str:
    match link.role:
        case "owner":
            return "you"
        case "guest":
            return link.label
        case _:
            return "anyone with the password" if link.password else "anyone"


def _ways(one: Publication) -> str:
    return ", ".join(dict.fromkeys(plain(_whose(link)) for link in one.open_links)) or "nobody"


def _far(address: str) -> bool:
    from ..studio.sites import is_local

    return not is_local(address)


def _until(expires: str) -> datetime | None:
    left = period(expires)
    return datetime.now(UTC) + left if left is not None else None


def _password(output: Output) -> str:
    """A password, typed twice and unseen; without a terminal the first line of the input. Never from an argument."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
