"""Kernels on a gateway: what is said before, and that it has to be agreed to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import InvalidInput
from .console import Output
from .reaching import only_here

if TYPE_CHECKING:
    from ..publish import Gateway


def chosen_gateway(url: str, output: Output, *, contains: bool) -> Gateway | None:
    """The gateway whose kernels are to run the apps, with its settings from the environment; None for no ``url``.

    Raises
    ------
    InvalidInput
        Nobody said that it contains them (``contains``), or the URL cannot be used.
    """
    if not url:
        if contains:
            raise InvalidInput(
                "--gateway-contains says something of a gateway, and none is given.", "Add --gateway-url."
            )
        return None
    from ..publish import Gateway

    gateway = Gateway.of(url, os.environ)
    for line in not_contained(url):
        output.err.print(line, soft_wrap=True)
    if not contains:
        raise InvalidInput(
            "Apps on a gateway are not contained by microapps, and nobody said that the gateway contains them.",
            "Once each of its kernels has a container and a network of its own, add --gateway-contains.",
        )
    return gateway


def not_contained(url: str) -> list[str]:
    """What is said before apps are served from a gateway."""
    parts = urlsplit(url)
    said = [
        f"⚠ Kernels run on the gateway at {url}, and microapps does NOT contain them there. What an app's code can "
        "reach is what the gateway lets its kernels reach: files and secrets of their account, the network, kernels of "
        "other visitors, memory, processors and disk. What an app writes to files there goes when its kernel goes.",
        "Still held here: the page's policy and links, that pages say nothing to kernels but what widgets say, the "
        "seconds an app may work at a time, how much it may output, and how many visitors there are.",
    ]
    if parts.scheme == "http" and not only_here(parts.hostname or ""):
        said.append(
            "⚠ The way to the gateway is not encrypted: its token and all that visitors type can be read on the way."
        )
    return said
