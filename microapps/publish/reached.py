"""Where a request comes from, and by which name of this machine.

A page of another site may have its own name lead to this machine once it is loaded (DNS rebinding). Its scripts then
speak to a site that listens here alone as if that were theirs, and read the answers. Such a request names that host,
and with it the very port that the site listens on, for the browser came to it directly. What comes through a proxy
names the proxy's port, so that no proxy has to be known here that passes its visitors' Host on.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import tornado.httputil

from .settings import SiteSettings


def of_this_machine(address: str) -> bool:
    """Whether an address is one of loopback."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def named_by_others(request: tornado.httputil.HTTPServerRequest, settings: SiteSettings) -> bool:
    """Whether a request names this machine as only somebody else's page would, on a site for this machine alone."""
    if settings.public_url or not _local(settings.host):
        return False
    try:
        parts = urlsplit(f"//{request.host}")
        name, port = parts.hostname or "", parts.port or 80
    except ValueError:
        return False  # no host at all, which is refused where it is needed
    return not _local(name) and port == _port(request)


def _local(name: str) -> bool:
    plain = name.lower().rstrip(".")
    return of_this_machine(plain) or plain == "localhost" or plain.endswith(".localhost")


def _port(request: tornado.httputil.HTTPServerRequest) -> int | None:
    """The port that the request came in by; one of several serving processes is handed connections, and has none."""
    stream = getattr(request.connection, "stream", None)
    if stream is None or stream.socket is None:
        return None
    address = stream.socket.getsockname()
    return int(address[1]) if isinstance(address, tuple) else None
