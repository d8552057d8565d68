"""Asking the gateway, with jupyter_server's client, and what went wrong in words a person can act on."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable
from typing import Any, TypeVar

from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.gateway.managers import GatewayKernelSpecManager
from tornado.web import HTTPError
from tornado.websocket import WebSocketError
from traitlets import TraitError

from ...errors import InvalidSetting, MachineFault
from ..notices import readable
from ..settings import Gateway

PROBE_SECONDS = 20.0
"""How long the gateway may take to say which kernels it has, when a site starts."""
PREFERRED = "python3"
LONGEST_REASON = 300
_SETTINGS = "JUPYTER_GATEWAY_"
_LAUNCH = "KERNEL_LAUNCH_TIMEOUT"

Answer = TypeVar("Answer")


def use(gateway: Gateway) -> None:
    """Set up jupyter_server's client for this process; its secrets do not stay in the environment.

    Raises
    ------
    InvalidSetting
        A variable of the environment cannot be used.
    """
    os.environ.update(gateway.environment)
    try:
        if _LAUNCH in gateway.environment:
            GatewayClient.KERNEL_LAUNCH_TIMEOUT = int(gateway.environment[_LAUNCH])
        client = GatewayClient.instance(url=gateway.url.rstrip("/"))
        if f"{_SETTINGS}WS_URL" not in gateway.environment:
            client.ws_url = "ws" + gateway.url.rstrip("/").removeprefix("http")
        for name in client.trait_names(config=True):
            getattr(client, name)  # reads its variable now
    except (TraitError, ValueError) as error:
        raise InvalidSetting(
            f"A setting of the gateway cannot be used: {type(error).__name__}.",
            "Look at the variables JUPYTER_GATEWAY_… and KERNEL_LAUNCH_TIMEOUT of the environment.",
        ) from error
    finally:
        for name in gateway.environment:
            if name.startswith(_SETTINGS):
                os.environ.pop(name, None)


async def kernel_name(site: Any) -> str:
    """The Python kernel that the gateway has: ``python3``, its default, or the only one.

    Raises
    ------
    MachineFault
        It cannot be asked, or has no such kernel.
    """
    asking = GatewayKernelSpecManager(parent=site)  # type: ignore[no-untyped-call]
    told = await answered(asking.list_kernel_specs(), PROBE_SECONDS)  # type: ignore[no-untyped-call]
    try:
        found = {name: str(each["spec"]["language"]).lower() for name, each in told["kernelspecs"].items()}
        default = str(told.get("default"))
    except (KeyError, TypeError, AttributeError) as error:
        raise _no_gateway() from error
    python = [name for name, language in found.items() if language == "python"]
    meant = [name for name in (PREFERRED, default) if name in python]
    if meant or len(python) == 1:
        return str((meant or python)[0])
    raise MachineFault(
        f"The gateway has no kernel that can be taken for Python's (it names {', '.join(found) or 'none'}).",
        f"Install ipykernel there, or make its Python kernel the default, or name one {PREFERRED!r}.",
    )


async def answered(asked: Awaitable[Answer], seconds: float) -> Answer:
    """What the gateway answers.

    Raises
    ------
    MachineFault
        It does not answer, not in time, or with an error; never with anything secret in it.
    """
    try:
        async with asyncio.timeout(seconds):
            return await asked
    except TimeoutError:
        raise MachineFault(
            f"The gateway at {_url()} did not answer within {seconds:.0f} seconds.",
            "It may be busy or stuck: its own log says more.",
        ) from None
    except MachineFault:
        raise
    except HTTPError as error:
        raise _explained(error) from error
    except ssl.SSLError as error:
        raise MachineFault(
            f"The gateway at {_url()} could not be reached safely: {error.reason}.",
            "Set JUPYTER_GATEWAY_CA_CERTS to the certificate of its authority.",
        ) from error
    except (OSError, WebSocketError) as error:
        raise MachineFault(f"The gateway at {_url()} could not be reached: {_clean(str(error))}.", _WHETHER) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # its answer is not of the form it should have
        raise _no_gateway() from error


_WHETHER = "See whether it runs, and whether this machine can reach it."


def _explained(error: HTTPError) -> MachineFault:
    code, cause = error.status_code, error.__cause__
    said = _clean(str(error.args[-1])) if error.args else ""
    if isinstance(cause, socket.gaierror):
        return MachineFault(f"The gateway's host is not known: {_url()}.", "Check --gateway-url.")
    if isinstance(cause, ConnectionError):
        return MachineFault(f"Nothing answers at the gateway's address, {_url()}.", _WHETHER)
    match code:
        case 401:
            return MachineFault(
                f"The gateway at {_url()} asks for a token, or refuses the one it was given.",
                "Set JUPYTER_GATEWAY_AUTH_TOKEN to its token, in the environment of 'microapps serve'.",
            )
        case 403:
            return MachineFault(
                f"The gateway at {_url()} refuses (HTTP 403: {said}).",
                "It may have all the kernels it allows, or want another JUPYTER_GATEWAY_AUTH_TOKEN.",
            )
        case 404 | 405:
            return _no_gateway()
        case 502 | 503 | 504 | 599:
            return MachineFault(f"The gateway at {_url()} did not answer (HTTP {code}).", _WHETHER)
    return MachineFault(f"The gateway at {_url()} failed (HTTP {code}: {said}).", "Its own log says more.")


def _no_gateway() -> MachineFault:
    return MachineFault(
        f"What answers at {_url()} is no kernel gateway.", "Check --gateway-url, and the path at its end."
    )


def _url() -> str:
    return str(GatewayClient.instance().url)


def _clean(text: str) -> str:
    """What the gateway said, on one short line, without the token."""
    client = GatewayClient.instance()
    for secret in (client.auth_token, client.http_pwd):
        if secret:
            text = text.replace(secret, "…")
    return " ".join(readable(text).split())[:LONGEST_REASON].rstrip(".")
