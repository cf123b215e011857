"""What a page that is made for one kind of thing consists of, apart from its own template."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from server.naming import Names, look_up
from server.nodes import Nodes
from server.site import NS, Site

DOCUMENT: Final = NS + "Document"
UNNAMED = ("/id/span/", "/id/run/", "/id/text/")
"""Paths of what no page calls by a name."""


Step = tuple[str | None, str] | tuple[str | None, str, str]
"""A step of the way to a page: an address or None, a name, and the language of this where it is another than the
page's."""


@dataclass(frozen=True, slots=True)
class View:
    """A page: `template` is filled with `values`; the rest stands in its head, above and below (thing.html).

    `title_language`: of the title, where it is another than the page's. `trail`: what leads here, from the widest.
    `sources`: IRIs of the spans where the thing itself is told. `place`: the municipality's name, where the title
    does not tell it. `query`: SPARQL for what the page shows. `json_ld`: a schema.org description. `feeds`: pairs of
    a title and an address. `cut`: there is more than is shown. `titles`: all that sources call the thing.
    """

    template: str
    kind: str
    title: str
    values: Mapping[str, Any]
    summary: str = ""
    place: str = ""
    title_language: str = ""
    trail: Sequence[Step] = ()
    sources: Sequence[str] = ()
    query: str = ""
    json_ld: Mapping[str, Any] | None = None
    feeds: Sequence[tuple[str, str]] = field(default=())
    cut: bool = False
    titles: Sequence[str] = ()


def names(site: Site, language: str, *asked: Nodes, more: Iterable[str] = ()) -> Names:
    """The names of everything that these nodes mention, and of more IRIs. Raises QueryFailed."""
    mentioned = {iri for nodes in asked for iri in nodes.mentioned()} | set(more)
    mentioned |= {place for iri in mentioned if (place := site.place_of(iri))}
    unnamed = tuple(site.base + each for each in UNNAMED)
    return look_up(site, language, sorted(each for each in mentioned if not each.startswith(unnamed)))


def titles(nodes: Nodes, iri: str) -> list[str]:
    """What the sources call a thing: one title, or those that differ in more than spaces and capitals."""
    told = {" ".join(each.casefold().split()): each for each in reversed(nodes.texts(iri, "dcterms:title"))}
    return list(told.values())[::-1]


def marks(nodes: Nodes, named: Names, documents: Iterable[str]) -> dict[str, str]:
    """What tells a document (IRI) from another of its title: its kind and its number, as far as they are known."""
    found = {}
    for iri in documents:
        concept, number = nodes.iri(iri, "dcterms:type"), nodes.text(iri, "dcterms:identifier")
        kind = named.kind(iri) if named.classes(iri) != (DOCUMENT,) else ""
        told = (named.of(concept) if concept else kind, number)
        found[iri] = " ".join(each for each in told if each and each != named.of(iri))
    return found


def swedish(language: str) -> str:
    """The language of what documents say, on a page that is in another; else empty."""
    return "" if language == "sv" else "sv"


def trail(site: Site, body: str, named: Names) -> list[Step]:
    """The way to what a body did: its municipality where the graph names that, and the body."""
    return within(site, body, named) + ([(site.link(body), named.of(body), named.language_of(body))] if body else [])


def within(site: Site, iri: str, named: Names) -> list[Step]:
    """The municipality to which something belongs, as the first step of the way to it; none where the graph names
    none."""
    place = site.place_of(iri)
    return [(site.link(place), named.of(place))] if place and place in named.known else []
