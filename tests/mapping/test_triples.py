"""Records become graphs: hand-made records and what must be said of them, in short notation."""

import datetime
import re
from dataclasses import replace

import pyoxigraph as ox
import pytest

import ontology
from mapping.identity import mentions, resolve
from mapping.records import (
    Actor,
    AnnualReport,
    Attendance,
    Ballot,
    Decision,
    DocumentRecord,
    Goal,
    GoalActivity,
    Indicator,
    Item,
    ListedDocument,
    Matter,
    Meeting,
    Point,
    Proposal,
    Quote,
    RegistryRef,
    Reservation,
    Statement,
    Vote,
    Withdrawal,
)
from mapping.text import Span, Text
from mapping.triples import document_quads
from mapping.triples_reports import decimal

BASE = "https://k.example"
SHA = "0123456789abcdef" * 4
TEXT = Text(
    """Almviks kommun Socialnämnden
Protokoll 4/2024 fört den 21 maj 2024
Närvarande: Mirja Stålbrand (S), ordförande; Leyla Tamrin (fp) för Ulla Ek (L)
\f§ 63/20 Remiss av motion om "kvällsöppet"
Dnr SN 2024/31, KS 2024/112 från kommunstyrelsen
Motion av Ulla Ek (L): 1. Hur många väntar?
Förvaltningen föreslår att svaret godkänns.
Mirja Stålbrand m.fl. (S) yrkade bifall till förvaltningens förslag.
Leyla Tamrin (fp) yrkade att motionen bifalls.
Byalaget (BYA) yrkade avslag.
Nämnden beslutar enligt förvaltningens förslag: 1. Svaret godkänns. 2. Överlämnas till kommunfullmäktige.
Omröstning: 1 ja, 1 nej. Ja: Mirja Stålbrand (S). Nej: Leyla Tamrin (fp).
Reservation: Leyla Tamrin (fp) för det egna yrkandet. Folkpartiet beklagar 850709-9805.
Särskilt uttalande: Byalaget (BYA). Ersättaryttrande: Ulla Ek (L) ställer sig bakom.
Ulla Ek (L) anmälde jäv.
SN 2024/31-2 Tjänsteutlåtande om svaret. Prop. 2024/25:89. Föredragande: Nils Ask, utredare.
""",
    page_starts=(0, 143),
)


def at(words: str, nth: int = 0) -> Span:
    start = [match.start() for match in re.finditer(re.escape(words), TEXT.canonical)][nth]
    return Span(start, start + len(words))


def quote(words: str) -> Quote:
    return Quote(words, at(words))


