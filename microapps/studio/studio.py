"""The studio: every use case of the house behind one object.

Front ends open one studio in a process and hold it for as long as they live; jobs run in its event loop, the library
and the warm kernels are shared by all of them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from ..broker import Broker
from ..checks import LayerResult, Report, check
from ..checks.preload import preloadable
from ..errors import InvalidInput, InvalidNotebook, MachineFault, UnknownApp
from ..folders import home as home_folder
from ..generator import Model, Settings, find_key, read_settings
from ..library import Access, AppRecord, Library, Revision
from ..library.names import usable
from ..notebook import AppDifference, MicroApp, Permissions, adopt, difference, read
from ..publish import Notice, PublishedApp, Site, SiteSettings
from ..sandbox import Confinement, Sandbox, refuse_forbidden
from .attempts import take_attempts
from .diagnosis import Diagnosis, diagnose
from .jobs import Action, Job
from .session import Wish
from .writing import Writer

if TYPE_CHECKING:
    from ..generator import AnthropicModel


@dataclass(frozen=True)
class PermissionState:
    """What an app asks for, what the person gave the content that is current, and what is missing between the two."""

    asked: Permissions
    granted: Permissions
    missing: Permissions


class Studio:
    """Use it as ``async with Studio.open() as studio``.

    Attributes
    ----------
    library : the apps and their history.
    settings : the person's settings.
    model : who writes; None where no key is set.
    sandbox : where every kernel comes from.
    broker : answers the apps that may ask the model.
    """

    def __init__(self, home: Path, library: Library, settings: Settings, model: Model | None) -> None:
        self.home = home
        self.library = library
        self.settings = settings
        self.model = model
        self.sandbox = Sandbox()
        self.broker = Broker(library, model, settings)
        self._writer = Writer(library, self.sandbox, settings, model)
        self._jobs: dict[str, Job] = {}
        self._open = AsyncExitStack()

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
        chosen = settings or read_settings()
        own = None if model else configured_model(chosen)
        studio = cls(folder, Library(folder), chosen, model or own)
        if own is not None:
            studio._open.push_async_callback(own.aclose)
        return studio

    async def __aenter__(self) -> Self:
        await self._open.enter_async_context(self.sandbox)
        await self._open.enter_async_context(self.broker)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for job in self._jobs.values():
            job.stop()
        for job in self._jobs.values():
            await job.wait()
        await self._open.aclose()
        self.library.close()

    # Jobs

    def make(
        self,
        request: str,
        *,
        name: str | None = None,
        data: Sequence[Path] = (),
        speed: str | None = None,
        starter: str | None = None,
        offline: bool = False,
        allow: Permissions | None = None,
        deadline: float | None = None,
        budget: float | None = None,
    ) -> Job:
        """Begin to make an app; see :class:`~microapps.studio.session.Wish` for what each says."""
        wish = Wish(
            request=_said(request),
            name=usable(name) if name else "",
            data=_files(data),
            speed=speed or "",
            starter=starter or "",
            offline=offline,
            allow=allow or Permissions(),
            deadline=deadline,
            budget=budget,
        )
        return self._begin("make", wish, lambda job: self._writer.make(job, wish))

    def change(
        self,
        name: str,
        request: str,
        *,
        data: Sequence[Path] = (),
        speed: str | None = None,
        allow: Permissions | None = None,
        deadline: float | None = None,
        budget: float | None = None,
    ) -> Job:
        """Begin to change an app.

        Raises
        ------
        UnknownApp
            When there is no app of that name.
        """
        app = self.library.app(name)
        wish = Wish(
            request=_said(request),
            data=_files(data),
            speed=speed or "",
            allow=allow or Permissions(),
            deadline=deadline,
            budget=budget,
        )
        return self._begin("change", wish, lambda job: self._writer.change(job, wish), app.name)

    def adopt(self, path: Path, *, name: str | None = None, allow: Permissions | None = None) -> Job:
        """Begin to take an existing widget notebook into the library."""
        wish = Wish(request=f"adopt {path.name}", name=usable(name) if name else "", allow=allow or Permissions())
        return self._begin("adopt", wish, lambda job: self._writer.adopt(job, wish, _files([path])[0]))

    def _begin(self, action: Action, wish: Wish, work: Callable[[Job], Awaitable[None]], app: str = "") -> Job:
        refuse_forbidden(wish.given)
        job = Job(action, wish.request, app).start(work)
        self._jobs[job.id] = job
        return job

    def jobs(self) -> tuple[Job, ...]:
        """Every job of this studio, the newest last, ended ones too."""
        return tuple(self._jobs.values())

    def job(self, id: str) -> Job:
        """The job of that id; UnknownApp if there is none."""
        try:
            return self._jobs[id]
        except KeyError:
            raise UnknownApp(f"There is no job {id!r} here.", "It may have run in another process.") from None

    # Checks

    async def check(self, target: str | Path, *, on_layer: Callable[[LayerResult], None] | None = None) -> Report:
        """Check an app of the library, or any notebook file.

        A notebook that is no micro-app is checked as if it were adopted; nothing is written.
        """
        path = Path(target)
        if path.suffix == ".ipynb" or path.is_file():
            return await check(notebook_app(path), sandbox=self.sandbox, scope=str(path.resolve()), emit=on_layer)
        record = self.library.app(str(target))
        self.library.sync(record.name)
        app = self.show(record.name)
        return await check(
            app, sandbox=self.sandbox, granted=self.library.granted(record.name, app.digest), emit=on_layer
        )

    # The library's use cases

    def undo(self, name: str) -> Revision:
        """Make the revision before the current one current."""
        return self.library.undo(name)

    def redo(self, name: str) -> Revision:
        """Take back an undo."""
        return self.library.redo(name)

    def goto(self, name: str, number: int) -> Revision:
        """Make any revision current."""
        return self.library.goto(name, number)

    def fork(self, name: str, new_name: str | None = None) -> AppRecord:
        """A new app that begins as this one is now; it starts without any grant but what both ask for."""
        return self.library.fork(name, new_name)

    def rename(self, name: str, new_name: str) -> AppRecord:
        """Give an app another name."""
        return self.library.rename(name, new_name)

    def remove(self, name: str) -> None:
        """Put an app in the trash."""
        self.library.remove(name)

    def restore(self, name: str) -> AppRecord:
        """Take an app out of the trash."""
        return self.library.restore(name)

    def show(self, name: str, revision: int | None = None) -> MicroApp:
        """An app as it is in one revision, the current one by default."""
        return self.library.revision(name, revision or self.library.app(name).current).notebook

    def difference(self, name: str, old: int | None = None, new: int | None = None) -> AppDifference:
        """What changed between two revisions; by default between the current one and the one it was made from."""
        later = self.library.revision(name, new or self.library.app(name).current)
        earlier = old or later.parent
        if earlier is None:
            raise InvalidInput(f"{name!r} has no revision before {later.number}.", "Name two revisions.")
        return difference(self.library.revision(name, earlier).notebook, later.notebook)

    # Permissions

    def permissions(self, name: str) -> PermissionState:
        """What an app asks for and what it has."""
        app = self.show(name)
        granted = self.library.granted(name, app.digest)
        return PermissionState(app.metadata.permissions, granted, app.metadata.permissions.beyond(granted))

    def grant(self, name: str, permissions: Permissions) -> None:
        """The person gives an app, as it is now, these permissions besides what it has."""
        refuse_forbidden(permissions)
        digest = self.show(name).digest
        self.library.grant(name, self.library.granted(name, digest).merged(permissions), digest)

    def revoke(self, name: str, permissions: Permissions | None = None) -> None:
        """The person takes permissions back; all of them by default."""
        self.library.revoke(name, permissions)

    def accesses(self, name: str) -> tuple[Access, ...]:
        """What an app tried to reach, the most recent first; what its kernels noted since is taken in first."""
        take_attempts(self._attempts, self.library)
        return self.library.accesses(name)

    @property
    def _attempts(self) -> Path:
        return self.home / "attempts.jsonl"

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
        take_attempts(self._attempts, self.library)
        return PublishedApp(
            name=record.name,
            title=record.title,
            description=record.description,
            tags=record.tags,
            notebook=record.path,
            digest=app.digest,
            confinement=Confinement(
                app=record.name,
                granted=granted,
                preload=preloadable(app),
                data=record.data if granted.storage != "none" else None,
                sockets=self.broker.sockets(record.name, app.digest, granted),
                log=self._attempts,
            ),
        )

    async def serve(
        self,
        names: Sequence[str] | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        on_notice: Callable[[Notice], None] | None = None,
    ) -> Site:
        """A site of some apps, or of all. Entering it as an asynchronous context starts its process.

        ``on_notice`` is told what the owner of an app should know, such as a callback that failed for a visitor.
        """
        chosen = list(names) if names else [record.name for record in self.library.apps()]
        if not chosen:
            raise UnknownApp("There is no app to serve yet.", "Make one with 'microapps make \"…\"'.")
        apps = [self.published(name) for name in chosen]
        settings = SiteSettings(host=host, port=port, token=token or "")
        return Site(apps, settings, on_notice=on_notice, log_file=self.home / "site.log")

    async def export(
        self, name: str, to: Literal["notebook", "html", "zip"], target: Path, *, with_data: bool = False
    ) -> Path:
        """Write an app to a file of its own; the path written."""
        from ..publish.export import export  # brings Voila along, which nothing else here needs

        self.library.sync(name)
        return await export(self.published(name), to, target, with_data=with_data, sandbox=self.sandbox)

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


def _said(request: str) -> str:
    if not request.strip():
        raise InvalidInput("The request is empty.", "Say in a sentence what the app should do.")
    return request.strip()


def _files(paths: Sequence[Path]) -> tuple[Path, ...]:
    for path in paths:
        if not path.is_file():
            raise InvalidInput(f"There is no file {path}.", "Check the path.")
        try:
            path.open("rb").close()
        except OSError as error:
            raise MachineFault(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from error
    return tuple(path.resolve() for path in paths)
