"""What a correction is asked to change, as terms: a property by its name, a new value of the former's kind."""

import re
from typing import Final

import pyoxigraph as ox

import ontology
from ontology import PREFIXES, UnknownTerm
from server.corrections.graph import plain

XSD: Final = PREFIXES["xsd"]
FIXED: Final = {
    "rdf": ("type",),
    "kg": ("evidence", "sha256", "canonicalText", "pageCount", "page", "confidence", "hasReport"),
    "prov": ("wasGeneratedBy",),
}
"""Where a fact comes from, and what sort of thing it is about: that is read, and never decided."""
CAST: Final = frozenset({"integer", "decimal", "double", "float", "boolean", "date", "dateTime", "time"})
"""Datatypes to which SPARQL 1.1 (17.5) and the engine can turn a text, or say that it is none."""
PATTERNS: Final = {
    "gYear": re.compile(r"-?\d{4,}"),
    "nonNegativeInteger": re.compile(r"\+?\d+"),
    "string": re.compile(r".+", re.DOTALL),
}


class BadCorrection(ValueError):
    """What was asked for cannot be done; the message has a sentence in Swedish and one in English on a second line.

    `missing`: there is no such thing at all.
    """

    def __init__(self, sv: str, en: str, missing: bool = False) -> None:
        super().__init__(f"{sv}\n{en}")
        self.sv, self.en, self.missing = sv, en, missing


def property_named(name: str) -> str:
    """The IRI of a property, given as prefix:name or as an IRI. Raises BadCorrection where the ontology does not
    declare it, or where it tells where a fact comes from."""
    namespaces = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
    curie = next((f"{p}:{name.removeprefix(iri)}" for p, iri in namespaces if name.startswith(iri)), name)
    prefix, _, local = curie.partition(":")
    try:
        found = ontology.term(curie)
    except UnknownTerm as error:
        raise BadCorrection(
            f"{name} är ingen egenskap i ontologin: skriv den som kg:date eller dcterms:title.",
            f"{name} is no property of the ontology ({error}): write it as kg:date or dcterms:title.",
        ) from error
    if local in FIXED.get(prefix, ()) or prefix == "oa":
        raise BadCorrection(
            f"{name} rättas inte: den säger varifrån en uppgift kommer, eller vad för sak den gäller.",
            f"{name} is not corrected: it tells where a fact comes from, or what sort of thing it is about.",
        )
    return found


def value_like(former: str, value: str) -> str:
    """A new value as N-Triples has it, of the kind of the former: an IRI, or a literal of its datatype or language.

    An IRI may be written as prefix:name ("kgc:outcome/approved"). Raises BadCorrection.
    """
    (quad,) = ox.parse(f"<x:s> <x:p> {former} .".encode(), format=ox.RdfFormat.N_TRIPLES)
    if isinstance(quad.object, ox.NamedNode):
        return str(ox.NamedNode(_iri(value)))
    assert isinstance(quad.object, ox.Literal)
    if quad.object.language:
        if not value.strip():
            raise _bad(value, "text", "text")
        return str(ox.Literal(value, language=quad.object.language))
    datatype = quad.object.datatype.value
    if not _is_a(value, datatype):
        name = datatype.rpartition("#")[2]
        raise _bad(value, f"värde av typen xsd:{name}", f"value of the type xsd:{name}")
    return str(ox.Literal(value, datatype=ox.NamedNode(datatype)))


def is_meant(term: str, given: str) -> bool:
    """Whether a term of N-Triples is what was given: its text, or its IRI, whole or as prefix:name."""
    return given in (plain(term), term) or (term.startswith("<") and expanded(given) == plain(term))


def expanded(name: str) -> str:
    """An IRI from prefix:name where the prefix is known; else what was given."""
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES and not local.startswith("//") else name


def _iri(value: str) -> str:
    iri = expanded(value)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", iri):
        raise _bad(value, "IRI", "IRI")
    return iri


def _is_a(value: str, datatype: str) -> bool:
    name = datatype.removeprefix(XSD)
    if name in CAST:
        answer = ox.Store().query(f"SELECT (<{datatype}>({ox.Literal(value)}) AS ?ok) {{}}")
        assert isinstance(answer, ox.QuerySolutions)
        return value == value.strip() and next(answer)["ok"] is not None
    return bool(PATTERNS.get(name, PATTERNS["string"]).fullmatch(value))


def _bad(value: str, sv: str, en: str) -> BadCorrection:
    return BadCorrection(
        f"”{value}” är inget giltigt {sv}: skriv det nya värdet som det tidigare är skrivet.",
        f"“{value}” is no valid {en}: write the new value as the former one is written.",
    )
