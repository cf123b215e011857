"""One invented §, told in several layouts: what the reader makes of heads, decisions, acts and votes."""

from typing import Any

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord, Item, Proposal, Refused
from mapping.text import Text

TOP = "Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\nSida 1 (3)\n\n"


def read(body: str) -> DocumentRecord:
    record = read_document(Text(TOP + body))
    assert isinstance(record, DocumentRecord), record
    return record


def item(body: str) -> Item:
    return read(body).items[0]


@pytest.mark.parametrize(
    ("head", "number", "title", "subtitle", "numbers"),
    [
        ("§ 5\nPlan för 2025\nSN 2024/7\n", "5", "Plan för 2025", None, [("SN 2024/7", "own")]),
        ("§ 5 Plan för 2025\nDnr SN 2024/7\n", "5", "Plan för 2025", None, [("SN 2024/7", "own")]),
        ("SN § 5   SN/2024:7 - 001\nPlan för 2025\n", "5", "Plan för 2025", None, [("SN/2024:7-001", "own")]),
        ("§ 5/24 Plan för 2025\nDnr SN 2024/7\n", "5/24", "Plan för 2025", None, [("SN 2024/7", "own")]),
        ("5 § Plan för 2025\n", "5", "Plan för 2025", None, []),
        ("§ 5                      1379/22\nPlan för 2025\n", "5", "Plan för 2025", None, [("1379/22", "own")]),
        ("§ 5 Plan för 2025       2023/1204 1.3.1.2\n", "5", "Plan för 2025", None, [("2023/1204", "own")]),
        (
            "§ 5\nRemiss av Motion om bad\nSvar på remiss från kommunstyrelsen, Dnr KS 2024/9\nSN 2024/7\n",
            "5",
            "Remiss av Motion om bad",
            "Svar på remiss från kommunstyrelsen",
            [("SN 2024/7", "own"), ("KS 2024/9", "referrer")],
        ),
        (
            "§ 5\nMotion om bad - svar till kommunstyrelsen KS 2024/9\nDnr 1.7.1-44/2024\n",
            "5",
            "Motion om bad",
            "svar till kommunstyrelsen",
            [("1.7.1-44/2024", "own"), ("KS 2024/9", "referrer")],
        ),
        (
            "§ 5\nLångt namn på en plan som fortsätter \npå nästa rad  \nGenomförandeärende\nSN 2024/7\n",
            "5",
            "Långt namn på en plan som fortsätter på nästa rad",
            "Genomförandeärende",
            [("SN 2024/7", "own")],
        ),
    ],
)
def test_heads(head: str, number: str, title: str, subtitle: str | None, numbers: list[tuple[str, str]]) -> None:
    found = item(head + "\nBeslut\nSocialnämnden godkänner planen.\n")
    assert found.number == number
    assert found.title and found.title.text == title
    assert (found.subtitle.text if found.subtitle else None) == subtitle
    assert [(ref.normalised, ref.role) for ref in found.registry_numbers] == numbers


