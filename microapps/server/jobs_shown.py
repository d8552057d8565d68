"""A studio's job as the API shows it."""

from __future__ import annotations

from ..broker import last_used
from ..events import Used
from ..studio import Job
from .models import JobView


def job_view(job: Job) -> JobView:
    """The job as it is now."""
    events = job.events_so_far
    used = last_used(events)
    return JobView(
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


def tokens(used: Used) -> int:
    """All tokens of a job, read and written."""
    return used.input_tokens + used.cache_read_tokens + used.cache_write_tokens + used.output_tokens
