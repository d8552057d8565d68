"""The site's own pages over HTTP: what they all have in common, the index, and how the site is."""

from __future__ import annotations

import asyncio
import gzip
import hmac
import re
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import tornado.web

from ..errors import InvalidInput
from . import pages
from .home import LONGEST_SEARCH, PICTURE, Card, Social, cards, matches, pictures
from .metrics import CONTENT_TYPE
from .policy import common_headers, own_page, seen_host
from .reached import named_by_others, of_this_machine
from .thin import FULL, Cover

if TYPE_CHECKING:
    from .application import SiteApplication

_SAME_FOR_MANY = 1 << 20
"""Characters of a page up to which its compressed form is kept for who asks for the same."""
_SAME = re.compile(r"(?=<title>)|(?=<iframe src=)")
"""Where what is the same for many begins in a frame, and ends."""
_GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
NEVER_PASSED_ON = frozenset({"token", "access_token", "session_id", "key", "api_key", "password"})
QUERY_LIMIT = 4000


def site_of(handler: tornado.web.RequestHandler) -> SiteApplication:
    """The site a handler belongs to."""
    return cast("SiteApplication", handler.settings["site"])


def passed_on(query: str) -> str:
    """The part of an address's query that an app may see: no secret of the site or of a server before it."""
    pairs = parse_qsl(query[:QUERY_LIMIT], keep_blank_values=True)
    return urlencode([(name, value) for name, value in pairs if name.lower() not in NEVER_PASSED_ON])


@lru_cache(maxsize=64)
def _kept(page: str) -> bytes:
    return gzip.compress(page.encode(), 6)


def _compressed(page: str) -> bytes:
    """A page compressed; one that is not too long is kept so for who asks for the same."""
    return _kept(page) if len(page) <= _SAME_FOR_MANY else gzip.compress(page.encode(), 6)


@lru_cache(maxsize=8)
def _deflated(text: bytes) -> bytes:
    return _deflate(text, zlib.Z_FULL_FLUSH)


def _deflate(text: bytes, end: int) -> bytes:
    compressing = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return compressing.compress(text) + compressing.flush(end)


def _compressed_frame(page: str) -> bytes:
    """A frame compressed: all between its title and its visit is the same for many, and long where it has a cover.

    What is flushed in full needs nothing of what is before it, so the parts follow one another as one (RFC 1951, 1952).
    """
    parts = [part.encode() for part in _SAME.split(page, maxsplit=2)]
    text = b"".join(parts)
    size = struct.pack("<LL", zlib.crc32(text), len(text) & 0xFFFFFFFF)
    first, same, last = parts
    return b"".join([_GZIP, _deflate(first, zlib.Z_FULL_FLUSH), _deflated(same), _deflate(last, zlib.Z_FINISH), size])


