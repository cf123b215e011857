"""What a resource is called on a page: its label in the reader's language, or words from its class and its path."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import ontology
from server import printed
from server.asking import Term
from server.made_once import MadeOnce
from server.site import NS, Site, iri_ref, is_iri
from server.wording import words

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
EXACT: Final = "http://www.w3.org/ns/oa#exact"
TEXT: Final = NS + "text"
PARAGRAPH: Final = NS + "paragraphNumber"
SUFFIX: Final = NS + "paragraphSuffix"
NOTATION: Final = "http://www.w3.org/2004/02/skos/core#notation"
NAMES: Final = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    RDFS_LABEL,
    "http://xmlns.com/foaf/0.1/name",
    "http://purl.org/dc/terms/title",
    "http://purl.org/dc/terms/identifier",
    NOTATION,
    NS + "fileName",
    TEXT,
    EXACT,
)
HINTS: Final = (  # what tells one nameless node from the next: who, what, in which role
    *(NS + each for each in ("proposedBy", "reservedBy", "statedBy", "castBy", "attendee", "person")),
    *(NS + each for each in ("decisionOutcome", "ballotValue", "attendanceRole")),
    "http://www.w3.org/ns/org#organization",
    NS + "role",
)
MATTER: Final = NS + "Matter"
IN_MEETING: Final = frozenset({"meeting", "treatment", "agenda-item", "attendance"})
VERBATIM: Final = frozenset((*NAMES[4:7], NS + "fileName", TEXT, EXACT))
"""Names in which a date stays as it is written: identifiers, names of files, and what is quoted."""
LONGEST: Final = 140  # characters of a text that stands as a name
MOST: Final = 20_000  # statements in the answer to one query for names
AT_ONCE: Final = 250  # IRIs in one query for names, so that it stays below the limit of a query's length
KEPT: Final = 10_000  # resources whose names are kept, some 20 MB
ALL: Final = (*NAMES, PARAGRAPH, SUFFIX, RDF_TYPE, *HINTS)
OF_HINTS: Final = (*NAMES, RDF_TYPE)

Said = Mapping[str, Sequence[Term]]
"""What the graph says of one resource, by property."""


@dataclass(slots=True)
class KeptNames:
    """What was said last of resources, in one version of the data, by the properties that were asked for: for all
    threads. Those that nobody wanted for the longest time make room for others."""

    _kept: OrderedDict[tuple[str, Sequence[str]], Said] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def known(self, iris: Iterable[str], properties: Sequence[str]) -> dict[str, Said]:
        """What is kept of these resources; nothing said of one is kept too."""
        found: dict[str, Said] = {}
        with self._lock:
            for iri in iris:
                said = self._kept.get(key := (iri, properties))
                if said is not None:
                    self._kept.move_to_end(key)
                    found[iri] = said
        return found

    def keep(self, known: Mapping[str, Said], properties: Sequence[str]) -> None:
        with self._lock:
            for iri, said in known.items():
                self._kept[iri, properties] = said
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


_kept: Final[MadeOnce[KeptNames]] = MadeOnce(lambda site: KeptNames())


@dataclass(frozen=True, slots=True)
class Names:
    """Names of resources in one language; made once for a page, by `look_up`. `iso`: dates in them stay as the graph
    has them, so that names can be put in order."""

    site: Site
    language: str
    known: Mapping[str, Mapping[str, Sequence[Term]]]
    iso: bool = False

    def of(self, iri: str) -> str:
        """The name of a resource that was looked up; for any other, what its IRI tells."""
        said = self.known.get(iri, {})
        if PARAGRAPH in said:
            title = self._best(said, NAMES)
            suffix = said[SUFFIX][0].value if SUFFIX in said else None
            return f"§ {with_suffix(said[PARAGRAPH][0].value, suffix)} {title or ''}".strip()
        found = self._best(said, NAMES)
        if found:
            return printed.heading(found) if MATTER in self.classes(iri) else found
        if iri.startswith(self.site.base + "/id/"):
            return self._from_path(iri, said)
        return self.site.short(iri)

    def of_body(self, iri: str) -> str:
        """The name of a thing with that of its municipality (Site.place_of), where that was looked up too."""
        place = self.site.place_of(iri)
        return f"{self.of(iri)}, {self.of(place)}" if place and place in self.known else self.of(iri)

    def language_of(self, iri: str) -> str:
        """The language of a resource's name where it is another than the page's (WCAG 2.1, 3.1.2); else empty."""
        said = self.known.get(iri, {})
        terms = next((said[name] for name in NAMES if name in said), None)
        language = min(terms, key=self._place).language if terms else None
        return language if language and language != self.language else ""

    def classes(self, iri: str) -> tuple[str, ...]:
        """The resource's classes: ours where it has any, else those of other vocabularies."""
        found = sorted({term.value for term in self.known.get(iri, {}).get(RDF_TYPE, ())})
        return tuple(each for each in found if each.startswith(NS)) or tuple(found)

    def kind(self, iri: str) -> str:
        """What sort of thing it is, in a word or two; empty when that is not known."""
        ours = [each for each in self.classes(iri) if each.startswith(NS)]
        labels = [class_label(each, self.language) for each in ours]
        narrow = [label for each, label in zip(ours, labels, strict=True) if not _is_broader(each, ours)]
        return (narrow or labels or [""])[0]

    def _best(self, said: Mapping[str, Sequence[Term]], properties: Sequence[str]) -> str | None:
        short = {each.value for each in said.get(NOTATION, ())}  # "NL" beside "Nackalistan" is the less good label
        for name in properties:
            terms = said.get(name)
            if terms:
                chosen = min(terms, key=lambda each: (self._place(each), each.value in short, each.value))
                text = " ".join(chosen.value.split())
                text = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " …"
                if name in VERBATIM:
                    return f"”{text}”" if name in (TEXT, EXACT) else text
                return self._dated(text)
        return None

    def _dated(self, text: str) -> str:
        return text if self.iso else printed.dated(text, self.language)

    def _place(self, term: Term) -> int:
        """The place of a name's language among those that are wanted."""
        return _place(term.language, (self.language, "sv", None))

    def _from_path(self, iri: str, said: Mapping[str, Sequence[Term]]) -> str:
        kind = self.kind(iri) or iri[len(self.site.base) + 4 :].partition("/")[0]
        kind = kind[:1].upper() + kind[1:]
        told = [term.value for each in HINTS for term in sorted(said.get(each, ()), key=str) if term.kind == "iri"]
        hints = [self.of(iri) for iri in told]
        hints = [*hints[:3], "…"] if len(hints) > 3 else hints
        folder, *parts = iri[len(self.site.base) + 4 :].split("/")
        body = body_of(self.site, iri)
        if body:
            name = self.of(body) if body in self.known else parts[1].capitalize()
            number = parts[-1] if folder != "attendance" and len(parts) > 4 and parts[-1].isdigit() else ""
            where = f"§ {parts[3]}, " if folder == "treatment" and len(parts) > 3 else ""
            return " · ".join([f"{kind} {number}".strip(), *hints, f"{where}{name} {self._dated(parts[2])}"])
        return " · ".join([kind, *(hints or parts)])

    def literal(self, term: Term) -> str:
        """A literal as it is printed."""
        if term.datatype and term.datatype.endswith("#boolean"):
            return words(self.language)["yes" if term.value in {"true", "1"} else "no"]
        return term.value


