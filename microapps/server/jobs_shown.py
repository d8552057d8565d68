"""A studio's job as the API shows it."""

from __future__ import annotations

from ..broker import last_used
from ..events import Used
from ..studio import Job
from ..telling.findings import event_in
from ..telling.spoken import Language
from .models import JobView


def job_view(job: Job, language: Language = "en") -> JobView:
    """The job as it is now, in this language."""
    events = job.events_so_far
    used = last_used(events)
    view = JobView(
        id=job.id,
        action=job.action,
        app=job.app,
        request=job.request,
        started=job.asked_at,
        queued=job.queued,
        done=job.done,
        waiting=job.waiting,
        group=job.group or None,
        last=len(events),
        dollars=used.dollars if used else None,
        tokens=tokens(used) if used else None,
        outcome=job.outcome,
    )
    return view_in(view, language)


def view_in(view: JobView, language: Language) -> JobView:
    """A job's view in this language: what it waits for, and how it ended."""
    said = {name: event_in(told, language) for name in ("waiting", "outcome") if (told := getattr(view, name))}
    return view.model_copy(update=said) if language != "en" else view


def tokens(used: Used) -> int:
    """All tokens of a job, read and written."""
    return used.input_tokens + used.cache_read_tokens + used.cache_write_tokens + used.output_tokens
