"""Every term is used, and no term is used that is not declared: in code, queries, shapes, pages, examples and docs."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import ontology
from ontology import KG, PREFIXES
from ontology.terms import graph_of

ROOT = Path(__file__).parents[2]
ROOMS = ("ontology", "mapping", "server", "shapes", "tests", "docs")
SUFFIXES = {".py", ".rq", ".ttl", ".trig", ".html", ".md", ".toml", ".tsv", ".jsonld"}
NAME = r"([A-Za-z]\w*)"
CONCEPT = r"([a-z][\w-]*(?:/[\w-]+)?)"
WRITTEN = {
    "kg": (
        rf"\bkg:{NAME}",
        rf"\bKG\.{NAME}",
        r'\bKG[\[(]"([^"{}]+)"',
        rf"w3id\.org/kommungraf/ns#{NAME}",
    ),
    "kgc": (
        rf"\bkgc:{CONCEPT}",
        r'\bKGC[\[(]"([^"{}]+)"',
        rf"w3id\.org/kommungraf/concept/{CONCEPT}",
        r'\bconcept\("([\w-]+)", "([\w-]+)"\)',
    ),
}
OURS = re.compile(r'from server\.site import [^\n]*\bNS\b|^NS\b.*"https://w3id\.org/kommungraf/ns#?"$', re.MULTILINE)
BY_NAME = (rf"\{{NS\}}#?{NAME}", rf'\bNS \+ "#?{NAME}"')
"""How a file writes a term whose NS is ours."""

# Names that tests write on purpose although they are not declared, by the file that does.
DELIBERATE = {
    "tests/ontology/test_terms.py": "kg:Meetng kg:heldby kg:Sammantrade kgc:outcome/aproved kgc:municipality/01800"
    " kgc:outcome/maybe",
    "tests/shapes/test_shapes.py": "kg:nope",
    "tests/server/web/test_journal.py": "kg:n kg:x1234567",
    "tests/server/sparql/test_query_text.py": "kg:y kg:z",
    "tests/engines/test_graph_clauses.py": "kg:y",
    "tests/commands/test_rdf_from_outside.py": "kg:vote",
    "tests/commands/test_correction.py": "kg:locaton",
    "tests/server/export/test_export.py": "kg:types",
    "tests/server/processes/test_compacted.py": "kg:s",
}


@cache
def texts() -> dict[str, str]:
    """Path to content of every file of the project that may write a term."""
    inside = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*"))]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8", "replace")
        for path in (*sorted(ROOT.glob("*.*")), *inside)
        if path.suffix in SUFFIXES and path.is_file() and path != Path(__file__)
    }


def written(text: str) -> Iterator[tuple[str, str]]:
    """The terms that a text writes: prefix and local name."""
    for prefix, patterns in WRITTEN.items():
        for pattern in (*patterns, *(BY_NAME if prefix == "kg" and OURS.search(text) else ())):
            for match in re.finditer(pattern, text):
                yield prefix, "/".join(match.groups())


def undeclared(text: str) -> set[str]:
    found = set(written(text))
    return {f"{prefix}:{name}" for prefix, name in found if (iri := PREFIXES[prefix] + name) not in graph_of(iri)}


def test_the_search_sees_what_it_should() -> None:
    seen = {
        "?m a kg:Meetng ; kg:heldBy ?b": {"kg:Meetng"},
        "KG.Meetng, KG.Meeting": {"kg:Meetng"},
        'KG["Meetng"]': {"kg:Meetng"},
        "<https://w3id.org/kommungraf/ns#Meetng>": {"kg:Meetng"},
        'from server.site import NS\nquery = f"<{NS}Meetng>"': {"kg:Meetng"},
        'from server.site import NS, Site\nTYPE = NS + "Meetng"': {"kg:Meetng"},
        'NS = "https://other.example/"\nquery = f"<{NS}Meetng>"': set(),
        "kgc:outcome/aproved kgc:outcome/approved kgc:outcome": {"kgc:outcome/aproved"},
        'concept("outcome", "aproved")': {"kgc:outcome/aproved"},
    }
    assert {text: undeclared(text) for text in seen} == seen
    assert len(texts()) > 500 and sum(1 for text in texts().values() for _ in written(text)) > 3000


def test_no_undeclared_term_anywhere_in_the_project() -> None:
    wrong = {
        path: sorted(found)
        for path, text in texts().items()
        if not path.endswith("violates.ttl")  # what a shape must refuse
        and (found := undeclared(text) - set(DELIBERATE.get(path, "").split()))
    }
    assert not wrong, f"not declared in ontology/*.ttl: {wrong}"


def test_what_is_written_on_purpose_is_still_written() -> None:
    assert {path: undeclared(texts()[path]) for path in DELIBERATE} == {
        path: set(names.split()) for path, names in DELIBERATE.items()
    }


@cache
def used() -> frozenset[str]:
    """The terms that the rooms use: the Turtle and the documentation that declare and describe them do not count."""
    told = [
        text
        for path, text in texts().items()
        if path.startswith(("mapping/", "shapes/", "server/", "kommungraf", "ontology/p"))
        and "vocabulary" not in path
    ]  # ontology/p…: party_codes.py, places.py and the parties that they read
    return frozenset(f"{prefix}:{name}" for text in told for prefix, name in written(text))


@pytest.mark.parametrize("iri", [*ontology.classes(), *ontology.properties()])
def test_each_term_is_used(iri: str) -> None:
    assert "kg:" + iri.removeprefix(PREFIXES["kg"]) in used(), f"{iri} is used by no mapping, shape, query or page"


@pytest.mark.parametrize("scheme", ontology.schemes())
def test_each_scheme_has_a_user(scheme: str) -> None:
    """A scheme is authority data, or for the values of a property: ours name it, document-type is for dcterms:type."""
    definitions = " ".join(ontology.definition(iri, "sv") for iri in ontology.properties())
    assert (
        scheme in ("party", "municipality", "county", "document-type") or f"begreppsschemat {scheme}" in definitions
    ), scheme


def test_an_undeclared_term_raises_in_python_too() -> None:
    with pytest.raises(ontology.UnknownTerm):
        _ = KG["Meetng"]
