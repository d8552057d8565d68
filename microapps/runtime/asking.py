"""Asking the language model from inside an app.

The kernel has no key and no network. It writes one line of JSON to a socket that the harness shows it and reads one
line back; :mod:`microapps.broker` is the other end, which holds the key, the money and the limits.
"""

import json
import os
import socket

from .errors import AskBudgetError, AskError, AskNotPermittedError

SOCKET = "/run/given/ask"
MOST_CHARACTERS = 100_000
"""Characters of the prompt and the system text together."""
MOST_TOKENS = 8_000
LONGEST_ANSWER = 4 << 20
"""Bytes of an answer's line."""
PATIENCE = 600.0
"""Seconds; the harness answers sooner, or ends the kernel when it works for longer than it may."""

ERRORS: dict[str, type[AskError]] = {"permission": AskNotPermittedError, "budget": AskBudgetError}
"""The classes of refusals that an app may want to tell from others."""


def ask(prompt: str, *, system: str = "", max_tokens: int = 1_000) -> str:
    """Ask the language model; its answer as text, which takes seconds.

    Parameters
    ----------
    prompt : the question, with all it is about.
    system : who the model is to be and how it is to answer.
    max_tokens : the longest answer (a token is about three quarters of a word), at most 8000. One that would be longer
        is an error.

    Raises
    ------
    AskNotPermittedError
        The person did not allow it (permission ``model_budget``), or the app runs where there is no model.
    AskBudgetError
        The money they allowed is used up.
    AskError
        There is no answer for another reason; its text can be shown to a visitor.

    While an app is checked no model is asked and no money spent: the answer is then always :func:`placeholder`.
    """
    if not isinstance(prompt, str) or not isinstance(system, str) or not prompt.strip():
        raise AskError("There is nothing to ask: the prompt is an empty text.")
    if len(prompt) + len(system) > MOST_CHARACTERS:
        raise AskError(f"The question is too long: it may have {MOST_CHARACTERS} characters in all.")
    if not isinstance(max_tokens, int) or not 1 <= max_tokens <= MOST_TOKENS:
        raise AskError(f"max_tokens is a whole number from 1 to {MOST_TOKENS}.")
    allowed = os.environ.get("MICROAPPS_ASK", "outside")
    if allowed == "rehearsal":
        return placeholder(prompt)
    if allowed == "outside":
        raise AskNotPermittedError("The language model can only be asked where this app is served by microapps.")
    if allowed == "unreachable":
        raise AskNotPermittedError(
            "Apps cannot ask the language model on this computer, which can contain them only in part. Its owner finds "
            "what is missing with: microapps doctor."
        )
    if allowed != "yes":
        raise AskNotPermittedError(
            "This app has no permission to ask the language model. Its owner can give it one, with the most it may "
            "spend: microapps permissions NAME --grant model:DOLLARS."
        )
    return _exchange({"prompt": prompt, "system": system, "max_tokens": max_tokens})


def placeholder(prompt: str) -> str:
    """What :func:`ask` answers while an app is checked: the same text for the same prompt, marked as what it is."""
    return f"[Placeholder: no model is asked in checks. The prompt was: {prompt[:2000]}]"


def _exchange(question: dict[str, object]) -> str:
    try:
        with socket.socket(socket.AF_UNIX) as channel:
            channel.connect(SOCKET)  # without a time limit it waits its turn; with one it would fail at once
            channel.settimeout(PATIENCE)
            channel.sendall(json.dumps(question, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            with channel.makefile("rb") as answers:
                line = answers.readline(LONGEST_ANSWER)
        answer = json.loads(line)
    except (OSError, ValueError) as error:
        raise AskError("The language model cannot be reached from here just now. Try again later.") from error
    if "text" in answer:
        return str(answer["text"])
    raise ERRORS.get(answer["error"], AskError)(answer["what"])
