"""What a browser is told about each page: where it may load from, send to and be shown.

An app's page shows what nobody vouches for. It is given an opaque origin (``sandbox``), may load only the site's
own statics and speak only to its own visit, and is shown in a frame of a page of ours: that frame's ``frame-src``
is the one thing that keeps it from sending data out by navigating its own window away.

The only scripts that run in it are the site's own statics: nothing that an app's HTML, SVG, Markdown or widgets hold is
run, in the page and in any frame within it, which inherits the page's policy. So it does not matter that no policy
covers WebRTC. An app with the permission ``scripts`` has a page where its own scripts run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from ..errors import InvalidInput

SANDBOX = "allow-scripts allow-forms allow-downloads"
FRAMING = f"{SANDBOX} allow-same-origin"
"""For the page around an app where the origin is the site's alone; what it frames has :data:`SANDBOX`."""
BLOCKED = "blocked"
"""Where, under a visit's path, its browser reports what the page's policy kept from running."""
_HOST = re.compile(r"([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?\Z")
_NO_DEVICES = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "publickey-credentials-get",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)


def seen_host(host_header: str, public_url: str) -> str:
    """Host and port as the visitor's browser sees them.

    Raises
    ------
    InvalidInput
        The request's Host header is no host.
    """
    if public_url:
        return urlsplit(public_url).netloc
    if not _HOST.match(host_header):
        raise InvalidInput("The request names no host that can be used.")
    return host_header


def common_headers() -> Mapping[str, str]:
    """What every answer of the site carries."""
    return {
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-DNS-Prefetch-Control": "off",
        "Permissions-Policy": _NO_DEVICES,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Server": "microapps",
    }


def own_page(
    style: str,
    frame_ancestors: tuple[str, ...] | None,
    frame: str = "",
    script: str = "",
    form: str = "",
    connects: str = "",
    *,
    own_origin: bool = False,
) -> str:
    """The policy of a page of ours: one style and at most one script by their hashes, at most a frame of visits.

    ``connects`` is what the script of a page with a frame may fetch and connect to, empty for nothing. With
    ``own_origin`` the page has the site's origin: a browser is ready for that when it asks for the page, and has to
    begin another process once it learns of an opaque one; and it keeps what the page fetched. The frame's content
    never has the site's origin.

    ``form`` is where a form of the page may lead, empty for none.

    ``frame_ancestors`` are the origins that may frame it besides the site itself; None for a page that is shown where
    an app would be: what frames that has an opaque origin, which no list can name, and knows the visit's secret.
    """
    ancestors = [] if frame_ancestors is None else [" ".join(["frame-ancestors", "'self'", *frame_ancestors])]
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {style}",
            *([f"script-src {script}"] if script else []),
            *([f"connect-src {connects}"] if connects else []),
            "img-src data:",
            f"frame-src {frame or chr(39) + 'none' + chr(39)}",
            f"form-action {form or chr(39) + 'none' + chr(39)}",
            "base-uri 'none'",
            *ancestors,
            f"sandbox {FRAMING if own_origin else SANDBOX}" if frame else "sandbox allow-forms" if form else "sandbox",
        ]
    )


def app_page(host: str, visit_path: str, statics_path: str, *, scripts: bool = False, inline: str = "") -> str:
    """The policy of an app's page: both paths end with a slash; sources given as http also stand for https.

    ``scripts`` lets scripts run that the app brings along. What is kept from running is reported to ``blocked`` under
    the visit's path, by frames within the page too. ``inline`` is the hash of a script of ours that
    is within the page, as a source expression.
    """
    visit = f"http://{host}{visit_path} ws://{host}{visit_path}"
    statics = f"http://{host}{statics_path}"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {statics}" + (" 'unsafe-inline' 'unsafe-eval' blob:" if scripts else f" {inline}".rstrip()),
            f"style-src {statics} 'unsafe-inline' blob: data:",
            f"font-src {statics} data:",
            f"img-src {statics} data: blob:",
            "media-src data: blob:",
            f"connect-src {visit} {statics} data: blob:",
            f"worker-src {'blob:' if scripts else chr(39) + 'none' + chr(39)}",
            "frame-src 'none'",
            "object-src 'none'",
            "form-action 'none'",
            "base-uri 'none'",
            "manifest-src 'none'",
            f"sandbox {SANDBOX}",
            f"report-uri {visit_path}{BLOCKED}",
        ]
    )
