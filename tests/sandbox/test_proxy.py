"""Granted hosts are reached through the proxy, everything else is refused and logged."""

from __future__ import annotations

import ipaddress
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from microapps.notebook.permissions import Host, Permissions
from microapps.sandbox import Confinement, Sandbox
from microapps.sandbox.addresses import granted, public
from microapps.sandbox.proxy import Request

from .kernels import talking

FETCH = """
import urllib.request, urllib.error
def fetch(url):
    try:
        return urllib.request.urlopen(url, timeout=20).read().decode()
    except urllib.error.HTTPError as error:
        return f'{error.code} {error.read().decode()}'
    except OSError as error:
        return repr(error)
"""


@pytest.fixture
def server() -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{self.path} for {self.headers['Host']}".encode())

        def log_message(self, *arguments: object) -> None:
            return

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made.server_port
    made.shutdown()
    made.server_close()


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_a_granted_host_is_reached_and_every_attempt_logged(server: int, tmp_path: Path) -> None:
    log = tmp_path / "access.jsonl"
    hosts = (Host(name="127.0.0.1", port=server), Host(name="localhost", port=server))
    confinement = Confinement("reaches", granted=Permissions(hosts=hosts), log=log)
    async with Sandbox() as sandbox, talking(sandbox.kernels(confinement)) as kernel:
        await kernel.run(FETCH)
        assert await kernel.run(f"print(fetch('http://127.0.0.1:{server}/a?b=1'))") == f"/a?b=1 for 127.0.0.1:{server}"
        assert "403" in await kernel.run(f"print(fetch('http://127.0.0.1:{server + 1}/'))")
        assert "private address" in await kernel.run(f"print(fetch('http://localhost:{server}/'))")
        direct = f"import socket; socket.create_connection(('127.0.0.1', {server}), timeout=5)"
        assert "Error" in await kernel.run(direct)
        assert "Error" in await kernel.run("socket.socket(socket.AF_INET, socket.SOCK_DGRAM)")
    attempts = [json.loads(line) for line in log.read_text().splitlines()]
    assert [attempt["allowed"] for attempt in attempts] == [True, False, False, False]
    assert (attempts[3]["method"], attempts[3]["port"]) == ("direct", server)
    assert {attempt["app"] for attempt in attempts} == {"reaches"}


@pytest.mark.sandbox
@pytest.mark.anyio
async def test_without_hosts_there_is_no_network(server: int) -> None:
    async with Sandbox() as sandbox, talking(sandbox.kernels(Confinement("alone"))) as kernel:
        await kernel.run(FETCH)
        assert "Error" in await kernel.run(f"print(fetch('http://127.0.0.1:{server}/'))")


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("example.org", 443, True),
        ("example.org", 80, False),
        ("www.example.org", 443, False),
        ("a.data.example.net", 443, True),
        ("data.example.net", 443, False),
        ("evildata.example.net", 443, False),
    ],
)
def test_a_grant_is_of_a_name_and_a_port(host: str, port: int, expected: bool) -> None:
    assert granted(host, port, [("example.org", 443), ("*.data.example.net", 443)]) is expected


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "fe80::1", "fd00::1",
        "fec0::1", "::127.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1",
    ],
)  # fmt: skip
def test_private_addresses_are_known_in_every_wrapping(address: str) -> None:
    assert not public(ipaddress.ip_address(address))


def test_public_addresses_are_known() -> None:
    assert public(ipaddress.ip_address("93.184.215.14"))
    assert public(ipaddress.ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"))


@pytest.mark.parametrize(
    "head",
    [b"GET / HTTP/1.1", b"GET ftp://a/ HTTP/1.1", b"CONNECT a HTTP/1.1", b"CONNECT a:b HTTP/1.1", b"\xff", b""],
)
def test_what_is_no_request_is_refused(head: bytes) -> None:
    with pytest.raises(ValueError):
        Request.parse(head + b"\r\n\r\n")


def test_a_request_goes_on_without_the_proxys_headers() -> None:
    request = Request.parse(b"GET http://Example.org:8080/x?y HTTP/1.1\r\nProxy-Authorization: no\r\nAccept: a\r\n\r\n")
    assert (request.host, request.port) == ("example.org", 8080)
    assert b"Proxy-Authorization" not in request.head
    assert request.head.startswith(b"GET /x?y HTTP/1.1\r\nHost: Example.org:8080\r\n")
