"""Erased names in what was imported, where no text of our own can be read again: masked in the quads themselves."""

import re
import secrets
from collections.abc import Sequence

import pyoxigraph as ox

from mapping.erased import Erased, mask_erased

_NAMES = ("http://xmlns.com/foaf/0.1/name", "http://www.w3.org/2004/02/skos/core#altLabel")
_TELLING = re.compile(r"[^/#]*[^\W\d_]{2,}-[^/#]*[^\W\d_]{2,}[^/#]*")  # a last part that is made of words


def without(quads: str, rules: Sequence[Erased]) -> str:
    """N-Quads with every erased name in a literal masked, and with another IRI for whoever bears it: the IRI of a
    person, and of what is named after them, is often made of the name."""
    if not rules or not quads:
        return quads
    found: list[ox.Quad] = []
    bearers: set[str] = set()
    for quad in ox.parse(quads, format=ox.RdfFormat.N_QUADS):
        if isinstance(quad.object, ox.Literal):
            masked = mask_erased(quad.object.value, rules)
            if masked != quad.object.value:
                if quad.predicate.value in _NAMES and isinstance(quad.subject, ox.NamedNode):
                    bearers.add(quad.subject.value)
                quad = ox.Quad(quad.subject, quad.predicate, _literal(masked, quad.object), quad.graph_name)
        found.append(quad)
    text = "".join(sorted({f"{quad} .\n" for quad in found}))
    for iri in sorted(bearers):
        last = re.split("[/#]", iri)[-1]
        token = secrets.token_hex(8)
        if _TELLING.fullmatch(last):
            text = re.sub(rf"(?<=[/#]){re.escape(last)}(?=[/#>])", token, text)
        else:
            text = text.replace(f"<{iri}>", f"<{iri[: len(iri) - len(last)]}{token}>")
    return "".join(sorted(text.splitlines(keepends=True)))


def _literal(text: str, like: ox.Literal) -> ox.Literal:
    if like.language:
        return ox.Literal(text, language=like.language)
    return ox.Literal(text, datatype=like.datatype)
