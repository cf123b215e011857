"""Tables for those who do not speak RDF: for each class one, with a column for each property its things have.

iri, types, then the properties, names and titles first, evidence last
a property's column is called as the property, in snake_case, with its language where it has texts in one
{column}_label behind a column of links: what is linked to is called so, in Swedish where it has a Swedish name
several values in one cell stand sorted, with " | " between them; a | of their own is written ¦ in such columns
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

import ontology
from server.export.statistics import LINK, RDF_TYPE, TEXT, Key, Seen, Statistics, Value
from server.naming import NAMES
from server.site import NS

BETWEEN: Final = " | "
CONCEPT: Final = "http://www.w3.org/2004/02/skos/core#Concept"
CALLED: Final = NAMES[:4]
"""The properties that name a thing."""
UNNAMED: Final = frozenset({NS + "evidence", "http://www.w3.org/ns/prov#wasGeneratedBy"})
"""Links to where a fact is from: the last columns, without labels."""
KEPT: Final = 10_000  # labels that are remembered at a time


@dataclass(frozen=True, slots=True)
class Column:
    """`property` is None for those that are made for the reader: types, labels. `kind` is a datatype of XML Schema as
    CSVW names it; `several`: whether a cell may hold more than one value."""

    name: str
    property: str | None
    language: str
    kind: str
    several: bool
    label_of: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a class; `name` is that of its files, without their ends."""

    name: str
    of_class: str
    columns: tuple[Column, ...]


class Labels:
    """What things are called, looked up one by one; so many are remembered that memory stays flat."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.of = lru_cache(KEPT)(self._look_up)

    def _look_up(self, iri: str) -> str:
        """The name of a thing, empty where it has none."""
        for name in CALLED:
            found = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(name), None, ox.DefaultGraph())
            texts = [quad.object for quad in found if isinstance(quad.object, ox.Literal)]
            if texts:
                return min(texts, key=lambda each: (_liked(each.language), each.value)).value
        return ""


def _liked(language: str | None) -> int:
    return ("sv", None, "en").index(language) if language in ("sv", None, "en") else 3


def tables(found: Statistics, labels: Labels) -> list[Table]:
    """The tables of a graph: of our classes that have instances, and of the concepts."""
    by_class: dict[str, dict[Key, Seen]] = {}
    for classes, columns in found.columns.items():
        for of_class in tabled(classes):
            seen = by_class.setdefault(of_class, {})
            for key, each in columns.items():
                seen.setdefault(key, Seen()).take(each)
    names = Counter(local(each) for each in by_class)
    return [
        Table(local(iri) if names[local(iri)] == 1 else long(iri), iri, _columns(by_class[iri], labels))
        for iri in sorted(by_class)
    ]


def tabled(classes: Iterable[str]) -> list[str]:
    """Those of some classes that have tables."""
    return [each for each in classes if each.startswith(NS) or each == CONCEPT]


def _columns(seen: dict[Key, Seen], labels: Labels) -> tuple[Column, ...]:
    named = Counter(snake(local(name)) + tagged(language) for name, language in seen)
    taken = {"iri", "types"}
    columns = [Column("iri", None, "", LINK, False), Column("types", RDF_TYPE, "", TEXT, True)]

    def place(key: Key) -> tuple[int, int, str, str]:
        first = CALLED.index(key[0]) if key[0] in CALLED else len(CALLED)
        return key[0] in UNNAMED, first, snake(local(key[0])), key[1]

    for key in sorted(seen, key=place):
        name = snake(local(key[0])) + tagged(key[1])
        if named[name] > 1 or name in taken:
            name = snake(long(key[0])) + tagged(key[1])
        taken.add(name)
        column = Column(name, key[0], key[1], _kind(seen[key].kinds), seen[key].most > 1)
        columns.append(column)
        if _has_labels(column, seen[key], labels) and f"{name}_label" not in taken:
            taken.add(f"{name}_label")
            columns.append(Column(f"{name}_label", None, "", TEXT, column.several, name))
    return tuple(columns)


def _kind(kinds: set[str]) -> str:
    if len(kinds) == 1:
        return next(iter(kinds))
    return "decimal" if kinds == {"decimal", "integer"} else TEXT


def _has_labels(column: Column, seen: Seen, labels: Labels) -> bool:
    return column.property not in UNNAMED and any(labels.of(iri) for iri in seen.links)


def row(table: Table, iri: str, types: str, said: dict[Key, list[Value]], labels: Labels) -> list[str]:
    """The cells of a thing; a cell without a value is empty."""
    cells = []
    names: list[str] = []
    for column in table.columns:
        if column.property is None:
            if column.label_of is None:
                cells.append(iri)
            else:
                cells.append(_cell([labels.of(each) for each in names], column.several))
        elif column.property == RDF_TYPE:
            cells.append(types)
        else:
            names = sorted(_text(each) for each in said.get((column.property, column.language), ()))
            cells.append(_cell(names, column.several))
    return cells


def types_of(classes: Iterable[str]) -> str:
    """The names of a thing's classes that have tables, as they stand in a cell."""
    return BETWEEN.join(sorted(local(each) for each in tabled(classes)))


def _cell(values: list[str], several: bool) -> str:
    return BETWEEN.join([each.replace("|", "¦") for each in values]) if several else "".join(values)


def _text(value: Value) -> str:
    """A value as it stands in a cell."""
    return str(value) if isinstance(value, ox.Triple) else value.value


def local(iri: str) -> str:
    """The last part of an IRI, as a name of a file or a column may be: letters, digits and underscores."""
    return re.sub(r"\W+", "_", re.split("[#/]", iri.rstrip("#/"))[-1], flags=re.ASCII).strip("_") or "value"


def long(iri: str) -> str:
    """A name that tells also the vocabulary: "dcterms_type"."""
    for prefix, namespace in ontology.PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}_{local(iri)}"
    return re.sub(r"\W+", "_", iri, flags=re.ASCII).strip("_")


def snake(name: str) -> str:
    """A name in camelCase with underscores: paragraphNumber is paragraph_number."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def tagged(language: str) -> str:
    """What a language adds to the name of a column."""
    return f"_{language.lower().replace('-', '_')}" if language else ""


def titles(iri: str) -> dict[str, str]:
    """What a class or property is called, in "sv" and "en", as far as the ontology knows."""
    found = {}
    for language in ("sv", "en"):
        try:
            found[language] = ontology.label(iri, language)
        except ontology.UnknownTerm:  # a vocabulary of others, or an earlier version of ours
            return {}
    return found
