"""An app's page, run for a visit, and what is shown in its place."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from urllib.parse import quote

from ..errors import CellFailed, InvalidInput, MachineFault, RunExceeded
from . import pages
from .gateway.fitness import admit
from .handlers import SiteHandler
from .notebooks import confined_as_granted, content_as_read
from .notices import Notice, with_remedy
from .policy import app_page
from .rendering import page_configuration, render_page
from .running import RunLimits, run_notebook
from .settings import MEBIBYTE, PublishedApp
from .visits import Visit

INSTEAD = "instead"
"""What names, in a visit's address, the visit that begins where that is over (``templates/voila/pages/frame.js``)."""


class AppPage(SiteHandler):
    """The app itself, run afresh each time, and sent only into a frame of ours."""

    ancestors = None
    gone = False

    async def head(self, secret: str) -> None:
        """Answer when the page can be had at once; a page of an opaque origin, which knows the secret, may hear it."""
        visit = self.site.visits.find(secret)
        app = self.site.app_of(visit) if visit else None
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_status(200 if app is not None else 404)
        if app is not None and self.site.opening is not None:
            with suppress(InvalidInput):  # the page says so
                notebook, digest = content_as_read(app.notebook, app.title)
                await self.site.opening.ready(confined_as_granted(app, digest), notebook)
        self.finish()

    async def get(self, secret: str) -> None:
        visit = self.site.visits.find(secret)
        app = self.site.app_of(visit) if visit else None
        framed = self.request.headers.get("Sec-Fetch-Dest", "iframe") == "iframe"
        instead = self.get_query_argument(INSTEAD, "")
        if not framed:
            self.show(pages.no_such_page())
            return
        if visit is None or app is None:
            self.over(instead)
            return
        back = await self.site.visits.come_back(visit)
        async with visit.opening:
            # It may have ended while this waited, as where what its app may do was taken back.
            app = self.site.app_of(visit) if self.site.visits.find(secret) is visit else None
            if app is None:
                self.over(instead)
                return
            page = self.again(visit, app) if back else None
            if page is not None:
                self.send_page(page, visit, scripts=app.confinement.granted.scripts)
            elif instead:
                if back:
                    await self.site.visits.end(visit)
                self.over(instead)
            else:
                await self.open(visit, app)

    def again(self, visit: Visit, app: PublishedApp) -> str | None:
        """The page of who comes back to their process; None where there is none to come back to."""
        if self.site.opening is None or self.full:
            return None
        try:
            notebook, digest = content_as_read(app.notebook, app.title)
        except InvalidInput:
            return None  # the visit that begins says so
        return self.site.opening.again(visit, confined_as_granted(app, digest), notebook)

    def over(self, instead: str) -> None:
        """The visit is over: go on to the one of that secret, or say so where there is none."""
        if instead:
            self.redirect(f"{self.site.base}visits/{quote(instead, safe='')}/")
        else:
            self.show(pages.visit_over())

    def send_page(self, page: str, visit: Visit, *, scripts: bool) -> None:
        """Answer with the app's page, whose client has to connect soon."""
        inline = self.site.client.inline_sources if self.site.client is not None else ""
        policy = app_page(self.host, self.site.visit_url(visit), self.site.statics, scripts=scripts, inline=inline)
        self.set_header("Content-Security-Policy", policy)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.site.visits.sent(visit)
        self.send_compressed(page)

    async def open(self, visit: Visit, app: PublishedApp) -> None:
        """Answer with the app's page, or with one that says why there is none."""
        visits = self.site.visits
        if visit.running and visit.covered is None:
            await visits.end(visit)
        if not visit.running and not visits.begin(visit):
            why = visits.full(app.name)
            self.site.notify(Notice("busy", app.name, f"A visitor was turned away: {why}."))
            self.set_header("Retry-After", "60")
            self.show(pages.site_busy(app.title, self.request.path))
            return
        try:
            page, scripts = await self.run(visit, app)
        except CellFailed as error:
            await self.failed(visit, Notice("app_failed", app.name, with_remedy(error.what), error.hint))
            self.show(pages.app_failed(app.title, self.request.path))
        except RunExceeded as error:
            await self.failed(visit, Notice("too_slow", app.name, error.what, error.hint))
            self.show(pages.app_too_slow(app.title, self.request.path))
        except (MachineFault, InvalidInput) as error:
            await self.failed(visit, Notice("kernel_missing", app.name, error.what, error.hint))
            self.show(pages.kernel_missing(app.title, self.request.path))
        except BaseException:
            await visits.end(visit)
            raise
        else:
            if self.gone:
                await visits.end(visit)
                return
            self.site.visited(visit)
            self.send_page(page, visit, scripts=scripts)

    def on_connection_close(self) -> None:
        """Whoever asked has left before there was an answer."""
        self.gone = True

    async def run(self, visit: Visit, app: PublishedApp) -> tuple[str, bool]:
        """The page, from a notebook that has run in the visit's kernel, and whether scripts of the app run in it."""
        site, settings = self.site, self.site.served.settings
        notebook, digest = content_as_read(app.notebook, app.title)
        app = confined_as_granted(app, digest)
        if site.opening is not None and not self.full:
            thin = await site.opening.page(visit, app, notebook, self.environment(visit))
            if thin is not None:
                return thin, app.confinement.granted.scripts
        if settings.gateway is not None:
            admit(app, [cell.source for cell in notebook.cells if cell.cell_type == "code"])
        notebook = deepcopy(notebook)  # its run writes into it
        visit.kernel_id = await site.kernel_manager.start_for(
            app, self.environment(visit), lambda kernel_id, why: site.kernel_died(visit, kernel_id, why)
        )
        limits = RunLimits(settings.start_within, app.confinement.granted.seconds, settings.output_mebibytes * MEBIBYTE)
        await run_notebook(notebook, site.kernel_manager.get_kernel(visit.kernel_id), limits)
        visit_url = site.visit_url(visit)
        scripts = app.confinement.granted.scripts
        page = await render_page(
            notebook,
            visit.kernel_id,
            configuration=site.voila_configuration,
            template_paths=site.template_paths,
            page_config=page_configuration(visit_url, site.statics, site.extensions, scripts=scripts),
            visit_url=visit_url,
            statics_url=site.statics,
        )
        return page, scripts

    def environment(self, visit: Visit) -> dict[str, str]:
        """What the app is told of the request: as Voila does, but nothing that carries a secret."""
        return {"QUERY_STRING": visit.query, "SERVER_SOFTWARE": "microapps", "SCRIPT_NAME": f"/apps/{visit.app}/"}

    async def failed(self, visit: Visit, notice: Notice) -> None:
        self.site.notify(notice)
        await self.site.visits.end(visit)
