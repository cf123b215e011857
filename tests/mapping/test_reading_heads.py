"""Where a § begins and ends, its head, its decision and its listed documents, in several layouts."""

import pytest

from tests.mapping.paragraph import item, read


@pytest.mark.parametrize(
    ("head", "number", "title", "subtitle", "numbers"),
    [
        ("§ 5\nPlan för 2025\nSN 2024/7\n", "5", "Plan för 2025", None, [("SN 2024/7", "own")]),
        ("§ 5 Plan för 2025\nDnr SN 2024/7\n", "5", "Plan för 2025", None, [("SN 2024/7", "own")]),
        ("SN § 5   SN/2024:7 - 001\nPlan för 2025\n", "5", "Plan för 2025", None, [("SN/2024:7-001", "own")]),
        ("§ 5/24 Plan för 2025\nDnr SN 2024/7\n", "5/24", "Plan för 2025", None, [("SN 2024/7", "own")]),
        ("§ 5: Plan för 2025\n", "5", "Plan för 2025", None, []),
        ("§§ 5-6 Plan för 2025\n", "5-6", "Plan för 2025", None, []),
        ("5 § Plan för 2025\n", "5", "Plan för 2025", None, []),
        ("5 §\nPlan för 2025\nSN 2024/7\n", "5", "Plan för 2025", None, [("SN 2024/7", "own")]),
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
    ("head", "title", "numbers"),
    [
        ("Ks § 34   Dnr 2024/123 003\n\nRevidering av reglemente\n", "Revidering av reglemente", ["2024/123"]),
        ("§ 34 Dnr KS 2024/123 003\nRevidering av reglemente\n", "Revidering av reglemente", ["KS 2024/123"]),
        ("§ 34 Dnr KS 2024/123 003 Revidering av reglemente\n", "Revidering av reglemente", ["KS 2024/123"]),
        ("KS § 34\nRevidering av reglemente\nKS/2024:123 003\n", "Revidering av reglemente", ["KS/2024:123"]),
        ("§ 34 Revidering av reglemente   2024/123 003\n", "Revidering av reglemente", ["2024/123"]),
        ("§ 34 Revidering (KS 2024/123 003)\n", "Revidering", ["KS 2024/123"]),
        ("§ 34\nRevidering av reglemente\nDnr 2024-000123 1.2.3\n", "Revidering av reglemente", ["2024-000123"]),
        ("§ 34\nRevidering av reglemente\nDnr: KS2024-0123\n", "Revidering av reglemente", ["KS2024-0123"]),
        ("Au § 34 Dnr 2024.123 003\nRevidering av reglemente\n", "Revidering av reglemente", ["2024.123"]),
        ("§ 34 2024\nRevidering av reglemente\n", "Revidering av reglemente", []),
        ("§ 34\n003\n\nRevidering av reglemente\n", "Revidering av reglemente", []),
        ("§ 34 Budget för åren\n2025–2027\n", "Budget för åren 2025–2027", []),
        ("§ 34. Revidering av reglemente (KS 2024.123)\n", "Revidering av reglemente", ["KS 2024.123"]),
    ],
)
def test_a_classification_or_a_number_is_no_title(head: str, title: str, numbers: list[str]) -> None:
    found = item(head + "\nBeslut\nKommunstyrelsen godkänner förslaget.\n\nBakgrund\nReglementet är gammalt.\n")
    assert found.number == "34"
    assert found.title and found.title.text == title
    assert [ref.normalised for ref in found.registry_numbers] == numbers
    assert found.summary and found.summary.text == "Reglementet är gammalt."


@pytest.mark.parametrize(
    ("head", "classified"),
    [
        ("§ 34\nRevidering av reglemente\nDnr 2024/123 003\n", [("2024/123", "003")]),
        ("§ 34 Revidering av reglemente   2024/123 003\n", [("2024/123", "003")]),
        ("§ 34 Revidering (KS 2024/123 1.3.1)\n", [("KS 2024/123", "1.3.1")]),
        ("§ 34\nRevidering av reglemente\nKS/2018:298-001\n", [("KS/2018:298-001", "001")]),
        ("§ 34\nRevidering av reglemente\nDnr 1.3.1-585/2016\n", [("1.3.1-585/2016", "1.3.1")]),
        ("§ 34\nRevidering av reglemente\nDnr KS 2024/123\n", [("KS 2024/123", None)]),
    ],
)
def test_the_classification_in_or_behind_a_number_is_kept(
    head: str, classified: list[tuple[str, str | None]]
) -> None:
    found = item(head + "\nBeslut\nKommunstyrelsen godkänner förslaget.\n")
    assert [(ref.normalised, ref.classification) for ref in found.registry_numbers] == classified


@pytest.mark.parametrize("word", ["Information", "Yrkanden", "Reservationer", "Bilagor", "Anmälda beslut"])
@pytest.mark.parametrize(
    "head", ["§ 35", "KS § 35   Dnr KS 2024/7 003", "§ 35\nDnr KS 2024/7", "§ 35. Dnr KS 2024/7"]
)
def test_a_section_heading_is_the_title_of_a_paragraph_without_another(head: str, word: str) -> None:
    found = item(f"{head}\n{word}\n\nKommunstyrelsens beslut\nAnmälan läggs till handlingarna.\n")
    assert found.title and found.title.text == word
    assert found.decision and [p.text for p in found.decision.points] == ["Anmälan läggs till handlingarna."]


@pytest.mark.parametrize("head", ["§ 35 Val", "§ 35\nVal av ombud", "§ 35 Val   Dnr KS 2024/7"])
def test_a_section_heading_behind_a_title_opens_its_section(head: str) -> None:
    found = item(f"{head}\nBakgrund\nOmbudet slutar.\n\nBeslut\nAnna Ek (S) väljs.\n")
    assert found.title and found.title.text.startswith("Val")
    assert found.summary and found.summary.text == "Ombudet slutar."


@pytest.mark.parametrize("heading", ["Beslut", "Kommunstyrelsens beslut", "Förslag till beslut"])
def test_a_decision_is_no_title(heading: str) -> None:
    assert item(f"§ 35\n{heading}\nAnmälan läggs till handlingarna.\n").title is None


def test_a_stop_behind_the_number_of_a_quoted_paragraph_begins_none() -> None:
    found = read(
        "§ 5 Plan\n\nBeslut\nNämnden avslår enligt reglementets\n§ 34. Nämnden tar ut avgift.\n\n§ 6 Val\n\nBeslut\nX väljs.\n"
    )
    assert [item.number for item in found.items] == ["5", "6"]


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


def test_a_title_may_stand_behind_a_blank_line() -> None:
    found = item("§ 5\n\nPlan för Kvarnen\n\nDnr SN 2024/7\n\nBeslut\nPlanen antas.\n")
    assert found.title and found.title.text == "Plan för Kvarnen"
    assert [(ref.verbatim, ref.role) for ref in found.registry_numbers] == [("SN 2024/7", "own")]


def test_a_number_printed_twice_is_two_paragraphs() -> None:
    items = read("§ 5\nPlan\n\nBeslut\nPlanen antas.\n\n§ 5\nBadet\n\nBeslut\nBadet byggs.\n").items
    assert [(i.number, i.title.text if i.title else None) for i in items] == [("5", "Plan"), ("5", "Badet")]


def test_who_adjusts_may_be_told_beside_the_chair() -> None:
    record = read("§ 5\nVal av justerare\n\nBeslut\nOrdföranden jämte Bo Alm (M) utses att justera protokollet.\n")
    assert record.meeting and [a.name for a in record.meeting.adjusters] == ["Bo Alm"]


def _numbered(*numbers: str) -> str:
    return "".join(
        f"§ {n} Plan för {n}\nDnr SN 2024/1{n}\n\nBeslut\nNämnden antar plan {n}.\n\nReservation\nAnna Ek (S) reserverar sig.\n\n"
        for n in numbers
    )


@pytest.mark.parametrize(
    "numbers", [("5", "6", "1", "8"), ("5", "60", "7", "8"), ("5", "6", "8", "7"), ("5", "6", "2")]
)
def test_a_head_out_of_order_ends_the_paragraph_before(numbers: tuple[str, ...]) -> None:
    items = read(_numbered(*numbers)).items
    assert [i.number for i in items] == list(numbers)
    assert [i.decision and [p.text for p in i.decision.points] for i in items] == [
        [f"Nämnden antar plan {n}."] for n in numbers
    ]
    assert [len(i.reservations) for i in items] == [1] * len(numbers)


@pytest.mark.parametrize(
    "quoted",
    [
        "§ 2 Avgift\nDen som bor här betalar.\n",
        "Ks § 2\n\nBeslut\nStyrelsen avslog.\n",
        "§ 5 Plan för 5\n\nYttrande\nBra.\n",
    ],
)
def test_a_quoted_paragraph_ends_none(quoted: str) -> None:
    found = read(_numbered("5", "6") + "Bakgrund\nSå här står det.\n\n" + quoted + "\n" + _numbered("7"))
    assert [i.number for i in found.items] == ["5", "6", "7"]


def test_two_paragraphs_under_one_head_leave_no_gap() -> None:
    found = read("§§ 1-2 Bänkar och bord\n\nBeslut\nBänkarna köps.\n\n§ 3 Val\n\nBeslut\nAnna Ek (S) väljs.\n")
    assert [i.number for i in found.items] == ["1-2", "3"]
    assert found.account.gaps == ()


REGULATIONS = "§ 1\nNämnden består av sju ledamöter.\n\n§ 2\nNämnden sammanträder på dagtid.\n\n§ 3\nProtokollet justeras.\n\n§ 4\nTalan väcks.\n\n§ 5\nDetta gäller nu.\n\n"


def test_an_ordinance_that_is_quoted_makes_no_items() -> None:
    head, tail = _numbered("45"), _numbered("46")
    record = read(head + "Bakgrund\nFörslag till reglemente:\n\n" + REGULATIONS + tail)
    assert [i.number for i in record.items] == ["45", "46"]
    assert record.account.gaps == ()


def test_a_paragraph_of_a_law_does_not_take_the_number_of_the_next() -> None:
    law = "Bakgrund\nEnligt lagen gäller\n\n§ 46\nNämnden får ge avvikelse.\n\nReservation\nBo Alm (M) reserverar sig.\n\n"
    items = read(_numbered("45") + law + _numbered("46")).items
    assert [(i.number, i.title and i.title.text) for i in items] == [("45", "Plan för 45"), ("46", "Plan för 46")]
    assert [[a.name for r in i.reservations for a in r.by] for i in items] == [["Anna Ek", "Bo Alm"], ["Anna Ek"]]