MIRJA = Actor("Mirja Stålbrand", "S", at("Mirja Stålbrand (S)"), title="ordförande")
MIRJA_MFL = Actor("Mirja Stålbrand", "S", at("Mirja Stålbrand m.fl. (S)"), with_others=True)
LEYLA = Actor("Leyla Tamrin", "FP", at("Leyla Tamrin (fp)"), party_verbatim="fp")
ULLA = Actor("Ulla Ek", "L", at("Ulla Ek (L)"))
OFFICE = Actor("Förvaltningen", None, at("Förvaltningen"), is_administration=True)
VILLAGE = Actor(None, "BYA", at("Byalaget (BYA)"), party_verbatim="BYA")
ITEM = Item(
    1,
    at("§ 63/20"),
    quote('Remiss av motion om "kvällsöppet"'),
    "63/20",
    at("§ 63/20"),
    item_type="motion",
    registry_numbers=(
        RegistryRef("SN 2024/31", "SN 2024/31", "own", at("SN 2024/31")),
        RegistryRef("KS 2024/112", "KS 2024/112", "referrer", at("KS 2024/112")),
    ),
    matters=(
        Matter(
            "motion",
            "kvällsöppet",
            at("Motion av"),
            (ULLA,),
            (quote("Hur många väntar?"),),
            None,
            quote("kommunstyrelsen"),
        ),
    ),
    decision=Decision(
        (Point("Svaret godkänns.", at("Svaret godkänns."), "1"), Point("Överlämnas.", at("Överlämnas"), "2")),
        "approved",
        at("Nämnden beslutar"),
        quote("beslutar"),
        recommends_to=quote("kommunfullmäktige"),
        follows_administration=at("enligt förvaltningens förslag"),
    ),
    proposals=(
        Proposal(
            (OFFICE,), "own", at("Förvaltningen föreslår"), points=(Point("svaret godkänns", at("svaret godkänns")),)
        ),
        Proposal((MIRJA_MFL,), "approve", at("yrkade bifall")),
        Proposal((LEYLA,), "own", at("yrkade att"), text=quote("motionen bifalls")),
        Proposal((VILLAGE,), "reject", at("yrkade avslag")),
    ),
    votes=(
        Vote(
            at("1 ja, 1 nej"),
            1,
            1,
            yes_for=Quote("förvaltningens förslag", at("förvaltningens förslag")),
            no_for=quote("motionen bifalls"),
            ballots=(Ballot(MIRJA, "yes"), Ballot(LEYLA, "no")),
        ),
    ),
    reservations=(
        Reservation((LEYLA,), at("Reservation"), "det egna yrkandet", quote("Folkpartiet beklagar 850709-9805.")),
    ),
    statements=(
        Statement("special_statement", (VILLAGE,), at("Särskilt uttalande")),
        Statement("substitute_statement", (ULLA,), at("Ersättaryttrande"), endorses="BYA:s särskilda uttalande"),
    ),
    withdrawals=(Withdrawal("conflict_of_interest", (ULLA,), at("Ulla Ek (L) anmälde jäv.")),),
    documents=(
        ListedDocument("Tjänsteutlåtande om svaret", "SN 2024/31-2", at("SN 2024/31-2"), "SN 2024/31-2"),
        ListedDocument("Tjänsteutlåtande om svaret", "", at("Tjänsteutlåtande")),
    ),
    officials=(Actor("Nils Ask", None, at("Nils Ask, utredare"), title="utredare", is_official=True),),
    references=(quote("Prop. 2024/25:89"),),
)
RECORD = DocumentRecord(
    "minutes", quote("Protokoll 4/2024"), "Almviks kommun", at("Almviks kommun"), "Socialnämnden", at("Socialnämnden"),
    meeting=Meeting(
        datetime.date(2024, 5, 21), at("den 21 maj 2024"), Quote("4/2024", at("4/2024")), chair=MIRJA, adjusters=(ULLA,),
        adjusted_on=datetime.date(2024, 5, 28),
        attendance=(
            Attendance(MIRJA, "chair"),
            Attendance(LEYLA, "serving-substitute", substitutes_for=ULLA, paragraphs=(63, 64)),
        ),
    ),
    items=(ITEM,),
)  # fmt: skip


def graph(record: DocumentRecord = RECORD) -> str:
    resolution = resolve(mentions(record, SHA[:16]))
    return document_quads(record, TEXT, SHA, BASE, resolution, program_version="0.1.0")


PREFIXES = {**ontology.PREFIXES, "": f"{BASE}/id/"}
PREFIXES.pop("schema")


def short(term: str) -> str:
    for prefix, namespace in sorted(PREFIXES.items(), key=lambda pair: -len(pair[1])):
        term = term.replace(f"<{namespace}", f"<{prefix}:" if prefix else "<")
    return re.sub(r"<([^<>\s]*)>", r"\1", term)


def told(quads: str, subject: str, *, provenance: bool = False) -> str:
    """What is said of a subject: its lines without the evidence, in short notation, sorted."""
    lines = []
    for quad in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS):
        if quad.subject == ox.NamedNode(f"{BASE}/id/{subject}"):
            line = short(f"{quad.predicate} {quad.object}")
            if provenance or not line.startswith(("kg:evidence", "prov:wasGeneratedBy")):
                lines.append(re.sub(r"\^\^xsd:(integer|boolean|date)", "", line))
    return "\n".join(sorted(lines)).replace("treatment/almviks-kommun/socialnamnden/2024-05-21/63-20", "§")


