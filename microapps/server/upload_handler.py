"""Receives a file piece by piece onto the disk; nothing is taken from who may not send it."""

from __future__ import annotations

import asyncio

import tornado.web
from jupyter_server.utils import ensure_async

from ..errors import MicroappsError
from .call import Call
from .handler import RESOURCE, ApiHandler
from .uploads import LARGEST, Receiving

DRAINED = 2 << 30
"""Bytes over the limit that are read and dropped: a browser hears no answer before it has sent everything."""


@tornado.web.stream_request_body
class UploadHandler(ApiHandler):
    """The address that takes files."""

    received: Receiving | None = None
    failure: MicroappsError | None = None

    async def prepare(self) -> None:  # type: ignore[override]
        """Ask who it is before the first piece is taken."""
        await super().prepare()
        if self.request.method != "POST":
            return
        user = self.current_user
        if not user:
            raise tornado.web.HTTPError(403)
        if not await ensure_async(self.authorizer.is_authorized(self, user, "write", RESOURCE)):
            raise tornado.web.HTTPError(403)
        await self.service.studio()
        if self.request.connection is not None:
            self.request.connection.set_max_body_size(LARGEST + DRAINED)  # type: ignore[attr-defined]
        try:
            self.received = await asyncio.to_thread(self.service.uploads.receive)
        except MicroappsError as error:
            self.failure = error

    async def data_received(self, chunk: bytes) -> None:
        if self.received is None or self.failure is not None:
            return
        try:
            await asyncio.to_thread(self.received.take, chunk)
        except MicroappsError as error:
            self.failure = error
            self.received.drop()

    async def call(self) -> Call:
        """The file goes with it; what went wrong with it is raised here."""
        if self.failure is not None:
            raise self.failure
        call = await super().call()
        return call.with_body(self.received)

    def refuse(self, error: MicroappsError) -> None:
        """What was not kept is gone before that is said."""
        if self.received is not None:
            self.received.drop()
        super().refuse(error)

    def on_finish(self) -> None:
        """What was not kept is gone, whatever went wrong."""
        if self.received is not None:
            self.received.drop()
        super().on_finish()

    def on_connection_close(self) -> None:
        """Whoever sent it has left in the middle."""
        super().on_connection_close()
        if self.received is not None:
            self.received.drop()
