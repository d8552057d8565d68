"""Secrets of links: made from a key of this library and a salt of the link, so that a link can be shown again.

The database holds a link's salt and the digest of its secret, which give neither link nor key away. The key is in a
file beside it that only its user can read; without it the links still open, and cannot be shown again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from ..errors import MachineFault

FILE = "links.key"
BYTES = 24
"""Of a secret: 192 bits, which are 32 characters of an address."""


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key(home: Path) -> bytes:
    """The key of a library, made when it is first asked for. Raises MachineFault if it cannot be kept."""
    path = home / FILE
    try:
        return path.read_bytes() or _made(path)
    except FileNotFoundError:
        return _made(path)
    except OSError as error:
        raise MachineFault(f"{path} cannot be read: {error.strerror}.", "Check whose file it is.") from error


def secret(key: bytes, salt: str) -> str:
    """The secret of the link with that salt."""
    made = hmac.digest(key, f"microapps link {salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(made[:BYTES]).decode()


def site_key(key: bytes, token: str) -> str:
    """What a site with that token signs its own links with (hex). A token may be easy to guess; this never is."""
    return hmac.digest(key, f"microapps site {token}".encode("utf-8", "surrogatepass"), "sha256").hex()


def _made(path: Path) -> bytes:
    beside = path.with_name(f".{FILE}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)  # fails where another process was faster, whose key it then is
        except FileExistsError:
            if not path.stat().st_size:
                beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return path.read_bytes()
    except OSError as error:
        raise MachineFault(f"{path} cannot be written: {error.strerror}.", "Make room on the disk.") from error
