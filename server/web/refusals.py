"""What is told of requests that the application is not asked about: what is no HTTP, or comes too late."""

from collections.abc import Iterable
from typing import Final

from server.messages import Problem

HEADERS: Final = 200  # of one request
HEAD: Final = 256 * 1024  # bytes of request line and headers
ADDRESS: Final = 65535  # bytes of an address that the parser takes apart
TOO_LONG: Final = Problem(
    414,
    f"Adressen är för lång: högst {ADDRESS} tecken. Skicka en lång fråga med POST (SPARQL 1.1 Protocol).",
    f"The address is too long: at most {ADDRESS} characters. Send a long query by POST (SPARQL 1.1 Protocol).",
    {"kind": "address-too-long"},
)
"""RFC 9110, 15.5.15."""
MALFORMED: Final = Problem(
    400,
    "Begäran är ingen HTTP som kan läsas. I en adress ska blanksteg och tecken som å, ä och ö vara procentkodade: "
    "%20, %C3%A5, %C3%A4, %C3%B6.",
    "The request is no HTTP that can be read. In an address blanks and characters such as å, ä and ö have to be "
    "percent-encoded: %20, %C3%A5, %C3%A4, %C3%B6.",
    {"kind": "malformed-request"},
)
"""RFC 9112, 3.2; RFC 3986, 2.1."""
LARGE_HEAD: Final = Problem(
    431,
    f"Begärans rubriker är för stora: högst {HEADERS} stycken och {HEAD // 1024} kB.",
    f"The headers of the request are too large: at most {HEADERS} of them, and {HEAD // 1024} kB.",
    {"kind": "head-too-large"},
)
"""RFC 6585, 5."""
SLOW: Final = Problem(
    408,
    "Begäran kom inte i tid: skicka den igen, i ett stycke.",
    "The request did not come in time: send it again, in one go.",
    {"kind": "too-slow"},
)
"""RFC 9110, 15.5.9."""
UPGRADE: Final = Problem(
    400,
    "Begäran har både en kropp och rubriken Upgrade: skicka den utan Upgrade.",
    "The request has both a body and the header Upgrade: send it without Upgrade.",
    {"kind": "malformed-request"},
)


def has_body(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request has a body, by its headers (RFC 9112, 6)."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0")
        for name, value in headers
    )
