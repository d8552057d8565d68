"""Commands that show apps to people: ``open``, ``serve``, ``export``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import anyio
import typer

from ..errors import InvalidInput
from . import options as o
from .browsing import browsed
from .console import Output
from .interrupts import on_interrupt
from .session import with_studio

if TYPE_CHECKING:
    from ..publish import Notice
    from ..studio import Studio

Host = Annotated[str, typer.Option("--host", help="The address to listen on.")]


class Format(StrEnum):
    """What ``export`` writes."""

    NOTEBOOK = "notebook"
    HTML = "html"
    ZIP = "zip"
    APP = "app"
    DOCKER = "docker"


_SUFFIXES = {
    Format.NOTEBOOK: ".ipynb",
    Format.HTML: ".html",
    Format.ZIP: ".zip",
    Format.APP: ".app.ipynb",
    Format.DOCKER: "-docker",
}


def open_(
    context: typer.Context,
    name: o.AppName,
    browse: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
    port: o.Port = 0,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Open an app in the browser.

    It is served from this machine till Ctrl-C.
    """
    output = context.ensure_object(Output)
    with_studio(lambda studio: serve_till_interrupted(studio, [name], output, browse=browse, port=port))


def serve(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", autocompletion=o.app_names, help="Apps; all if left out.")
    ] = None,
    gallery: Annotated[
        bool, typer.Option("--gallery", help="The finished apps that ship, and of yours those named.")
    ] = False,
    host: Host = "127.0.0.1",
    port: o.Port = 0,
    token: Annotated[str | None, typer.Option("--token", help="The token of the address; made up if left out.")] = None,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Serve apps with an index of them.

    Till Ctrl-C; on this machine only, unless --host says otherwise.
    """
    output = context.ensure_object(Output)
    with_studio(
        lambda studio: serve_till_interrupted(
            studio, names, output, browse=False, host=host, port=port, token=token, gallery=gallery
        )
    )


async def serve_till_interrupted(
    studio: Studio,
    names: Sequence[str] | None,
    output: Output,
    *,
    browse: bool,
    host: str = "127.0.0.1",
    port: int = 0,
    token: str | None = None,
    gallery: bool = False,
) -> None:
    """Serve, say where, and stay till Ctrl-C or SIGTERM."""
    enough = anyio.Event()

    def tell(notice: Notice) -> None:
        output.say(f"{notice.app}: {notice.what}" + (f"\n{notice.detail}" if notice.detail else ""))

    with on_interrupt(enough.set):
        async with await studio.serve(
            names, host=host, port=port, token=token, gallery=gallery, on_notice=tell
        ) as site:
            url = await site.link(site.apps[0].name) if len(site.apps) == 1 else site.index_url
            output.document({"url": url, "apps": [app.name for app in site.apps]})
            if not output.json:
                output.out.print(url, soft_wrap=True)
            with browsed(url, studio.home / "opening") if browse else nullcontext(True) as opened:
                if not opened:
                    output.say("There is no browser here: open the link above.")
                output.say("Serving; Ctrl-C ends it.")
                await enough.wait()
    output.say("Stopped serving.")


def export(
    context: typer.Context,
    name: o.AppName,
    to: Annotated[Format, typer.Option("--to", help="What to write; see above.")],
    target: Annotated[Path | None, typer.Option("-o", "--output", metavar="PATH", help="Where to write it.")] = None,
    with_data: Annotated[bool, typer.Option("--with-data", help="Put the app's own data in as well.")] = False,
    json: o.Json = False,
    quiet: o.Quiet = False,
    traceback: o.Traceback = False,
) -> None:
    """Write an app to a file or folder.

    notebook, html (a page) and zip need nothing of microapps; app is one file for 'microapps import' elsewhere, with
    the app's picture; docker is a folder to build a container from.
    """
    output = context.ensure_object(Output)
    suffix = _SUFFIXES[to]
    place = (target or Path(name + suffix)).absolute()

    async def work(studio: Studio) -> Path:
        kind: Literal["notebook", "html", "zip", "app", "docker"] = to.value
        if kind == "docker":
            from ..publish.deploy import export_docker

            if with_data:
                raise InvalidInput("An export to docker cannot carry the app's data.", "Export to zip.")
            return export_docker(studio.show(name), place)
        return await studio.export(name, kind, place, with_data=with_data)

    written = with_studio(work)
    output.document({"path": str(written)})
    output.show(str(written))
