"""Notices of meeting and web agendas: the list in columns, the papers behind it, what is only proposed."""

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord
from mapping.text import Text


def read(text: str) -> DocumentRecord:
    record = read_document(Text(text))
    assert isinstance(record, DocumentRecord)
    return record


def titles(record: DocumentRecord) -> list[tuple[str | None, str | None]]:
    return [(item.number, item.title.text if item.title else None) for item in record.items]


HEAD = (
    "SALA KOMMUN                             KALLELSE                        Sida 1 (2)\n"
    "Kulturnämnden                           2022-03-09\n\n"
    "Tid:         Onsdagen den 16 mars 2022, kl. 13.15\nPlats:       Rådhuset\n\n"
    "Ledamöter                               Ersättare\nAda Fors (M), ordförande                Bo Krok (M)\n\n"
)
COLUMNS = HEAD + (
    "Nr   Ärende                                                     Dnr              Handläggare\n\n"
    "1    Upprop\n\n"
    "2    Val av justerare\n     Tur att justera: Ada Fors (M)\n\n"
    "3    Information\n     a) Nytt system                                                               Cia Dal\n"
    "     b) Läget                                                                    Disa Holm\n\n"
    "4    Motion från Egon Alm (L) om lån av instrument -            KN 2021/138      Disa Holm\n"
    "     yttrande                                                   KS 2021/402\n"
    "     Förslag till beslut\n     Kulturnämnden föreslår kommunfullmäktige att\n     avslå motionen.\n"
    "     Arbetsutskottet har den 2 mars 2022, § 18, behandlat\n     ärendet.\n\n"
    "5    Övriga frågor\n"
)


def test_a_list_in_columns() -> None:
    record = read(COLUMNS)
    assert (record.kind, record.body, str(record.date)) == ("agenda", "Kulturnämnden", "2022-03-16")
    assert titles(record) == [
        ("1", "Upprop"),
        ("2", "Val av justerare"),
        ("3", "Information"),
        ("4", "Motion från Egon Alm (L) om lån av instrument - yttrande"),
        ("5", "Övriga frågor"),
    ]
    motion = record.items[3]
    assert [(ref.normalised, ref.role) for ref in motion.registry_numbers] == [
        ("KN 2021/138", "own"),
        ("KS 2021/402", "referrer"),
    ]
    assert [(m.title, [a.name for a in m.authors]) for m in motion.matters] == [("lån av instrument", ["Egon Alm"])]
    assert [p.text for p in motion.proposals[0].points] == [
        "Kulturnämnden föreslår kommunfullmäktige att avslå motionen."
    ]
    assert [[a.name for a in item.officials] for item in record.items] == [
        [],
        [],
        ["Cia Dal", "Disa Holm"],
        ["Disa Holm"],
        [],
    ]


def test_nobody_called_is_present_and_nothing_is_decided() -> None:
    record = read(COLUMNS)
    assert record.meeting is not None and record.meeting.attendance == ()
    assert all(item.decision is None for item in record.items)
    assert "Ada Fors" not in {actor.name for actor in record.persons}


def test_pages_of_a_report_behind_the_list_are_no_part_of_its_last_item() -> None:
    report = (
        "SALA KOMMUN                             TJÄNSTESKRIVELSE                Sida 2 (2)\n"
        "Kulturförvaltningen                     2022-02-23\n\nYttrande över motion (KN 2021/138)\n\n"
        "Förslag till beslut\nKulturnämnden föreslår kommunfullmäktige att avslå motionen.\n"
    )
    last = read(COLUMNS + report).items[-1]
    assert (last.title.text if last.title else None, last.registry_numbers, last.proposals) == (
        "Övriga frågor",
        (),
        (),
    )


