"""Terms by name: each is looked up in the Turtle, so that a misspelt one raises instead of being published."""

from difflib import get_close_matches
from functools import cache

from ontology.graph import AUTHORITY, PREFIXES, RDFS_LABEL, Graph, authority, in_language, terms, values


class UnknownTerm(AttributeError):
    """A name that the ontology does not declare: correct the spelling, or declare it in ontology/*.ttl."""


def graph_of(iri: str) -> Graph:
    """The graph that would hold an IRI: authority data are read only for IRIs that lie there."""
    local = iri.removeprefix(PREFIXES["kgc"]) if iri.startswith(PREFIXES["kgc"]) else ""
    scheme = local.split("/")[0]
    if scheme == "party":
        return authority("parties")
    if scheme in ("municipality", "county"):
        return authority("municipalities")
    return terms()


def _unknown(prefix: str, local: str) -> UnknownTerm:
    namespace = PREFIXES[prefix]
    graph = graph_of(namespace + local)
    known = [iri.removeprefix(namespace) for iri in graph if iri.startswith(namespace)]
    near = get_close_matches(local, known, n=1) or [name for name in known if name.casefold() == local.casefold()]
    hint = f"; did you mean {prefix}:{near[0]}?" if near else ""
    return UnknownTerm(f"{prefix}:{local} is not declared in ontology/*.ttl{hint}")


@cache
def term(curie: str) -> str:
    """The IRI of a declared term, ours or a standard one, written as prefix:name ("kg:Meeting", "foaf:name").

    Raises UnknownTerm, with the nearest name, where no file of the ontology declares it.
    """
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        near = get_close_matches(prefix, PREFIXES, n=1)
        hint = f"; did you mean {near[0]}:?" if near else ""
        raise UnknownTerm(f"{curie} has no prefix that ontology.PREFIXES knows{hint}")
    iri = PREFIXES[prefix] + local
    if RDFS_LABEL not in graph_of(iri).get(iri, {}):
        raise _unknown(prefix, local)
    return iri


class Namespace:
    """The declared terms of one prefix: `KG.Meeting`, `KG["Meeting"]` and `KG("Meeting")` give the full IRI."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return term(f"{self._prefix}:{name}")

    def __getitem__(self, name: str) -> str:
        return term(f"{self._prefix}:{name}")

    __call__ = __getitem__


KG = Namespace("kg")
KGC = Namespace("kgc")


@cache
def std(curie: str) -> str:
    """The IRI of a standard term named in ontology/standard.ttl, written as a CURIE ("foaf:name").

    Raises UnknownTerm for any other, so that a misspelt standard term is found as well.
    """
    if curie.startswith(("kg:", "kgc:")):
        raise UnknownTerm(f"{curie} is our own term: use KG or concept")
    return term(curie)


def concept(scheme: str, notation: str) -> str:
    """The IRI of a concept: `concept("outcome", "approved")`. Raises UnknownTerm where it is not declared."""
    return term(f"kgc:{scheme}/{notation}")


@cache
def concepts(scheme: str) -> dict[str, str]:
    """Notation to IRI of every concept of a scheme, in the order of the file. Raises UnknownTerm."""
    scheme_iri = term(f"kgc:{scheme}")
    graph = graph_of(scheme_iri)
    return {
        values(graph, iri, "skos:notation")[0].text: iri
        for iri in graph
        if any(value.text == scheme_iri for value in values(graph, iri, "skos:inScheme"))
    }


@cache
def schemes() -> tuple[str, ...]:
    """The names of all concept schemes: "outcome", "role", …"""
    wanted = PREFIXES["skos"] + "ConceptScheme"
    graphs = (terms(), *(authority(name) for name in AUTHORITY))
    return tuple(
        iri.removeprefix(PREFIXES["kgc"])
        for graph in graphs
        for iri in graph
        if any(value.text == wanted for value in values(graph, iri, "rdf:type"))
    )


@cache
def _ancestors(iri: str) -> tuple[str, ...]:
    """All superclasses, nearest first, ours and standard ones."""
    if iri not in terms():
        raise UnknownTerm(f"<{iri}> is not declared in ontology/*.ttl")
    found: list[str] = []
    waiting = [iri]
    while waiting:
        for value in values(terms(), waiting.pop(0), "rdfs:subClassOf"):
            if value.text not in found:
                found.append(value.text)
                waiting.append(value.text)
    return tuple(found)


def superclasses(iri: str) -> tuple[str, ...]:
    """Our own superclasses of our class, nearest first (kg:Motion -> kg:Matter). Raises UnknownTerm."""
    return tuple(name for name in _ancestors(iri) if name.startswith(PREFIXES["kg"]))


def standard_class(iri: str) -> tuple[str, ...]:
    """The standard classes that our class specialises, inherited ones too (kg:Motion -> prov:Entity).

    A resource is typed with these beside our class. Raises UnknownTerm.
    """
    return tuple(name for name in _ancestors(iri) if not name.startswith(PREFIXES["kg"]))


def _said(iri: str, curie: str, language: str) -> str:
    text = in_language(values(graph_of(iri), iri, curie), language)
    if text is None:
        raise UnknownTerm(f"<{iri}> has no {curie} in ontology/*.ttl")
    return text


@cache
def label(iri: str, language: str = "sv") -> str:
    """The label of a term, concept or standard term in a language, else in Swedish. Raises UnknownTerm."""
    return _said(iri, "rdfs:label", language)


def definition(iri: str, language: str = "sv") -> str:
    """The definition of a term or concept scheme, ending in an example. Raises UnknownTerm where it has none."""
    return _said(iri, "skos:definition", language)


def _of_type(*curies: str) -> tuple[str, ...]:
    wanted = {PREFIXES[curie.split(":")[0]] + curie.split(":")[1] for curie in curies}
    return tuple(
        iri
        for iri in terms()
        if iri.startswith(PREFIXES["kg"]) and any(v.text in wanted for v in values(terms(), iri, "rdf:type"))
    )


@cache
def classes() -> tuple[str, ...]:
    """The IRIs of all our classes."""
    return _of_type("owl:Class")


@cache
def properties() -> tuple[str, ...]:
    """The IRIs of all our properties."""
    return _of_type("owl:ObjectProperty", "owl:DatatypeProperty", "rdf:Property")
