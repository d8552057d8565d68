"""Links that open one app: a capability in the URL, signed by the site, stands where a cookie would.

A capability says for whom and for how long it is good and carries a signature, so that nothing is kept of those that
were given out: a site whose process ended and was started again with the same key knows them all.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

_TAG = 24
"""Bytes of a signature: 192 bits."""
_SAID = struct.Struct(">QQi4s")
"""When it was made and when it ends, in milliseconds since the epoch, by which way it leads in, and random bytes."""


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def app_path(base: str, name: str, secret: str) -> str:
    """The path of an app's link."""
    return f"{base}apps/{quote(name)}/~{secret}/"


@dataclass
class Capabilities:
    """The links that a site makes. ``key`` signs them; ``now`` gives seconds since the epoch."""

    key: bytes = field(repr=False)
    now: Callable[[], float] = time.time
    _revoked: dict[str, int] = field(default_factory=dict)
    """Milliseconds since the epoch up to when links were made that are good no more, by the app."""

    def issue(self, app: str, seconds: float, way: int = 0, *, since: float = 0.0) -> str:
        """A new capability (URL-safe) that opens ``app`` for ``seconds``.

        ``way`` is the number of the way by which whoever has it came in, 0 for the owner's own. ``since``: up to when
        capabilities were made that are good no more, in seconds since the epoch, besides what :meth:`revoke` says.
        """
        made = max(self._milliseconds(), self._ended(app, since) + 1)
        end = max(made, self._milliseconds() + round(seconds * 1000))
        said = _SAID.pack(made, end, way, secrets.token_bytes(4))
        return base64.urlsafe_b64encode(said + self._signature(said, app)).decode()

    def way(self, secret: str, app: str, *, since: float = 0.0) -> int | None:
        """The way that this capability opens that app by now; None if it does not. ``since`` as for :meth:`issue`."""
        try:
            whole = base64.urlsafe_b64decode(secret)
        except ValueError:
            return None
        said, signature = whole[: _SAID.size], whole[_SAID.size :]
        if not hmac.compare_digest(signature, self._signature(said, app)):
            return None
        made, end, way, _ = _SAID.unpack(said)
        return way if self._milliseconds() < end and made > self._ended(app, since) else None

    def opens(self, secret: str, app: str) -> bool:
        """Whether this capability opens that app now."""
        return self.way(secret, app) is not None

    def revoke(self, app: str, at: float) -> None:
        """End every link to an app that was made up to then, in seconds since the epoch."""
        self._revoked[app] = int(at * 1000)

    def _ended(self, app: str, since: float) -> int:
        return max(self._revoked.get(app, -1), int(since * 1000) if since else -1)

    def _milliseconds(self) -> int:
        return int(self.now() * 1000)

    def _signature(self, said: bytes, app: str) -> bytes:
        text = b"microapps link\0" + said + app.encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, text, "sha256")[:_TAG]
