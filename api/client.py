"""Who asks: the address at the other end of the connection, or the one that a trusted proxy names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

_FORWARDED = b"x-forwarded-for"
_HOPS = 20
"""So many addresses of `X-Forwarded-For` are looked at, from its end."""
_SITE = 64
"""Bits of an IPv6 address that name a client: the others it chooses as it likes."""

Address = IPv4Address | IPv6Address


class Clients:
    """Tells clients apart. `trusted` are addresses and networks of proxies whose `X-Forwarded-For` is believed."""

    def __init__(self, trusted: Sequence[str] = ()) -> None:
        self._trusted = [ip_network(each, strict=False) for each in trusted]
        self._known = lru_cache(maxsize=4096)(_address)

    def address(self, scope: Scope) -> Address | None:
        """Whose request this is; None for one that did not come over a network.

        `X-Forwarded-For` is read from its end, as far as the hops are trusted; the first that is not is the client.
        What stands before it anyone may have written.
        """
        peer = scope.get("client")
        found = self._known(peer[0]) if peer else None
        if found is None or not self._trusts(found):
            return found
        given = b",".join(value for name, value in scope["headers"] if name == _FORWARDED)
        for hop in reversed(given.decode("latin-1").split(",")[-_HOPS:]):
            named = self._known(hop.strip())
            if named is None:
                return found
            found = named
            if not self._trusts(found):
                return found
        return found

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=4096)
def told_apart(address: Address) -> str:
    """The name of a client: its address, or the network of a site where it has many.

    >>> told_apart(ip_address("2001:db8:1:2::9"))
    '2001:db8:1:2::/64'
    """
    return str(IPv6Network((address, _SITE), strict=False)) if isinstance(address, IPv6Address) else str(address)
