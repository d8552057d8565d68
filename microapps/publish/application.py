"""The site's process: a subclass of Voila that serves a few apps, each behind its own links, and nothing else.

Of Voila it keeps the kernel managers, the WebSocket, the renderer and the client; its routes are not mounted. No
configuration file is read, from the working folder or from anywhere else.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import tempfile
from typing import Any

import tornado.httpserver
import tornado.netutil
import tornado.web
from traitlets.config import Config
from voila.app import Voila  # type: ignore[import-untyped]
from voila.paths import collect_template_paths  # type: ignore[import-untyped]

from ..errors import InvalidInput, MachineFault, MicroappsError, UnknownApp
from ..sandbox import Sandbox, Tier, tier, why
from ..sandbox.tiers import shape
from .allowance import Allowance
from .app_page import AppPage
from .attempts import Attempts
from .blocked import Blocked
from .capabilities import Capabilities, app_path
from .changes import close_ways, end_visits, follow
from .channels import GoodBye, KernelState, VisitChannels
from .doors import AT_ONCE, Door, Forms, Frame, Picture
from .entrances import BLANK, OWN, Entrances, seen_by
from .gateway import asking
from .gateway.kernels import GatewayKernels
from .handlers import Counts, Health, Index, Nothing
from .home import PICTURE
from .kernels import FROM_PAGES, SiteKernels
from .logs import log_request
from .metrics import Metrics
from .notebooks import confined_as_granted, served_content
from .notices import Channel, Notice
from .orders import take_orders
from .policy import BLOCKED
from .room import Room
from .routing import mark
from .settings import APPS, MEBIBYTE, PublishedApp, SiteConfig
from .statics import BASE_TEMPLATE, statics_routes, statics_version, widget_extensions
from .templates import templates_folder
from .thin import Client, built_client, client_routes
from .underway import UnderWay
from .visitors.live import Live
from .visitors.opening import Opening
from .visitors.protocol import SOCKET
from .visitors.visitors import Visitors
from .visits import Visit, Visits
from .worker import OneRequest, take_connections

FINISH_SECONDS = 5.0
"""How long answers that are under way may take when the site stops."""
STOPPED = 4003
"""The code with which a page's connection is closed when the site stops; ``visit.js`` knows it."""
STOPPING = (
    "The site was stopped, perhaps to be started again. "
    "What you entered is kept: go on with “Try again” in a moment."
)

_SECRET = r"([A-Za-z0-9_-]{16,64})"  # noqa: S105 - the form of one
_MARK = "(?:~|%7[Ee])"
"""What is before the secret of a link: some write it in the other way that means the same (RFC 3986, 6.2.2.2)."""
_KERNEL = r"(\w+-\w+-\w+-\w+-\w+)"