P = "treatment/almviks-kommun/socialnamnden/2024-05-21/63-20"
GOLDEN = {
    "document/0123456789abcdef": f"""
dcterms:title "Protokoll 4/2024"@sv
dcterms:type kgc:document-type/minutes
kg:canonicalText text/0123456789abcdef
kg:documents meeting/almviks-kommun/socialnamnden/2024-05-21
kg:pageCount "2"
kg:sha256 "{SHA}"
rdf:type foaf:Document
rdf:type kg:Document
rdf:type kg:Minutes""",
    "run/0123456789abcdef/0.1.0": """
kg:programVersion "0.1.0"
prov:used document/0123456789abcdef
rdf:type kg:MappingRun
rdf:type prov:Activity""",
    "municipality/almviks-kommun": """
rdf:type kg:LocalAuthority
rdf:type org:FormalOrganization
rdfs:label "Almviks kommun"@sv""",
    "body/almviks-kommun/socialnamnden": """
kg:bodyType kgc:body-type/committee
kg:partOfAuthority municipality/almviks-kommun
rdf:type kg:Body
rdf:type org:OrganizationalUnit
rdfs:label "Socialnämnden"@sv""",
    "meeting/almviks-kommun/socialnamnden/2024-05-21": """
kg:adjustedBy person/almviks-kommun/ulla-ek-l
kg:adjustedOn "2024-05-28"
kg:chair person/almviks-kommun/mirja-stalbrand-s
kg:date "2024-05-21"
kg:dateVerbatim "den 21 maj 2024"
kg:hasAttendance attendance/almviks-kommun/socialnamnden/2024-05-21/leyla-tamrin-l
kg:hasAttendance attendance/almviks-kommun/socialnamnden/2024-05-21/mirja-stalbrand-s
kg:hasAttendance attendance/almviks-kommun/socialnamnden/2024-05-21/nils-ask
kg:heldBy body/almviks-kommun/socialnamnden
kg:minutesNumber "4/2024"
rdf:type kg:Meeting
rdf:type prov:Activity""",
    "attendance/almviks-kommun/socialnamnden/2024-05-21/leyla-tamrin-l": """
kg:attendanceRole kgc:role/serving-substitute
kg:attendee person/almviks-kommun/leyla-tamrin-l
kg:partyVerbatim "fp"
kg:presentForParagraph "63"
kg:presentForParagraph "64"
kg:representsParty party/L
kg:substitutesFor person/almviks-kommun/ulla-ek-l
rdf:type kg:Attendance
rdf:type prov:Entity""",
    P: """
dcterms:references document/se/prop-2024-25-89
dcterms:title "Remiss av motion om \\"kvällsöppet\\""@sv
kg:basedOnDocument document/almviks-kommun/SN-2024-31-2
kg:basedOnDocument §/document/2
kg:concernsCase case/almviks-kommun/SN-2024-31
kg:concernsMatter matter/almviks-kommun/KS-2024-112/motion
kg:hasProposal §/proposal/1
kg:hasProposal §/proposal/2
kg:hasProposal §/proposal/3
kg:hasProposal §/proposal/4
kg:hasRecusal §/recusal/1
kg:hasReservation §/reservation/1
kg:hasStatement §/statement/1
kg:hasStatement §/statement/2
kg:hasVote §/vote/1
kg:itemType kgc:item-type/motion
kg:paragraphNumber "63"
kg:paragraphSuffix "20"
kg:relatedCase case/almviks-kommun/KS-2024-112
kg:resultedIn §/decision
kg:treatedAt meeting/almviks-kommun/socialnamnden/2024-05-21
rdf:type kg:ItemTreatment
rdf:type prov:Activity""",
    "case/almviks-kommun/SN-2024-31": """
dcterms:identifier "SN 2024/31"
kg:hasRegistryNumber registry-number/almviks-kommun/SN-2024-31
kg:respondsTo case/almviks-kommun/KS-2024-112
rdf:type kg:Case
rdf:type prov:Entity""",
    "registry-number/almviks-kommun/SN-2024-31": """
kg:notationVerbatim "SN 2024/31"
kg:notationVerbatim "SN 2024/31-2"
kg:registryAuthority "SN"
kg:registrySequence "31"
kg:registryYear "2024"^^xsd:gYear
rdf:type adms:Identifier
rdf:type kg:RegistryNumber
skos:notation "SN 2024/31\"""",
    "document/almviks-kommun/SN-2024-31-2": """
dcterms:identifier "SN 2024/31-2"
dcterms:title "Tjänsteutlåtande om svaret"@sv
dcterms:type kgc:document-type/official-report
kg:partOfCase case/almviks-kommun/SN-2024-31
rdf:type foaf:Document
rdf:type kg:Document
rdf:type kg:OfficialReport""",
    "matter/almviks-kommun/KS-2024-112/motion": """
dcterms:title "kvällsöppet"@sv
kg:onBehalfOf party/L
kg:partOfCase case/almviks-kommun/KS-2024-112
kg:question matter/almviks-kommun/KS-2024-112/motion/question/1
kg:referredBy body/almviks-kommun/kommunstyrelsen
kg:signatory matter/almviks-kommun/KS-2024-112/motion/signatory/1
kg:submittedBy person/almviks-kommun/ulla-ek-l
rdf:type kg:Matter
rdf:type kg:Motion
rdf:type prov:Entity""",
    f"{P}/proposal/1": """
kg:hasPoint §/proposal/1/1
kg:position "1"
kg:proposedBy administration/almviks-kommun/socialnamnden-forvaltningen
rdf:type kg:Proposal
rdf:type prov:Entity""",
    f"{P}/proposal/2": """
kg:onBehalfOf party/S
kg:position "2"
kg:proposedBy person/almviks-kommun/mirja-stalbrand-s
kg:requestedOutcome kgc:outcome/approved
kg:signatory §/proposal/2/signatory/1
kg:supports §/proposal/1
kg:withOthers "true"
rdf:type kg:Proposal
rdf:type prov:Entity""",
    f"{P}/proposal/3/signatory/1": """
kg:partyVerbatim "fp"
kg:person person/almviks-kommun/leyla-tamrin-l
kg:position "1"
kg:representsParty party/L
rdf:type kg:Signatory
rdf:type prov:Entity""",
    f"{P}/proposal/4": """
kg:onBehalfOf party/almviks-kommun/BYA
kg:position "4"
kg:proposedBy party/almviks-kommun/BYA
kg:rejects §/proposal/1
kg:requestedOutcome kgc:outcome/rejected
kg:signatory §/proposal/4/signatory/1
rdf:type kg:Proposal
rdf:type prov:Entity""",
    "party/almviks-kommun/BYA": """
rdf:type kg:Party
rdf:type org:Organization
rdfs:label "BYA"@sv
skos:notation "BYA\"""",
    f"{P}/decision": """
kg:adopts §/proposal/1
kg:date "2024-05-21"
kg:decidedBy body/almviks-kommun/socialnamnden
kg:decisionOutcome kgc:outcome/approved
kg:followsAdministration "true"
kg:hasPoint §/decision/1
kg:hasPoint §/decision/2
kg:outcomeVerbatim "beslutar"
kg:recommendsTo body/almviks-kommun/kommunfullmaktige
rdf:type kg:Decision
rdf:type prov:Entity""",
    f"{P}/decision/1": """
kg:pointNumber "1"
kg:position "1"
kg:text "Svaret godkänns."@sv
rdf:type kg:DecisionPoint
rdf:type prov:Entity""",
    f"{P}/vote/1": """
kg:hasBallot §/vote/1/ballot/1
kg:hasBallot §/vote/1/ballot/2
kg:noCount "1"
kg:noMeans "motionen bifalls"@sv
kg:yesCount "1"
kg:yesMeans §/proposal/1
rdf:type kg:VoteEvent
rdf:type prov:Activity""",
    f"{P}/vote/1/ballot/2": """
kg:ballotValue kgc:ballot/no
kg:castBy person/almviks-kommun/leyla-tamrin-l
kg:representsParty party/L
rdf:type kg:Ballot
rdf:type prov:Entity""",
    f"{P}/reservation/1": """
kg:against §/decision
kg:inFavourOf §/proposal/3
kg:onBehalfOf party/L
kg:position "1"
kg:reservedBy person/almviks-kommun/leyla-tamrin-l
kg:signatory §/reservation/1/signatory/1
kg:text "Folkpartiet beklagar ••••••-••••."@sv
rdf:type kg:Reservation
rdf:type prov:Entity""",
    f"{P}/statement/2": """
kg:endorses §/statement/1
kg:onBehalfOf party/L
kg:position "2"
kg:signatory §/statement/2/signatory/1
kg:statedBy person/almviks-kommun/ulla-ek-l
rdf:type kg:Statement
rdf:type kg:SubstituteStatement
rdf:type prov:Entity""",
    f"{P}/recusal/1": """
kg:person person/almviks-kommun/ulla-ek-l
kg:representsParty party/L
kg:signatory §/recusal/1/signatory/1
kg:text "Ulla Ek (L) anmälde jäv."@sv
rdf:type kg:Recusal
rdf:type prov:Entity""",
    "membership/almviks-kommun/nils-ask/socialnamnden-forvaltningen/presenter": """
kg:role kgc:role/presenter
org:member person/almviks-kommun/nils-ask
org:organization administration/almviks-kommun/socialnamnden-forvaltningen
rdf:type kg:Membership
rdf:type org:Membership""",
}


