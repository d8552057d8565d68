"""Logs without secrets: whatever is written, capabilities, visits and tokens in it are blotted out first."""

from __future__ import annotations

import logging
import re
import sys

from tornado.web import RequestHandler

_SECRETS = (
    (re.compile(r"(/~|/%7[Ee]|/visits/|%2Fvisits%2F)[A-Za-z0-9_-]{16,}"), r"\1…"),
    (re.compile(r"((?:token|session_id)=)[^&\s\"'<>]+", re.IGNORECASE), r"\1…"),
    (re.compile(r"(Authorization['\"]?:\s*)[^\r\n]+", re.IGNORECASE), r"\1…"),
)


def scrub(text: str) -> str:
    """The text with every secret a URL of this site can carry replaced by an ellipsis."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class ScrubbingFormatter(logging.Formatter):
    """Formats a record, traceback included, and scrubs the result."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def log_to_stderr(level: int = logging.INFO) -> None:
    """Send every logger of the process to standard error, scrubbed; no other handler stays."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ScrubbingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)


def log_request(handler: RequestHandler) -> None:
    """One line of access log: path without secrets, and never the query. Statics that were found are not worth one."""
    status = handler.get_status()
    level = logging.DEBUG if "/statics/" in handler.request.path and status < 400 else logging.INFO
    level = level if status < 400 else logging.WARNING if status < 500 else logging.ERROR
    path = scrub(handler.request.path)
    milliseconds = 1000.0 * handler.request.request_time()
    logging.getLogger("microapps.access").log(
        level, "%d %s %s %.0f ms", status, handler.request.method, path, milliseconds
    )
