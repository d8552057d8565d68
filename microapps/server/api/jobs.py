"""Jobs: begun, looked at, followed, answered and stopped; and the news of the whole library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from ...errors import InvalidInput, UnknownApp
from ...events import Event
from ...generator import Failure, Reference
from ...library import Story
from ...studio import Job
from ...studio.stories import told_again
from ...telling.findings import event_in
from ...telling.spoken import Language, said
from ..bulletin import Bulletin
from ..call import Call
from ..jobs_shown import job_view, view_in
from ..models import AnswerWish, DataPath, Done, JobNews, JobView, JobWish, News, NoticeNews
from ..route import Route, Sent, Stream


async def begin(call: Call, wish: JobWish) -> JobView:
    """Begin a job, or queue it up behind another of the same app."""
    studio = call.studio
    data = await call.work(attached, call, wish.data)
    references = tuple(Reference(**reference.model_dump()) for reference in wish.references)
    match wish.action:
        case "make":
            job = studio.make(
                wish.request,
                name=wish.app or None,
                data=data,
                speed=wish.speed,
                starter=wish.starter,
                offline=wish.offline,
                allow=wish.allow,
            )
        case "change":
            job = studio.change(
                _named(wish), wish.request, data=data, speed=wish.speed, allow=wish.allow, references=references
            )
        case "repair":
            if wish.failure is None:
                raise InvalidInput("A repair needs the failure that it is to mend.", "Ask for a change instead.")
            failure = Failure(**wish.failure.model_dump())
            job = studio.repair(
                _named(wish), failure, wish.request, speed=wish.speed, allow=wish.allow, references=references
            )
        case "adopt":
            path = await call.work(call.service.contents, wish.path)
            job = studio.adopt(path, name=wish.app or None, allow=wish.allow)
        case "import":
            if len(data) + bool(wish.path) != 1:
                raise InvalidInput("An import needs one file.", "Name it in 'path', or send it and name the upload.")
            path = data[0] if data else await call.work(call.service.contents, wish.path)
            job = studio.take_in(path, name=wish.app or None, allow=wish.allow)
    call.service.attach(job, wish.data)
    return job_view(job, call.language)


async def jobs(call: Call) -> tuple[JobView, ...]:
    """Every job of this server, the newest first; of ended ones the last hundred."""
    return tuple(job_view(job, call.language) for job in reversed(call.studio.jobs()))


async def job(call: Call, id: str) -> JobView:
    """One job of this server."""
    return job_view(call.studio.job(id), call.language)


async def events(call: Call, id: str, *, after: int = 0) -> Stream:
    """A job's events after a number, then new ones as they come, until it ends.

    Of a job that ended before this server began, what is kept of its events.
    """
    seen = max(after, call.last_seen)
    try:
        return Stream(_live(call.studio.job(id), seen, call.language))
    except UnknownApp:
        return Stream(_kept(await call.work(call.studio.library.story, id), seen, call.language))


async def stop(call: Call, id: str) -> JobView:
    """Stop a job at once; what there was is kept. Harmless when it has ended."""
    found = call.studio.job(id)
    found.stop()
    await found.wait()
    return job_view(found, call.language)


async def answer(call: Call, id: str, wish: AnswerWish) -> Done:
    """Answer a job's open question."""
    call.studio.job(id).answer(wish.question, wish.answer)
    return Done()


async def news(call: Call, *, after: int | None = None) -> Stream:
    """What happens in the library after a number, without one from now on: apps, jobs, notices of running apps.

    From now on, an event ``now`` without data comes first, whose id is the number to go on from.
    """
    return Stream(_told(call.service.bulletin, call.last_seen or after, call.language))


def attached(call: Call, data: Sequence[str | DataPath]) -> tuple[Path, ...]:
    """The files that a request names."""
    return tuple(
        call.service.uploads.use(one, call.user) if isinstance(one, str) else call.service.contents(one.path)
        for one in data
    )


def _named(wish: JobWish) -> str:
    if not wish.app:
        raise InvalidInput(f"Which app is to {wish.action}?", "Name it in 'app'.")
    return wish.app


async def _live(job: Job, after: int, language: Language) -> AsyncIterator[Sent]:
    async for event in job.events(after):
        yield _sent(event, language)


async def _kept(story: Story, after: int, language: Language) -> AsyncIterator[Sent]:
    for event in told_again(story):
        if event.number > after:
            yield _sent(event, language)


def _sent(event: Event, language: Language) -> Sent:
    return Sent(event_in(event, language).model_dump_json(), event.number)


async def _told(bulletin: Bulletin, after: int | None, language: Language) -> AsyncIterator[Sent]:
    if after is None:
        after = bulletin.last
        yield Sent("", after, event="now")
    async for one in bulletin.read(after):
        yield Sent(_in(one, language).model_dump_json(), one.number)


def _in(news: News, language: Language) -> News:
    match news:
        case NoticeNews():
            return news.model_copy(update={"error": said(news.error, language)})
        case JobNews():
            return news.model_copy(update={"job": view_in(news.job, language)})
        case _:
            return news


ROUTES = (
    Route("POST", "jobs", begin, status=201),
    Route("GET", "jobs", jobs),
    Route("GET", "jobs/{id}", job),
    Route("GET", "jobs/{id}/events", events, media="text/event-stream"),
    Route("POST", "jobs/{id}/stop", stop),
    Route("POST", "jobs/{id}/answers", answer),
    Route("GET", "events", news, media="text/event-stream"),
)
