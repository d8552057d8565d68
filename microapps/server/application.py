"""The Jupyter Server extension: its handlers, its settings, and one studio that lives as long as the server."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jupyter_server.extension.application import ExtensionApp
from traitlets import Bool, List, Unicode

from .._version import __version__
from . import proxy
from .handler import ApiHandler
from .routes import BASE, ROUTES
from .service import Service, site_settings
from .upload_handler import UploadHandler


class MicroappsExtension(ExtensionApp):
    """Micro-apps in a Jupyter server."""

    name = "microapps"
    description = "Describe a small tool in a sentence; get a tested notebook app."
    version = __version__
    load_other_extensions = True

    frame_ancestors = List(
        Unicode(), help="Origins that may show apps in a frame, besides this server's own (https://example.org)."
    ).tag(config=True)

    pictures = Bool(True, help="Whether pictures of apps are taken, where there is a browser.").tag(config=True)

    service: Service

    def initialize_settings(self) -> None:
        """Prepare the studio; it is opened when it is first asked for something."""
        server = self.serverapp
        assert server is not None  # noqa: S101 - an extension has one
        root = getattr(server.contents_manager, "root_dir", "")
        site = site_settings(server.base_url, tuple(self.frame_ancestors))
        self.service = Service(Path(root) if root else None, site, pictures=self.pictures)
        own = urlsplit(server.connection_url)
        self.service.seen = f"{own.scheme}://{own.netloc}{site.base_url}"

    def initialize_handlers(self) -> None:
        """One handler for each address of the table of routes."""
        addresses: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for route in ROUTES:
            addresses[route.pattern][route.method] = route
        for pattern, routes in addresses.items():
            options = {"service": self.service, "routes": routes}
            raw = any(route.raw for route in routes.values())
            self.handlers.append((rf"/{BASE}{pattern}", UploadHandler if raw else ApiHandler, options))
        service = self.service
        self.handlers += [
            (rf"/{BASE}.*", ApiHandler, {"service": service, "routes": {}}),
            (rf"/{proxy.BASE}(visits/[^/]+/(?:.*/channels|live))", proxy.SiteSocket, {"address": service.site_address}),
            (
                rf"/{proxy.BASE}(.*)",
                proxy.SiteProxy,
                {"address": service.site_address, "transport": service.transport},
            ),
        ]

    async def stop_extension(self) -> None:
        """Close the studio: running jobs are stopped, and what they had is kept."""
        await self.service.close()
