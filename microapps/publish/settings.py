"""What a site is told: its apps and how it is served. Plain values that cross to its process as JSON."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from ..errors import InvalidSetting
from ..sandbox import Confinement
from .embedding import ancestor

MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class WayIn:
    """A way into a published app, as a site knows it.

    Attributes
    ----------
    id : its number in the library.
    role : ``owner``: with the owner's own data. ``guest``: with data of their own, in ``data``. ``anyone``: the app's
        plain address, where what is entered is not kept.
    digest : SHA-256 of the link's secret (hex); empty for ``anyone``.
    password : what is kept of the password that ``anyone`` is asked for; empty for none.
    expires : seconds since the epoch; None for never.
    data : a guest's folder.
    """

    id: int
    role: Literal["owner", "guest", "anyone"]
    digest: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    expires: float | None = None
    data: Path | None = None


@dataclass(frozen=True)
class PublishedApp:
    """One app of a site.

    ``name`` is its place in the URL, ``notebook`` the file that is run afresh for each visit, ``confinement`` what its
    kernels may reach: chosen by whoever publishes, never by the notebook. ``digest`` is of the content it was chosen
    for (:attr:`microapps.notebook.MicroApp.digest`): other content gets none of it; empty for whatever the file holds.
    ``thumbnail`` is a PNG for its card on the site's home and for whoever a link is sent to. ``ways`` are the links to
    it that were given out, and ``former`` the names they may call it by, besides its own. ``id`` is its number in the
    library, 0 without one: a name can be another app's later. Links that sites made to it up to ``ended``, in seconds
    since the epoch, are good no more.
    """

    name: str
    title: str
    notebook: Path
    confinement: Confinement
    description: str = ""
    tags: tuple[str, ...] = ()
    digest: str = ""
    thumbnail: Path | None = None
    ways: tuple[WayIn, ...] = ()
    former: tuple[str, ...] = ()
    id: int = 0
    ended: float = 0.0

    @property
    def signed(self) -> str:
        """What a site signs its links to it for: no name has such a character."""
        return f"#{self.id}" if self.id else self.name


@dataclass(frozen=True)
class Capacity:
    """How much there may be of a site at once; the fields of :class:`SiteSettings` with the same names."""

    visits: int = 200
    visits_per_app: int = 0
    memory_mebibytes: int = 0
    processes: int = 1


@dataclass(frozen=True)
class Gateway:
    """A Jupyter Kernel Gateway or Enterprise Gateway, which runs the kernels in place of this machine.

    ``environment`` is what of the environment is for it: the settings of jupyter_server's client, whose names begin
    with ``JUPYTER_GATEWAY_`` and among which is its token, and what kernels are told by names in ``KERNEL_``.

    Raises
    ------
    InvalidSetting
        The URL cannot be used, or holds a secret, which would show in lists of processes and in logs.
    """

    url: str
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            usable = False
        if not usable:
            raise InvalidSetting(
                "The gateway's URL cannot be used.", "Give scheme, host and port, such as http://127.0.0.1:8888."
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise InvalidSetting(
                "The gateway's URL holds more than an address.",
                "Leave user, password and query out of it; set JUPYTER_GATEWAY_AUTH_TOKEN in the environment instead.",
            )

    @classmethod
    def of(cls, url: str, environment: Mapping[str, str]) -> Gateway:
        """The gateway at ``url``, with what of ``environment`` is for it."""
        meant = {name: value for name, value in environment.items() if name.startswith(("JUPYTER_GATEWAY_", "KERNEL_"))}
        return cls(url, meant)


@dataclass(frozen=True)
class SiteSettings:
    """How a site is served.

    Attributes
    ----------
    host, port : where to listen; port 0 takes a free one.
    token : opens the index of apps; made up (192 bits) when empty.
    key : what the site's own links and forms are signed with (hex); made up (256 bits) when empty. A site that is
        started again with the same one knows those from before.
    base_url : the path the site is served under, as a reverse proxy passes it on.
    public_url : scheme, host and base path that visitors see, where a proxy does not pass their Host header on;
        empty otherwise.
    frame_ancestors : origins that may show apps in a frame, besides the site itself; the home stays with the site.
    visits : how many visits there may be at once; further visitors see a page that asks them to wait.
    visits_per_app : how many of them may be of one app; 0 for no limit of its own.
    memory_mebibytes : how much private memory visitors may have together; 0 for three quarters of the machine's.
    processes : how many processes serve it; each visitor is pinned to one of them.
    linger : seconds a visit outlives its last connection, for a reload of the network.
    connect_within : seconds a page has to connect after it was sent.
    send_within : seconds in which a request has to be sent, and for which a connection may be silent before the next.
    link_hours : how long the links on the index stay good.
    warm : for how many apps without a visitor a warm process is kept, from which their kernels start quickly.
    start_within : seconds a kernel has to start.
    upload_mebibytes : the largest single message from a page, which bounds a file upload.
    output_mebibytes : the most a notebook may output while it runs, and a page may lag behind its kernel.
    thin : whether apps whose widgets allow it get the thin page and a forked process; else all get Voila's page.
    gateway : where kernels run; None for this machine, which confines them. On a gateway all apps get Voila's page.
    """

    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    base_url: str = "/"
    public_url: str = ""
    frame_ancestors: tuple[str, ...] = ()
    visits: int = 200
    visits_per_app: int = 0
    memory_mebibytes: int = 0
    processes: int = 1
    linger: float = 20.0
    connect_within: float = 60.0
    send_within: float = 75.0
    link_hours: float = 12.0
    warm: int = 4
    start_within: float = 60.0
    upload_mebibytes: int = 64
    output_mebibytes: int = 32
    thin: bool = True
    gateway: Gateway | None = None

    def __post_init__(self) -> None:
        if not self.base_url.startswith("/") or not self.base_url.endswith("/") or "//" in self.base_url:
            raise InvalidSetting(
                f"The base URL {self.base_url!r} cannot be used.", "Give a path that begins and ends with '/'."
            )
        if self.visits < 1 or self.visits_per_app < 0 or self.memory_mebibytes < 0 or not 1 <= self.processes < 1000:
            raise InvalidSetting(
                "A site needs a place for a visit, one process at least and no negative limits.", "Leave them out."
            )
        if self.public_url and not self.public_url.startswith(("http://", "https://")):
            raise InvalidSetting(f"The public URL {self.public_url!r} cannot be used.", "Begin it with https://.")
        object.__setattr__(self, "frame_ancestors", tuple(map(ancestor, self.frame_ancestors)))
        if not self.token:
            object.__setattr__(self, "token", secrets.token_urlsafe(24))
        if not self.key:
            object.__setattr__(self, "key", secrets.token_hex(32))

    @property
    def own_origin(self) -> bool:
        """Whether the site has its origin to itself: one below a path may share it, perhaps with a Jupyter server."""
        return self.base_url == "/" and urlsplit(self.public_url).path in ("", "/")


@dataclass(frozen=True)
class Serving:
    """What makes a process one of several that serve a site.

    Attributes
    ----------
    number : which one, from 0.
    door : the open file by which it is handed connections.
    """

    number: int
    door: int


@dataclass(frozen=True)
class SiteConfig:
    """All that the site's process reads from its standard input when it starts.

    Attributes
    ----------
    serving : it is one of several.
    revoked : up to when links were made that are good no more, in seconds since the epoch, by the app.
    """

    apps: tuple[PublishedApp, ...]
    settings: SiteSettings
    serving: Serving | None = None
    revoked: dict[str, float] = field(default_factory=dict)


CONFIG: TypeAdapter[SiteConfig] = TypeAdapter(SiteConfig)
APPS: TypeAdapter[tuple[PublishedApp, ...]] = TypeAdapter(tuple[PublishedApp, ...])
