"""Which addresses a webhook may use: no private or local ones, unless a setting allows them.

Whoever may name an address could otherwise have Countersign call what is behind the firewall (server-side request forgery). Names are
looked up here, and the connection goes to exactly the addresses that were looked at.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


_TUNNELS: Final = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16")))
"""Global addresses behind which an IPv4 address may be, on the internet or not: NAT64, Teredo, 6to4."""
_INTERNET6: Final = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is given out as global unicast (RFC 4291 section 2.4). `is_global` also says yes to site-local addresses and to those
that only stand for IPv4 ones.
"""


class NotAllowed(OSError):
    """An address that may not be sent to. The message says which, and what would allow it."""


class Guard(AbstractResolver):
    """Looks names up, and gives only addresses that may be sent to."""

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of *host*. Raises NotAllowed where one of them may not be sent to, OSError where there are none."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        addresses = [str(place[4][0]) for place in found]
        for address in addresses:
            self.check(host, ipaddress.ip_address(address))
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=place[0],
                proto=place[2],
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for place, address in zip(found, addresses, strict=True)
        ]

    def check_url(self, url: str) -> None:
        """Raises NotAllowed for a bare address that may not be sent to, and for http outside of what is allowed.

        Names are looked at when they are looked up; a bare address never is. The URL is read as aiohttp reads it: other readers take
        127.0.0.1 in full-width digits for a name. Raises ValueError for what is no URL.
        """
        parts = URL(url)
        host = parts.host or ""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            if parts.scheme != "https":
                raise NotAllowed(_not_https(host)) from None
            return
        self.check(host, address)
        if parts.scheme != "https" and not self._is_allowed(address):
            raise NotAllowed(_not_https(host))

    def check(self, host: str, address: IPAddress) -> None:
        """Raises NotAllowed where *address*, of *host*, may not be sent to."""
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        address = mapped or address
        tunnelled = any(address.version == tunnel.version and address in tunnel for tunnel in _TUNNELS)
        given_out = address.version == 4 or address in _INTERNET6
        outside = address.is_global and not address.is_multicast and not tunnelled and given_out
        if not outside and not self._is_allowed(address):
            subject = host if host == str(address) else f"{host} is {address}, which"
            raise NotAllowed(f"{subject} is not on the internet; to allow it, add it to COUNTERSIGN_WEBHOOK_ALLOW")

    def _is_allowed(self, address: IPAddress) -> bool:
        return any(address.version == network.version and address in network for network in self._allowed)

    async def close(self) -> None:
        """Nothing is kept open."""


def _not_https(host: str) -> str:
    return f"{host} is not called over https; only addresses in COUNTERSIGN_WEBHOOK_ALLOW may be called without"
