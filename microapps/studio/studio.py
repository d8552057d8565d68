"""The studio: every use case of the house behind one object.

Front ends open one studio in a process and hold it for as long as they live; jobs run in its event loop, the library
and the warm kernels are shared by all of them.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlsplit

from ..broker import Broker
from ..checks import LayerResult, Report, check
from ..checks.preload import preloadable
from ..errors import InvalidNotebook, UnknownApp
from ..folders import home as home_folder
from ..folders import library_url
from ..generator import Model, Settings, find_key, read_settings, stamp
from ..library import Library
from ..notebook import MicroApp, adopt, read
from ..publish import Capacity, Gateway, Notice, PublishedApp, Site, SiteSettings
from ..publish.gallery import gallery_app, gallery_names
from ..publish.gateway.fitness import fit_for_gateway
from ..sandbox import Confinement, Sandbox
from .attempts import Attempts
from .diagnosis import Diagnosis, diagnose
from .groups import Group, Grouping
from .happenings import Happenings, StudioChanged
from .jobs import Job
from .journals import Journals
from .live import LiveSite
from .pictures import Pictures
from .sharing import Sharing
from .stage import Stage
from .writing import Writer

if TYPE_CHECKING:
    from ..generator import AnthropicModel


class Studio(Grouping, Sharing):
    """Use it as ``async with Studio.open() as studio``.

    Attributes
    ----------
    library : the apps and their history.
    settings : the person's settings.
    model : who writes; None where no key is set.
    sandbox : where every kernel comes from.
    broker : answers the apps that may ask the model.
    happenings : whom it tells what happens.
    configured : the files of settings and key as they were when they were read.
    stage : where its apps are shown to whoever works with them.
    pictures : of its apps, where a front end wants them.
    """

    def __init__(self, home: Path, library: Library, settings: Settings, model: Model | None) -> None:
        self.home = home
        self.library = library
        self.settings = settings
        self.model = model
        self.configured = stamp()
        self.sandbox = Sandbox()
        self.broker = Broker(library, model, settings)
        self.happenings = Happenings()
        self.stage = Stage(self.library, self.published, self.happenings, home / "site.log")
        self.pictures = Pictures(home / "pictures", library, self._seen, self.happenings)
        self._writer = Writer(library, self.sandbox, settings, model, self.pictures)
        self._attempts = Attempts(self.attempts_file, library)
        self._jobs: dict[str, Job] = {}
        self._journals = Journals(home / "jobs", library)
        self._groups: dict[str, Group] = {}
        self._open = AsyncExitStack()
        self._renewing = asyncio.Lock()

    @classmethod
    def open(cls, home: Path | None = None, *, model: Model | None = None, settings: Settings | None = None) -> Studio:
        """A studio on a user's folder.

        Parameters
        ----------
        home : the user's folder; by default :func:`microapps.folders.home`.
        model : who writes; by default the endpoint of the settings, with the person's key, where there is one.
        settings : by default those in the user's folder.
        """
        folder = home or home_folder()
        written = stamp()
        chosen = settings or read_settings()
        own = None if model else configured_model(chosen)
        studio = cls(folder, Library(folder, library_url()), chosen, model or own)
        studio.configured = written
        if own is not None:
            studio._open.push_async_callback(own.aclose)
        return studio

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._journals.recover)
        await self._open.enter_async_context(self.sandbox)
        await self._open.enter_async_context(self.broker)
        await self._open.enter_async_context(self.stage)
        await self._open.enter_async_context(self.pictures)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for job in self._jobs.values():
            job.stop()
        for job in self._jobs.values():
            await job.wait()
        await self._open.aclose()
        await asyncio.to_thread(self._attempts.close)
        self.library.close()

    async def renew(self) -> None:
        """Take up settings and key as they are now; jobs under way go on with what they began with.

        Raises
        ------
        InvalidSetting
            They cannot be read; nothing is changed then.
        """
        async with self._renewing:  # one that read before another did never has the last word
            written = stamp()
            settings = read_settings()
            model = await asyncio.to_thread(configured_model, settings)  # the first import of its client takes seconds
            self.settings, self.model, self.configured = settings, model, written
            self._writer.settings, self._writer.model = settings, model
            self.broker.renew(model, settings)
            if model is not None:
                self._open.push_async_callback(model.aclose)
        self.happenings.tell(StudioChanged())

    async def _seen(self, name: str) -> str:
        """An address that shows an app to a browser on this machine."""
        path = await self.stage.link(name, hours=0.25, blank=True)  # others see it, where the app is published
        return f"{self.stage.address}{path}"

    # Checks

    async def check(self, target: str | Path, *, on_layer: Callable[[LayerResult], None] | None = None) -> Report:
        """Check an app of the library, or any notebook file.

        A notebook that is no micro-app is checked as if it were adopted; nothing is written.
        """
        path = Path(target)
        if path.suffix == ".ipynb" or path.is_file():
            return await check(notebook_app(path), sandbox=self.sandbox, scope=str(path.resolve()), emit=on_layer)
        record = self.library.app(str(target))
        await asyncio.to_thread(self.library.sync, record.name)
        app = self.show(record.name)
        return await check(
            app, sandbox=self.sandbox, granted=self.library.granted(record.name, app.digest), emit=on_layer
        )

    # Publishing

    def published(self, name: str) -> PublishedApp:
        """An app as the site serves it, with what it was granted and its own data folder."""
        self.library.sync(name)
        record = self.library.app(name)
        app = self.show(name)
        granted = self.library.granted(name, app.digest)
        if app.metadata.permissions.storage == "none":
            granted = granted.model_copy(update={"storage": "none"})
        else:
            record.data.mkdir(mode=0o700, exist_ok=True)
        self._attempts.take_soon()
        return PublishedApp(
            name=record.name,
            title=record.title,
            description=record.description,
            tags=record.tags,
            notebook=record.path,
            digest=app.digest,
            thumbnail=self.pictures.of(app.digest),
            ways=self.ways(record),
            former=record.former,
            id=record.id,
            ended=record.ended.timestamp() if record.ended is not None else 0.0,
            confinement=Confinement(
                app=record.name,
                granted=granted,
                begins=app.metadata.provenance.begins,
                preload=preloadable(app),
                data=record.data if granted.storage != "none" else None,
                sockets=self.broker.sockets(record.name, app.digest, granted),
                log=self.attempts_file,
            ),
        )

    async def serve(
        self,
        names: Sequence[str] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        public_url: str = "",
        base_url: str = "",
        gallery: bool = False,
        shared: bool = False,
        capacity: Capacity | None = None,
        gateway: Gateway | None = None,
        embed_on: Sequence[str] = (),
        on_notice: Callable[[Notice], None] | None = None,
    ) -> Site:
        """A site of some apps, or of all, and those to come. Entering it as an asynchronous context starts its process.

        With ``gallery`` it has the apps that ship, and of the person's those that are named. ``shared``: it is the
        person's site, with everything that is published too. ``public_url`` is where visitors reach it,
        ``base_url`` the path below which a proxy passes it on, that of ``public_url`` if left out. ``capacity`` says
        how much there may be at once. ``on_notice`` is told what the owner of an app should know, such as a callback
        that failed for a visitor. ``gateway`` runs the kernels in place of this machine, which contains nothing then;
        apps that cannot run there are told of, or refused where they are named. ``embed_on`` are the origins whose
        pages may show apps in a frame.
        """
        every = [] if gallery else [record.name for record in self.library.apps()]
        own = [self.published(name) for name in names or every]
        shipped = [gallery_app(name, self.home / "gallery") for name in gallery_names()] if gallery else []
        fixed = [app for app in shipped if app.name not in {mine.name for mine in own}]
        apps = own + fixed
        if not apps and not (shared and self.library.publications()):
            raise UnknownApp("There is no app to serve yet.", "Make one with 'microapps make \"…\"'.")
        base = f"{(base_url or urlsplit(public_url).path).rstrip('/')}/"
        if gateway is not None:
            await asyncio.to_thread(fit_for_gateway, apps, names or (), on_notice)
        most = asdict(capacity or Capacity())
        token = token or secrets.token_urlsafe(24)
        key = await asyncio.to_thread(self.library.site_key, token)
        settings = SiteSettings(
            host=host, port=port, token=token, key=key, public_url=public_url, base_url=base, gateway=gateway,
            frame_ancestors=tuple(embed_on), **most,
        )  # fmt: skip
        return LiveSite(
            apps,
            settings,
            library=self.library,
            published=self.published,
            fixed=[app.name for app in fixed],
            shared=shared,
            every=not names and not gallery and gateway is None,  # for a gateway, it is asked first what can run there
            home=self.home,
            on_notice=on_notice,
            log_file=self.home / "site.log",
        )

    async def export(
        self, name: str, to: Literal["notebook", "html", "zip", "app"], target: Path, *, with_data: bool = False
    ) -> Path:
        """Write an app to a file of its own; the path written. One to import has its picture taken if it has none."""
        exporting = await asyncio.to_thread(import_module, "microapps.publish.export")  # it brings Voila along
        if to == "app":
            await self.pictures.take(name)
        published = await asyncio.to_thread(self.published, name)
        path: Path = await exporting.export(published, to, target, with_data=with_data, sandbox=self.sandbox)
        return path

    async def diagnose(self, *, call: bool = False, prove: bool = False) -> tuple[Diagnosis, ...]:
        """What of this machine is there and what is missing."""
        return await diagnose(self.home, self.settings, self.model, call=call, proven=prove)


def configured_model(settings: Settings) -> AnthropicModel | None:
    """The model of the person's key and settings; None where there is neither a key nor a server of their own."""
    key = find_key()
    if key is None and not settings.endpoint:
        return None
    from ..generator import AnthropicModel  # its client takes half a second to import, for nothing without a key

    return AnthropicModel(key=key.secret if key else None, base_url=settings.endpoint)


def notebook_app(path: Path) -> MicroApp:
    """A file's micro-app, or what adopting it would make of a notebook that is none."""
    try:
        return read(path).app
    except InvalidNotebook as error:
        if error.key != "microapps":
            raise
        return adopt(path)
