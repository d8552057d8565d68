"""How visitors come in: by a link with a secret, or at an app's plain address, with or without a password.

No page here has a script of the app or of anyone but us, none sets a cookie, and what a visitor is given is an address.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..errors import InvalidInput
from . import pages
from .capabilities import app_path
from .entrances import Entry, forgets
from .handlers import SiteHandler, passed_on
from .home import PICTURE, Social, drawn
from .notebooks import confined_as_granted, content_as_read
from .passwords import LONGEST, fits
from .plain import plain_words
from .policy import SANDBOX
from .thin import Cover
from .visitors.protocol import SOCKET
from .visits import Visit

if TYPE_CHECKING:
    from .visitors.opening import Opening

FORM_SECONDS = 3600.0
"""How long a page that asks for a password may be open before it is sent."""
_KOREAN = re.compile(r"\s*ko\b", re.IGNORECASE)
"""What the header begins with of a browser whose user reads Korean first."""
AT_ONCE = 2
"""Passwords that are compared at a time: each takes memory and a processor for a while."""


class Entrance(SiteHandler):
    """A page that an app is behind."""

    def enter(self, entry: Entry, name: str, secret: str = "") -> None:
        """Show the app in a frame, as a fresh visit."""
        app, way = entry.app, entry.way
        visit = self.site.visits.announce(app.name, passed_on(self.request.query), way.id, app.ended)
        built, address = self.site.client, self.site.visit_url(visit)
        here = app_path(self.site.base, name, secret) if secret else plain_path(self.site.base, name)
        client, covering, connects, cover, joins = "", "", [f"http://{self.host}{here}"], None, False
        if self.site.opening is not None and built is not None and not self.full:
            thin = f"{self.site.statics}thin/"
            client, covering = thin + built.script, built.cover_text
            connects.append(f"http://{self.host}{thin}")
            cover = self.cover(self.site.opening, visit)
            joins = cover is not None
            if joins:
                connects.append(f"ws://{self.host}{address}{SOCKET}")
        self.send_frame(
            f"http://{self.host}{self.site.base}visits/",
            pages.script_sources(covering),
            connects=" ".join(connects),
            cover=cover,
            own=bool(client) and self.site.served.settings.own_origin,
            scripts=app.confinement.granted.scripts,
            joins=joins,
            client=client,
            title=app.title,
            source=address,
            anew="no-cache" in self.request.headers.get("Cache-Control", ""),
            sandbox=SANDBOX,
            covering=covering,
            script=pages.frame_script(),
            ancestors=self.ancestors,
            forgets=forgets(app, way),
            korean=_KOREAN.match(self.request.headers.get("Accept-Language", "")) is not None,
            social=self.social(entry, here, shown=bool(secret) or not way.password),
        )

    def tell_whether(self, entry: Entry | None) -> None:
        """Answer whether an app is here, without a visit to it."""
        self.set_status(200 if entry is not None else 404)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish()

    def cover(self, opening: Opening, visit: Visit) -> Cover | None:
        """What the frame shows until the visit's page is there; it may join the visit's process already."""
        app = self.site.app_of(visit)
        if app is None:
            return None
        try:
            notebook, digest = content_as_read(app.notebook, app.title)
        except InvalidInput:
            return None  # the visit's page says so
        return opening.cover(visit, confined_as_granted(app, digest), notebook)

    def social(self, entry: Entry, address: str, *, shown: bool) -> Social:
        """What a link to the app shows of itself; its picture is ``shown`` to those who may come in."""
        app = entry.app
        image = f"{self.origin}{address}{PICTURE}" if shown and drawn(app.thumbnail)[0] else ""
        return Social(app.title, plain_words(app.description), image, f"The app {app.title}")


class Frame(Entrance):
    """The page at an app's link: a frame around a fresh visit."""

    def head(self, name: str, secret: str) -> None:
        self.tell_whether(self.site.entrances.by_secret(name, secret))

    def get(self, name: str, secret: str) -> None:
        entry = self.site.entrances.by_secret(name, secret)
        if entry is None:
            self.show(pages.no_such_page())
            return
        self.enter(entry, name, secret)


