"""Besluit and Mandaat data of Flanders: Turtle, TriG, N-Triples or JSON-LD, made triples without blank nodes.

The vocabularies: https://data.vlaanderen.be/ns/besluit and https://data.vlaanderen.be/ns/mandaat. JSON-LD that points
to a context elsewhere is refused: nothing is fetched. RDFa in HTML is not read.
"""

import json
from pathlib import PurePath
from typing import Any, Final

import pyoxigraph as ox

from mapping.imports.sources import Source, broken
from mapping.records import Refused

BESLUIT: Final = "http://data.vlaanderen.be/ns/besluit#"
MANDAAT: Final = "http://data.vlaanderen.be/ns/mandaat#"
FORMATS: Final = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def dataset(source: Source) -> tuple[ox.Dataset, int] | Refused:
    """The statements of some files, none of them left out yet; or why they are refused."""
    found = ox.Dataset()
    for name, content in source.files:
        form = FORMATS.get(PurePath(name).suffix.lower())
        if form is None:
            known = " ".join(FORMATS)
            return Refused(
                "unknown-format",
                f"{name} läses inte som LBLOD: spara den som något av {known}; RDF/XML läses aldrig.",
                f"{name} is not read as LBLOD: save it as one of {known}; RDF/XML is never read.",
            )
        if form == ox.RdfFormat.JSON_LD:
            elsewhere = _elsewhere(content)
            if elsewhere:
                return broken(name, f"den hänvisar till en kontext på annan plats ({elsewhere}), och inget hämtas",
                              f"it points to a context elsewhere ({elsewhere}), and nothing is fetched")  # fmt: skip
        try:
            for quad in ox.parse(content, format=form, rename_blank_nodes=True):
                found.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        except (SyntaxError, ValueError) as error:
            return broken(name, f"raderna är inte {form.name} ({error})", f"its lines are no {form.name} ({error})")
    named = (quad.object for quad in found if quad.predicate.value.endswith("#type"))
    if not any(isinstance(each, ox.NamedNode) and each.value.startswith((BESLUIT, MANDAAT)) for each in named):
        return Refused(
            "unknown-format",
            f"Källan innehåller inget av klasserna i {BESLUIT} och {MANDAAT}. Ange rätt format med --as.",
            f"The source holds nothing of the classes of {BESLUIT} and {MANDAAT}. Give the right format with --as.",
        )
    return found, 0


def _elsewhere(content: bytes) -> str | None:
    """The address of a context, or of another document, that JSON-LD would have to be fetched with."""
    try:
        waiting: list[Any] = [json.loads(content)]
    except (ValueError, RecursionError):
        return None  # the parser says what is wrong
    while waiting:
        read = waiting.pop()
        if isinstance(read, list):
            waiting += read
        elif isinstance(read, dict):
            told = read.get("@context")
            for each in told if isinstance(told, list) else [told]:
                if isinstance(each, str):
                    return each
            if isinstance(read.get("@import"), str):
                return str(read["@import"])
            waiting += read.values()
    return None