@pytest.mark.parametrize(
    ("body", "points", "outcome"),
    [
        ("Beslut\n1. Nämnden godkänner planen.\n2. Ärendet överlämnas.\n", ["Nämnden godkänner planen.", "Ärendet överlämnas."], "approved"),
        ("Beslut\nSocialnämnden beslutar\natt avslå ansökan, samt\natt redovisa skälen.\n", ["att avslå ansökan, samt", "att redovisa skälen."], "rejected"),
        ("Socialnämndens beslut\n- Ärendet bordläggs.\n", ["Ärendet bordläggs."], "postponed"),
        ("Beslut\nÄrendet återremitteras för komplettering.\n", ["Ärendet återremitteras för komplettering."], "referred-back"),
        ("Beslut\nMotionen anses besvarad.\n", ["Motionen anses besvarad."], "answered"),
        ("Beslut\nNämnden lägger informationen till handlingarna.\n\nParkchef Anna Ek informerar om:\n- Lokaler.\n", ["Nämnden lägger informationen till handlingarna."], "noted"),
        ("Beslut\nAnna Ek (S) utsågs att justera. Ordföranden meddelade att justering sker den 19 mars 2024.\n", ["Anna Ek (S) utsågs att justera."], "elected"),
        ("Beslut\nNämnden föreslår fullmäktige att anta avgiften.\nParagrafen förklaras omedelbart justerad.\n", ["Nämnden föreslår fullmäktige att anta avgiften.", "Paragrafen förklaras omedelbart justerad."], "approved"),
        ("Beslut\nEnligt förvaltningens förslag:\nMotionen avslås.\n", ["Motionen avslås."], "rejected"),
        ("Beslut\n1. Nämnden överlämnar svaret.\n2. Nämnden föreslår att motionen avslås.\n", ["Nämnden överlämnar svaret.", "Nämnden föreslår att motionen avslås."], "rejected"),
        ("Beslut\n1. Nämnden ger\na) chefen i uppdrag att bygga,\nb) rätt att låna.\n2. Klart.\n", ["Nämnden ger a) chefen i uppdrag att bygga, b) rätt att låna.", "Klart."], "commissioned"),
        ("Beslut\n1. Nämnden ansöker om 5 \n\n958,6 tkr.\n\n2. Klart.\n", ["Nämnden ansöker om 5 958,6 tkr.", "Klart."], "approved"),
    ],
)  # fmt: skip
def test_decisions(body: str, points: list[str], outcome: str) -> None:
    decision = item(f"§ 5\nPlan\n\n{body}").decision
    assert decision is not None
    assert [point.text for point in decision.points] == points
    assert decision.outcome == outcome


def test_a_sentence_that_looks_like_a_heading_opens_no_decision() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\n1. Nämnden godkänner planen.\n\nSammanfattning\nText.\n"
        "Socialnämnden föreslår att kommunfullmäktige beslutar att\nnämnden får låna pengar.\n"
    )
    assert found.decision and [p.text for p in found.decision.points] == ["Nämnden godkänner planen."]


PEOPLE = "Anna Ek (S), Bo Alm (M), Cia Dal (V), Eva Fors (L) och Gun Hed (KD) är närvarande.\n"


def moved(found: Item) -> list[Proposal]:
    """The proposals of members; the administration's stands beside them where they name it."""
    return [p for p in found.proposals if not p.by[0].is_administration]


def proposals(body: str) -> list[tuple[str, str, list[str | None], list[str]]]:
    found = item(f"§ 5\nPlan\n\nBeslut\nMotionen avslås.\n\nYrkanden\n{body}")
    return [(p.stance, p.object, [a.name for a in p.by], [q.text for q in p.points]) for p in moved(found)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Anna Ek m.fl. (S) och Bo Alm (M) yrkade bifall till förvaltningens förslag till beslut.", [("approve", "proposal", ["Anna Ek", "Bo Alm"], [])]),
        ("Cia Dal (V) yrkar bifall till motionen.\nBo Alm (M) yrkar avslag på motionen.", [("approve", "motion", ["Cia Dal"], []), ("reject", "motion", ["Bo Alm"], [])]),
        ("Cia Dal (V) yrkar återremiss. Bo Alm (M) yrkar avslag på förslaget.", [("remit", "proposal", ["Cia Dal"], []), ("reject", "proposal", ["Bo Alm"], [])]),
        ("Cia Dal (V): Bifall till motionen.", [("approve", "motion", ["Cia Dal"], [])]),
        ("Cia Dal (V) yrkar bordläggning.", [("table", "proposal", ["Cia Dal"], [])]),
        ("Cia Dal (V) yrkar att motionen ska anses besvarad.", [("answered", "motion", ["Cia Dal"], [])]),
        ("Ordföranden Anna Ek (S) föreslår att nämnden beslutar enligt förvaltningens förslag.", [("approve", "proposal", ["Anna Ek"], [])]),
        ("Bo Alm m.fl. (M) yrkade\n\n1. att nämnden avslår förslaget, samt\n2. att därutöver anföra följande:\n\nKassan är tom.\nMycket.", [("own", "proposal", ["Bo Alm"], ["att nämnden avslår förslaget, samt", "att därutöver anföra följande:"])]),
    ],
)  # fmt: skip
def test_proposals(body: str, expected: list[Any]) -> None:
    assert proposals(body) == expected


