"""Which format an answer has: the Accept header (RFC 9110, 12.5.1) or the parameter `format`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LABELS: Final = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "rdfxml": "RDF/XML",
    "jsonld": "JSON-LD",
    "trig": "TriG",
}


@dataclass(frozen=True, slots=True, eq=False)
class Format:
    """A format that can be served. The first media type is its own, the others are accepted as names of it."""

    name: str
    media_types: tuple[str, ...]
    extension: str

    @property
    def media_type(self) -> str:
        return self.media_types[0]

    @property
    def label(self) -> str:
        """What people call it."""
        return LABELS.get(self.name, self.name.upper())


@dataclass(frozen=True, slots=True)
class Range:
    """One entry of an Accept header; `parameters` without q and charset."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    quality: float


@dataclass(frozen=True, slots=True)
class Choice:
    format: Format
    media_type: str


def _formats(*formats: Format) -> Mapping[str, Format]:
    return {each.name: each for each in formats}


RESULTS: Final = _formats(
    Format("json", ("application/sparql-results+json", "application/json"), "srj"),
    Format("xml", ("application/sparql-results+xml", "application/xml", "text/xml"), "srx"),
    Format("csv", ("text/csv",), "csv"),
    Format("tsv", ("text/tab-separated-values",), "tsv"),
)
GRAPHS: Final = _formats(
    Format("turtle", ("text/turtle", "application/x-turtle"), "ttl"),
    Format("ntriples", ("application/n-triples",), "nt"),
    Format("rdfxml", ("application/rdf+xml", "application/xml", "text/xml"), "rdf"),
    Format("jsonld", ("application/ld+json", "application/json"), "jsonld"),
    Format("trig", ("application/trig",), "trig"),
    Format("nquads", ("application/n-quads",), "nq"),
)
HTML: Final = Format("html", ("text/html", "application/xhtml+xml"), "html")
OFFERS: Final = (HTML, *GRAPHS.values())
"""The formats of what is a page and a graph: the page for those who accept anything."""
LONGEST: Final = 2000  # characters of a header that are read; browsers send some hundred
TEXT: Final = Format("text", ("text/plain",), "txt")

_PART: Final = re.compile(r'((?:[^,"]|"(?:[^"\\]|\\.)*")+)')
_PARAMETER: Final = re.compile(r';\s*([\w!#$%&\'*+.^`|~-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)\s*')
_RANGE: Final = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)/([\w!#$%&'*+.^`|~-]+)\s*((?:;.*)?)$", re.DOTALL)
_QUALITY: Final = re.compile(r"(0(\.\d{0,3})?|1(\.0{0,3})?)$")


def ranges(accept: str) -> tuple[Range, ...]:
    """The entries of an Accept header; entries that are malformed are left out."""
    found: list[Range] = []
    for part in _PART.findall(accept):
        match = _RANGE.match(part)
        if not match or (match[1] == "*" and match[2] != "*"):
            continue
        parameters = {name.lower(): value.strip('"') for name, value in _PARAMETER.findall(match[3])}
        quality = parameters.pop("q", "1")
        parameters.pop("charset", None)  # RFC 9110 knows Accept-Charset no more; we serve UTF-8
        if _QUALITY.match(quality):
            found.append(Range(match[1].lower(), match[2].lower(), frozenset(parameters.items()), float(quality)))
    return tuple(found)


def quality(accepted: Sequence[Range], media_type: str) -> float:
    """The quality that the most specific matching range gives a media type without parameters; 0: not acceptable.

    A range with parameters ("text/turtle;version=1.1") matches only where no range without them does.
    """
    type_, _, subtype = media_type.partition("/")
    best = ((-1, -1), 0.0)
    for each in accepted:
        exact = (each.type, each.subtype) == (type_, subtype)
        if exact:
            rank = (2, 0) if each.parameters else (3, 0)
        elif each.parameters:
            continue
        elif each.type == type_ and each.subtype == "*":
            rank = (1, 0)
        elif each.type == "*":
            rank = (0, 0)
        else:
            continue
        if rank > best[0] or (rank == best[0] and each.quality > best[1]):
            best = (rank, each.quality)
    return best[1]


def choose(accept: str | None, offers: tuple[Format, ...]) -> Choice | None:
    """The offer that the client likes best, the earlier one among equals, or None when none is acceptable.

    No header, or an empty one, accepts everything. The media type is the name by which the client asked for it.
    """
    return _choose(accept[:LONGEST].rpartition(",")[0] if accept and len(accept) > LONGEST else accept, offers)


@lru_cache(maxsize=512)
def _choose(accept: str | None, offers: tuple[Format, ...]) -> Choice | None:
    if not accept or not accept.strip(" \t,"):  # RFC 9110, 5.6.1.2: empty elements of a list are none
        return Choice(offers[0], offers[0].media_type)
    accepted = ranges(accept)
    best: Choice | None = None
    best_quality = 0.0
    for offer in offers:
        for media_type in offer.media_types:
            found = quality(accepted, media_type)
            if found > best_quality and (media_type == offer.media_type or _named(accepted, media_type)):
                best, best_quality = Choice(offer, media_type), found
    return best


def _named(accepted: Sequence[Range], media_type: str) -> bool:
    return any(f"{each.type}/{each.subtype}" == media_type for each in accepted)


def by_name(name: str, offers: Sequence[Format]) -> Choice | None:
    """The offer that a `format` parameter names: by name, media type or file extension."""
    wanted = name.strip().lower().replace(" ", "+")  # a plus sign in an address that was not escaped
    for offer in offers:
        if wanted in {offer.name, offer.extension, *offer.media_types}:
            return Choice(offer, offer.media_type)
    return None


def alternatives(offers: Sequence[Format]) -> str:
    """The media types on offer, for a 406 answer."""
    return ", ".join(dict.fromkeys(offer.media_type for offer in offers))


def content_type(media_type: str) -> str:
    """The value of Content-Type: text formats say that they are UTF-8; JSON and XML formats always are."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def language(accept_language: str | None, asked: str | None = None) -> str:
    """ "sv" or "en": the parameter `lang`, else the better liked in Accept-Language, else Swedish."""
    if asked == "sv" or asked == "en":
        return asked
    return _language(accept_language[:LONGEST]) if accept_language else "sv"


@lru_cache(maxsize=512)
def _language(accept_language: str) -> str:
    liked = {"sv": 0.0, "en": 0.0}
    for part in accept_language.split(","):
        tag, _, weight = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        value = weight.strip().removeprefix("q=") or "1"
        if primary in liked and _QUALITY.match(value):
            liked[primary] = max(liked[primary], float(value))
    return "en" if liked["en"] > liked["sv"] else "sv"
