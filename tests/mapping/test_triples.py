"""Records become graphs: evidence, the documents of other kinds, and the cases at the edge."""

import datetime
import re
from dataclasses import replace

import pyoxigraph as ox
import pytest

import ontology
from mapping.identity import mentions, person_quads, resolve
from mapping.records import AnnualReport, Goal, GoalActivity, Indicator, Item, Quote, RegistryRef
from mapping.triples_reports import decimal
from shapes import validate
from tests.mapping.triples_story import BASE, ITEM, RECORD, SHA, TEXT, P, at, graph, told, triples


def test_equal_records_give_equal_bytes_sorted_and_unique() -> None:
    quads = graph()
    lines = quads.splitlines(keepends=True)
    assert quads == graph() and lines == sorted(set(lines))
    assert len(list(ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS))) == len(lines)
    assert "_:" not in re.sub(r'"(?:[^"\\]|\\.)*"', "", quads)
    assert {line.rsplit(" ", 2)[1] for line in lines} == {f"<{BASE}/id/graph/0123456789abcdef>"}


def test_every_node_has_evidence_that_quotes_the_text() -> None:
    quads = graph()
    nodes = {s for s, _, o in triples(quads) if o == ontology.KG.Proposal or o == ontology.KG.Membership}
    assert nodes
    generated = {s for s, p, _ in triples(quads) if p == ontology.std("prov:wasGeneratedBy")}
    evidenced = {s for s, p, _ in triples(quads) if p == ontology.KG.evidence}
    assert nodes <= generated == evidenced
    masked = TEXT.canonical.replace("850709-9805", "••••••-••••")
    spans = {s for s, _, o in triples(quads) if o == ontology.KG.SourceSpan}
    for s, p, o in triples(quads):
        if s in spans and p == ontology.std("oa:exact"):
            start, end = map(int, s.rsplit("/", 1)[1].split("-"))
            assert o == masked[start:end]
    assert "850709" not in quads


def test_the_graph_conforms_together_with_its_persons() -> None:
    persons = person_quads(resolve(mentions(RECORD, SHA[:16])), BASE)
    assert [p.message_en for p in validate(graph(), persons) if p.severity != "info"] == []


@pytest.mark.parametrize(
    ("yes", "no", "yes_means", "no_means"),
    [
        ("bifalla förvaltningens förslag", "avslå förvaltningens förslag", 1, "avslå förvaltningens förslag"),
        ("avslag på förvaltningens förslag", "Leyla Tamrins förslag", "avslag på förvaltningens förslag", 3),
        ("förvaltningens förslag", "inte bifalla förvaltningens förslag", 1, "inte bifalla förvaltningens förslag"),
        ("förvaltningens förslag", "återremittera kontorets förslag", 1, "återremittera kontorets förslag"),
        ("Leyla Tamrins yrkande", "avslag på Leyla Tamrins yrkande", 3, "avslag på Leyla Tamrins yrkande"),
        ("förvaltningens förslag", "förvaltningens förslag med tillägg", 1, "förvaltningens förslag med tillägg"),
        # both seem to be for one proposal: neither is certain
        (
            "förvaltningens förslag",
            "nämndens förvaltnings svar",
            "förvaltningens förslag",
            "nämndens förvaltnings svar",
        ),
        ("förvaltningens förslag", "Förvaltningens förslag", None, None),
        ("förvaltningens förslag", None, 1, None),
    ],
)
def test_yes_and_no_never_mean_the_same(
    yes: str, no: str | None, yes_means: int | str | None, no_means: int | str | None
) -> None:
    here = at("förvaltningens förslag")
    vote = replace(ITEM.votes[0], yes_for=Quote(yes, here), no_for=Quote(no, here) if no else None)
    quads = graph(replace(RECORD, items=(replace(ITEM, votes=(vote,)),)))
    for name, means in (("yesMeans", yes_means), ("noMeans", no_means)):
        said = [line for line in told(quads, f"{P}/vote/1").splitlines() if line.startswith(f"kg:{name} ")]
        expected = f"§/proposal/{means}" if isinstance(means, int) else f'"{means}"@sv'
        assert said == ([f"kg:{name} {expected}"] if means else [])
    persons = person_quads(resolve(mentions(RECORD, SHA[:16])), BASE)
    assert not [problem for problem in validate(quads, persons) if problem.severity == "violation"]


def test_a_span_tells_its_page() -> None:
    span = at("kommunstyrelsen")
    assert told(graph(), f"span/0123456789abcdef/{span.start}-{span.end}") == "\n".join(
        [
            'kg:page "2"',
            f'oa:end "{span.end}"^^xsd:nonNegativeInteger',
            'oa:exact "kommunstyrelsen"',
            "oa:hasSource document/0123456789abcdef",
            f'oa:start "{span.start}"^^xsd:nonNegativeInteger',
            "rdf:type kg:SourceSpan",
            "rdf:type oa:SpecificResource",
        ]
    )


def test_a_paragraph_number_printed_twice_stays_two_paragraphs() -> None:
    quads = graph(replace(RECORD, items=(ITEM, replace(ITEM, position=2, decision=None))))
    assert 'kg:paragraphNumber "63"' in told(quads, f"{P}.2")
    assert "kg:resultedIn" not in told(quads, f"{P}.2")


