"""The news of the whole library as one numbered stream: the last of it is kept for readers that come back."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from .models import News, ResetNews

KEPT = 1000
"""News kept for readers that come back; to one that missed more it is said to read everything again."""


class Bulletin:
    """Numbers news and hands it to any number of readers; made and used in one event loop."""

    def __init__(self) -> None:
        self._kept: deque[News] = deque(maxlen=KEPT)
        self._last = 0
        self._arrived = asyncio.Condition()
        self._closed = False
        self._notices: set[asyncio.Task[None]] = set()

    @property
    def last(self) -> int:
        """The number of the last news; 0 when there was none."""
        return self._last

    def post(self, news: News) -> None:
        """Number and date news, keep it, and wake every reader."""
        self._last += 1
        self._kept.append(news.model_copy(update={"number": self._last, "at": datetime.now(UTC)}))
        self._wake()

    def close(self) -> None:
        """End every reader's stream."""
        self._closed = True
        self._wake()

    async def read(self, after: int) -> AsyncIterator[News]:
        """News after that number, then as it comes.

        A number that is not of this stream, as after a restart of the server, and one that is too long ago give a
        :class:`ResetNews` first.
        """
        seen = after
        while not self._closed:
            oldest = self._kept[0].number if self._kept else self._last + 1
            if seen > self._last or seen < oldest - 1:
                seen = self._last
                yield ResetNews(number=seen, at=datetime.now(UTC))
            for news in [one for one in self._kept if one.number > seen]:
                seen = news.number
                yield news
            async with self._arrived:
                while seen == self._last and not self._closed:
                    await self._arrived.wait()

    def _wake(self) -> None:
        notice = asyncio.get_running_loop().create_task(self._notify())
        self._notices.add(notice)
        notice.add_done_callback(self._notices.discard)

    async def _notify(self) -> None:
        async with self._arrived:
            self._arrived.notify_all()
