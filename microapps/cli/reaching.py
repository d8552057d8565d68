"""Who can reach a site: what is said and asked before it is opened to more than this machine, and where it is then."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import InvalidInput
from .console import Output

if TYPE_CHECKING:
    from ..publish import Site
    from ..sandbox import Tier
    from ..studio import Studio


def only_here(host: str) -> bool:
    """Whether a site that listens there can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def agree_to_reach(host: str, output: Output, *, yes: bool, elsewhere: bool = False) -> None:
    """Say what it means to listen there, and ask; raises InvalidInput where nobody agrees.

    ``elsewhere``: the apps do not run on this machine, of whose containment nothing is said then.
    """
    if only_here(host):
        return
    from ..sandbox import tier

    warning, tier_says = warnings(host, tier())
    output.err.print(warning, soft_wrap=True)
    if not elsewhere:
        output.err.print(tier_says, soft_wrap=True)
    if yes:
        return
    if not output.interactive:
        raise InvalidInput(
            f"Listening on {host} opens the site to other machines, and nobody is here to agree to it.",
            "Add --yes if that is what you want.",
        )
    import typer

    if not typer.confirm("Open it to them?", default=False, err=True):
        raise InvalidInput("The site was not started.", "Without --host it is for this machine only.")


def free_port(studio: Studio, host: str) -> int:
    """The port of the site that was served last, so that links lead there again; 0 where it is taken."""
    from ..studio import sites

    port = sites.last_port(studio.home)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError:
        return 0
    return port


def keep_port(studio: Studio, site: Site) -> None:
    """Remember the port of a site, unless another site of this library is known by the one that is remembered."""
    from ..studio import sites

    port = urlsplit(site.address).port
    others = [urlsplit(one.url).port for one in studio.sites() if urlsplit(one.url).port != port]
    if port is not None and sites.last_port(studio.home) not in others:
        sites.keep_port(studio.home, port)


def warnings(host: str, tier: Tier) -> tuple[str, str]:
    """What is said before a site is opened to others: who can come, and what contains the apps they use."""
    from ..sandbox import Tier

    where = "every machine that can reach this one" if host in ("", "0.0.0.0", "::") else f"whoever can reach {host}"  # noqa: S104
    first = (
        f"⚠ On {host or 'every address'} the site is open to {where}: they need a link, a password or the site's token "
        "to use an app, but the way there is not encrypted. Beyond a home network, put a proxy with TLS before it."
    )
    match tier:
        case Tier.FULL:
            second = "Containment here is full: apps are confined by bubblewrap, Landlock and seccomp."
        case Tier.REDUCED:
            second = (
                "Containment here is REDUCED: without bubblewrap an app that is made to misbehave can learn which "
                "processes and files there are, and may outlive its page. 'microapps doctor' says what to install."
            )
        case _:
            second = "There is NO containment here, so that no app is run. 'microapps doctor' says what to install."
    return first, second
