"""What a format cannot hold of a result: it is refused, and what it can hold is read back as it was."""

import io
import xml.etree.ElementTree as ElementTree

import pyoxigraph as ox
import pytest

from server.processes import evaluation
from server.processes.evaluation import Refusal
from server.processes.writable import RDF, XMLNS, Unwritable, XmlSink


def written(query: str, name: str) -> bytes:
    results = ox.Store().query(query)
    form = "solutions" if isinstance(results, ox.QuerySolutions) else "graph"
    kept = io.BytesIO()
    evaluation.write(results, form, name, {}, None, kept)
    return kept.getvalue()


def refused(query: str, name: str) -> dict[str, object]:
    with pytest.raises(Refusal) as caught:
        written(query, name)
    return caught.value.failure


@pytest.mark.parametrize("code", [0x1, 0x8, 0xB, 0xC, 0x1F, 0xFFFE, 0xFFFF])
def test_characters_outside_of_xml(code: int) -> None:
    value = f"'å\\u{code:04X}'"
    for query, name in (
        (f"SELECT ({value} AS ?x) {{}}", "xml"),
        (f"CONSTRUCT {{ <a:a> <a:b> {value} }} {{}}", "rdfxml"),
    ):
        told = refused(query, name)
        assert (told["kind"], told["holds"], told["value"]) == ("unwritable", "character", f"U+{code:04X}")
        written(query, "json" if name == "xml" else "turtle")


@pytest.mark.parametrize("text", ["\t\n\r x\r\n", "\u0085\u2028\ufffd\uff5e\uef3f", "\U0001f600"])
def test_other_characters_are_read_back_as_they_were(text: str) -> None:
    escaped = "".join(f"\\U{ord(each):08X}" for each in text)
    results = ElementTree.fromstring(written(f"SELECT ('{escaped}' AS ?x) {{}}", "xml"))
    assert [each.text for each in results.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [text]
    graph = ElementTree.fromstring(written(f"CONSTRUCT {{ <a:a> <a:b> '{escaped}' }} {{}}", "rdfxml"))
    assert [each.text for each in graph.iter("{a:}b")] == [text]


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_character_in_two_pieces_is_seen(cut: int) -> None:
    for last in "\ufffe\uffff":
        whole = f"å{last}a".encode()
        kept = io.BytesIO()
        sink = XmlSink(kept)
        with pytest.raises(Unwritable, match=r"U\+FFF[EF]"):
            for piece in (whole[:cut], whole[cut : cut + 1], whole[cut + 1 :]):
                assert sink.write(piece) == len(piece)
    sink = XmlSink(kept := io.BytesIO())
    whole = "å\ufffda\uff5e".encode()
    for at in range(len(whole)):
        sink.write(whole[at : at + 1])
    assert kept.getvalue() == whole


def test_predicates_that_are_no_elements() -> None:
    unwritable = ["http://e/1", "http://e/", "urn:x:1-2", "http://e/x?a=1&b=2", XMLNS, XMLNS + "a"]
    unwritable += [RDF + name for name in ("RDF", "li", "Description", "about", "aboutEachPrefix")]
    for iri in unwritable:
        query = f"CONSTRUCT {{ <a:a> <a:b> 1 . <a:a> <{iri}> 1 }} {{}}"
        assert (told := refused(query, "rdfxml"))["holds"] == "predicate" and told["value"] == f"<{iri}>"
        assert written(query, "jsonld") and written(query, "turtle")
        refused(f"CONSTRUCT {{ <a:a> <a:b> <<( <a:a> <{iri}> 1 )>> }} {{}}", "rdfxml")
    for iri in ("http://e/x%20y", "http://e/1å", "http://e/x#a.b-c", XMLNS + "a/b", RDF + "_1", RDF + "Seq", "a:_"):
        query = f"CONSTRUCT {{ <a:a> <{iri}> 1 }} {{}}"
        body = written(query, "rdfxml")
        ElementTree.fromstring(body)
        assert [each.triple.predicate.value for each in ox.parse(body, format=ox.RdfFormat.RDF_XML)] == [iri]


def test_predicates_of_many_triples_are_all_looked_at() -> None:
    values = " ".join(map(str, range(evaluation.SORTED + 500)))
    head = f"CONSTRUCT {{ <a:a> ?p ?v }} {{ VALUES ?v {{ {values} }} "
    assert refused(head + "BIND(IRI(CONCAT('http://e/', STR(?v))) AS ?p) }", "rdfxml")["holds"] == "predicate"
    late = f"BIND(IF(?v > {evaluation.SORTED + 100}, <http://e/1>, <http://e/a>) AS ?p) }}"
    assert refused(head + late, "rdfxml")["value"] == "<http://e/1>"


def test_triple_terms_in_json_ld() -> None:
    query = "CONSTRUCT { <a:a> <a:b> <<( <a:a> <a:b> 'x' )>> } {}"
    for context in (None, "https://kommungraf.example/context.jsonld"):
        with pytest.raises(Refusal) as caught:
            evaluation.write(ox.Store().query(query), "graph", "jsonld", {}, context, io.BytesIO())
        assert caught.value.failure["holds"] == "triple"
    assert written(query, "ntriples").count(b"<<(") == 1