def test_a_proposal_keeps_its_motivation_apart_from_its_points() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nFörslaget avslås.\n\nYrkanden\nBo Alm (M) yrkade\n\n1. att avslå,\n"
        "2. att anföra följande:\n\nKassan är tom.\nMycket.\n\nCia Dal (V) yrkade bifall till förslaget.\n"
    )
    assert [p.text.text if p.text else None for p in moved(found)] == ["Kassan är tom. Mycket.", None]


def test_reservations_statements_and_withdrawals() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nReservationer\nBo Alm m.fl. (M) reserverade sig mot beslutet till förmån för\n"
        "det egna yrkandet.\n\nSärskilt uttalande\nCia Dal (V) lämnade ett särskilt uttalande:\n\nVi vill mer.\nSnart.\n\n"
        "Ersättaryttrande\nGun Hed (KD) ställde sig bakom Centerpartiets yrkande.\n\nJäv\nEva Fors (L) anmäler jäv.\n\n"
        "Deltar ej i beslutet\nAnna Ek (S) deltar inte i beslutet.\n"
    )
    assert [(a.name, a.with_others) for r in found.reservations for a in r.by] == [("Bo Alm", True)]
    assert found.reservations[0].in_favour_of == "det egna yrkandet"
    assert [(s.kind, s.by[0].name, s.text.text if s.text else None, s.endorses) for s in found.statements] == [
        ("special_statement", "Cia Dal", "Vi vill mer. Snart.", None),
        ("substitute_statement", "Gun Hed", None, "Centerpartiets yrkande"),
    ]
    assert [(w.kind, w.by[0].name) for w in found.withdrawals] == [
        ("conflict_of_interest", "Eva Fors"),
        ("abstention", "Anna Ek"),
    ]


@pytest.mark.parametrize(
    ("procedure", "yes", "no", "abstain", "meanings", "ballots"),
    [
        ("Ja-röst innebär bifall till bygget och nej-röst bifall till flytten.\nJa röstar: Anna Ek (S) och Bo Alm (M).\nNej röstar: Cia Dal (V).\nAvstår: Gun Hed (KD).\nNämnden beslutar med 2 ja-röster och 1 nej-röst. 1 ledamot avstår.", 2, 1, 1, ("bifall till bygget", "bifall till flytten"), 4),
        ("Fullmäktige godtar: ”Ja för bifall till badet och nej för avslag på badet.” Det blir 31 Ja mot 22 Nej. 3 ledamöter avstår.", 31, 22, 3, ("bifall till badet", "avslag på badet"), 0),
        ("Den som röstar för flytten röstar JA. Den som röstar för bygget röstar NEJ.\n\n                 JA    NEJ\nAnna Ek (S)      x\nBo Alm (M)             x\n\nMed 1 JA-röst mot 1 NEJ-röst beslutas.", 1, 1, None, ("flytten", "bygget"), 2),
        ("Det blir fem ja och fem nej. Genom ordförandens utslagsröst byggs inget bad.", 5, 5, None, None, 0),
    ],
)  # fmt: skip
def test_votes(
    procedure: str, yes: int, no: int, abstain: int | None, meanings: tuple[str, str] | None, ballots: int
) -> None:
    found = item(
        f"§ 5\nPlan\n\nBeslut\nFörslaget avslås.\n\nOmröstning\n{procedure}\n\nReservation\nCia Dal (V) reserverar sig.\n"
    )
    (vote,) = found.votes
    assert (vote.yes, vote.no, vote.abstain) == (yes, no, abstain)
    assert ((vote.yes_for.text, vote.no_for.text) if vote.yes_for and vote.no_for else None) == meanings
    assert len(vote.ballots) == ballots
    assert vote.casting_vote == ("utslagsröst" in procedure)


