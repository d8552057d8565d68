"""Links that open one app: a random capability in the URL stands where a cookie would.

Only digests are kept, so that nothing in the process's memory or logs gives a link away; the secret is seen once, by
whoever asked for the link.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def app_path(base: str, name: str, secret: str) -> str:
    """The path of an app's link."""
    return f"{base}apps/{quote(name)}/~{secret}/"


@dataclass
class Capabilities:
    """The links of this process that are good now. ``now`` gives seconds on a clock that never goes back."""

    now: Callable[[], float] = time.monotonic
    mark: str = ""
    """What secrets begin with that are made up here."""
    _good: dict[str, tuple[str, float, int]] = field(default_factory=dict, repr=False)

    def issue(self, app: str, seconds: float, way: int = 0) -> str:
        """A new capability (192 random bits, URL-safe) that opens ``app`` for ``seconds``.

        ``way`` is the number of the way by which whoever has it came in, 0 for the owner's own.
        """
        self._forget_expired()
        secret = self.mark + secrets.token_urlsafe(24)
        self._good[digest(secret)] = (app, self.now() + seconds, way)
        return secret

    def admit(self, secret: str, app: str, seconds: float, way: int = 0) -> None:
        """Let a capability that was made up elsewhere open ``app`` for ``seconds``, by that way."""
        self._forget_expired()
        self._good[digest(secret)] = (app, self.now() + seconds, way)

    def way(self, secret: str, app: str) -> int | None:
        """The way that this capability opens that app by now; None if it does not.

        The lookup is by digest, so its time tells nothing.
        """
        found = self._good.get(digest(secret))
        return found[2] if found is not None and found[0] == app and self.now() < found[1] else None

    def opens(self, secret: str, app: str) -> bool:
        """Whether this capability opens that app now."""
        return self.way(secret, app) is not None

    def revoke(self, app: str) -> None:
        """End every link to an app."""
        self._good = {key: value for key, value in self._good.items() if value[0] != app}

    def _forget_expired(self) -> None:
        now = self.now()
        self._good = {key: value for key, value in self._good.items() if value[1] > now}
