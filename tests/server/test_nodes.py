"""What the graph says about the things on a page, as pages read it."""

import pytest

from server import nodes
from server.nodes import ask, in_order, natural, paragraph
from tests.server.data import BASE
from tests.server.views_data import Reader

ID = BASE + "/id/"
SEVENTH = ID + "treatment/9999/parknamnden/2024-03-12/7"


def test_one_query_tells_all_about_what_a_pattern_binds(reader: Reader) -> None:
    reader.pool.queries.clear()
    found = ask(reader.site, f"{{ BIND(<{SEVENTH}> AS ?s) }} UNION {{ <{SEVENTH}> kg:hasVote ?s }}")
    assert set(found) == {SEVENTH, SEVENTH + "/vote/1"} and len(reader.pool.queries) == 1 and not found.cut
    assert found.iri(SEVENTH, "kg:treatedAt") == ID + "meeting/9999/parknamnden/2024-03-12"
    assert found.text(SEVENTH, "dcterms:title") == "Svar på motion om gungor"
    assert found.texts(SEVENTH, "kg:paragraphNumber") == ["7"] and found.iris(SEVENTH, "kg:paragraphNumber") == []
    assert found.holds(SEVENTH, "kg:immediatelyAdjusted") and not found.holds(SEVENTH, "kg:withOthers")
    assert found.is_a(SEVENTH, "kg:ItemTreatment") and not found.is_a(SEVENTH, "kg:Meeting")
    assert {SEVENTH, ID + "case/9999/PN-2024-31"} < found.mentioned()
    assert "Svar på motion om gungor" not in found.mentioned()
    with pytest.raises(KeyError):
        found.text(SEVENTH, "unknown:title")


def test_what_is_not_there(reader: Reader) -> None:
    found = ask(reader.site, f"{{ BIND(<{ID}nothing> AS ?s) }}")
    assert list(found) == [] and found.iri(SEVENTH, "kg:date") is None and found.text("x", "kg:date") is None
    assert found.mentioned() == set() and paragraph(found, SEVENTH) == ""


def test_a_thing_that_two_branches_bind_is_told_once(reader: Reader) -> None:
    found = ask(reader.site, f"{{ BIND(<{SEVENTH}> AS ?s) }} UNION {{ BIND(<{SEVENTH}> AS ?s) }}")
    assert found.texts(SEVENTH, "dcterms:title") == ["Svar på motion om gungor"]


def test_numbers_stand_in_the_order_of_numbers(reader: Reader) -> None:
    attendance = ID + "attendance/9999/parknamnden/2024-03-12/asa-strom-v"
    found = ask(reader.site, f"{{ BIND(<{attendance}> AS ?s) }}")
    assert found.texts(attendance, "kg:presentForParagraph") == ["1", "2", "3", "4", "7", "10"]


def test_more_than_a_page_holds_is_cut(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "MOST", 3)
    found = ask(reader.site, f"{{ BIND(<{SEVENTH}> AS ?s) }}")
    assert found.cut and sum(len(terms) for said in found.said.values() for terms in said.values()) == 3


def test_in_order(reader: Reader) -> None:
    ids = [ID + f"treatment/9999/parknamnden/2024-03-12/{each}" for each in (10, 9, 8, 1, 7)]
    found = ask(reader.site, "VALUES ?s { " + " ".join(f"<{each}>" for each in ids) + " }")
    assert [each.rpartition("/")[2] for each in in_order(found, found)] == ["1", "7", "8", "9", "10"]
    by_title = in_order(found, found, "dcterms:title")
    assert [each.rpartition("/")[2] for each in by_title] == ["10", "9", "8", "7", "1"]
    assert [paragraph(found, each) for each in in_order(found, found)] == ["1", "7", "8", "9", "10 a"]


def test_natural() -> None:
    told = ["", "3", "3 a", "4", "9" * 18, "2" * 40, "proposal/9", "proposal/10", "ärla 2", "Ärla 11"]
    backwards = told[::-1]
    assert sorted(backwards, key=natural) == told
    assert natural("proposal/9") < natural("proposal/10") and natural("3") < natural("3 a") < natural("4")
    assert natural("") == []
