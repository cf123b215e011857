"""What the graph says about the things on a page: asked in one query, kept as values, read by short names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from server.asking import Term
from server.naming import RDF_TYPE, with_suffix
from server.site import Site

MOST: Final = 20000  # statements that one page is made of
PARTS: Final = re.compile(r"\d+|\D+")

Said = Mapping[str, Mapping[str, tuple[Term, ...]]]


@dataclass(frozen=True, slots=True)
class Nodes:
    """Statements by subject and property. Properties are given as prefixed names ("kg:heldBy"), IRIs are whole.

    `cut`: there are more statements than were asked for (`MOST`), and the page must say so.
    """

    said: Said
    prefixes: Mapping[str, str]
    cut: bool

    def __iter__(self) -> Iterator[str]:
        """The IRIs of which something is said."""
        return iter(self.said)

    def terms(self, iri: str, name: str) -> tuple[Term, ...]:
        """The values of a property, in the order of their text, numbers as numbers. Raises KeyError for a prefix that
        does not exist."""
        prefix, _, local = name.partition(":")
        return self.said.get(iri, {}).get(self.prefixes[prefix] + local, ())

    def iris(self, iri: str, name: str) -> list[str]:
        """The values that are IRIs."""
        return [each.value for each in self.terms(iri, name) if each.kind == "iri"]

    def iri(self, iri: str, name: str) -> str | None:
        """The first value that is an IRI."""
        return next(iter(self.iris(iri, name)), None)

    def texts(self, iri: str, name: str) -> list[str]:
        """The values that are literals, as text."""
        return [each.value for each in self.terms(iri, name) if each.kind == "literal"]

    def text(self, iri: str, name: str) -> str | None:
        """The first value that is a literal, as text."""
        return next(iter(self.texts(iri, name)), None)

    def holds(self, iri: str, name: str) -> bool:
        """Whether a boolean property is true."""
        return self.text(iri, name) in {"true", "1"}

    def is_a(self, iri: str, name: str) -> bool:
        """Whether a thing is of a class, given as a prefixed name."""
        prefix, _, local = name.partition(":")
        wanted = self.prefixes[prefix] + local
        return any(each.value == wanted for each in self.said.get(iri, {}).get(RDF_TYPE, ()))

    def mentioned(self) -> set[str]:
        """Every IRI that stands as a subject or a value."""
        values = (each for said in self.said.values() for terms in said.values() for each in terms)
        return {*self.said, *(each.value for each in values if each.kind == "iri")}


def ask(site: Site, pattern: str) -> Nodes:
    """Everything the default graph says about each ?s that a graph pattern binds. Raises QueryFailed.

    The pattern is SPARQL with our usual prefixes, IRIs in it made by `server.site.iri_ref`.
    """
    declared = site.prologue
    rows = site.pool.rows(
        f"{declared}SELECT ?s ?p ?o WHERE {{ {{ SELECT DISTINCT ?s WHERE {{ {pattern} }} }} ?s ?p ?o }}", MOST
    )
    said: dict[str, dict[str, list[Term]]] = {}
    for subject, name, value in rows.rows:
        if subject and name and value:
            said.setdefault(subject.value, {}).setdefault(name.value, []).append(value)
    sorted_said = {
        subject: {name: tuple(sorted(terms, key=_order) if terms[1:] else terms) for name, terms in each.items()}
        for subject, each in said.items()
    }
    return Nodes(sorted_said, site.pool.prefixes, rows.more)


def in_order(nodes: Nodes, iris: Iterable[str], *names: str) -> list[str]:
    """Things in the order of their first values of these properties, then of their IRIs; numbers count as numbers."""
    return sorted(iris, key=lambda iri: ([natural(nodes.text(iri, name) or "") for name in names], natural(iri)))


def paragraph(nodes: Nodes, iri: str) -> str:
    """The number of a § with its suffix, as "7", "7 a" or "52/2019"; empty where it has none."""
    number = nodes.text(iri, "kg:paragraphNumber")
    return with_suffix(number, nodes.text(iri, "kg:paragraphSuffix")) if number else ""


def natural(text: str) -> list[tuple[int, str]]:
    """A key by which "proposal/9" comes before "proposal/10", and "3 a" after "3"."""
    return [_part(word) for word in PARTS.findall(text)]


def _part(word: str) -> tuple[int, str]:
    return (int(word), "") if word.isdecimal() and len(word) < 19 else (10**19, word.casefold())


def _order(term: Term) -> tuple[list[tuple[int, str]], str]:
    return natural(term.value), term.language or ""