def test_papers_of_an_item_behind_the_list_tell_more_of_it() -> None:
    record = read(
        HEAD + "        Ärende                                             Förslag till beslut\n\n1       Upprop\n\n"
        "2       KS2014/402                                         Enligt förvaltningen\n        Svar på motion från Egon Alm (UP) om\n        avgiftsfri parkering\n\n"
        "3       Meddelanden\n\n\nVälkomna!\n\nAda Fors\nOrdförande\n\n\nÄrende 2\nSvar på motion från Egon Alm (UP) om avgiftsfri parkering\n\nDnr KS2014/402\n\n"
        "Förslag till beslut\nNämnden föreslår kommunfullmäktige besluta\natt avslå motionen.\n\nSammanfattning\n"
        "Egon Alm (UP) och Fia Gren (UP) har i en motion föreslagit det.\n\nBeslutsunderlag\nMotion 2014-02-13\n"
    )
    assert titles(record) == [
        ("1", "Upprop"),
        ("2", "Svar på motion från Egon Alm (UP) om avgiftsfri parkering"),
        ("3", "Meddelanden"),
    ]
    item = record.items[1]
    assert [a.name for a in item.matters[0].authors] == ["Egon Alm", "Fia Gren"]
    assert [d.title for d in item.documents] == ["Motion 2014-02-13"]
    assert item.decision is None and [p.text for p in item.proposals[0].points] == ["att avslå motionen."]
    assert record.items[2].documents == ()


def test_labels_below_a_title_are_no_title() -> None:
    record = read(
        "KALIX KOMMUN                      KALLELSE\n                                  2006-04-05\n\nKommunfullmäktige\n\nTid: måndagen den 24 april 2006 kl 10.00\n\n"
        "1. Upprop\n\n2. Motion om bastu\n   Dnr KF 2005/221\n   Motionär: Egon Alm (v)\n\n3. Svar på motion om simning\n   Föredragande: Cia Dal\n"
        "   Fia Gren (S) har i en motion föreslagit simning.\n   Förslag till beslut: Fullmäktige beslutar\n   att avslå motionen\n"
    )
    assert titles(record) == [("1", "Upprop"), ("2", "Motion om bastu"), ("3", "Svar på motion om simning")]
    assert str(record.date) == "2006-04-24"
    assert [[(a.name, a.party) for m in item.matters for a in m.authors] for item in record.items] == [
        [],
        [("Egon Alm", "V")],
        [("Fia Gren", "S")],
    ]
    assert [a.name for a in record.items[2].officials] == ["Cia Dal"]


@pytest.mark.parametrize("notice", ["Protokollet är inte publicerat ännu", "Inget protokoll har publicerats"])
def test_a_web_agenda_with_numbers(notice: str) -> None:
    record = read(
        f"Kulturnämnden 2021-03-23 kl 18:30\nPlats: Rådhuset\nSala kommun\n{notice}\n1 Upprop\n2 Budgetuppföljning\nKN 2021/14\nFörslag till beslut\n"
        "Budgetuppföljningen godkänns.\nDokument\nTjänsteskrivelse.pdf (210 kB)\n3 Svar på e-förslag om öppettider\nSammanfattning\n"
        "Ett e-förslag från Gurli Sten har fått 203 röster.\n4 Nämndens frågor\nTillbaka till kalendern\n"
    )
    assert (record.kind, record.body) == ("agenda", "Kulturnämnden")
    assert titles(record) == [
        ("1", "Upprop"),
        ("2", "Budgetuppföljning"),
        ("3", "Svar på e-förslag om öppettider"),
        ("4", "Nämndens frågor"),
    ]
    assert record.persons == ()  # who proposes as a citizen is not published


def test_a_web_agenda_without_headings_leaves_out_head_and_foot() -> None:
    record = read(
        "Stockholms stad\nMeny\nFarsta stadsdelsnämnd\ntorsdag 18 april 2024\nKl. 18.00\nSammanträdesrum Hökarängen, Storforsplan 36\nVal av justerare\n"
        "Kommunstyrelsen har översänt en motion av Egon Alm (S) om belysta vägar till tunnelbanan till stadsdelsnämnden för yttrande.\n"
        "Förvaltningen föreslår att nämnden hänvisar till tjänsteutlåtandet.\nBilagor\n"
        "I en skrivelse från Fia Gren m.fl. (V) ställs frågor om stängningen av parkleken.\nFörvaltningen föreslår att nämnden godkänner svaret.\nBilagor\n"
        "Övriga anmälningar\nÄrende utan bilagor\nKontakta nämndsekreteraren\nOm webbplatsen\n"
    )
    assert (record.body, str(record.date)) == ("Farsta stadsdelsnämnd", "2024-04-18")
    assert titles(record) == [(None, "Val av justerare"), (None, None), (None, None), (None, "Övriga anmälningar")]
    assert [(m.kind, m.title) for item in record.items for m in item.matters] == [
        ("motion", "belysta vägar till tunnelbanan"),
        ("member-letter", "stängningen av parkleken"),
    ]
    assert all(item.decision is None for item in record.items)
