"""A thing and its description: what answers at /id/… and /concept/…, and where the description is, /doc/….

By the profile for persistent identifiers of DIGG (UM-2, UM-4, UM-7, UM-10 to UM-12) and W3C's Cool URIs for the
Semantic Web, 4.2: a thing answers 303 with the address of its description, what is gone 410, what has another
identifier now 308, and what became several 300.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, quote, urlencode

from server.asking import Query, Rows
from server.gone import renamed, tombstones
from server.messages import Problem
from server.naming import RDF_TYPE
from server.site import CONCEPT, iri_ref, is_iri
from server.sparql.protocol import CORS, Headers, Reply
from server.web import negotiation
from server.web.negotiation import HTML, OFFERS, TEXT, Choice, Format

THINGS: Final = ("/id/", "/concept/")
DOCUMENTS: Final = "/doc/"
ALLOWED: Final = "GET, HEAD, OPTIONS"
LANGUAGES: Final = ("sv", "en")
KEPT: Final = ("format", "lang", "view", "at")
"""What of a query string a redirect passes on."""
OF_A_TEXT: Final = (TEXT, *OFFERS)
"""The formats of the description of a text: the text itself, unless something else is liked better."""
MOST: Final = 200  # successors and classes of one thing
LONGEST: Final = 2000  # characters of an IRI; none here has more than some hundred
SAFE: Final = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the published data say of an IRI: whether it is there, and of which classes (IRIs), or gone (410), or has
    successors (IRIs)."""

    there: bool
    gone: Problem | None
    successors: tuple[str, ...]
    classes: frozenset[str]

    @property
    def answers(self) -> bool:
        """Whether there is a description of it."""
        return self.there and not self.gone and not self.successors


def iri_of(path: str, base: str) -> str | None:
    """The IRI that a path, decoded, is about: that of a thing, or that of what a description describes."""
    if path.startswith(DOCUMENTS):
        rest = path.removeprefix(DOCUMENTS)
        path = f"/{rest}" if rest.startswith("concept/") else f"/id/{rest}"
    if path.startswith("/concept/"):
        iri = CONCEPT + path.removeprefix("/concept/")
    elif path.startswith("/id/"):
        iri = base + path
    else:
        return None
    return iri if len(iri) <= LONGEST and is_iri(iri) else None


def described_at(path: str) -> str:
    """The address of the description of the thing at a path, decoded; that of a description is its own."""
    if path.startswith("/id/"):
        path = DOCUMENTS + path.removeprefix("/id/")
    elif path.startswith("/concept/"):
        path = DOCUMENTS + path.removeprefix("/")
    return quote(path, safe=SAFE)


def document_iri(base: str, iri: str) -> str:
    """The IRI of the description of a thing."""
    path = "/concept/" + iri.removeprefix(CONCEPT) if iri.startswith(CONCEPT) else iri.removeprefix(base)
    return base + described_at(path)


def question(base: str, iri: str) -> Query:
    """What to ask the engine for the standing of an IRI. Raises ValueError for what is no IRI."""
    ref = iri_ref(iri)
    there = " UNION ".join(
        f"{{ SELECT ?there {{ {pattern} }} LIMIT 1 }}"
        for pattern in (f"{ref} ?there ?o", f"?s ?there {ref}", f"GRAPH {ref} {{ ?s ?there ?o }}")
    )
    new = f"{{ GRAPH {iri_ref(renamed.graph(base))} {{ {ref} <{renamed.REPLACED}> ?new }} }}"
    gone, kind = tombstones.pattern(base, iri), f"{{ {ref} <{RDF_TYPE}> ?class }}"
    parts = f"{there} UNION {new} UNION {gone} UNION {kind}"
    return Query(f"SELECT ?there ?new ?when ?ground ?class WHERE {{ {parts} }}", rows=MOST)


def standing(found: Rows) -> Standing:
    """What the rows of that question tell."""
    there, gone, successors, classes = False, None, set(), set()
    for used, new, when, ground, kind in found.rows:
        there = there or used is not None
        if when:
            gone = tombstones.problem(when.value, ground.value if ground else "")
        if new:
            successors.add(new.value)
        if kind:
            classes.add(kind.value)
    return Standing(there, gone, tuple(sorted(successors)), frozenset(classes))


def see_other(path: str, query_string: str) -> Reply:
    """303 from a thing to its description (UM-7; RFC 9110, 15.4.4), with what the query string says of its form."""
    address = described_at(path)
    location = address + passed_on(query_string)
    headers = (
        (b"location", location.encode()),
        (b"link", f'<{address}>; rel="describedby"'.encode()),
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-cache"),
        *CORS,
    )
    return Reply(303, headers, f"{location}\n".encode())


def moved(successors: tuple[str, ...], base: str, query_string: str) -> Problem:
    """308 to what replaces a thing (UM-11; RFC 9110, 15.4.9), or 300 with all that it was divided into (UM-12)."""
    paths = [quote(each.removeprefix(base), safe=SAFE) for each in successors]
    link = ", ".join(f'<{each}>; rel="successor-version"' for each in paths)
    more = {"kind": "replaced", "successors": list(successors)}
    listed = ", ".join(successors)
    if len(paths) == 1:
        location = paths[0] + passed_on(query_string)
        headers = (("Location", location), ("Link", link))
        return Problem(308, f"Det här heter nu {listed}.", f"This is now {listed}.", more, headers)
    return Problem(
        300,
        f"Det här har delats upp: {listed}.",
        f"This was divided into several: {listed}.",
        more,
        (("Link", link),),
    )


def passed_on(query_string: str) -> str:
    """What of a query string goes with a redirect, with its question mark; or nothing."""
    asked = parse_qs(query_string, max_num_fields=100) if query_string.count("&") < 100 else {}
    pairs = [(name, asked[name][0]) for name in KEPT if name in asked]
    return "?" + urlencode(pairs) if pairs else ""


def offers(path: str) -> tuple[Format, ...]:
    """The formats of the description at a path, the one for those who accept anything first."""
    return OF_A_TEXT if path.startswith(DOCUMENTS + "text/") else OFFERS


def choose(path: str, asked: str | None, accept: str | None) -> Choice | None:
    """The format of the description at a path, by the parameter `format` or by Accept; None: 406."""
    return negotiation.by_name(asked, offers(path)) if asked else negotiation.choose(accept, offers(path))


def links(path: str, iri: str, chosen: Format, language: str = "") -> Headers:
    """The header Link (RFC 8288) of the description at a path: what it describes (RFC 6892), and every other form of
    it, with type and, of pages, language (UM-4)."""
    address = quote(path, safe=SAFE)
    found = [f'<{quote(iri, safe=SAFE + "%#")}>; rel="describes"']
    for each in offers(path):
        at = f"<{address}?format={each.name}"
        if each is HTML:
            found += [
                f'{at}&lang={other}>; rel="alternate"; type="{each.media_type}"; hreflang="{other}"'
                for other in LANGUAGES
                if chosen is not HTML or other != language
            ]
        elif each is not chosen:
            found.append(f'{at}>; rel="alternate"; type="{each.media_type}"')
    return ((b"link", ", ".join(found).encode()),)
