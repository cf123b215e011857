"""The kinds of documents, what is none, whose they are, and the cover page."""

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord, Refused
from mapping.text import Text
from tests.mapping.paragraph import TOP

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
    headed, bare = (
        read_document(Text(TOP + body), "Haninge"),
        read_document(Text(TOP.partition("\n")[2] + body), "Haninge"),
    )
    alone = read_document(Text(TOP.partition("\n")[2] + body))
    assert [r.municipality for r in (headed, bare, alone) if isinstance(r, DocumentRecord)] == [
        "Almvik",
        "0136",
        None,
    ]


@pytest.mark.parametrize(
    ("printed", "place"),
    [
        ("Lilla salen, kl 13-15", "Lilla salen"),
        ("Stora rummet, kommunhuset, onsdagen den 13 mars 2024,", "Stora rummet, kommunhuset"),
        ("Tisdagen den 12 mars 2024 kl. 09.00–11.30, Rådhuset, rum 4", "Rådhuset, rum 4"),
        ("2024-03-12 kl 9, Folkets hus", "Folkets hus"),
        ("Kvarngatan 4, klockan 08:30 – 16:00", "Kvarngatan 4"),
        ("16:00–19:15", None),
    ],
)
def test_the_place_of_a_meeting_is_told_without_the_time(printed: str, place: str | None) -> None:
    record = read_document(Text(COVER.replace("Lilla salen, kl 13-15", printed)))
    assert isinstance(record, DocumentRecord) and record.meeting
    location = record.meeting.location
    assert (location.text if location else None) == place


@pytest.mark.parametrize(
    ("printed", "authority"),
    [("Region Fjällmark", "Region Fjällmark"), ("REGION FJÄLLMARK", "Region Fjällmark"), ("Region Gotland", "0980")],
)
def test_a_region_is_no_municipality(printed: str, authority: str) -> None:
    text = f"{printed}\nRegionstyrelsen\nProtokoll\n2024-03-12\n\n§ 5\nPlan\n\nBeslut\nPlanen antas.\n"
    record = read_document(Text(text), "Uppsala")
    assert isinstance(record, DocumentRecord)
    assert record.municipality == authority


@pytest.mark.parametrize("printed", ["Protokollet justeras av Hans Ivarsson", "Justeras av Hans Ivarsson"])
def test_who_adjusts_may_be_told_in_a_sentence(printed: str) -> None:
    record = read_document(Text(f"{TOP}Beslutande\nAnna Ek (S)\n\n{printed}\n\n§ 5\nPlan\n\nBeslut\nPlanen antas.\n"))
    assert isinstance(record, DocumentRecord) and record.meeting
    assert [actor.name for actor in record.meeting.adjusters] == ["Hans Ivarsson"]


@pytest.mark.parametrize(
    ("printed", "title", "paragraphs"),
    [
        ("Lars Huuva, ekonomichef § 2", "ekonomichef", (2,)),
        ("Lars Huuva, ekonomichef §§ 1, 3", "ekonomichef", (1, 3)),
        ("Lars Huuva, ekonomichef ej § 2", "ekonomichef", (1, 3)),
        ("Lars Huuva, ekonomichef, § 2", "ekonomichef", (2,)),
        ("Lars Huuva, ekonomichef", "ekonomichef", None),
    ],
)
def test_an_official_may_be_there_for_some_paragraphs(
    printed: str, title: str, paragraphs: tuple[int, ...] | None
) -> None:
    items = "".join(f"§ {n}\nPlan {n}\n\nBeslut\nPlanen antas.\n\n" for n in (1, 2, 3))
    record = read_document(Text(f"{TOP}Beslutande\nAnna Ek (S)\n\nÖvriga deltagande\n{printed}\n\n{items}"))
    assert isinstance(record, DocumentRecord) and record.meeting
    told = [a for a in record.meeting.attendance if a.role == "official"]
    assert [(a.actor.name, a.actor.title, a.paragraphs) for a in told] == [("Lars Huuva", title, paragraphs)]


def test_minutes_of_a_council_that_decides_nothing() -> None:
    cover = "Plats och tid\nKommunhuset, kl. 13.00\n\nBeslutande\nAnna Ek (S), ordförande\n\nUtses att justera\nBo Alm (M)\n\n"
    told = "§ 1 Mötets öppnande\nOrdföranden öppnar mötet.\n\n§ 2 Äldreomsorg\nSocialchefen berättar om läget.\n"
    text = "Almviks kommun     SAMMANTRÄDESPROTOKOLL\nKommunala pensionärsrådet\nSammanträdesdatum 2024-03-12\n\n"
    record = read_document(Text(text + cover + told))
    assert isinstance(record, DocumentRecord)
    assert (record.body, [i.number for i in record.items]) == ("Kommunala pensionärsrådet", ["1", "2"])
    assert all(i.decision is None for i in record.items)
