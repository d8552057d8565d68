"""How an app is published, and the links to it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from .value import Value

Role = Literal["owner", "guest", "anyone"]


class PublishWish(Value):
    """Publish an app, by one more way into it. Without anything it is a link of one's own.

    Attributes
    ----------
    role : ``owner``: a link of one's own, to the app with one's own data (the one there is already, unless it is to
        expire). ``guest``: a link for somebody else, who keeps data of their own. ``anyone``: the app's plain address,
        open or with a password; what is typed there is not kept. An app has one such address, and this replaces it.
    label : who the guest is; made up if empty.
    password : for ``anyone``, of 8 characters or more; null for none.
    expires : when the way closes by itself; null for never.
    origin : the browser's (``https://example.org``), for the QR code; the request's own if empty.
    """

    role: Role = "owner"
    label: str = ""
    password: str | None = None
    expires: datetime | None = None
    origin: str = ""


class LinkRow(Value):
    """A way into an app.

    Attributes
    ----------
    link : its path on this server, base URL included; null where its secret cannot be shown again.
    password : whether it asks for one.
    good : whether it opens the app now; else it expired or was revoked.
    last : when somebody last came by it.
    """

    id: int
    role: Role
    label: str
    link: str | None
    password: bool
    created: datetime
    expires: datetime | None
    revoked: datetime | None
    good: bool
    visits: int
    last: datetime | None


class PublicationView(Value):
    """How an app is published.

    ``visits`` is how often it was opened by a link, ``visitors`` how many use it on this library's sites just now,
    whichever way they came; ``trouble`` is the last error of a visit. ``reach`` says in a sentence who can follow a
    link.
    """

    published: bool
    since: datetime | None
    links: tuple[LinkRow, ...]
    visits: int
    visitors: int
    trouble: str
    troubled: datetime | None
    reach: str


class PublishedLink(Value):
    """A way into an app, to be given out; all is null when the app is not published.

    ``link`` is a path on this server, base URL included, ``url`` the whole address, ``qr`` a ``data:`` address of an
    SVG with its QR code. ``about`` says in a sentence whose data the app shows to whoever comes that way.
    """

    link: str | None
    url: str | None = None
    qr: str | None = None
    about: str = ""
    row: LinkRow | None = None