class SiteApplication(Voila):  # type: ignore[misc]
    """One site. Voila's configuration is fixed here; what is served comes as :class:`SiteConfig`."""

    served: SiteConfig
    channel: Channel
    visits: Visits
    apps: dict[str, PublishedApp]
    capabilities: Capabilities
    entrances: Entrances
    attempts: Attempts
    forms: Forms
    answers: UnderWay
    comparing: asyncio.Semaphore
    expiring: asyncio.TimerHandle | None
    closing: asyncio.Task[None]
    metrics: Metrics
    room: Room
    door: socket.socket
    kernels_named: str
    gathering: dict[int, asyncio.Future[bytes]]
    gathered: int
    visitors: Visitors
    client: Client | None
    opening: Opening | None
    open_channels: dict[str, set[VisitChannels]]
    allowances: dict[str, Allowance]
    base: str
    statics: str
    extensions: list[dict[str, Any]]
    folder: str

    @classmethod
    def of(cls, served: SiteConfig, channel: Channel) -> SiteApplication:
        """A site ready to start."""
        voila = {
            "template": BASE_TEMPLATE,
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "file_allowlist": [],
            "file_denylist": [".*"],
            "http_header_envs": [],
            "multi_kernel_manager_class": GatewayKernels if served.settings.gateway is not None else SiteKernels,
        }
        kernels = {"buffer_offline_messages": False, "cull_idle_timeout": 0}
        traits = Config({"VoilaConfiguration": voila, "MappingKernelManager": kernels})
        site = cls(config=traits, config_file_paths=[], open_browser=False)
        site.served, site.channel = served, channel
        site.open_channels = {}
        site.allowances = {}
        site.apps = {app.name: app for app in served.apps}
        site.gathering, site.gathered = {}, 0
        key = bytes.fromhex(served.settings.key)
        site.capabilities = Capabilities(key)
        for app, at in served.revoked.items():
            site.capabilities.revoke(site.signed(app), at)
        site.entrances = Entrances(site.capabilities, home=bool(served.settings.token))
        site.entrances.serve(served.apps)
        site.attempts, site.expiring = Attempts(), None
        site.forms = Forms(key)
        site.metrics = Metrics(site)
        site.room = Room(os.getpid(), served.settings.memory_mebibytes)
        site.base = site.base_url = served.settings.base_url
        site.client, site.opening = built_client(), None
        site.statics = f"{site.base}statics/{statics_version(site.client.version if site.client else '')}/"
        site.extensions = [extension.told for extension in widget_extensions()]
        site.folder = tempfile.mkdtemp(prefix="microapps-site-")
        site.root_dir = site.connection_dir = site.folder
        site.initialize([])
        return site

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """Read no configuration file."""

    def setup_template_dirs(self) -> None:
        """Our template over Voila's own, and none that a notebook names."""
        found = collect_template_paths(["voila", "nbconvert"], BASE_TEMPLATE, prune=True)
        self.template_paths = [str(templates_folder()), *found]
        self.static_paths: list[str] = []

    def init_settings(self) -> dict[str, Any]:
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = list(FROM_PAGES)
        return {
            **settings,
            "site": self,
            "log_function": self.log_answer,
            "websocket_max_message_size": self.served.settings.upload_mebibytes * MEBIBYTE,
            "ws_ping_interval": 20_000,
            "ws_ping_timeout": 20_000,
            "allow_unauthenticated_access": True,
        }

    def init_handlers(self) -> list[Any]:
        base = re.escape(self.base)
        return [
            (base, Index),
            (rf"{base}healthz", Health),
            (rf"{base}metrics", Counts),
            (rf"{base}apps/([^/]+)/{_MARK}{_SECRET}/?", Frame),
            (rf"{base}apps/([^/]+)/{_MARK}{_SECRET}/{re.escape(PICTURE)}", Picture),
            (rf"{base}apps/([^/~]+)/?", Door),
            (rf"{base}apps/([^/~]+)/{re.escape(PICTURE)}", Picture),
            (rf"{base}visits/{_SECRET}/", AppPage),
            (rf"{base}visits/{_SECRET}/{BLOCKED}", Blocked),
            (rf"{base}visits/{_SECRET}/api/kernels/{_KERNEL}", KernelState),
            (rf"{base}visits/{_SECRET}/api/kernels/{_KERNEL}/channels", VisitChannels),
            (rf"{base}visits/{_SECRET}/voila/api/shutdown/{_KERNEL}", GoodBye),
            (rf"{base}visits/{_SECRET}/{SOCKET}", Live),
            *statics_routes(re.escape(self.statics)),
            *(client_routes(re.escape(f"{self.statics}thin/"), self.client) if self.client is not None else ()),
            (r".*", Nothing),
        ]

    def start(self) -> None:
        """Serve until the parent closes our standard input or asks us to stop."""
        try:
            asyncio.run(self.serve())
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    async def serve(self) -> None:
        self.stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopped.set)
        try:
            if (gateway := self.served.settings.gateway) is not None:
                asking.use(gateway)
                self.kernels_named = await asking.kernel_name(self)
            elif tier() is Tier.NONE:
                raise MachineFault(
                    f"No app can be served here, because nothing would contain it ({why()}).",
                    "'microapps doctor' says what to install.",
                )
            async with Sandbox(idle=self.served.settings.warm) as sandbox:
                await self.serve_with(sandbox)
        except MicroappsError as error:
            self.channel.say("refused", what=error.what, hint=error.hint)
        except OSError as error:
            what = (
                f"The site could not listen on {self.served.settings.host}, port {self.served.settings.port}: {error}."
            )
            self.channel.say("refused", what=what, hint="Choose another port, or 0 for a free one.")

    async def serve_with(self, sandbox: Sandbox) -> None:
        settings = self.served.settings
        serving = self.served.serving
        application = tornado.web.Application(transforms=[OneRequest] if serving else None, **self.init_settings())
        if settings.gateway is None:
            self.kernel_manager.sandbox = sandbox
        else:
            self.kernel_manager.settle(self.kernels_named, settings.start_within, settings.output_mebibytes * MEBIBYTE)
        self.answers, self.comparing = UnderWay(), asyncio.Semaphore(AT_ONCE)
        self.visits = Visits(settings, self.end_kernel, self.room, mark(serving.number) if serving else "")
        self.visitors = Visitors(sandbox, self.notify, settings.output_mebibytes * MEBIBYTE, self.metrics.handled)
        if settings.thin and self.client is not None and settings.gateway is None and shape().nested:
            extended = any("mimeExtension" in extension for extension in self.extensions)
            self.opening = Opening(self.visitors, self.client, self.statics, extended=extended)
        application.add_handlers(".*$", self.init_handlers())
        patience = settings.send_within
        server = tornado.httpserver.HTTPServer(
            application, max_body_size=MEBIBYTE, idle_connection_timeout=patience, body_timeout=patience
        )
        if serving is None:
            sockets = tornado.netutil.bind_sockets(settings.port, settings.host)
            server.add_sockets(sockets)
            self.port = sockets[0].getsockname()[1]
        else:
            self.port = 0
            self.door = socket.socket(fileno=serving.door)
            take_connections(server, self.door)
        orders = asyncio.create_task(take_orders(self.channel, self.obey))
        orders.add_done_callback(lambda _: self.stopped.set())
        warming = asyncio.create_task(self.warm(sandbox))
        watching = asyncio.create_task(self.room.watch(lambda: self.visits.running))
        await close_ways(self)
        self.channel.say("ready", port=self.port)
        try:
            await self.stopped.wait()
        finally:
            orders.cancel()
            warming.cancel()
            watching.cancel()
            server.stop()
            await self.answers.finished(FINISH_SECONDS)
            await self.say_good_bye()
            await self.visits.forget()
            await self.visitors.close()
            await self.kernel_manager.end_every()
            await server.close_all_connections()

    async def say_good_bye(self) -> None:
        """Tell the pages that are there that the site stops, and that they can be loaded again when it is back."""
        if self.expiring is not None:
            self.expiring.cancel()
        for channels in self.open_channels.values():
            for channel in tuple(channels):
                channel.close(STOPPED)
        there = [visit.visitor for visit in self.visits.which(lambda _: True) if visit.visitor is not None]
        await asyncio.gather(*(visitor.end("closed", STOPPING) for visitor in there))

    async def warm(self, sandbox: Sandbox) -> None:
        """Have the first apps' libraries imported before anyone comes."""
        if self.served.settings.gateway is not None:
            return
        for app in list(self.apps.values())[: self.served.settings.warm]:
            try:
                await sandbox.warm(app.confinement)
                if self.opening is not None:
                    notebook, digest = served_content(app.notebook, app.title)
                    self.opening.prepare(confined_as_granted(app, digest), notebook)
            except InvalidInput:
                continue  # whoever opens it is told
            except MachineFault as error:
                self.notify(Notice("kernel_missing", app.name, error.what, error.hint))

    async def obey(self, order: dict[str, Any]) -> Any:
        match order["order"]:
            case "link":
                return self.link(order["app"], order["hours"], BLANK.id if order.get("blank") else OWN.id)
            case "metrics":
                return self.metrics.text().decode()
            case "gathered":
                self.gathering.pop(order["gathering"]).set_result(order["text"].encode())
            case "revoke":
                self.capabilities.revoke(self.signed(order["app"]), order["at"])
                await end_visits(self, order["app"])
                await self.visits.forget(lambda visit: visit.app == order["app"])
            case "apps":
                await follow(self, APPS.validate_python(order["apps"]))
            case "load":
                return {"coming": self.visits.coming, "there": self.visits.present()}
            case "counts":
                return self.visits.present()
            case "end":
                await end_visits(self, order["app"])
            case "visits":
                return self.visits.running
            case "where":
                return await self.where(order["app"], order["model"])
            case unknown:
                raise InvalidInput(f"The site knows no order {unknown!r}.")
        return None

    async def where(self, name: str, model: str) -> dict[str, Any] | None:
        """Where a widget of an app is made, as its last visitor's process says; None where none knows."""
        there = [visit.visitor for visit in self.visits.of(name) if visit.visitor is not None and visit.connections]
        place = await there[-1].where(model) if there else None
        return {"cell": place.cell, "variable": place.variable} if place is not None else None

    def link(self, name: str, hours: float, way: int = OWN.id) -> str:
        """The path of a new link to an app, as its owner has it."""
        app = self.apps[self.named(name)]
        return app_path(self.base, name, self.capabilities.issue(app.signed, hours * 3600, way, since=app.ended))

    def signed(self, name: str) -> str:
        """What links to an app of that name are signed for."""
        return self.apps[name].signed if name in self.apps else name

    def named(self, name: str) -> str:
        """That name, if it is of an app that is served. Raises UnknownApp."""
        if name not in self.apps:
            raise UnknownApp(f"The site serves no app {name!r}.", "Publish it first.")
        return name

    async def counts(self) -> bytes:
        """What this process has counted, or all of those that serve the site."""
        if self.served.serving is None:
            return self.metrics.text()
        self.gathered += 1
        answer = self.gathering[self.gathered] = asyncio.get_running_loop().create_future()
        self.channel.say("gather", number=self.gathered)
        told: bytes = await answer
        return told

    def app_of(self, visit: Visit) -> PublishedApp | None:
        """The app of a visit as it is for whoever came by its way; None where that way is no more."""
        app = self.entrances.named(visit.app)
        way = self.entrances.way(app, visit.way) if app is not None else None
        return seen_by(app, way) if app is not None and way is not None and self.entrances.good(way) else None

    def visited(self, visit: Visit) -> None:
        """A visit has its page: tell the owner once, if it came by a link that was given out."""
        if visit.way > 0 and not visit.counted:
            visit.counted = True
            self.channel.say("visited", way=visit.way)

    def visit_url(self, visit: Visit) -> str:
        return f"{self.base}visits/{visit.secret}/"

    def kernel_died(self, visit: Visit, kernel_id: str, why: str) -> None:
        """A kernel ended; if the visit still had it, tell its page and the owner."""
        if visit.kernel_id == kernel_id:
            self.notify(Notice("kernel_lost", visit.app, f"The app's kernel is gone: {why}."))
            self.visits.end_soon(visit)

    async def end_kernel(self, kernel_id: str) -> None:
        """End a kernel, and tell the pages that still speak to it."""
        for channel in self.open_channels.pop(kernel_id, ()):
            channel.kernel_gone()
        await self.kernel_manager.end(kernel_id)
        allowance = self.allowances.pop(kernel_id, None)
        if allowance is not None and allowance.left_out:
            what = f"{allowance.left_out} more errors were left out before the app's kernel ended."
            self.notify(Notice("callback_failed", allowance.app, what))

    def allowance(self, kernel_id: str, app: str) -> Allowance:
        """How often that kernel of that app may still tell the owner of an error."""
        return self.allowances.setdefault(kernel_id, Allowance(app))

    def notify(self, notice: Notice) -> None:
        """Tell the owner: who started the site, and the log."""
        self.log.warning("%s: %s\n%s", notice.app, notice.what, notice.detail)
        self.metrics.noticed(notice.app, notice.kind)
        self.channel.notify(notice)

    def visits_now(self) -> dict[str, int]:
        """How many visits of each served app have a process and were not left."""
        found = self.visits.present()
        return {name: found[name] for name in self.apps}

    def visits_most(self) -> int:
        """How many visits there may be at once."""
        return self.served.settings.visits

    def memory(self) -> tuple[int, int]:
        """Bytes that visitors hold together, and may."""
        return self.room.used, self.room.limit

    def processes(self) -> tuple[int, dict[str, int]]:
        """How many processes visitors have been given so far, and how many of those have ended, by why."""
        return self.visitors.started, dict(self.visitors.ended)

    def log_answer(self, handler: tornado.web.RequestHandler) -> None:
        """Log an answer, and count it."""
        self.metrics.answered(handler.get_status())
        log_request(handler)
