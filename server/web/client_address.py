"""Who a client is: its network address, behind trusted proxies what the last of them says of it.

A header is believed from the right, as far as the proxies that wrote it are trusted: X-Forwarded-For, and Forwarded
(RFC 7239). Where both are sent they must agree, since a proxy that writes one hands through what a client puts into
the other. What cannot be read is no reason to refuse anybody: the nearest proxy then counts as the client.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Header = tuple[bytes, bytes]  # a name in small letters and a value, as ASGI has them

SOCKET: Final = "unix:"  # a client, or a trusted proxy, that comes through a Unix socket
LONGEST: Final = 64  # characters of an address with its port
MOST_HOPS: Final = 20  # entries of a header that are looked at, from the right
MOST_LISTED: Final = 4000  # characters of a header in which they are looked for: the time it takes is bounded
_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_VALUE: Final = rf'(?:{_TOKEN}|"(?:[^"\\]|\\.)*")'
_ELEMENT: Final = re.compile(
    rf"[ \t]*+((?:{_TOKEN}={_VALUE})?(?:;(?:{_TOKEN}={_VALUE})?)*+)[ \t]*+(?:,|\Z)",
    re.DOTALL,
)
_PAIR: Final = re.compile(rf"({_TOKEN})=({_VALUE})", re.DOTALL)


class BadProxy(ValueError):
    """A trusted proxy is given by what is neither an address, nor a network, nor "unix:"."""


@dataclass(frozen=True, slots=True)
class Client:
    """`key` tells clients apart (an IPv4 address, an IPv6 network of 64 bits), `shown` is what logs may hold."""

    key: str
    shown: str


UNKNOWN: Final = Client("unknown", "unknown")
LOCAL: Final = Client(SOCKET, SOCKET)


@dataclass(frozen=True, slots=True)
class Proxies:
    """The proxies that are believed."""

    networks: tuple[Network, ...] = ()
    socket: bool = False

    def trust(self, address: Address | None) -> bool:
        """Whether this hop is believed; None is a Unix socket."""
        if address is None:
            return self.socket
        return any(address in network for network in self.networks)


def proxies(given: Iterable[str]) -> Proxies:
    """Proxies from "192.0.2.7", "10.0.0.0/8", "fd00::/8" and "unix:". Raises BadProxy."""
    networks: list[Network] = []
    socket = False
    for text in given:
        if text == SOCKET:
            socket = True
            continue
        try:
            networks.append(ip_network(text))
        except ValueError as error:
            raise BadProxy(
                f"{text!r} är varken en adress, ett nät (10.0.0.0/8, utan värddel) eller unix: – rätta "
                f"--trusted-proxy.\n"
                f"{text!r} is neither an address, nor a network (10.0.0.0/8, without host bits), nor unix: – correct "
                f"--trusted-proxy."
            ) from error
    return Proxies(tuple(networks), socket)


def client(peer: str | None, headers: Iterable[Header], trusted: Proxies) -> Client:
    """The client of a request. `peer` is the address of the connection, None or "" for a Unix socket."""
    if not trusted.networks and not trusted.socket:
        return _named(peer or SOCKET)
    hop = _address(peer) if peer else None
    if (peer and hop is None) or not trusted.trust(hop):
        return _named(peer or SOCKET)
    listed: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name in (b"x-forwarded-for", b"forwarded"):
            listed.setdefault(name, []).append(value.decode("latin-1"))
    walks = []
    if b"x-forwarded-for" in listed:
        walks.append(_walk(hop, _entries(",".join(listed[b"x-forwarded-for"])), trusted))
    if b"forwarded" in listed:
        walks.append(_walk(hop, _elements(",".join(listed[b"forwarded"])), trusted))
    found = walks[0] if walks and all(walk == walks[0] for walk in walks) else hop
    return LOCAL if found is None else _of(found)


def _walk(hop: Address | None, entries: list[str | None], trusted: Proxies) -> Address | None:
    """The first hop from the right that is not trusted; where there is none, the last that could be read."""
    for entry in entries[: -MOST_HOPS - 1 : -1]:
        address = _address(_without_port(entry)) if entry and len(entry) <= LONGEST else None
        if address is None:
            return hop
        hop = address
        if not trusted.trust(hop):
            return hop
    return hop


def _entries(value: str) -> list[str | None]:
    """The entries of X-Forwarded-For; empty ones are left out, as in every list (RFC 9110, 5.6.1.2)."""
    if len(value) > MOST_LISTED:
        value = value[-MOST_LISTED:].partition(",")[2]
    return [entry.strip(" \t") for entry in value.split(",") if entry.strip(" \t")]


def _elements(value: str) -> list[str | None]:
    """What stands in `for=` of each element of Forwarded (RFC 7239, 4); nothing believable when it is malformed,
    or too long: where a quoted string begins is told from the left only."""
    if len(value) > MOST_LISTED:
        return [None]
    found: list[str | None] = []
    at = 0
    while at < len(value):
        element = _ELEMENT.match(value, at)
        if element is None:
            return [None]
        at = element.end()
        if element[1]:
            names = [pair[2] for pair in _PAIR.finditer(element[1]) if pair[1].lower() == "for"]
            found.append(_unquoted(names[0]) if len(names) == 1 else None)
    return found


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _without_port(entry: str) -> str:
    """An address without the port that may follow: "192.0.2.1:80", "[2001:db8::1]:80", "[2001:db8::1]"."""
    matched = re.fullmatch(r"\[([^\[\]]*)\](?::\w+)?|([^:]*)(?::\w+)?", entry, re.ASCII)
    if matched is None:
        return entry
    if matched[1] is not None:
        return matched[1] if ":" in matched[1] else ""
    return matched[2]


@lru_cache(maxsize=4096)
def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.partition("%")[0] if ":" in text else text)  # fe80::1%eth0: the interface is ours
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def _named(peer: str) -> Client:
    if peer == SOCKET:
        return LOCAL
    address = _address(peer)
    return UNKNOWN if address is None else _of(address)


@lru_cache(maxsize=4096)
def _of(address: Address) -> Client:
    if isinstance(address, IPv4Address):
        return Client(str(address), str(ip_network((address, 24), strict=False)))
    number = int(address)
    return Client(str(IPv6Network((number >> 64 << 64, 64))), str(IPv6Network((number >> 80 << 80, 48))))
