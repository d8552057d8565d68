"""The one handler of the API: who may ask, what they ask, and the answer of the route's function as HTTP.

Every route goes through here, so none can be without authentication, authorisation and the XSRF check. An error of
ours is answered as a :class:`~microapps.server.models.Fault`; nothing of any other error leaves the server but that it
was.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import tornado.web
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from pydantic import BaseModel, TypeAdapter, ValidationError
from tornado.iostream import StreamClosedError

from ..errors import InvalidInput, MicroappsError
from .call import Call
from .downloads import send_file
from .faults import OF_STATUS, UNEXPECTED, fault, no_room, status, told, unreadable
from .route import Download, Route, Stream
from .streaming import send_stream

if TYPE_CHECKING:
    from .service import Service

RESOURCE = "microapps"
LARGEST_BODY = 32 << 20
"""Bytes of a request's JSON: a notebook with pictures in it. Files are sent as uploads."""


class ApiHandler(APIHandler):
    """Answers all methods of one address."""

    auth_resource = RESOURCE
    service: Service
    routes: Mapping[str, Route]

    def initialize(self, service: Service, routes: Mapping[str, Route]) -> None:
        """``routes`` are those of this address, by method."""
        self.service = service
        self.routes = routes
        self.gone = asyncio.Event()

    def on_connection_close(self) -> None:
        """Whoever asked has left before the answer was whole."""
        self.gone.set()

    @tornado.web.authenticated
    @authorized
    async def get(self, *parts: str) -> None:
        await self.answer(*parts)

    @tornado.web.authenticated
    @authorized
    async def post(self, *parts: str) -> None:
        await self.answer(*parts)

    @tornado.web.authenticated
    @authorized
    async def put(self, *parts: str) -> None:
        await self.answer(*parts)

    @tornado.web.authenticated
    @authorized
    async def patch(self, *parts: str) -> None:
        await self.answer(*parts)

    @tornado.web.authenticated
    @authorized
    async def delete(self, *parts: str) -> None:
        await self.answer(*parts)

    async def answer(self, *parts: str) -> None:
        """Read the request, have the route's function answer it, and send that."""
        route = self.routes.get(self.request.method or "")
        if route is None:
            raise tornado.web.HTTPError(405 if self.routes else 404)
        try:
            options = self.options_of(route)
            call = await self.call()
            found = await route.act(call, *parts, **options)
        except MicroappsError as error:
            self.refuse(error)
            return
        except OSError as error:
            if (full := no_room(error)) is None:
                raise
            self.refuse(full)
            return
        self.set_header("Cache-Control", "no-store")
        match found:
            case Stream():
                await send_stream(self, found)
            case Download():
                await send_file(self, found)
            case None:
                self.set_status(204)
                await self.send()
            case _:
                self.set_status(route.status)
                await self.send(dumped(route.answers, found))

    async def send(self, body: str | None = None) -> None:
        """Send the whole answer; that whoever asked has left is no error."""
        with suppress(StreamClosedError):
            await self.finish(body)

    async def call(self) -> Call:
        """What the route's function is told of this request."""
        studio = await self.service.studio()
        origin = f"{self.request.protocol}://{self.request.host}"
        return Call(self.service, studio, self.user, self.language, origin, self.last_seen)

    def options_of(self, route: Route) -> dict[str, Any]:
        """The body and the query, checked; raises InvalidInput."""
        options: dict[str, Any] = {}
        try:
            for name, parameter in route.query.items():
                given = self.get_query_arguments(name)
                if given:
                    options[name] = TypeAdapter(parameter.annotation).validate_python(given[-1])
                elif parameter.default is parameter.empty:
                    raise InvalidInput(f"The address lacks {name!r}.", "Look at the API's description (openapi.json).")
            if route.takes is not None:
                body = self.request.body
                if len(body) > LARGEST_BODY:
                    raise InvalidInput("The request is too large.", "Send less at once; files are sent as uploads.")
                options["wish"] = TypeAdapter(route.takes).validate_json(body or b"{}")
        except ValidationError as error:
            raise unreadable(error) from None
        return options

    @property
    def user(self) -> str:
        """Who asks. Whoever has the server's token is its owner, whatever name the browser made up."""
        return "" if self.token_authenticated else str(self.current_user.username)

    @property
    def language(self) -> Literal["en", "ko"]:
        preferred = self.request.headers.get("Accept-Language", "").strip().lower()
        return "ko" if preferred.startswith("ko") else "en"

    @property
    def last_seen(self) -> int:
        said = self.request.headers.get("Last-Event-ID", "")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0

    def refuse(self, error: MicroappsError) -> None:
        """Answer with an error of ours."""
        self.set_status(status(error))
        self.finish(fault(error, self.language).model_dump_json())

    def write_error(self, status_code: int, **_: Any) -> None:
        """Answer with what went wrong, in the form of every error here."""
        self.finish(told(OF_STATUS.get(status_code, UNEXPECTED), self.language).model_dump_json())


def dumped(kind: Any, found: Any) -> str:
    """An answer as JSON."""
    if isinstance(found, BaseModel):
        return found.model_dump_json()
    return TypeAdapter(kind).dump_json(found).decode() if kind is not dict else json.dumps(found)
