"""What every page needs: the data folder, the base, the query processes, and paths for IRIs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from flask import current_app, request

from server.blocking import Blocking
from server.catalogue.publisher import Publisher
from server.catalogue.publisher_keys import CC0, licence_name
from server.web import negotiation

NS: Final = "https://w3id.org/kommungraf/ns#"
CONCEPT: Final = "https://w3id.org/kommungraf/concept/"
SPAN: Final = re.compile(r"/id/span/([0-9a-f]{16})/(\d{1,9}-\d{1,9})\Z")
OF_A_PLACE: Final = re.compile(
    r"/id/(?:body|case|matter|party|person|(?:agenda-item|treatment)(?=/.+/matter/))/([^/]+)/."
)
SAFE_IRI: Final = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^<>"{}|^`\\\x00-\x20]*\Z')


@dataclass(frozen=True, slots=True)
class Site:
    """`elsewhere` tells the version of the data that an engine elsewhere holds, which may lag behind what is
    published; None: queries are answered from the data folder."""

    data_dir: Path
    base: str
    pool: Blocking
    publisher: Publisher | None = None
    own_address: str | None = None  # where the server listens, when nobody but its own machine reaches it
    elsewhere: Callable[[], str | None] | None = None

    @property
    def web(self) -> str:
        """The address at which the site is reached, without a slash at the end. Never that which a client says it
        asks (Host): a page that is kept would give it to others."""
        return self.publisher.web if self.publisher else self.own_address or self.base

    @property
    def web_in_data(self) -> str:
        """The same as data say it, which are the same wherever the server listens."""
        return self.publisher.web if self.publisher else self.base

    @property
    def licence(self) -> str:
        """The licence of the data, as it is called."""
        return licence_name(self.publisher.licence if self.publisher else CC0)

    @staticmethod
    def current() -> "Site":
        """The site of the application that handles this request."""
        site = current_app.extensions["kommungraf"]
        assert isinstance(site, Site)
        return site

    def path(self, iri: str) -> str | None:
        """The path on this site where an IRI is described, or None when it is described elsewhere."""
        if iri.startswith(self.base + "/id/"):
            return quote(iri[len(self.base) :], safe="/:@!$&'()*+,;=~-._")
        if iri.startswith(NS):
            return "/ns#" + quote(iri[len(NS) :])
        if iri.startswith(CONCEPT):
            return "/concept/" + quote(iri[len(CONCEPT) :], safe="/")
        return None

    def link(self, iri: str) -> str | None:
        """A reference for an `a` element: a path here, or a web address; None for what must not be a link."""
        path = self.path(iri)
        if path is not None:
            asked = request.args.get("lang")
            address, mark, fragment = path.partition("#")
            return f"{address}?lang={asked}{mark}{fragment}" if asked in {"sv", "en"} else path
        return iri if iri.startswith(("https://", "http://")) and is_iri(iri) else None

    @property
    def prologue(self) -> str:
        """The declarations of our usual prefixes, for the beginning of a query (SPARQL 1.1 Query, 4.1.1)."""
        return "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in self.pool.prefixes.items())

    def place_of(self, iri: str) -> str | None:
        """The municipality of a body, a case, a matter, a person or a local party, as its IRI tells it; else None."""
        found = OF_A_PLACE.match(iri.removeprefix(self.base)) if iri.startswith(self.base) else None
        return f"{self.base}/id/municipality/{found[1]}" if found else None

    def address(self, path: str, **arguments: object) -> str:
        """The address of a page of ours, in the language the reader chose where one was chosen; empty and missing
        arguments are left out."""
        asked = request.args.get("lang")
        given = [(name, str(value)) for name, value in arguments.items() if value not in (None, "")]
        if asked in {"sv", "en"} and "lang" not in arguments:
            given.append(("lang", asked))
        return quote(path, safe="/:@!$&'()*+,;=~-._") + ("?" + urlencode(given) if given else "")

    def in_document(self, span: str) -> str | None:
        """The address where the characters of a span are shown in their document, or None for what is no span."""
        found = SPAN.match(span.removeprefix(self.base))
        return self.address(f"/doc/document/{found[1]}", at=found[2]) + "#marked" if found else None

    def query_link(self, query: str) -> str:
        """The address of a query's result as a table."""
        return "/sparql?" + urlencode({"query": query, "format": "html", "lang": page_language()})

    def editor_link(self, query: str) -> str:
        """The address of the editor with a query in it that is not yet sent."""
        return self.address("/sparql", edit=query)

    def short(self, iri: str) -> str:
        """An IRI as a person can read it: a path under the base, a prefixed name, or the whole."""
        if iri.startswith(self.base + "/id/"):
            return iri[len(self.base) + 4 :]
        for prefix, namespace in self.pool.prefixes.items():
            if iri.startswith(namespace) and len(iri) > len(namespace):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI that may stand in a query."""
    if not SAFE_IRI.match(text):
        return False
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def iri_ref(iri: str) -> str:
    """An IRI as it stands in a query, with angle brackets. Raises ValueError for what is not an absolute IRI."""
    if not is_iri(iri):
        raise ValueError(f"not an absolute IRI: {iri!r}")
    return f"<{iri}>"


def page_language() -> str:
    """The language of the page that answers this request."""
    return negotiation.language(request.headers.get("Accept-Language"), request.args.get("lang"))