def with_suffix(number: str, suffix: str | None) -> str:
    """The number of a § and its suffix as they are read: "7", "7 a", "52/2019"."""
    if not suffix:
        return number
    return f"{number}{'/' if suffix.isdecimal() else ' '}{suffix}"


def class_label(iri: str, language: str) -> str:
    """The label of one of our classes or properties; its local name when the ontology has none."""
    try:
        return ontology.label(iri, language)
    except AttributeError:  # ontology.UnknownTerm: published with another version of the ontology
        return iri.rpartition("#")[2]


def body_of(site: Site, iri: str) -> str:
    """The body in whose meeting something happened, by the IRI of that; empty when the IRI does not tell."""
    folder, *parts = iri[len(site.base) + 4 :].split("/")
    if folder in IN_MEETING and len(parts) >= 3:
        return f"{site.base}/id/body/{parts[0]}/{parts[1]}"
    return ""


def look_up(site: Site, language: str, iris: Collection[str]) -> Names:
    """Ask the graph what these resources are called. Raises QueryFailed."""
    wanted = dict.fromkeys(iris)
    wanted.update(dict.fromkeys(body for iri in iris if iri.startswith(site.base) and (body := body_of(site, iri))))
    known = _ask(site, list(wanted), ALL)
    hinted = {term.value for said in known.values() for each in HINTS for term in said.get(each, ())}
    known |= _ask(site, sorted(each for each in hinted - known.keys() if is_iri(each)), OF_HINTS)
    return Names(site, language, {iri: said for iri, said in known.items() if said})


def _ask(site: Site, asked: Sequence[str], names: Sequence[str]) -> dict[str, Said]:
    """What the graph says of resources by these properties, perhaps nothing. What was asked for a page of the same
    version of the data is not asked again."""
    kept = _kept.at(site)
    known = kept.known(asked, names)
    missing = [iri for iri in asked if iri not in known]
    properties = ", ".join(iri_ref(each) for each in names)
    found: dict[str, dict[str, list[Term]]] = {iri: {} for iri in missing}
    whole = True
    for start in range(0, len(missing), AT_ONCE):
        values = " ".join(iri_ref(each) for each in missing[start : start + AT_ONCE])
        query = f"SELECT ?x ?p ?o WHERE {{ VALUES ?x {{ {values} }} ?x ?p ?o FILTER(?p IN ({properties})) }}"
        rows = site.pool.rows(query, MOST)
        whole = whole and not rows.more
        for resource, name, value in rows.rows:
            if resource and name and value:
                found[resource.value].setdefault(name.value, []).append(value)
    if whole and _kept.ready(site) is kept:  # else another version was published meanwhile
        kept.keep(found, names)
    return {**known, **found}


def _is_broader(iri: str, others: Sequence[str]) -> bool:
    return any(iri in ontology.superclasses(each) for each in others if each != iri)


def _place(language: str | None, order: Sequence[str | None]) -> int:
    return order.index(language) if language in order else len(order)