@pytest.mark.parametrize(
    ("title", "summary", "name", "authors"),
    [
        ("Remiss av Motion om fri ledsagning", "En motion från Anna Ek, SD, gällande ledsagning har remitterats.", "fri ledsagning", [("Anna Ek", "SD")]),
        ("Svar på motion: Fria bussar", "Anna Ek (V) har i en motion föreslagit fria bussar.", "Fria bussar", [("Anna Ek", "V")]),
        ("Motion av Anna Ek (V) och Bo Alm (V) om simskola", "Text.", "simskola", [("Anna Ek", "V"), ("Bo Alm", "V")]),
        ("Remiss av Motion om bad", "Motionen är skriven av Anna Ek, SD.", "bad", [("Anna Ek", "SD")]),
        ("Yttrande över motion om bad", "Bo Alm (M) yttrar sig.", "bad", []),
    ],
)  # fmt: skip
def test_motions(title: str, summary: str, name: str, authors: list[tuple[str, str]]) -> None:
    found = item(f"§ 5\n{title}\nSN 2024/7\n\nBeslut\nMotionen avslås.\n\nSammanfattning av ärendet\n{summary}\n")
    (matter,) = found.matters
    assert (matter.kind, matter.title) == ("motion", name)
    assert [(a.name, a.party) for a in matter.authors] == authors


def test_letters_with_their_questions() -> None:
    found = item(
        "§ 5\nNämndens frågor\n\nBeslut\nFrågorna besvaras.\n\nSammanfattning av ärendet\nSkrivelser:\n\n"
        "Skrivelse om kön till \nboendet\nAnna Ek m.fl. (M) och Bo Alm (KD)\n\nKön är lång.\n\nVi undrar därför:\n\n"
        "1. Hur lång är kön?\n2. Vem står\ni den?\n\nSkrivelse om tolkar\nCia Dal (C)\n\nVi vill veta mer.\n"
    )
    assert [(m.title, [a.name for a in m.authors], [q.text for q in m.questions]) for m in found.matters] == [
        ("Skrivelse om kön till boendet", ["Anna Ek", "Bo Alm"], ["Hur lång är kön?", "Vem står i den?"]),
        ("Skrivelse om tolkar", ["Cia Dal"], []),
    ]


def test_listed_documents() -> None:
    found = item(
        "§ 5\nPlan\nSN 2024/7\n\nBeslut\nPlanen antas.\n\nHandlingar i ärendet\n\n SN 2024/7-2 Tjänsteutlåtande - Plan för\nåret\n\n"
        " SN 2024/7-1.1 Bilaga 1 - Karta\n Protokoll från rådet 2024-02-\n13\n"
    )
    assert [(d.identifier, d.type, d.title) for d in found.documents] == [
        ("SN 2024/7-2", "Tjänsteutlåtande", "Plan för året"),
        ("SN 2024/7-1.1", "Bilaga 1", "Karta"),
        (None, "Protokoll", "Protokoll från rådet 2024-02-13"),
    ]


def test_page_heads_inside_sentences_are_taken_out() -> None:
    found = item(
        "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nSärskilt uttalande\nCia Dal (V) lämnade ett särskilt uttalande:\n\nDetta är en mening\n\n"
        "Sida 2 (3)\n\n\n\nSocialnämnden\n\n\nProtokoll nr 3/2024\n\n2024-03-12\n\nsom går över sidan.\n"
    )
    assert found.statements[0].text and found.statements[0].text.text == "Detta är en mening som går över sidan."


def test_a_table_of_contents_and_a_quoted_paragraph_open_no_section() -> None:
    record = read(
        "Ärendelista\n§ 1  Val av justerare\n§ 2  Plan\n§ 3  Övrigt\n\n§ 1\nVal av justerare\n\nBeslut\nAnna Ek (S) utses att justera.\n\n"
        "§ 2\nPlan\n\nBeslut\nPlanen antas enligt\n§ 12 i reglementet.\n\n§ 3\nÖvrigt\n\nBeslut\nInformationen noteras.\n"
    )
    assert [i.number for i in record.items] == ["1", "2", "3"]


