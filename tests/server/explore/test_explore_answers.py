"""/explore/motions: what a committee answers for itself, as letters and referrals, ends without the council."""

from collections.abc import Iterator

import pytest

from server.explore.counts import COUNTS
from server.explore.queries import TREATED, Choice, listing
from server.site import CONCEPT
from tests.server.explore.test_explore_motions import told
from tests.server.views_data import Reader, published, reading

GRAPH = """@base <https://data.example/id/> .
@prefix body-type: <https://w3id.org/kommungraf/concept/body-type/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix kg: <https://w3id.org/kommungraf/ns#> .
@prefix outcome: <https://w3id.org/kommungraf/concept/outcome/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<graph/7777777777777777> {
  <body/9998/an> a kg:Body ; rdfs:label "Äldrenämnden"@sv ; kg:bodyType body-type:committee .
  <meeting/9998/an/1> a kg:Meeting ; kg:heldBy <body/9998/an> ; kg:date "2024-01-10"^^xsd:date .
  <meeting/9998/an/2> a kg:Meeting ; kg:heldBy <body/9998/an> ; kg:date "2024-02-10"^^xsd:date .
  <matter/9998/1> a kg:MemberLetter, kg:Matter ; dcterms:title "Askfat"@sv .
  <treatment/9998/an/1/1> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/1> ; kg:concernsMatter <matter/9998/1> ;
    kg:resultedIn <decision/1> .
  <decision/1> a kg:Decision ; kg:decisionOutcome outcome:postponed .
  <treatment/9998/an/2/1> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/2> ; kg:concernsMatter <matter/9998/1> ;
    kg:resultedIn <decision/2> .
  <decision/2> a kg:Decision ; kg:decisionOutcome outcome:approved .
  <body/9998/kf> a kg:Body ; rdfs:label "Kommunfullmäktige"@sv ; kg:bodyType body-type:council .
  <meeting/9998/kf> a kg:Meeting ; kg:heldBy <body/9998/kf> ; kg:date "2023-12-10"^^xsd:date .
  <treatment/9998/kf/1> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/kf> ; kg:concernsMatter <matter/9998/1> ;
    kg:resultedIn <decision/0> .
  <decision/0> a kg:Decision ; kg:decisionOutcome outcome:rejected .
  <matter/9998/2> a kg:Referral, kg:Matter ; dcterms:title "Buss"@sv .
  <treatment/9998/an/2/2> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/2> ; kg:concernsMatter <matter/9998/2> ;
    kg:resultedIn <decision/3> .
  <decision/3> a kg:Decision ; kg:decisionOutcome outcome:forwarded .
  <matter/9998/3> a kg:MemberLetter, kg:Matter ; dcterms:title "Cykel"@sv .
  <treatment/9998/an/1/2> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/1> ; kg:concernsMatter <matter/9998/3> .
  <matter/9998/4> a kg:CitizenProposal, kg:Matter ; dcterms:title "Damm"@sv .
  <treatment/9998/an/1/3> a kg:ItemTreatment ; kg:treatedAt <meeting/9998/an/1> ; kg:concernsMatter <matter/9998/4> ;
    kg:resultedIn <decision/4> .
  <decision/4> a kg:Decision ; kg:decisionOutcome outcome:approved .
}
"""
"""Invented matters of a committee: a letter rejected by the council, postponed and then answered, a referral, a letter noted without a
decision, and a proposal that only the council decides on."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("answers")
    graph = folder / "answers.trig"
    graph.write_text(GRAPH, "utf-8")
    with reading(folder, published(folder, graph)) as reader:
        yield reader


def test_what_the_council_need_not_decide_has_the_outcome_of_the_body_that_answers(answers: Reader) -> None:
    assert told(answers) == {
        "Askfat": "bifall till förslaget",
        "Buss": "överlämnad",
        "Cykel": "behandlad, inte avgjord",
        "Damm": "behandlad, inte avgjord av fullmäktige",
    }
    assert told(answers, lang="en")["Cykel"] == "treated, not decided"


def test_chosen_by_that_outcome(answers: Reader) -> None:
    counts = COUNTS["motions"].at(answers.site)
    outcomes = {"approved": ["Askfat"], "forwarded": ["Buss"], "rejected": [], TREATED: ["Cykel", "Damm"]}
    for outcome, titles in outcomes.items():
        chosen = outcome if outcome == TREATED else f"{CONCEPT}outcome/{outcome}"
        choice = Choice("motions", outcome=chosen)
        assert list(told(answers, outcome=chosen)) == titles
        assert counts.total(choice) == len(answers.pool.rows(listing(choice, "sv", 1000)).rows) == len(titles)


def test_the_page_of_a_letter_does_not_speak_of_the_council(answers: Reader) -> None:
    letter, unread = (answers.get(f"/doc/matter/9998/{each}") for each in (2, 4))
    assert letter.one("//meta[@name='description']/@content") == "Behandlas: 10 februari 2024"
    assert "Inget avgörande i fullmäktige är läst." in unread.one("//meta[@name='description']/@content")
