"""Passwords of apps: hashed slowly, so that whoever reads the hash cannot try many, and compared in constant time.

scrypt with the parameters that OWASP names for it (N = 2^15, r = 8, p = 3 is as slow as N = 2^17, p = 1 at a quarter of
the memory: 32 MiB a guess, which a site that is guessed at can bear).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

from ..errors import InvalidInput

SHORTEST, LONGEST = 8, 200
"""Characters of a password."""
COST, BLOCK, LANES = 1 << 15, 8, 3
_MEMORY = 64 << 20
_BYTES = 32


def hashed(password: str) -> str:
    """What is kept of a password. Raises InvalidInput if it is too short or too long."""
    text = _composed(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise InvalidInput(
            f"A password has {SHORTEST} to {LONGEST} characters, and this one has {len(text)}.",
            "A few words that do not belong together are easy to tell and hard to guess.",
        )
    salt = secrets.token_bytes(16)
    made = _scrypt(text, salt, COST, BLOCK, LANES)
    return "$".join(("scrypt", str(COST), str(BLOCK), str(LANES), _text(salt), _text(made)))


def fits(password: str, kept: str) -> bool:
    """Whether this is the password of which that was kept; takes tens of milliseconds, whatever the answer."""
    _, cost, block, lanes, salt, known = kept.split("$")
    made = _scrypt(_composed(password[: 2 * LONGEST]), _bytes(salt), int(cost), int(block), int(lanes))
    return hmac.compare_digest(made, _bytes(known))


def _composed(password: str) -> str:
    """The same text however the keyboard made it: 한글 comes in pieces from some."""
    return unicodedata.normalize("NFKC", password).strip()


def _scrypt(text: str, salt: bytes, cost: int, block: int, lanes: int) -> bytes:
    said = text.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(said, salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=_BYTES)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text)
