"""Exceptions as typed JSON: their builtin kind, their message and their traceback.

Sent to kernels as source (see :mod:`.sent`), so it imports the standard library only.
"""

from __future__ import annotations

import builtins
import traceback
from typing import Any

from .wire import decode, encode

_NOT_RAISED = (StopIteration, StopAsyncIteration)  # these mean something else in the code that would raise them again
_LONGEST_MESSAGE = 8000  # characters


def encode_error(error: BaseException) -> dict[str, Any]:
    """An exception as JSON-able data: its name, its nearest builtin class, its message and its traceback."""
    builtin = next(base for base in type(error).__mro__ if base.__module__ == "builtins")
    arguments = []
    file = getattr(error, "filename", None)
    # An OSError keeps its file's name outside its arguments.
    for argument in (*error.args, file) if file is not None and len(error.args) == 2 else error.args:
        try:
            arguments.append(encode(argument))
        except Exception:  # an argument that does not travel must not hide the error itself
            arguments.append(repr(type(argument)))
    return {
        "name": type(error).__name__,
        "builtin": builtin.__name__,
        "message": _text(error),
        "arguments": arguments,
        "traceback": "".join(traceback.format_exception(type(error), error, error.__traceback__))[-_LONGEST_MESSAGE:],
    }


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST_MESSAGE]
    except Exception:  # an app's own __str__ may do anything
        return ""


def decode_error(data: Any) -> Exception | None:
    """The exception that :func:`encode_error` wrote: the builtin itself, or a class of its name below that builtin.

    None where its only builtin base is ``Exception`` (or one that may not be raised here, like ``SystemExit``):
    then only its text is known.
    """
    known = getattr(builtins, str(data["builtin"]), None)
    if not (isinstance(known, type) and issubclass(known, Exception)) or issubclass(known, _NOT_RAISED):
        return None
    name, message = str(data["name"]), str(data["message"])
    if known is Exception and name != "Exception":
        return None
    kind: type[Exception] = known if name == known.__name__ else type(name, (known,), {})
    try:
        error = kind(*[decode(argument) for argument in data["arguments"]])
    except Exception:  # a constructor that wants something else: the message is what matters
        error = known(message) if known not in (UnicodeDecodeError, UnicodeEncodeError) else ValueError(message)
    error.add_note(f"Raised in the app:\n{data['traceback']}")
    return error
