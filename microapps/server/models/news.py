"""What the stream ``events`` of the whole library tells, apart from what each job tells of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from .jobs import JobView
from .value import Value


class _News(Value):
    number: int = 0
    at: datetime | None = None


class AppNews(_News):
    """An app is not as it was; ``app`` is its name now, ``was`` the one it had before when it was renamed."""

    kind: Literal["app"] = "app"
    what: Literal[
        "made",
        "changed",
        "renamed",
        "removed",
        "restored",
        "purged",
        "checked",
        "permissions",
        "thumbnail",
        "published",
        "data",
    ]
    app: str
    was: str = ""


class JobNews(_News):
    """A job was queued, began, waits for an answer, goes on, or ended."""

    kind: Literal["job"] = "job"
    what: Literal["queued", "started", "waiting", "answered", "ended"]
    job: JobView


class NoticeNews(_News):
    """Something went wrong in a running app; ``notice`` says of what sort, ``error`` is a sentence."""

    kind: Literal["notice"] = "notice"
    app: str
    notice: str
    error: str
    traceback: str = ""
    inputs: dict[str, str] = Field(default_factory=dict)


class StatusNews(_News):
    """``GET status`` would answer something else now, because of a key, a setting or the endpoint's list."""

    kind: Literal["status"] = "status"


class ResetNews(_News):
    """Some of what happened is no longer known here: read everything again."""

    kind: Literal["reset"] = "reset"


News = Annotated[AppNews | JobNews | NoticeNews | StatusNews | ResetNews, Field(discriminator="kind")]
NEWS: TypeAdapter[News] = TypeAdapter(News)
