"""What a graph holds, counted in one pass over its subjects: for VoID, and for the columns of the tables."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Final

import pyoxigraph as ox

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SAMPLE: Final = 100  # links of a column that are tried for labels
TEXT: Final = "string"
LINK: Final = "anyURI"
CONCEPTS: Final = "https://w3id.org/kommungraf/concept/"
WIKIDATA: Final = "http://www.wikidata.org/entity/"
Value = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Key = tuple[str, str]
"""A column: the IRI of a property, and the language of its texts, empty for all else."""


@dataclass(slots=True)
class Seen:
    """What was seen of a column: the most values that one subject has, the kinds of values (names of XML Schema's
    datatypes, as CSVW names them), and the first of those it links to."""

    most: int = 0
    kinds: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    def take(self, other: "Seen") -> None:
        self.most = max(self.most, other.most)
        self.kinds |= other.kinds
        self.links += other.links[: SAMPLE - len(self.links)]


@dataclass(slots=True)
class Statistics:
    """`entities` are the subjects under the base; `subjects` counts for each property those that have it; `columns`
    holds for each set of classes what was seen of the subjects that have just these, `sets` how many they are;
    `links` counts the triples that lead out of the data, by the beginning of the IRIs (CONCEPTS, WIKIDATA) and the
    property."""

    triples: int = 0
    entities: int = 0
    distinct_subjects: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    subjects: Counter[str] = field(default_factory=Counter)
    sets: Counter[frozenset[str]] = field(default_factory=Counter)
    columns: dict[frozenset[str], dict[Key, Seen]] = field(default_factory=dict)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)


def subjects(store: ox.Store) -> Iterator[tuple[str, list[tuple[str, Value]]]]:
    """Each subject of the default graph with what is said of it, in the order of the engine's index."""
    quads = store.quads_for_pattern(None, None, None, ox.DefaultGraph())
    for subject, said in groupby(quads, attrgetter("subject")):
        yield getattr(subject, "value", str(subject)), [(quad.predicate.value, quad.object) for quad in said]


def count(store: ox.Store, base: str) -> Statistics:
    """Count the default graph of a store whose things lie under `base`/id/."""
    found = Statistics()
    begin = f"{base}/id/"
    for subject, said in subjects(store):
        found.triples += len(said)
        found.distinct_subjects += 1
        found.entities += subject.startswith(begin)
        values = columns_of(said)
        names = Counter(name for name, _ in said)
        found.properties.update(names)
        found.subjects.update(names.keys())
        found.links.update(_links(subject, said, begin))
        classes = classes_of(said)
        found.classes.update(classes)
        found.sets[classes] += 1
        seen = found.columns.setdefault(classes, {})
        for key, terms in values.items():
            _see(seen.setdefault(key, Seen()), terms)
    return found


def _links(subject: str, said: list[tuple[str, Value]], begin: str) -> Iterator[tuple[str, str]]:
    """Of each link to another dataset where it leads, and its property; concepts speak of each other in their own."""
    for name, value in said:
        if isinstance(value, ox.NamedNode):
            if value.value.startswith(WIKIDATA):
                yield WIKIDATA, name
            elif value.value.startswith(CONCEPTS) and subject.startswith(begin):
                yield CONCEPTS, name


def classes_of(said: list[tuple[str, Value]]) -> frozenset[str]:
    """The IRIs of a subject's classes."""
    return frozenset(o.value for name, o in said if name == RDF_TYPE and isinstance(o, ox.NamedNode))


def columns_of(said: list[tuple[str, Value]]) -> dict[Key, list[Value]]:
    """What is said of a subject, arranged by columns; its classes are none."""
    values: dict[Key, list[Value]] = {}
    for name, value in said:
        if name != RDF_TYPE:
            language = (value.language or "") if isinstance(value, ox.Literal) else ""
            values.setdefault((name, language), []).append(value)
    return values


def _see(seen: Seen, terms: list[Value]) -> None:
    seen.most = max(seen.most, len(terms))
    for term in terms:
        if isinstance(term, ox.NamedNode):
            seen.kinds.add(LINK)
            if len(seen.links) < SAMPLE:
                seen.links.append(term.value)
        elif TEXT not in seen.kinds:
            seen.kinds.add(kind(term) if isinstance(term, ox.Literal) else TEXT)


_WHOLE: Final = re.compile(r"[+-]?\d{1,18}\Z")
_DECIMAL: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?\Z")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)\Z")


def kind(literal: ox.Literal) -> str:
    """The narrowest kind that holds a literal in tables as in RDF: integer, decimal, boolean, date, dateTime (with
    its zone), gYear, anyURI; else string, also for what is written in no usual way."""
    name = literal.datatype.value.removeprefix(XSD)
    value = literal.value
    if name == "integer":
        return name if _WHOLE.match(value) else TEXT
    if name == "decimal":
        return name if _DECIMAL.match(value) else TEXT
    if name == "boolean":
        return name if value in {"true", "false"} else TEXT
    if name == "gYear":
        return name if re.fullmatch(r"\d{4}", value) else TEXT
    if name == "date" and _DATE.match(value):
        return name if _valid(date.fromisoformat, value) else TEXT
    if name == "dateTime" and _TIME.match(value):
        return name if _valid(datetime.fromisoformat, value) else TEXT
    return TEXT


def _valid(parse: object, value: str) -> bool:
    assert callable(parse)
    try:
        parse(value)
    except ValueError:
        return False
    return True
