"""Erased names in what was imported, where no text of our own can be read again: masked in the quads themselves."""

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from mapping.erased import Erased, mask_erased
from mapping.erased_surnames import mask_surnames
from mapping.lone_surnames import solely_meant
from ontology import KG

_FIRST = (
    "http://xmlns.com/foaf/0.1/givenName",
    "http://data.vlaanderen.be/ns/persoon#gebruikteVoornaam",
    "https://schema.oparl.org/1.1/givenName",
)
_LAST = ("http://xmlns.com/foaf/0.1/familyName", "https://schema.oparl.org/1.1/familyName")
_NAMES = (
    "http://xmlns.com/foaf/0.1/name",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "https://schema.oparl.org/1.1/name",
)
_PERSON = ox.NamedNode("http://xmlns.com/foaf/0.1/Person")
_WORD = re.compile(r"[^\W\d_]{2}")
_JOINED = re.compile(r"[^\W\d_]{2}-")


def without(quads: str, rules: Sequence[Erased]) -> str:
    """N-Quads with every erased name in a literal masked, also where first name and surname stand apart, and a
    surname that can mean nobody else; and with another IRI for whoever bears it: that of a person, and of what is
    named after them, is often made of the name.

    The same text where nobody bears one."""
    if not rules or not quads:
        return quads
    found = list(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
    bearers = _in_parts(found, rules)
    solely, others = _solely_meant(found, bearers, rules), _names(found)
    lines: set[str] = set()
    for quad in found:
        if isinstance(quad.object, ox.Literal):
            text = mask_erased(quad.object.value, rules)
            if text != quad.object.value and quad.predicate.value in _NAMES:
                bearers.add(quad.subject)
            if quad.subject in bearers and quad.predicate.value in (*_FIRST, *_LAST):
                text = re.sub(r"[^\W\d_]", "•", text)
            text = mask_surnames(text, solely, others)
            quad = ox.Quad(quad.subject, quad.predicate, _literal(text, quad.object), quad.graph_name)
        lines.add(f"{quad} .\n")
    if not bearers and lines == {f"{quad} .\n" for quad in found}:
        return quads
    return _renamed("".join(sorted(lines)), sorted(str(bearer)[1:-1] for bearer in bearers))


def names_of(path: Path) -> dict[str, set[str]]:
    """The spellings of each person in a file of N-Quads, by IRI; those in the notes on who was joined too."""
    said: dict[str, set[str]] = {}
    concerned: dict[str, set[str]] = {}
    persons: set[str] = set()
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS):
        subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
        if predicate in (*_NAMES, KG.spelling) and isinstance(value, ox.Literal):
            said.setdefault(subject, set()).add(value.value)
        elif predicate == KG.concernsPerson:
            concerned.setdefault(subject, set()).add(value.value)
        elif value == _PERSON:
            persons.add(subject)
    for note, meant in concerned.items():
        if len(meant) == 1:  # who was joined from these spellings; not two that may be one
            said.setdefault(meant.pop(), set()).update(said.get(note, ()))
    return {iri: said[iri] for iri in persons & said.keys()}


def literals(path: Path) -> list[str]:
    """The texts of the literals in a file of N-Quads."""
    found = ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
    return [quad.object.value for quad in found if isinstance(quad.object, ox.Literal)]


def labels(path: Path) -> list[str]:
    """The same; in small letters, as a word, where it is one word and no person's name: it names something else."""
    return list(_labels(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)))


def _labels(quads: Iterable[ox.Quad]) -> Iterator[str]:
    for quad in quads:
        if isinstance(quad.object, ox.Literal):
            text = quad.object.value
            is_name = quad.predicate.value in (*_FIRST, *_LAST, *_NAMES)
            yield text if is_name or " " in text.strip() else text.lower()


def _names(quads: Iterable[ox.Quad]) -> list[str]:
    """The names of all persons; a surname that stands apart behind an "N", for the first name."""
    quads = list(quads)
    persons = {quad.subject for quad in quads if quad.object == _PERSON}
    told = [
        (quad.predicate.value, quad.object)
        for quad in quads
        if quad.subject in persons and isinstance(quad.object, ox.Literal)
    ]
    names = [value.value for predicate, value in told if predicate in _NAMES]
    return names + [f"N {value.value}" for predicate, value in told if predicate in _LAST]


def _solely_meant(quads: Iterable[ox.Quad], bearers: set[object], rules: Sequence[Erased]) -> list[Erased]:
    """The surnames that can mean nobody else, also not in one of these texts."""
    if not any(rule.everywhere for rule in rules):
        return []
    others = [quad for quad in quads if quad.subject not in bearers]
    return solely_meant("\n\n".join(mask_erased(text, rules) for text in _labels(others)), rules)


def _in_parts(quads: Iterable[ox.Quad], rules: Sequence[Erased]) -> set[object]:
    """Who has a first name and a surname that are an erased name together."""
    first: dict[object, set[str]] = {}
    last: dict[object, set[str]] = {}
    for quad in quads:
        for parts, properties in ((first, _FIRST), (last, _LAST)):
            if quad.predicate.value in properties and isinstance(quad.object, ox.Literal):
                parts.setdefault(quad.subject, set()).add(quad.object.value)
    names = [(each, f"{a} {b}") for each in first.keys() & last.keys() for a in first[each] for b in last[each]]
    return {each for each, name in names if mask_erased(name, rules) != name}


def _renamed(text: str, bearers: Iterable[str]) -> str:
    for iri in bearers:
        name = re.split("[/#]", iri)[-1]
        token = secrets.token_hex(8)
        if (word := _JOINED.search(name)) and _WORD.search(name, word.end()):  # it is made of words
            text = re.sub(rf"(?<=[/#]){re.escape(name)}(?=[/#>])", token, text)
        else:
            text = text.replace(f"<{iri}>", f"<{iri[: len(iri) - len(name)]}{token}>")
    return "".join(sorted(text.splitlines(keepends=True)))


def _literal(text: str, like: ox.Literal) -> ox.Literal:
    return ox.Literal(text, language=like.language) if like.language else ox.Literal(text, datatype=like.datatype)
