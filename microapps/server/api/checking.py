"""Checking an app again: told layer by layer, for a check may take longer than a proxy waits for an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from ...checks.report import LayerResult
from ...errors import MicroappsError
from ...telling.findings import layer_in, report_in
from ..call import Call
from ..faults import UNEXPECTED, fault, told
from ..route import Route, Sent, Stream


async def check(call: Call, name: str) -> Stream:
    """Check the current revision again. An event ``layer`` tells of each layer (LayerResult) as it ends, and the last
    one is ``report`` (Report), or ``fault`` (Fault) where it could not be checked.

    What was found is kept, also when nobody reads on.
    """
    record = await call.work(call.studio.library.app, name)
    return Stream(_checked(call, record.name))


async def _checked(call: Call, name: str) -> AsyncIterator[Sent]:
    news: asyncio.Queue[Sent] = asyncio.Queue()

    def tell(layer: LayerResult) -> None:
        news.put_nowait(Sent(layer_in(layer, call.language).model_dump_json(), event="layer"))

    async def work() -> None:
        last = Sent(told(UNEXPECTED, call.language).model_dump_json(), event="fault")
        try:
            report = await call.studio.check(name, on_layer=tell)
            record = await call.work(call.studio.library.app, name)
            await call.work(call.studio.record_check, record.name, record.current, report)
            last = Sent(report_in(report, call.language).model_dump_json(), event="report")
        except MicroappsError as error:
            last = Sent(fault(error, call.language).model_dump_json(), event="fault")
        finally:
            news.put_nowait(last)

    call.service.later(work())
    while True:
        sent = await news.get()
        yield sent
        if sent.event != "layer":
            return


ROUTES = (Route("POST", "apps/{name}/check", check, media="text/event-stream"),)