COVER = """Almviks kommun                SAMMANTRÄDESPROTOKOLL              1 (3)
Socialnämnden                 2024-03-12

Plats och tid      Lilla salen, kl 13-15
Beslutande         Anna Ek (S), ordf
                   Bo Alm (M), 1:e vice ordf
                   Cia Dal (V) §§ 1-2
                   Eva Fors (L) tjg ers för Gun Hed (KD)
                   Hans Ivarsson (C), ej § 2
Ej tjg ers         Jan Karlberg (S)
Övriga deltagande  Lena Malm, socialchef
                   Nils Olander, sekr
Utses att justera  Bo Alm
Justeringens       Kommunhuset, 2024-03-19
plats och tid

§ 1
Upprop

Beslut
Upprop godkänns.

§ 2
Plan

Beslut
Planen antas.

§ 3
Övrigt

Beslut
Informationen noteras.
"""


def test_cover_page() -> None:
    record = read_document(Text(COVER))
    assert isinstance(record, DocumentRecord) and record.meeting
    meeting = record.meeting
    assert (record.municipality, record.body, str(meeting.date), str(meeting.adjusted_on)) == (
        "Almvik", "Socialnämnden", "2024-03-12", "2024-03-19",
    )  # fmt: skip
    assert [(a.actor.name, a.actor.party, a.role, a.paragraphs) for a in meeting.attendance] == [
        ("Anna Ek", "S", "chair", None),
        ("Bo Alm", "M", "first-vice-chair", None),
        ("Cia Dal", "V", "member", (1, 2)),
        ("Eva Fors", "L", "serving-substitute", None),
        ("Hans Ivarsson", "C", "member", (1, 3)),
        ("Jan Karlberg", "S", "substitute", None),
        ("Lena Malm", None, "official", None),
        ("Nils Olander", None, "secretary", None),
    ]
    assert [a.substitutes_for.name for a in meeting.attendance if a.substitutes_for] == ["Gun Hed"]
    assert [(a.name, a.party) for a in meeting.adjusters] == [("Bo Alm", "M")]
    assert record.account.unread == ()


@pytest.mark.parametrize(
    "text",
    [
        "Veckobrev\n\nHej alla! På torsdag är det utflykt.\n",
        "Ordningsföreskrifter\n\n§ 1 Torget är en plats för alla.\n\n§ 2 Hundar hålls kopplade.\n\n§ 3 Den som bryter mot § 2 kan dömas till böter.\n",
        "Avtal\n\n§ 1 Parterna\nSäljaren och köparen är överens.\n\n§ 2 Priset\nPriset är 100 kronor.\n",
    ],
)
def test_what_is_no_meeting_document_is_refused(text: str) -> None:
    refused = read_document(Text(text))
    assert isinstance(refused, Refused) and refused.reason == "not-a-meeting-document"
    assert refused.sv and refused.en


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (TOP + "§ 5\nPlan\n\nBeslut\nPlanen antas.\n", "minutes-extract"),
        (TOP + "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\n§ 6\nBad\n\nBeslut\nBadet stängs.\n", "minutes"),
        ("Kallelse\nSocialnämnden 2024-03-12\n\n1 Upprop\n\n2 Plan för året\n\n3 Bad\n", "agenda"),
        ("Till kommunfullmäktige i Almvik\n\nMotion\n\nMer bad\n\nVi yrkar\n\natt kommunfullmäktige bygger bad.\n\nAnna Ek (S)\n", "motion"),
        ("Socialförvaltningen\nTjänsteutlåtande\nSN 2024/7\n\nPlan\n\nFörslag till beslut\nNämnden antar planen.\n", "official-report"),
        ("Socialnämnden\nVerksamhetsberättelse 2024\n\nNämndmål: 1.1.1 Trygghet\n\nUppfylls helt\n", "annual-report"),
    ],
)  # fmt: skip
def test_kinds(text: str, kind: str) -> None:
    record = read_document(Text(text))
    assert isinstance(record, DocumentRecord), record
    assert record.kind == kind


