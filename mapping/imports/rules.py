"""Rules as files: what a format's folder of SPARQL CONSTRUCT queries makes of a source's graph."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

FOLDER: Final = Path(__file__).parent
KEPT: Final = "kept.rq"
"""The rule that says which statements of the original are published beside what is mapped."""

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_DERIVED = ox.NamedNode("http://www.w3.org/ns/prov#wasDerivedFrom")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the rules made of a source.

    `original`: its statements that are kept; `left_out`: how many are not; `derived`: what is said of it in our
    model; `kinds`: for each class of the original, how many things there are and how many were mapped.
    """

    original: tuple[ox.Triple, ...]
    left_out: int
    derived: tuple[ox.Triple, ...]
    kinds: tuple[tuple[str, int, int], ...]


def rules(form: str) -> list[Path]:
    """The rules of a format, in order of name."""
    return sorted(path for path in (FOLDER / form).glob("*.rq") if path.name != KEPT)


def apply(form: str, triples: Iterable[ox.Triple], base: str) -> Mapped:
    """Apply the rules of a format to the triples of a source, which have no blank nodes.

    Relative IRIs that a rule makes are resolved against the base, as SPARQL 1.1 (section 17.4.2.8) says of IRI().
    """
    store = ox.Store()
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    kept = FOLDER / form / KEPT
    original = _construct(store, kept, base) if kept.exists() else {quad.triple for quad in store}
    derived = {triple for rule in rules(form) for triple in _construct(store, rule, base)}
    mapped = {triple.object for triple in derived if triple.predicate == _DERIVED}
    things, done = Counter[str](), Counter[str]()
    for quad in store.quads_for_pattern(None, _TYPE, None):
        if ox.Triple(quad.subject, _TYPE, quad.object) in original and isinstance(quad.object, ox.NamedNode):
            things[quad.object.value] += 1
            done[quad.object.value] += quad.subject in mapped
    kinds = tuple((name, number, done[name]) for name, number in sorted(things.items()))
    return Mapped(tuple(original), len(store) - len(original), tuple(derived), kinds)


def named(dataset: ox.Dataset, prefix: str) -> list[ox.Triple]:
    """The triples of a dataset, its graphs taken together, each blank node with an IRI that begins with a prefix.

    The IRIs depend on the statements alone (RDF Dataset Canonicalization 1.0), not on how or where they were written.
    """
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)

    def known(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> ox.NamedNode | ox.Literal:
        if isinstance(term, ox.BlankNode):
            return ox.NamedNode(prefix + term.value)
        if isinstance(term, ox.Triple):
            raise SyntaxError("a triple term")
        return term

    found = []
    for quad in dataset:
        subject = known(quad.subject)
        assert isinstance(subject, ox.NamedNode)
        found.append(ox.Triple(subject, quad.predicate, known(quad.object)))
    return found


def _construct(store: ox.Store, rule: Path, base: str) -> set[ox.Triple]:
    answer = store.query(rule.read_text("utf-8"), base_iri=f"{base}/")
    assert isinstance(answer, ox.QueryTriples), rule
    return set(answer)