@pytest.mark.parametrize("subject", GOLDEN)
def test_what_minutes_say(subject: str) -> None:
    assert told(graph(), subject) == GOLDEN[subject].strip()


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


def triples(quads: str) -> list[tuple[str, str, str]]:
    return [
        (str(q.subject.value), q.predicate.value, q.object.value)
        for q in ox.parse(quads.encode(), format=ox.RdfFormat.N_QUADS)
    ]


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


def test_a_dated_agenda_is_of_a_meeting() -> None:
    quads = graph(replace(RECORD, kind="agenda", meeting=None, date=datetime.date(2024, 5, 21)))
    said = told(quads, "agenda-item/almviks-kommun/socialnamnden/2024-05-21/1")
    assert "kg:onAgendaOf meeting/almviks-kommun/socialnamnden/2024-05-21" in said


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
        "kg:concernsMatter matter/almviks-kommun/KS-2024-112/motion",
        "kg:hasRegistryNumber registry-number/almviks-kommun/KS-2024-112",
        'kg:pageCount "2"',
        "kg:partOfCase case/almviks-kommun/KS-2024-112",
    ]


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
    goal = "goal/almviks-kommun/socialnamnden/2023/1-2"
    assert "kg:parentGoal goal/almviks-kommun/socialnamnden/2023/1" in told(quads, goal)
    assert told(quads, f"{goal}/indicator/1").splitlines()[:6] == [
        'kg:outcome "61.5"^^xsd:decimal',
        'kg:outcomeVerbatim "61,5 %"',
        'kg:period "år"',
        'kg:targetVerbatim "tas fram"',
        f"kg:underGoal {goal}",
        'kg:unit "%"',
    ]
    document = told(quads, "document/0123456789abcdef")
    assert 'kg:year "2023"^^xsd:gYear' in document and "kg:documents body/almviks-kommun/socialnamnden" in document


@pytest.mark.parametrize(
    ("printed", "value"),
    [("61,5 %", "61.5"), ("12 400", "12400.0"), ("100,00", "100.0"), ("-3", "-3.0"), ("−0,5 %", "-0.5"),
     ("007", "7.0"), ("1\xa0234,50", "1234.5"), ("tas fram", None), ("12-15", None), ("", None)],
)  # fmt: skip
def test_numbers_as_printed(printed: str, value: str | None) -> None:
    assert decimal(printed) == value
