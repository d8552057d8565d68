"""Commands that show apps to people: ``open``, ``serve``, ``export``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import anyio
import typer

from ..errors import InvalidInput, MachineFault
from . import options as o
from .browsing import browsed
from .console import Output
from .gateways import chosen_gateway
from .interrupts import on_interrupt
from .reaching import agree_to_reach, free_port, keep_port
from .session import with_studio
from .showing import show_pictures

if TYPE_CHECKING:
    from ..publish import Capacity, Gateway, Notice, Site
    from ..studio import Studio

Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]


NEW = "new"
MOST_STARTS = 3
STARTS_WITHIN = 60.0
"""Seconds within which a site that ends by itself is started no oftener than that."""


class Format(StrEnum):
    """What ``export`` writes."""

    NOTEBOOK = "notebook"
    HTML = "html"
    ZIP = "zip"
    APP = "app"
    STATIC = "static"
    DOCKER = "docker"
    HUB = "hub"
    KUBERNETES = "kubernetes"


_SUFFIXES = {
    Format.NOTEBOOK: ".ipynb",
    Format.HTML: ".html",
    Format.ZIP: ".zip",
    Format.APP: ".app.ipynb",
    Format.STATIC: "-static",
    Format.DOCKER: "-docker",
    Format.HUB: "-hub",
    Format.KUBERNETES: "-kubernetes",
}


def _warned(context: typer.Context, option: typer.CallbackParam, value: str | None) -> str | None:
    """Say where the token was given in a way that shows it to others."""
    source = context.get_parameter_source(option.name or "")
    if source is not None and source.name == "COMMANDLINE" and value != NEW:
        context.ensure_object(Output).say(
            "⚠ Every user of this machine can read the token in the list of processes: MICROAPPS_TOKEN takes it unseen."
        )
    return value


@o.command
def open_(
    output: Output,
    name: o.AppName,
    browse: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    port: o.Port = 0,
) -> None:
    """Open an app in the browser.

    It is served from this machine till Ctrl-C.
    """
    with_studio(lambda studio: serve_till_interrupted(studio, [name], output, browse=browse, port=port))


@o.command
def serve(
    output: Output,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", autocompletion=o.app_names, help="Apps; all if left out.")
    ] = None,
    gallery: Annotated[
        bool, typer.Option("--gallery", help="The finished apps that ship, and of yours those named.")
    ] = False,
    host: Host = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option("--port", min=0, max=65535, help="The port; that of last time if left out, a free one for 0."),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            envvar="MICROAPPS_TOKEN",  # a command line can be read by every user of the machine
            callback=_warned,
            help=f"The token of the address; that of last time if left out, another for {NEW!r}.",
        ),
    ] = None,
    base_url: Annotated[str, typer.Option("--base-url", metavar="PATH", help="The path a proxy passes on.")] = "",
    public_url: Annotated[
        str, typer.Option("--public-url", metavar="URL", help="Where visitors reach it through a proxy.")
    ] = "",
    embed_on: Annotated[
        list[str] | None,
        typer.Option("--embed-on", metavar="ORIGIN", help="A site whose pages may show apps in a frame; repeatable."),
    ] = None,
    visits: Annotated[int, typer.Option("--visits", min=1, metavar="N", help="Visitors at once.")] = 200,
    visits_per_app: Annotated[
        int, typer.Option("--visits-per-app", min=0, metavar="N", help="Visitors of one app at once.")
    ] = 0,
    memory: Annotated[
        int, typer.Option("--memory", min=0, metavar="MIB", help="Memory of all visitors; most of the machine's for 0.")
    ] = 0,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=999, metavar="N", help="Processes that serve, behind one address.")
    ] = 1,
    pictures: Annotated[
        bool, typer.Option("--pictures/--no-pictures", help="Take pictures that are missing, if there is a browser.")
    ] = True,
    gateway_url: Annotated[
        str, typer.Option("--gateway-url", metavar="URL", help="Run kernels on this Jupyter Kernel/Enterprise Gateway.")
    ] = "",
    gateway_contains: Annotated[
        bool, typer.Option("--gateway-contains", help="Say that the gateway contains its kernels: microapps does not.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it is opened to other machines.")] = False,
) -> None:
    """Serve apps, and all that is published.

    Till Ctrl-C; on this machine only, unless --host says otherwise.
    """
    gateway = chosen_gateway(gateway_url, output, contains=gateway_contains)
    agree_to_reach(host, output, yes=yes, elsewhere=gateway is not None)
    from ..publish import Capacity  # brings the site along, which the other commands do not need

    capacity = Capacity(visits, visits_per_app, memory, processes)
    with_studio(
        lambda studio: serve_till_interrupted(
            studio, names, output, browse=False, host=host, port=port, token=token_of(studio, token),
            base_url=base_url, gallery=gallery, public_url=public_url, shared=True, pictures=pictures,
            capacity=capacity, gateway=gateway, embed_on=embed_on or (),
        )
    )  # fmt: skip


def token_of(studio: Studio, given: str | None) -> str:
    """The token of a site that is served: the one given, unless that asks for a new one; else that of last time."""
    from ..studio import sites

    return given if given and given != NEW else sites.last_token(studio.home, new=given == NEW)


async def serve_till_interrupted(
    studio: Studio,
    names: Sequence[str] | None,
    output: Output,
    *,
    browse: bool,
    host: str = "127.0.0.1",
    port: int | None = 0,
    token: str | None = None,
    base_url: str = "",
    gallery: bool = False,
    public_url: str = "",
    shared: bool = False,
    pictures: bool = False,
    capacity: Capacity | None = None,
    gateway: Gateway | None = None,
    embed_on: Sequence[str] = (),
) -> None:
    """Serve, say where, and stay till Ctrl-C or SIGTERM. ``port`` None is that of last time, if it is free.

    A site whose process ends by itself is started again at the same address, unless that happens again and again.
    """
    from ..publish import NO_FAULT

    enough = anyio.Event()

    def tell(notice: Notice) -> None:
        if notice.kind not in NO_FAULT:
            output.say(f"{notice.app}: {notice.what}" + (f"\n{notice.detail}" if notice.detail else ""))

    port = free_port(studio, host) if port is None else port
    begun: list[float] = []
    told = False
    with on_interrupt(enough.set):
        while not enough.is_set():
            now = time.monotonic()
            begun = [*(when for when in begun if now - when < STARTS_WITHIN), now]
            async with await studio.serve(
                names, host=host, port=port, token=token, base_url=base_url, gallery=gallery, public_url=public_url,
                shared=shared, capacity=capacity, gateway=gateway, embed_on=embed_on, on_notice=tell,
            ) as site:  # fmt: skip
                if shared:
                    keep_port(studio, site)
                if pictures:
                    show_pictures(studio, site)
                alone = names is not None and len(names) == 1 and not gallery
                url = await site.link(site.apps[0].name) if alone or len(site.apps) == 1 else site.index_url
                if not output.json:
                    output.out.print(url, soft_wrap=True)
                elif not told:
                    output.document({"url": url, "apps": [app.name for app in site.apps]})
                told = True
                with browsed(url, studio.home / "opening") if browse else nullcontext(True) as opened:
                    if not opened:
                        output.say("There is no display for a browser here: open the link above.")
                    output.say("Serving; Ctrl-C ends it.")
                    await _asked_or_over(enough, site)
            if not enough.is_set():
                _say_over(output, site, again=len(begun) < MOST_STARTS)
                port, token, browse = urlsplit(site.address).port or 0, site.settings.token, False
    output.say("Stopped serving.")


async def _asked_or_over(enough: anyio.Event, site: Site) -> None:
    """Wait until the person has had enough, or the site has ended before."""
    async with anyio.create_task_group() as waiting:

        async def over() -> None:
            await site.over()
            waiting.cancel_scope.cancel()

        waiting.start_soon(over)
        await enough.wait()
        waiting.cancel_scope.cancel()


def _remark(page: Path) -> str:
    """What to say of a page that was written: whether it only shows how the app looked."""
    from ..publish.snapshot import is_picture

    return "The page is a picture: it does not calculate. It says why itself." if is_picture(page) else ""


def _say_over(output: Output, site: Site, *, again: bool) -> None:
    """Say that a site has ended by itself. Raises MachineFault where it is not to be started again."""
    what = "The site's process ended by itself."
    last = " / ".join(list(site.log)[-3:]) or "none"
    if not again:
        raise MachineFault(what, f"Start it again. Its last words: {last}")
    output.say(f"{what} It is started again. Its last words: {last}")


@o.command
def export(
    output: Output,
    name: o.AppName,
    to: Annotated[Format, typer.Option("--to", help="What to write; see above.")],
    target: Annotated[Path | None, typer.Option("-o", "--output", metavar="PATH", help="Where to write it.")] = None,
    with_data: Annotated[bool, typer.Option("--with-data", help="Put the app's own data in as well.")] = False,
    pyodide: Annotated[
        Path | None, typer.Option("--pyodide", metavar="DIR", help="For static: a full release of Pyodide, unpacked.")
    ] = None,
) -> None:
    """Write an app to a file or folder.

    notebook, html (a page) and zip need nothing of microapps; app is one file for 'microapps import' elsewhere, with
    the app's picture; static is a folder for any web host, where the app runs in the visitor's browser; docker, hub
    (a service of JupyterHub) and kubernetes are folders to deploy from.
    """
    suffix = _SUFFIXES[to]
    place = (target or Path(name + suffix)).absolute()

    async def work(studio: Studio) -> Path:
        kind: Literal["notebook", "html", "zip", "app", "static", "docker", "hub", "kubernetes"] = to.value
        if kind == "notebook" or kind == "html" or kind == "zip" or kind == "app":
            return await studio.export(name, kind, place, with_data=with_data)
        if with_data:
            raise InvalidInput(f"An export to {kind} cannot carry the app's data.", "Export to zip or app.")
        if kind == "static":
            from ..publish.lite import export_static

            for remark in await export_static(studio.published(name), place, sandbox=studio.sandbox, pyodide=pyodide):
                output.say(remark)
            return place
        from ..publish.deploy import export_deployment

        return export_deployment(kind, studio.show(name), place)

    written = with_studio(work)
    if to.value == "html" and (remark := _remark(written)):
        output.say(remark)
    output.document({"path": str(written)})
    output.show(str(written))
