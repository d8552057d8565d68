"""An app's page for a visit without a kernel: from the snapshot of its one run, or of the visitor's own.

Gives no page where Voila's is the one to show: where it is asked for (``?full=1``), where the app uses widgets or shows
forms of output that the thin page does not have, where the client has not been built, and where no process without a
kernel is born.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from ...errors import MachineFault
from ..settings import PublishedApp
from ..thin import FULL, Client, Cover, ThinPage, unknown_forms, unknown_modules
from ..visits import Visit
from .protocol import Snapshot
from .staging import Plan, sources
from .visitor import Visitor
from .visitors import Visitors

_log = logging.getLogger("microapps.visitors")
_KEPT = 64
"""Pages that are kept drawn."""


class Opening:
    """Opens visits. ``statics`` is the path of the site's statics, with a slash at its end.

    ``extended`` is whether Voila's page has extensions that draw forms of output of their own.
    """

    def __init__(self, visitors: Visitors, client: Client, statics: str, *, extended: bool = False) -> None:
        self._visitors, self._client, self._statics, self._extended = visitors, client, statics, extended
        self._drawn: dict[str, tuple[Snapshot, asyncio.Task[ThinPage]]] = {}
        """By content, with the run that each is of: another run of the same content has other widgets."""
        self._unfit: dict[str, tuple[str, ...]] = {}

    def prepare(self, app: PublishedApp, notebook: Any) -> Plan | None:
        """Have the app run before anyone comes."""
        content = _content(app, notebook)
        return None if content in self._unfit else self._prepared(content, app, notebook)

    async def ready(self, app: PublishedApp, notebook: Any) -> None:
        """Wait until a page of the app can be had at once, or it is clear that there is none."""
        content = _content(app, notebook)
        if content not in self._unfit:
            await self._visitors.ready(app, notebook, content, self._draws(content, app))
            plan = self._prepared(content, app, notebook)
            if plan is not None and plan.snapshot is not None and self._fits(content, plan.snapshot):
                await asyncio.wait([self._drawing(content, app, plan.snapshot)])

    def _prepared(self, content: str, app: PublishedApp, notebook: Any) -> Plan | None:
        """What is known of this content's visitors; once it is, the page is drawn, before anyone asks for it."""
        return self._visitors.prepare(app, notebook, content, self._draws(content, app))

    def _draws(self, content: str, app: PublishedApp) -> Callable[[Plan], None]:
        def found(plan: Plan) -> None:
            if plan.snapshot is not None and self._fits(content, plan.snapshot):
                self._drawing(content, app, plan.snapshot)

        return found

    async def page(self, visit: Visit, app: PublishedApp, notebook: Any, environment: dict[str, str]) -> str | None:
        """The page of this visit, which from now on can summon its process; None where Voila's is to be shown.

        Raises CellFailed or RunExceeded where the visitor's process runs the notebook itself. Where it cannot be born,
        a kernel may.
        """
        content = _content(app, notebook)
        thin = content not in self._unfit and parse_qs(visit.query).get(FULL, ["0"])[-1] in ("", "0")
        plan = self._prepared(content, app, notebook) if thin else None
        if visit.visitor is not None and (plan is None or plan.snapshot is not visit.covered):
            await visit.visitor.end("closed")  # the cover that joined it was of another run
            visit.visitor = None
        visit.covered = None
        if not thin:
            return None
        if plan is not None and plan.snapshot is not None:
            if not self._fits(content, plan.snapshot):
                return None
            visit.summon = self._summoning(app, plan)
            page = await self._of_run(content, app, plan.snapshot)
            visit.drawn = content, page
            return page.html(visit.query)
        try:
            visitor, snapshot = await self._visitors.run(app, notebook, environment, plan)
        except MachineFault as error:
            _log.warning("%s is shown on Voila's page: %s", app.name, error)
            return None
        if not self._fits(content, snapshot):
            await visitor.end("closed")
            return None
        visit.visitor, visit.summon = visitor, None
        page = await asyncio.to_thread(self._draw, app, snapshot)
        visit.drawn = content, page
        return page.html(visit.query)

    def again(self, visit: Visit, app: PublishedApp, notebook: Any) -> str | None:
        """The page for who comes back to this visit, to join the same process in the state that it is in.

        None where there is none to join: it has ended, it is stuck, or the app is another by now.
        """
        visitor = visit.visitor
        if visit.drawn is None or visitor is None or not visitor.alive or visitor.stuck:
            return None
        content, page = visit.drawn
        if content != _content(app, notebook):
            return None
        visitor.went_on, visitor.received = True, ""
        return page.again(visit.query)

    def cover(self, visit: Visit, app: PublishedApp, notebook: Any) -> Cover | None:
        """What a frame can show until the page of its visit is there; None where that is not known at once.

        From now on the visit can summon its process.
        """
        content = _content(app, notebook)
        plan = None if content in self._unfit else self._prepared(content, app, notebook)
        if plan is None or plan.snapshot is None or not self._fits(content, plan.snapshot):
            return None
        drawing = self._drawing(content, app, plan.snapshot)
        cover = drawing.result().cover(visit.query) if drawing.done() and not _failed(drawing) else None
        if cover is not None:
            visit.covered, visit.summon = plan.snapshot, self._summoning(app, plan)
        return cover

    def _summoning(self, app: PublishedApp, plan: Plan) -> Callable[[], Awaitable[Visitor]]:
        return lambda: self._visitors.fork(app.name, plan)

    def _fits(self, content: str, snapshot: Snapshot) -> bool:
        unknown = unknown_modules(snapshot) + unknown_forms(snapshot, extended=self._extended)
        if unknown:
            self._unfit[content] = unknown
        return not unknown

    async def _of_run(self, content: str, app: PublishedApp, snapshot: Snapshot) -> ThinPage:
        """The page of a run."""
        return await asyncio.shield(self._drawing(content, app, snapshot))  # others may wait for it too

    def _drawing(self, content: str, app: PublishedApp, snapshot: Snapshot) -> asyncio.Task[ThinPage]:
        """The page of a run, drawn once, beside what the site has to do meanwhile."""
        known = self._drawn.get(content)
        if known is None or known[0] is not snapshot or _failed(known[1]):
            drawing = asyncio.ensure_future(asyncio.to_thread(self._draw, app, snapshot))
            known = self._drawn[content] = snapshot, drawing
            for old in list(self._drawn)[:-_KEPT]:
                del self._drawn[old]
        return known[1]

    def _draw(self, app: PublishedApp, snapshot: Snapshot) -> ThinPage:
        scripts = app.confinement.granted.scripts
        return ThinPage(
            snapshot, title=app.title, client=self._client, statics=self._statics, scripts=scripts, handed=True
        )


def _failed(task: asyncio.Task[ThinPage]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _content(app: PublishedApp, notebook: Any) -> str:
    cells = [(cell.source, _pictures(cell.get("attachments") or {})) for cell in notebook.cells]
    text = repr((app.title, app.confinement, cells, sources(notebook)))
    return hashlib.sha256(text.encode()).hexdigest()


def _pictures(attachments: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """What tells pictures from others in this process. A text keeps its hash: megabytes are not read for each visit."""
    bundles = [(name, held) for name, held in attachments.items() if isinstance(held, Mapping)]
    return [(name, media, hash(str(text))) for name, held in bundles for media, text in held.items()]
