"""Jobs under way, noted on disk as they go, so that one whose process is killed is told of all the same.

A journal is one file: what was asked, then every event, a line each. The process that runs the job holds the file's
lock. A journal that nobody holds is of a process that is gone: its job is put into the history as interrupted, with
what it had told and what it had cost, by whoever opens a studio next.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..broker import spent
from ..errors import MicroappsError
from ..events import EVENT, Event, Failed, Finished, Retrying, Writing
from ..library import Library
from ..library.locks import hold, made_held, sweep
from .jobs import Job
from .stories import condensed

WHAT = "It was broken off: the process that ran it ended."
HINT = "Ask for it again."
KEPT = "What it had told is kept in the history."

_log = logging.getLogger("microapps.studio")


class Journals:
    """The journals of one library's jobs, of all its processes.

    Parameters
    ----------
    folder : where they are; made when it is first needed.
    library : where a job that was broken off is put.
    """

    def __init__(self, folder: Path, library: Library) -> None:
        self._folder = folder
        self._library = library
        self._open: dict[str, int] = {}

    def begin(self, job: Job) -> None:
        """Begin to note a job. Where that cannot be, the job goes on without."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = made_held(self._path(job.id))
        except OSError as error:
            _log.warning("Job %s is not noted on disk: %s", job.id, error)
            return
        self._open[job.id] = descriptor
        self._write(job, {"job": job.id, "action": job.action, "app": job.app, "request": job.request})

    def note(self, job: Job, event: Event) -> None:
        """Note an event of a job, unless it only matters while the job runs."""
        if not isinstance(event, Writing | Retrying):
            self._write(job, event.model_dump(mode="json"))

    def end(self, job: Job) -> None:
        """The job has ended, and all there is of it is in the library."""
        descriptor = self._open.pop(job.id, None)
        if descriptor is not None:
            self._path(job.id).unlink(missing_ok=True)
            os.close(descriptor)

    def recover(self) -> None:
        """Put the jobs of processes that are gone into the history. What cannot be now is left for the next time."""
        sweep(self._folder)
        for path in sorted(self._folder.glob("*.jsonl")) if self._folder.is_dir() else ():
            try:
                descriptor = os.open(path, os.O_RDWR)
            except OSError:  # another process was faster
                continue
            try:
                if hold(descriptor):
                    self._recover(path)
                    path.unlink(missing_ok=True)
            except (OSError, MicroappsError) as error:
                _log.warning("The journal %s is left as it is: %s", path.name, error)
            finally:
                os.close(descriptor)

    def _recover(self, path: Path) -> None:
        lines = [line for text in path.read_bytes().splitlines() if (line := _line(text)) is not None]
        if not lines or "request" not in lines[0]:
            return  # it was killed before anything was said
        asked = lines[0]
        events: list[Event] = [event for line in lines[1:] if (event := _event(line)) is not None]
        if events and isinstance(events[-1], Finished | Failed):
            return
        named = (str(getattr(event, "app", "")) for event in events)
        app = str(asked.get("app", "")) or next(filter(None, named), "")
        at = events[-1].at if events else None
        end = Failed(number=len(events) + 1, at=at, app=app, error="Stopped", what=WHAT, hint=HINT, kept=KEPT)
        turn = self._library.record_interrupted(
            app or None, action=str(asked["action"]), request=str(asked["request"]), error=WHAT, usage=spent(events)
        )
        self._library.keep_story(turn.id, str(asked["job"]), condensed([*events, end]))

    def _path(self, job: str) -> Path:
        return self._folder / f"{job}.jsonl"

    def _write(self, job: Job, line: dict[str, Any]) -> None:
        descriptor = self._open.get(job.id)
        if descriptor is None:
            return
        try:
            os.write(descriptor, json.dumps(line, ensure_ascii=False).encode() + b"\n")
        except OSError as error:  # a full disk: the job itself says so when it keeps what it made
            _log.warning("An event of job %s is not noted on disk: %s", job.id, error)


def _line(text: bytes) -> dict[str, Any] | None:
    """A line of a journal; None for one that a kill or a full disk cut short."""
    try:
        line = json.loads(text)
    except ValueError:
        return None
    return line if isinstance(line, dict) else None


def _event(line: dict[str, Any]) -> Event | None:
    try:
        return EVENT.validate_python(line)
    except ValidationError:
        return None
