"""Which hosts an app may reach: granted names and ports, and never a private address behind a public name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def literal(host: str) -> Address | None:
    """``host`` as an address, if it is one."""
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def granted(host: str, port: int, hosts: Iterable[tuple[str, int]]) -> bool:
    """Whether ``host`` (lower case, no final dot) and ``port`` are among the granted.

    ``*.example.org`` stands for every host below ``example.org``, not for itself.
    """
    return any(
        port == allowed and (host == name or (name.startswith("*.") and host.endswith(name[1:])))
        for name, allowed in hosts
    )


def public(address: Address) -> bool:
    """Whether an address leads out to the internet, by whatever of the IPv6 wrappings it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if address.is_reserved or address.is_site_local:  # Python counts some of these as global
            return False
    return address.is_global and not address.is_multicast