def test_the_head_goes_before_the_given_municipality_and_that_before_a_mention() -> None:
    body = "§ 5\nPlan\n\nBeslut\nPlanen antas.\n\nÄrendet\nTyresö kommun har samma plan.\n"
    headed, bare = read_document(Text(TOP + body), "Haninge"), read_document(Text(TOP.partition("\n")[2] + body), "Haninge")
    alone = read_document(Text(TOP.partition("\n")[2] + body))
    assert [r.municipality for r in (headed, bare, alone) if isinstance(r, DocumentRecord)] == ["Almvik", "0136", None]


def test_a_reservation_prints_the_proposal_that_was_only_named_among_the_proposals() -> None:
    found = item(
        "§ 5\nRemiss av motion om bad\n\nSocialnämndens beslut\n1. Nämnden hänvisar till tjänsteutlåtandet som svar på remissen.\n\n"
        "Reservation\nLedamoten Cia Dal (V) reserverar sig mot beslutet till förmån\nför det egna förslaget;\n\n"
        "”1. Att tillstyrka motionen.\n2. Att därutöver anföra följande:\n\nBadet saknas.”\n\n"
        "Yrkanden\nOrdföranden Anna Ek (S) yrkar bifall till förvaltningens förslag.\nLedamoten Cia Dal (V) yrkar bifall till eget förslag.\n"
    )
    assert found.decision and found.decision.outcome == "answered"
    assert [(p.stance, p.by[0].name, [q.text for q in p.points]) for p in moved(found)] == [
        ("approve", "Anna Ek", []),
        ("own", "Cia Dal", ["Att tillstyrka motionen.", "Att därutöver anföra följande:"]),
    ]
    text = moved(found)[1].text
    assert text and text.text == "Badet saknas.”"


REPORT = """Socialnämnden
Verksamhetsberättelse 2024

Nämndmål: 1.1.1. Trygghet för alla

 Uppfylls delvis

   Indikator Periodens
utfall

Utfall VB
2023 Årsmål KF:s

årsmål Period

"""


@pytest.mark.parametrize(
    ("row", "label", "cells"),
    [
        (
            "  Andel nöjda\nbesökare\n\n61,5 % 64 % 59 % 66 % 75 % 70 % 2024\n",
            "Andel nöjda besökare",
            {"outcome": "61,5 %", "outcomeMen": "64 %", "outcomeWomen": "59 %", "previousOutcome": "66 %", "target": "75 %", "councilTarget": "70 %"},
        ),
        ("  Antal besök\n\n12400   11850 12000  2024\n", "Antal besök", {"outcome": "12400", "previousOutcome": "11850", "target": "12000"}),
        ("  Andel nöjda\n\n62 %   66 % 70 % Tas fram \nav \nnämnd \n\n2024\n", "Andel nöjda", {"outcome": "62 %", "previousOutcome": "66 %", "target": "70 %"}),
        ("  Andel nöjda\n\n93 % 91 % 96 % 89 % 90 %  VB 2024\n", "Andel nöjda", {"outcome": "93 %", "outcomeMen": "91 %", "outcomeWomen": "96 %", "previousOutcome": "89 %", "target": "90 %"}),
        ("  Sjukfrånvaro dag 1-14 1,9 % 1,8 % 2 % 2,3 % 2 %  2024\n", "Sjukfrånvaro dag 1-14", {"outcome": "1,9 %", "outcomeMen": "1,8 %", "outcomeWomen": "2 %", "previousOutcome": "2,3 %", "target": "2 %"}),
        ("  Utsläpp\n\n1,96 kg \nper kg\n\n   2 kg \nper kg\n\n1,6 kg\n\n 2024\n", "Utsläpp", {}),
        ("  Andel nöjda\n\n12 400 66 % 70 % 2024\n", "Andel nöjda", {}),
    ],
)  # fmt: skip
def test_indicator_rows_are_read_cell_by_cell_or_left_open(row: str, label: str, cells: dict[str, str]) -> None:
    record = read_document(Text(REPORT + row))
    assert isinstance(record, DocumentRecord) and record.annual_report
    found = {i.label: {column: quote.text for column, quote in i.cells} for i in record.annual_report.indicators}
    assert found.get(label, {}) == cells
    assert [(g.number, g.level, g.fulfilment) for g in record.annual_report.goals] == [("1.1.1", "body", "partial")]