@pytest.mark.parametrize(
    ("procedure", "adopted"),
    [
        ("Ordföranden fann att nämnden beslutat enligt Leyla Tamrins m.fl. (fp) yrkande.", 3),
        ("Ordföranden finner att nämnden beslutar i enlighet med Folkpartiets förslag.", 3),
        ("Ordföranden finner att nämnden beslutar enligt förvaltningens förslag.", 1),
        (
            "Ordföranden fann att nämnden beslutat enligt förvaltningens förslag. Votering begärs. 3 ja och 5 nej.",
            None,
        ),
        ("Ordföranden ställde förslagen mot varandra.", None),
    ],
)
def test_the_proposal_that_the_text_says_was_carried(procedure: str, adopted: int | None) -> None:
    decision = replace(ITEM.decision or pytest.fail("no decision"), follows_administration=None)
    item = replace(ITEM, decision=decision, procedure=Quote(procedure, at("Omröstning")))
    found = re.findall(r"kg:adopts §/proposal/(\d)", told(graph(replace(RECORD, items=(item,))), f"{P}/decision"))
    assert found == ([str(adopted)] if adopted else [])


def test_an_agenda_without_a_date_has_items_but_no_meeting() -> None:
    agenda = replace(RECORD, kind="agenda", meeting=None, items=(replace(ITEM, number=None),))
    quads = graph(agenda)
    said = told(quads, "agenda-item/0123456789abcdef/1")
    assert "rdf:type kg:AgendaItem" in said and 'kg:position "1"' in said and "kg:hasProposal" in said
    assert "/meeting/" not in quads and "ItemTreatment" not in quads and "kg:documents" not in quads


def test_a_day_that_was_only_set_for_adjusting_is_marked() -> None:
    iri, mark = "meeting/almvik/socialnamnden/2024-05-21", 'kg:adjustmentAnnounced "true"'
    assert RECORD.meeting and mark not in told(graph(), iri)
    announced = told(graph(replace(RECORD, meeting=replace(RECORD.meeting, adjustment_announced=True))), iri)
    assert mark in announced and 'kg:adjustedOn "2024-05-28"' in announced


def test_a_dated_agenda_is_of_a_meeting() -> None:
    quads = graph(replace(RECORD, kind="agenda", meeting=None, date=datetime.date(2024, 5, 21)))
    said = told(quads, "agenda-item/almvik/socialnamnden/2024-05-21/1")
    assert "kg:onAgendaOf meeting/almvik/socialnamnden/2024-05-21" in said


def test_a_motion_is_a_document_about_its_matter() -> None:
    own = RegistryRef("KS 2024/112", "KS 2024/112", "own", at("KS 2024/112"))
    matter = replace(ITEM.matters[0], referred_by=None)
    item = Item(1, at("Motion av"), None, registry_numbers=(own,), matters=(matter,))
    motion = replace(
        RECORD,
        kind="motion",
        meeting=None,
        date=datetime.date(2024, 2, 19),
        own_registry_numbers=(own,),
        items=(item,),
    )
    assert told(graph(motion), "document/0123456789abcdef").splitlines()[:8] == [
        'dcterms:issued "2024-02-19"',
        'dcterms:title "Protokoll 4/2024"@sv',
        "dcterms:type kgc:document-type/motion",
        "kg:canonicalText text/0123456789abcdef",
        "kg:concernsMatter matter/almvik/KS-2024-112/motion",
        "kg:hasRegistryNumber registry-number/almvik/KS-2024-112",
        'kg:pageCount "2"',
        "kg:partOfCase case/almvik/KS-2024-112",
    ]


def test_the_classification_of_a_registry_number() -> None:
    first, second = ITEM.registry_numbers[0], ITEM.registry_numbers[1]
    classified = replace(first, classification="003")
    items = (
        replace(ITEM, registry_numbers=(second, classified)),
        replace(ITEM, position=2, number="63", registry_numbers=(replace(first, classification="106"), first)),
    )
    quads = graph(replace(RECORD, items=items))
    said = told(quads, "registry-number/almvik/SN-2024-31").splitlines()
    assert [line for line in said if "classificationCode" in line] == ['kg:classificationCode "003"']
    assert "classificationCode" not in told(quads, "registry-number/almvik/KS-2024-112")


def test_an_annual_report_keeps_what_is_printed() -> None:
    span = at("Hur många väntar?")
    report = AnnualReport(
        2023, at("2024"),
        (Goal("council-direction", "1", "En trygg uppväxt", span), Goal("body", "1.2", "Fritid", span, "1", "partial")),
        (GoalActivity("Öppna fler kvällar", span, "1.2", datetime.date(2023, 1, 1), None, True),),
        (Indicator("Nöjda unga", span, "1.2", (("outcome", Quote("61,5 %", span)), ("target", Quote("tas fram", span))),
                   "%", "år"),),
    )  # fmt: skip
    quads = graph(replace(RECORD, kind="annual-report", meeting=None, items=(), annual_report=report))
    goal = "goal/almvik/socialnamnden/2023/1-2"
    assert "kg:parentGoal goal/almvik/socialnamnden/2023/1" in told(quads, goal)
    assert told(quads, f"{goal}/indicator/1").splitlines()[:6] == [
        'kg:outcome "61.5"^^xsd:decimal',
        'kg:outcomeVerbatim "61,5 %"',
        'kg:period "år"',
        'kg:targetVerbatim "tas fram"',
        f"kg:underGoal {goal}",
        'kg:unit "%"',
    ]
    document = told(quads, "document/0123456789abcdef")
    assert 'kg:year "2023"^^xsd:gYear' in document and "kg:documents body/almvik/socialnamnden" in document


@pytest.mark.parametrize(
    ("printed", "value"),
    [("61,5 %", "61.5"), ("12 400", "12400.0"), ("100,00", "100.0"), ("-3", "-3.0"), ("−0,5 %", "-0.5"),
     ("007", "7.0"), ("1\xa0234,50", "1234.5"), ("tas fram", None), ("12-15", None), ("", None)],
)  # fmt: skip
def test_numbers_as_printed(printed: str, value: str | None) -> None:
    assert decimal(printed) == value