class SiteHandler(tornado.web.RequestHandler):
    """What all pages have in common."""

    def set_default_headers(self) -> None:
        for name, value in common_headers().items():
            self.set_header(name, value)

    @property
    def site(self) -> SiteApplication:
        return site_of(self)

    @property
    def full(self) -> bool:
        """Whether Voila's own page is asked for."""
        return self.get_query_argument(FULL, "") not in ("", "0")

    @property
    def host(self) -> str:
        try:
            return seen_host(self.request.host, self.site.served.settings.public_url)
        except InvalidInput:
            raise tornado.web.HTTPError(400) from None

    @property
    def client(self) -> str:
        """Where the request comes from: as the proxy on this machine says, if it came through one."""
        direct = self.request.remote_ip or ""
        said = self.request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return said if said and of_this_machine(direct) else direct

    @property
    def origin(self) -> str:
        """Scheme, host and port as the visitor's browser sees them."""
        public = self.site.served.settings.public_url
        if public:
            return f"{urlsplit(public).scheme}://{urlsplit(public).netloc}"
        said = self.request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
        secure = said == "https" and of_this_machine(self.request.remote_ip or "")
        return f"{'https' if secure else self.request.protocol}://{self.host}"

    @property
    def ancestors(self) -> tuple[str, ...] | None:
        """Who may frame this page; see :func:`.policy.own_page`."""
        return self.site.served.settings.frame_ancestors

    def has_token(self) -> bool:
        """Whether the request carries the site's token, in its query or as a bearer's."""
        bearer = self.request.headers.get("Authorization", "").removeprefix("Bearer ")
        given = self.get_query_argument("token", bearer)
        return hmac.compare_digest(given.encode(), self.site.served.settings.token.encode())

    def show(self, message: pages.Message) -> None:
        """Answer with a page that says one thing."""
        self.set_status(message.status)
        self.send_own("message.html", message=message)

    def send_own(self, template: str, form: str = "", **values: Any) -> None:
        """Answer with a page of ours, which shows no app. It is not compressed: some hold what is secret for long."""
        self.set_header("Content-Security-Policy", own_page(pages.style_source(), self.ancestors, form=form))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(pages.render(template, **values))

    def send_frame(
        self, frame: str, run: str, connects: str, cover: Cover | None, *, own: bool, scripts: bool, **values: Any
    ) -> None:
        """Answer with a frame around a visit, the one secret in it, which is new each time.

        With the site's ``own`` origin it may be reached by the window that opened it, but where ``scripts`` of the app
        run in what it frames: those would reach that window. To cut it off takes the browser a process more.
        """
        style = "'unsafe-inline'" if cover is not None else pages.framing_source()
        policy = own_page(style, self.ancestors, frame, run, connects=connects, own_origin=own)
        self.set_header("Content-Security-Policy", policy)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        if own and not scripts:
            self.clear_header("Cross-Origin-Opener-Policy")
        language = {"lang": cover.language} if cover is not None else {}
        page = pages.render("frame.html", cover=cover, framing=pages.framing_sheet(), **language, **values)
        self.send_compressed(page, _compressed_frame)

    def send_compressed(self, page: str, compress: Callable[[str], bytes] = _compressed) -> None:
        """Answer with a page, compressed for a browser that takes it so; nothing in it is secret for long."""
        self.add_header("Vary", "Accept-Encoding")
        if "gzip" not in self.request.headers.get("Accept-Encoding", ""):
            self.finish(page)
            return
        self.set_header("Content-Encoding", "gzip")
        self.finish(compress(page))

    def write_error(self, status_code: int, **_: Any) -> None:
        self.clear()
        message = pages.named_by_others() if status_code == 403 else pages.no_such_page()
        if status_code >= 500:
            message = pages.Message(status_code, "Something went wrong", ("The owner of this site sees the details.",))
        self.show(message)

    def log_exception(self, *exc_info: Any) -> None:
        if not isinstance(exc_info[1], tornado.web.HTTPError):
            self.site.log.error("A page failed.", exc_info=exc_info)

    def prepare(self) -> None:
        self.site.answers.begin(self)
        if named_by_others(self.request, self.site.served.settings):
            raise tornado.web.HTTPError(403)

    def on_finish(self) -> None:
        self.site.answers.end(self)


class Nothing(SiteHandler):
    """Every address that is none."""

    def prepare(self) -> None:
        super().prepare()
        self.show(pages.no_such_page())


class Index(SiteHandler):
    """The cards of all apps, or of those a search finds, for whoever has the site's token; for no frame elsewhere."""

    ancestors = ()

    async def head(self) -> None:
        await self.get()

    async def get(self) -> None:
        settings = self.site.served.settings
        if not self.has_token():
            self.show(pages.token_needed())
            return
        search = self.get_query_argument("q", "")[:LONGEST_SEARCH]
        pictured = await asyncio.to_thread(pictures, [app for app in self.site.apps.values() if matches(app, search)])
        found = cards(self.site.apps.values(), search, lambda name: self.site.link(name, settings.link_hours), pictured)
        self.send_own(
            "index.html",
            form=f"http://{self.host}{self.site.base}",
            cards=found,
            search=search,
            total=len(self.site.apps),
            token=settings.token,
            home=self.site.base,
            social=self.social(found),
        )

    def social(self, found: list[Card]) -> Social:
        """What a link to the home shows of itself: the picture of the first app that has one."""
        pictured = next((card for card in found if card.picture), None)
        count = len(self.site.apps)
        about = f"{count} small {'app' if count == 1 else 'apps'}, ready to use: " + ", ".join(
            app.title for app in list(self.site.apps.values())[:6]
        )
        image = f"{self.origin}{pictured.link}{PICTURE}" if pictured is not None else ""
        return Social("Apps", about, image, pictured.title if pictured is not None else "")


class Health(SiteHandler):
    """Whether the site answers; it says nothing else, to anyone."""

    def head(self) -> None:
        self.get()

    def get(self) -> None:
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish("ok\n")


class Counts(SiteHandler):
    """The site's metrics, for whoever has its token."""

    async def head(self) -> None:
        await self.get()

    async def get(self) -> None:
        if not self.has_token():
            self.show(pages.token_needed())
            return
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(await self.site.counts())
