"""The key for the model's endpoint: from the environment, else the system's keyring, else a file of mode 0600.

A headless machine has no keyring, so the package is optional and its absence no fault. A key is held as a secret that
shows itself in no repr, log or error.

A keyring tells nobody that it was written. So whoever stores a key there, or removes it, writes an empty file beside
the settings anew, which other processes of this person look at (:func:`microapps.generator.stamp`).
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from ..errors import InvalidSetting, MachineFault
from ..folders import home
from .saving import save

VARIABLE = "ANTHROPIC_API_KEY"
SERVICE = "microapps"
USER = "anthropic"
FILE = "key"
NEWS = "keyring-changed"
LONGEST = 4096


@dataclass(frozen=True)
class Key:
    """A key, and where it was found, in words for a person."""

    secret: SecretStr
    source: str


def key_file() -> Path:
    """Where a key is kept that no keyring takes; the file need not exist."""
    return home() / FILE


def keyring_news() -> Path:
    """The empty file that is written anew whenever the keyring's key is; it need not exist."""
    return home() / NEWS


def find_key() -> Key | None:
    """The key, or None where there is none.

    Raises
    ------
    InvalidSetting
        The key's file can be read by others, or cannot be read; names it.
    """
    if value := os.environ.get(VARIABLE, "").strip():
        return Key(SecretStr(value), f"the environment variable {VARIABLE}")
    if value := _from_keyring():
        return Key(SecretStr(value), "the system's keyring")
    path = key_file()
    if not path.exists():
        return None
    if value := _from_file(path):
        return Key(SecretStr(value), f"the file {path}")
    raise InvalidSetting(
        f"The key's file {path} is empty.", "Set a key, in JupyterLab's panel or with 'microapps config key'."
    )


def store_key(key: str) -> str:
    """Keep a key: in the keyring where there is one, else in the file; says where.

    Raises
    ------
    InvalidSetting
        It is no key: empty, too long, or with blanks or characters that no key has.
    MachineFault
        It could not be written.
    """
    value = key.strip()
    if not value or len(value) > LONGEST or not value.isascii() or not value.isprintable() or " " in value:
        raise InvalidSetting("That is no key.", "Copy it whole, without blanks; it usually begins with 'sk-'.")
    path = key_file()
    if _into_keyring(value):
        path.unlink(missing_ok=True)
        save(keyring_news(), "")
        return "the system's keyring"
    save(path, value + "\n", 0o600)
    return f"the file {path}"


def forget_key() -> tuple[str, ...]:
    """Remove the stored key; says from where. One in the environment is not ours to remove."""
    places = []
    if _from_keyring() and _out_of_keyring():
        save(keyring_news(), "")
        places.append("the system's keyring")
    path = key_file()
    if path.exists():
        path.unlink()
        places.append(f"the file {path}")
    return tuple(places)


def _from_file(path: Path) -> str:
    hint = f"Run: chmod 600 {path}"
    try:
        found = path.stat()
        if os.name == "posix" and stat.S_IMODE(found.st_mode) & 0o077:
            raise InvalidSetting(f"The key's file {path} can be read by others.", hint)
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSetting(f"The key's file {path} cannot be read.", hint) from error


def _from_keyring() -> str:
    """The keyring's key; empty where there is no keyring or nothing in it."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, USER) or ""
    except (KeyringError, OSError, RuntimeError):
        return ""  # locked or without a backend: the file is next


def _into_keyring(value: str) -> bool:
    """Whether the keyring took the key; read back, since a null backend takes everything and keeps nothing."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return False
    try:
        keyring.set_password(SERVICE, USER, value)
        return keyring.get_password(SERVICE, USER) == value
    except (KeyringError, OSError, RuntimeError):
        return False


def _out_of_keyring() -> bool:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, USER)
    except (KeyringError, OSError, RuntimeError) as error:
        raise MachineFault("The keyring did not remove the key.", "Remove it there by hand.") from error
    return True
