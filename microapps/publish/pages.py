"""The site's own pages: the index, the frame an app is shown in, and what is said when something is not as hoped.

Each is a Jinja template beside the Voila template, styled by one style sheet; the frame has a script, and one that is
built with the page's client. Their hashes are all that the page's policy lets in.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2

from .templates import templates_folder


@dataclass(frozen=True)
class Message:
    """A page that says one thing: a heading, a few sentences, and perhaps where to go next."""

    status: int
    heading: str
    text: tuple[str, ...]
    link: str = ""
    link_text: str = ""


def no_such_page() -> Message:
    return Message(
        404,
        "Nothing is here",
        (
            "The link may be mistyped, or it has expired: links to apps stop working after a while, and those that "
            "“microapps open” prints when it ends.",
            "Ask whoever sent it for a new one. If the app is yours, “microapps open NAME” prints a fresh link, and "
            "“microapps publish NAME” one that stays good.",
        ),
    )


def named_by_others() -> Message:
    return Message(
        403,
        "Not by this name",
        (
            "This site is for the machine it runs on, and answers to localhost and 127.0.0.1 alone, so that no page of "
            "another site can use its apps.",
            "If visitors are to reach it by another name, start it with --public-url and the address that they use.",
        ),
    )


def visit_over() -> Message:
    return Message(
        404,
        "This visit has ended",
        (
            "The site was started again, or the page had been open for very long. What was typed into it is gone.",
            "Load the whole page again: the link it was opened with is still good, unless its owner has ended it.",
        ),
    )


def too_many_tries(seconds: float) -> Message:
    wait = f"{seconds:.0f} seconds" if seconds < 100 else f"{seconds / 60:.0f} minutes"
    return Message(
        429,
        "Too many wrong passwords",
        (f"Please wait {wait} before you try again.", "If you have forgotten it, ask whoever gave you this address."),
    )


def token_needed() -> Message:
    return Message(
        403,
        "This page needs its full link",
        (
            "The list of apps opens only with the link that “microapps serve” printed, token included.",
            "The token is another each time it is started: take the link that it printed last. "
            "With a token of your own in MICROAPPS_TOKEN the link stays the same.",
        ),
    )


def app_failed(title: str, again: str) -> Message:
    return Message(
        500,
        f"{title} could not start",
        (
            "The app ran into an error while it was getting ready, so there is nothing to show yet.",
            "The owner sees the details. You can try again; if it keeps happening, let the owner know.",
        ),
        again,
        "Try again",
    )


def app_too_slow(title: str, again: str) -> Message:
    return Message(
        504,
        f"{title} took too long",
        (
            "The app was stopped because it did not get ready in the time it is allowed.",
            "The owner sees the details. You can try again; if it keeps happening, let the owner know.",
        ),
        again,
        "Try again",
    )


def kernel_missing(title: str, again: str) -> Message:
    return Message(
        503,
        f"{title} cannot run here",
        (
            "The computer that serves this app could not start it. The app itself may be fine.",
            "The owner sees the details. “microapps doctor” on that computer says what is missing.",
        ),
        again,
        "Try again",
    )


def site_busy(title: str, again: str) -> Message:
    return Message(
        503,
        f"{title} is busy",
        ("As many people as this site has room for are using its apps just now.", "Try again in a minute."),
        again,
        "Try again",
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_folder() / "pages"), autoescape=True, undefined=jinja2.StrictUndefined
    )


@cache
def style_sheet() -> str:
    """The style of all these pages."""
    return (templates_folder() / "pages" / "site.css").read_text(encoding="utf-8")


@cache
def style_source() -> str:
    """The source expression that lets just that style in."""
    return _source(style_sheet())


@cache
def framing_sheet() -> str:
    """The style of a frame, beside that of what it shows first."""
    return (templates_folder() / "pages" / "frame.css").read_text(encoding="utf-8")


@cache
def framing_source() -> str:
    """The source expressions that let the style of a frame in."""
    return f"{style_source()} {_source(framing_sheet())}"


@cache
def frame_script() -> str:
    """The script of the frame: it passes on what an app's page and the window around the frame say to each other."""
    return (templates_folder() / "pages" / "frame.js").read_text(encoding="utf-8")


@cache
def script_sources(covering: str) -> str:
    """The source expressions that let just that script run, and the one of the cover, where there is one."""
    return " ".join(_source(script) for script in (frame_script(), covering) if script)


def _source(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def render(template: str, **values: Any) -> str:
    """One of the pages (``index.html``, ``frame.html``, ``message.html``) as text."""
    return _environment().get_template(template).render(style=style_sheet(), **values)
