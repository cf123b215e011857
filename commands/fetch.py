"""What an address on the web answers, fetched into files: where a clerk gave an address, and nowhere else.

No more than MOST bytes in SECONDS over all requests of one import. Redirects lead to http and https only.
"""

import http.client
import socket
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

MOST: Final = 256 * 2**20
"""Bytes as they are sent, over all requests of one import."""
SECONDS: Final = 300.0
WAIT: Final = 30.0
"""Seconds for a connection, and for each piece of an answer."""
_PIECE: Final = 2**16
_NOT_MODIFIED: Final = 304


class NotFetched(Exception):
    """An address does not give what is to be imported; `answered`: somebody answers there."""

    def __init__(self, sv: str, en: str, answered: bool = True) -> None:
        super().__init__(en)
        self.sv, self.en, self.answered = sv, en, answered


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: the address it came from in the end, its media type, its ETag ("" without), whether it never
    changes (RFC 8246), and whether it is what it was (304), so that no file was written."""

    address: str
    media_type: str
    etag: str
    immutable: bool
    is_same: bool = False


@dataclass(slots=True)
class Fetcher:
    """What may be fetched yet; `most` bytes until a moment of the monotonic clock. `answers`: how many came."""

    most: int = MOST
    until: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    left: int = field(init=False)
    answers: int = 0

    def __post_init__(self) -> None:
        self.left = self.most

    def get(self, address: str, accept: str, path: Path, etag: str = "") -> Fetched:
        """Fetch an address into a file, unless it has still the ETag. Raises NotFetched."""
        headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": "kommungraf"}
        if etag:
            headers["If-None-Match"] = etag
        try:
            answer = _opener().open(urllib.request.Request(address, headers=headers), timeout=WAIT)
        except urllib.error.HTTPError as error:
            with error:
                if error.code == _NOT_MODIFIED and etag:
                    return Fetched(address, "", etag, False, is_same=True)
                raise _refused(address, error) from error
        except urllib.error.URLError as error:
            raise _unreachable(address, error.reason) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _unreachable(address, error) from error
        with answer:
            self._write(address, answer, path)
            return _told(answer.geturl(), answer.headers)

    def _write(self, address: str, answer: http.client.HTTPResponse, path: Path) -> None:
        self.answers += 1
        with open(path, "wb") as file:
            while piece := _piece(address, answer):
                self.left -= len(piece)
                if self.left < 0:
                    raise NotFetched(
                        f"{address} ger mer än {self.most // 2**20} MiB, som är det mesta som hämtas. Höj "
                        "gränsen med --most-mib, eller hämta källan själv och importera den i delar.",
                        f"{address} gives more than {self.most // 2**20} MiB, the most that is fetched. Raise the "
                        "limit with --most-mib, or fetch the source yourself and import it in parts.",
                    )
                if time.monotonic() > self.until:
                    raise self._too_late(address)
                file.write(piece)
        if answer.length:  # the connection was closed before all of it came
            raise _broken_off(address, http.client.IncompleteRead(b"", answer.length))

    def _too_late(self, address: str) -> NotFetched:
        sv = f"{address} svarar för långsamt: mer än {SECONDS:g} s gick åt. Försök igen senare."
        en = f"{address} answers too slowly: it took more than {SECONDS:g} s. Try again later."
        if self.answers > 1:
            so_far = f"{(self.most - self.left) / 2**20:.1f} MiB"
            sv = (
                f"{SECONDS:g} s räckte inte: {self.answers} svar ({so_far}) hämtades, det sista från {address}, och "
                "mer återstår. Försök igen senare."
            )
            en = (
                f"{SECONDS:g} s were not enough: {self.answers} answers ({so_far}) were fetched, the last from "
                f"{address}, and more is left. Try again later."
            )
        return NotFetched(sv, en, answered=False)


def _piece(address: str, answer: http.client.HTTPResponse) -> bytes:
    """Some more of an answer that has begun."""
    try:
        return answer.read1(_PIECE)
    except (OSError, http.client.HTTPException) as error:
        raise _broken_off(address, error) from error


def _broken_off(address: str, reason: object) -> NotFetched:
    return NotFetched(
        f"Svaret från {address} bröts innan allt hade kommit ({reason}): försök igen senare.",
        f"The answer from {address} broke off before all of it came ({reason}): try again later.",
        answered=False,
    )


def _opener() -> urllib.request.OpenerDirector:
    """One that knows http and https alone: no file:, data: or ftp: can be led to."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _told(address: str, headers: http.client.HTTPMessage) -> Fetched:
    caching = headers.get("Cache-Control", "").lower()
    return Fetched(address, headers.get_content_type(), headers.get("ETag", ""), "immutable" in caching)


def _refused(address: str, error: urllib.error.HTTPError) -> NotFetched:
    if 300 <= error.code < 400:
        return NotFetched(
            f"{address} leder inte vidare till en webbadress, eller runt i en ring: kontrollera adressen.",
            f"{address} does not lead on to a web address, or leads round in a ring: check the address.",
        )
    return NotFetched(
        f"{address} svarar {error.code}: där finns inget att hämta. Kontrollera adressen, eller försök igen senare.",
        f"{address} answers {error.code}: there is nothing to fetch. Check the address, or try again later.",
    )


def _unreachable(address: str, reason: object) -> NotFetched:
    host = urlsplit(address).hostname
    if isinstance(reason, socket.gaierror):
        return NotFetched(
            f"Datorn {host} finns inte: kontrollera adressen och nätet.",
            f"The host {host} is not found: check the address and the network.",
            answered=False,
        )
    if str(reason).startswith("unknown url type"):
        return NotFetched(
            f"{address} leder till något som inte är en webbadress ({reason}): kontrollera adressen.",
            f"{address} leads to what is no web address ({reason}): check the address.",
        )
    return NotFetched(
        f"Ingen svarar som en webbserver på {address} ({reason}): försök igen senare.",
        f"Nobody answers as a web server at {address} ({reason}): try again later.",
        answered=False,
    )
