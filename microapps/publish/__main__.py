"""The site's process: its configuration comes on standard input, and nothing secret on the command line."""

from __future__ import annotations

import sys

from ..quick import start_quickly
from .logs import log_to_stderr
from .notices import Channel


def main() -> None:
    channel = Channel.claim()
    log_to_stderr()
    start_quickly()
    from .settings import CONFIG

    served = CONFIG.validate_json(sys.stdin.buffer.readline())
    if served.settings.processes > 1:
        from .front import Front

        Front(served, channel).start()
        return
    from .application import SiteApplication

    site = SiteApplication.of(served, channel)
    log_to_stderr()
    site.start()


if __name__ == "__main__":
    main()
