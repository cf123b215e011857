"""Official reports: who answers, to whom, and what is proposed on which level."""

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord
from mapping.text import Text

HEAD = "Kulturförvaltningen                    Tjänsteutlåtande\n                                       Dnr KN 2023/44\n                                       2023-03-01\n\n"


def read(text: str) -> DocumentRecord:
    record = read_document(Text(text))
    assert isinstance(record, DocumentRecord)
    return record


def test_two_levels_of_proposal_are_one_list_of_points() -> None:
    record = read(
        HEAD + "Svar på motion om bänkar\n\nFörslag till beslut\nKulturnämnden föreslår kommunfullmäktige besluta\n\n"
        "att avslå motionen.\n\nKulturnämnden beslutar för egen del följande:\n1. Förvaltningen återkommer i maj.\n2. Paragrafen förklaras omedelbart justerad.\n\n"
        "Sammanfattning\nAda Fors (L) har i en motion föreslagit bänkar.\n"
    )
    (proposal,) = record.items[0].proposals
    assert [point.text for point in proposal.points] == [
        "att avslå motionen.", "Förvaltningen återkommer i maj.", "Paragrafen förklaras omedelbart justerad.",
    ]  # fmt: skip
    assert [(a.name, a.is_administration) for a in proposal.by] == [("Kulturförvaltningen", True)]
    (matter,) = record.items[0].matters
    assert (matter.kind, matter.title) == ("motion", "bänkar")
    assert [(a.name, a.party) for a in matter.authors] == [("Ada Fors", "L")]


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Bänkar i parken. Svar på remiss av motion\n(2023:6) från Ada Fors (L)", "Bänkar i parken"),
        ("Svar på motion: Bänkar i parken (L)", "Bänkar i parken"),
        ("Svar på motion om bänkar i parken\nfrån Ada Fors\n(L)", "bänkar i parken"),
        ("Yttrande över motion av Ada Fors (L) om bänkar\ni parken", "bänkar i parken"),
    ],
)
def test_the_motion_that_a_title_names(title: str, named: str) -> None:
    record = read(
        HEAD
        + f"{title}\n\nFörslag till beslut\nKulturnämnden tillstyrker motionen.\n\nSammanfattning\nAda Fors (L) har i en motion föreslagit det.\n"
    )
    assert record.title is not None and record.title.text == " ".join(title.split())
    (matter,) = record.items[0].matters
    assert (matter.kind, matter.title) == ("motion", named)
    assert [(a.name, a.party) for a in matter.authors] == [("Ada Fors", "L")]


def test_officials_stand_in_columns_and_the_receiver_is_the_body() -> None:
    record = read(
        "                         TJÄNSTESKRIVELSE                      1 [2]\n\nKulturförvaltningen      2023-03-01     Dnr KN/2023:44\n\n"
        "Referens                               Mottagare\nBo Krok                                Kulturnämnden\nCia Dal Ek\n\n\nNytt bibliotek\n\n"
        "Förslag till beslut\nKulturnämnden antar planen.\n\nBakgrund\nRektor Eva Bokvist har bett om en bokbuss. Sökanden Ulf Trana väntar.\n\n"
        "Disa Holm Vik\nkulturdirektör                         Egon Alm\n                                       lokalchef\n\nBilagor\nPlan för bibliotek\n"
    )
    assert (record.kind, record.body) == ("official-report", "Kulturnämnden")
    item = record.items[0]
    assert [(a.name, a.title) for a in item.officials] == [
        ("Bo Krok", None), ("Cia Dal Ek", None), ("Disa Holm Vik", "kulturdirektör"), ("Egon Alm", "lokalchef"),
    ]  # fmt: skip
    assert {a.name for a in record.persons} == {a.name for a in item.officials}  # nobody who is only mentioned
    assert [d.title for d in item.documents] == ["Plan för bibliotek"]


def test_a_report_without_blank_lines() -> None:
    record = read(
        "ÅSELE KOMMUN\nKommunledningsstaben\nTjänsteskrivelse\nDatum 2015-05-18\nDnr KS 2015/118\nHandläggare Bo Krok\nTill kommunstyrelsen\n"
        "Bidrag till byabad i Lomsjö\nFörslag till beslut\n1. Kommunstyrelsen beviljar bidraget.\n2. Medel anvisas.\nBakgrund\nTorvald Ås har ansökt.\n"
        "Beslutsunderlag\nAnsökan 2015-05-02\nBo Krok\nKanslichef\n"
    )
    assert record.title is not None and record.title.text == "Bidrag till byabad i Lomsjö"
    assert (record.body, record.municipality) == ("Kommunstyrelsen", "2463")
    assert [point.text for point in record.items[0].proposals[0].points] == [
        "Kommunstyrelsen beviljar bidraget.",
        "Medel anvisas.",
    ]
    assert [d.title for d in record.items[0].documents] == ["Ansökan 2015-05-02"]
    assert [a.name for a in record.persons] == ["Bo Krok"]


def test_a_foot_names_the_municipality_by_its_address() -> None:
    record = read(
        HEAD + "Nytt bibliotek\n\nFörslag till beslut\nKulturnämnden antar planen.\n\nBakgrund\nText.\n\n"
        "Box 16113\n103 23 Stockholm\nwww.stockholm.se\n"
    )
    assert record.municipality == "0180"


def test_tabs_part_columns_as_blanks_do() -> None:
    record = read(
        "Kulturförvaltningen\tTjänsteutlåtande\nStaben\tDnr KN 2023/44\nHandläggare\tTill\nBo Krok\tKulturnämnden\nNytt bibliotek i\nnorra delen\n"
        "Förslag till beslut\nKulturnämnden antar planen.\nSammanfattning\nPlanen är klar.\n"
    )
    assert (record.kind, record.body) == ("official-report", "Kulturnämnden")
    assert record.title is not None and record.title.text == "Nytt bibliotek i norra delen"
    assert [a.name for a in record.items[0].officials] == ["Bo Krok"]