class Door(Entrance):
    """An app's plain address, for an app that is published to anyone who knows it, or its password.

    The password is taken by a form that leads here and nowhere else. A page of another site could send one too, but
    there is nothing to gain: no cookie is set, the answer is an address that only whoever asked can read, and the
    form's token, bound to where it was asked for from, keeps others from using up a visitor's tries.
    """

    def head(self, name: str) -> None:
        self.tell_whether(self.site.entrances.by_name(name))

    def get(self, name: str) -> None:
        entry = self.site.entrances.by_name(name)
        if entry is None:
            self.show(pages.no_such_page())
        elif not self.request.path.endswith("/"):
            self.lead(plain_path(self.site.base, entry.app.name))
        elif entry.way.password:
            self.ask(entry)
        else:
            self.enter(entry, name)

    async def post(self, name: str) -> None:
        entry = self.site.entrances.by_name(name)
        if entry is None or not entry.way.password:
            self.show(pages.no_such_page())
            return
        app = entry.app.name
        if not self.site.forms.good(self.get_body_argument("form", "", strip=False), app, self.client):
            self.ask(entry, "This page had been open for too long. Please enter the password again.")
            return
        given = self.get_body_argument("password", "", strip=False)
        async with self.site.attempts.turn(app, self.client), self.site.comparing:
            wait = self.site.attempts.wait(app, self.client)
            right = not wait and await asyncio.to_thread(fits, given, entry.way.password)
            if right:
                self.site.attempts.right(app, self.client)
            elif not wait:
                self.site.attempts.wrong(app, self.client)
        if wait:
            self.set_header("Retry-After", f"{wait:.0f}")
            self.show(pages.too_many_tries(max(1.0, wait)))
            return
        if not right:
            self.ask(entry, "That is not the password.")
            return
        seconds = self.site.served.settings.link_hours * 3600
        given_out = self.site.capabilities.issue(entry.app.signed, seconds, entry.way.id, since=entry.app.ended)
        path = app_path(self.site.base, name, given_out)
        self.lead(path, status=303)

    def lead(self, path: str, *, status: int = 302) -> None:
        """Lead on with what the address fills in."""
        query = passed_on(self.request.query)
        self.redirect(f"{path}?{query}" if query else path, status=status)

    def ask(self, entry: Entry, wrong: str = "") -> None:
        """Show the page that asks for the password."""
        app = entry.app
        self.set_status(403 if wrong else 200)
        self.send_own(
            "door.html",
            form=f"http://{self.host}{plain_path(self.site.base, app.name)}",
            title=app.title,
            wrong=wrong,
            token=self.site.forms.token(app.name, self.client),
            longest=LONGEST,
            forgets=forgets(app, entry.way),
            framed=self.request.headers.get("Sec-Fetch-Dest", "") == "iframe",
            social=Social(app.title, "This app asks for a password."),
        )


class Picture(SiteHandler):
    """An app's picture, for whoever may come in without being asked for more."""

    def head(self, name: str, secret: str = "") -> None:
        self.get(name, secret)

    def get(self, name: str, secret: str = "") -> None:
        entries = self.site.entrances
        entry = entries.by_secret(name, secret) if secret else entries.by_name(name)
        shown = entry is not None and (secret or not entry.way.password)
        content, kind = drawn(entry.app.thumbnail if entry is not None and shown else None)
        if not content:
            self.show(pages.no_such_page())
            return
        self.set_header("Content-Type", kind)
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")
        self.finish(content)


class Forms:
    """Tokens of forms: each says for which app, where from and when it was asked for, and that we made it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, app: str, client: str) -> str:
        """A token for a form that is shown now."""
        now = str(int(time.time()))
        return f"{now}.{self._sign(now, app, client)}"

    def good(self, token: str, app: str, client: str) -> bool:
        """Whether we made this token for that app, for whoever is there, and not too long ago."""
        now, _, signed = token.partition(".")
        if not hmac.compare_digest(signed.encode(), self._sign(now, app, client).encode()):
            return False
        return 0 <= time.time() - float(now) <= FORM_SECONDS

    def _sign(self, now: str, app: str, client: str) -> str:
        made = hmac.new(self._key, "\0".join((now, app, client)).encode("utf-8", "surrogatepass"), hashlib.sha256)
        return base64.urlsafe_b64encode(made.digest()).decode()


def plain_path(base: str, name: str) -> str:
    """The path of an app's plain address."""
    return f"{base}apps/{quote(name)}/"
