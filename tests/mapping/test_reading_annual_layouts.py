"""Annual reports of invented Almvik in the layouts of different municipalities, as a PDF's text gives them."""

import pytest

from mapping.document import judge_alone, read
from mapping.reader import read_document
from mapping.records import AnnualReport, DocumentRecord
from mapping.text import Text
from ontology import KG
from tests.growth import LINEAR, growth

# Columns kept apart by blanks; a head of pages; cells of older years and of trends; a cell that is empty.
SPACED = """Almviks kommun
Verksamhetsberättelse 2023
Utbildningsnämnden
Diarienummer: UN 2024/0017

Innehållsförteckning
2.1 Kommunfullmäktiges mål 1: Alla barn lyckas ............ 3

Utbildningsnämnden                                       2 (4)
\f
2.1 Kommunfullmäktiges mål 1: Alla barn lyckas

Nämndmål 1.1: Alla elever når målen
Måluppfyllelse: Målet är delvis uppfyllt

Nämnden har svarat på tillsynen (UN 2023/0112).

 Indikator                        Utfall 2023   Utfall 2022   Utfall 2021   Trend   Mål 2023
 Andel behöriga elever            86,4 %        84,0 %        85,1 %        ↗       90 %
 Andel elever som känner sig                    91 %          90 %          →       95 %
 trygga i skolan

Utbildningsnämnden                                       3 (4)
\f
 Antal lärare per 100 elever      7,9           7,6           7,7           ↗

 Aktivitet                                  Startdatum     Slutdatum      Status
 Utbilda rektorer                           2023-03-01     2024-06-30     Pågående enligt plan
 Ta fram en plan för                        2023-02-01     2023-11-30     Försenad
 studiehandledning

3 Ekonomi
Driftredovisning per verksamhet (tkr)

 Verksamhet         Budget 2023    Utfall 2023    Avvikelse    Utfall 2022
 Förskola                98 300         99 800       -1 500         95 420
 Grundskola             187 600        189 900       -2 300        181 070
 Summa                  285 900        289 700       -3 800        276 490
"""

# Every cell on a line of its own; goals without numbers above goals with numbers; a row with a cell too few.
UPRIGHT = """Almviks kommun

Verksamhetsberättelse 2022

Socialnämnden

Nämnden redovisar här sitt år.

Inriktningsmål: Almvik är en trygg kommun

Mål 1 Trygg omsorg

Bedömning: Uppfyllt

Indikator

Utfall
2022

Utfall
2021

Målvärde
2022

Andel trygga brukare, %

88

85

87

Antal personal per brukare
under 14 dagar

1 204

998

1 100

Väntetid till boende, dagar

41

52

Kommentar
Väntetiden har minskat.

Uppdrag: Pröva digital ansökan
Status: Försenat
Start: 2022-02-01
Slut: 2023-03-31

Upphandlingen överklagades (SN/2022:148).

3. Ekonomi
Belopp i tkr

Verksamhet

Budget

Utfall

Avvikelse

Funktionsstöd

81 340

80 115

1 225

Administration

9 450

9 120

330

Totalt

90 790

89 235

1 555
"""

# A row on one line, a blank between its cells; colours as judgements with a legend; years below their columns.
PLAIN = """Almviks kommun
Kulturnämnden
Verksamhetsberättelse 2024
Grön Målet är uppfyllt
Gul Målet är delvis uppfyllt
KF-mål: 1. Almvik växer hållbart
Nämndmål: 1.1 Fler barn deltar i föreningslivet
Måluppfyllelse: Gul
Indikatorer Utfall Utfall Mål Mål
2024 2023 2024 2025
Antal föreningar 112 108 110 115
Deltagare per invånare
(LOK-stödet) 31,2 29,8 32 33
Antal besök i simhallen 84 310 79 122 80 000 85 000
varav kvinnor 8,0 7,5
Aktivitet: Införa fritidskort
Startdatum 2024-01-01 Slutdatum 2024-08-31 Avvikelse: Nej
Nämndmål: 1.2 Badet är öppet för alla
Måluppfyllelse: Röd
Ekonomisk uppföljning
Resultat per verksamhet, mnkr
Budget Utfall Avvikelse
2024 2024
Kultur 14,2 14,0 0,2
Fritid och
anläggningar 32,0 33,1 -1,1
Summa nettokostnad 46,2 47,1 -1,3
"""


def report(text: str) -> AnnualReport:
    record = read_document(Text(text.replace("\f", ""), page_starts=tuple(pages(text))))
    assert isinstance(record, DocumentRecord) and record.annual_report
    return record.annual_report


def pages(text: str) -> list[int]:
    starts, at = [0], 0
    for part in text.split("\f")[:-1]:
        at += len(part)
        starts.append(at)
    return starts


def cells(found: AnnualReport) -> list[tuple[str, str | None, dict[str, str]]]:
    return [(i.label, i.goal, {name: quote.text for name, quote in i.cells}) for i in found.indicators]


def budget(found: AnnualReport) -> list[tuple[str, str | None, list[str], int | None]]:
    return [(b.label, b.unit, [quote.text for _, quote in b.cells], b.total) for b in found.budget]


def test_columns_kept_apart_by_blanks() -> None:
    found = report(SPACED)
    assert [(g.level, g.number, g.title, g.parent, g.fulfilment) for g in found.goals] == [
        ("council-area", "1", "Alla barn lyckas", None, None),
        ("body", "1.1", "Alla elever når målen", "1", "partial"),
    ]
    assert cells(found) == [
        ("Andel behöriga elever", "1.1", {"outcome": "86,4 %", "previousOutcome": "84,0 %", "target": "90 %"}),
        ("Andel elever som känner sig trygga i skolan", "1.1", {"previousOutcome": "91 %", "target": "95 %"}),
        ("Antal lärare per 100 elever", "1.1", {"outcome": "7,9", "previousOutcome": "7,6"}),
    ]
    assert not any(indicator.inferred for indicator in found.indicators)
    assert [(a.title, str(a.start_date), str(a.end_date), a.deviation, a.goal) for a in found.activities] == [
        ("Utbilda rektorer", "2023-03-01", "2024-06-30", False, "1.1"),
        ("Ta fram en plan för studiehandledning", "2023-02-01", "2023-11-30", True, "1.1"),
    ]
    assert [(g.key, ref.normalised) for g in found.goals for ref in g.related] == [("1.1", "UN 2023/0112")]
    assert budget(found) == [
        ("Förskola", "tkr", ["98 300", "99 800", "-1 500", "95 420"], 3),
        ("Grundskola", "tkr", ["187 600", "189 900", "-2 300", "181 070"], 3),
        ("Summa", "tkr", ["285 900", "289 700", "-3 800", "276 490"], None),
    ]


def test_every_cell_on_a_line_of_its_own() -> None:
    found = report(UPRIGHT)
    assert [(g.level, g.number, g.title, g.parent, g.fulfilment) for g in found.goals] == [
        ("council-direction", None, "Almvik är en trygg kommun", None, None),
        ("body", "1", "Trygg omsorg", "Almvik är en trygg kommun", "full"),
    ]
    assert cells(found) == [
        ("Andel trygga brukare, %", "1", {"outcome": "88", "previousOutcome": "85", "target": "87"}),
        (
            "Antal personal per brukare under 14 dagar",
            "1",
            {"outcome": "1 204", "previousOutcome": "998", "target": "1 100"},
        ),
        ("Väntetid till boende, dagar", "1", {}),
    ]
    [activity] = found.activities
    assert (activity.title, str(activity.start_date), str(activity.end_date)) == (
        "Pröva digital ansökan",
        "2022-02-01",
        "2023-03-31",
    )
    assert (activity.deviation, [ref.verbatim for ref in activity.related]) == (True, ["SN/2022:148"])
    assert budget(found) == [
        ("Funktionsstöd", "tkr", ["81 340", "80 115", "1 225"], 3),
        ("Administration", "tkr", ["9 450", "9 120", "330"], 3),
        ("Totalt", "tkr", ["90 790", "89 235", "1 555"], None),
    ]


def test_rows_on_one_line() -> None:
    found = report(PLAIN)
    assert [(g.number, g.title, g.parent, g.fulfilment, g.inferred) for g in found.goals] == [
        ("1", "Almvik växer hållbart", None, None, False),
        ("1.1", "Fler barn deltar i föreningslivet", "1", "partial", False),
        ("1.2", "Badet är öppet för alla", "1", "none", True),
    ]
    assert cells(found) == [
        ("Antal föreningar", "1.1", {"outcome": "112", "previousOutcome": "108", "target": "110"}),
        (
            "Deltagare per invånare (LOK-stödet)",
            "1.1",
            {"outcome": "31,2", "previousOutcome": "29,8", "target": "32"},
        ),
        ("Antal besök i simhallen", "1.1", {"outcome": "84 310", "previousOutcome": "79 122", "target": "80 000"}),
        ("varav kvinnor", "1.1", {}),
    ]
    assert [indicator.inferred for indicator in found.indicators] == [False, False, True, False]
    [activity] = found.activities
    assert (activity.title, activity.deviation) == ("Införa fritidskort", False)
    assert budget(found) == [
        ("Kultur", "mnkr", ["14,2", "14,0", "0,2"], 3),
        ("Fritid och anläggningar", "mnkr", ["32,0", "33,1", "-1,1"], 3),
        ("Summa nettokostnad", "mnkr", ["46,2", "47,1", "-1,3"], None),
    ]


@pytest.mark.parametrize("text", [SPACED, UPRIGHT, PLAIN], ids=["spaced", "upright", "plain"])
def test_every_figure_stands_where_its_span_says(text: str) -> None:
    reading = read(text.encode())
    assert not hasattr(reading, "reason")
    found = reading.record.annual_report
    assert found
    rows = [row.cells for row in found.indicators] + [row.cells for row in found.budget]
    for row in rows:
        for _, quote in row:
            assert " ".join(reading.text.canonical[quote.span.start : quote.span.end].split()) == quote.text


def test_rows_whose_cells_are_left_open_are_counted_as_unread() -> None:
    record = read_document(Text(PLAIN))
    assert isinstance(record, DocumentRecord)
    told = [(u.reason, PLAIN[u.span.start : u.span.end]) for u in record.account.unread]
    assert told == [("cells left open", "varav kvinnor 8,0 7,5")]


def test_a_row_that_does_not_add_up_is_a_warning_with_page_and_quote() -> None:
    reading = read((PLAIN.replace("Ekonomisk", "\fEkonomisk")).encode())
    assert not hasattr(reading, "reason")
    judged = judge_alone(reading)
    assert judged.accepted
    told = [(c.problem.severity, c.problem.shape.rpartition("#")[2], c.page, c.quote) for c in judged.complaints]
    assert told == [("warning", "budget-line-adds-up", 2, "Summa nettokostnad 46,2 47,1 -1,3")]
    assert f"<{KG.partOfTotal}>" in judged.quads and "confidence/inferred" in judged.quads


def test_a_total_that_does_not_sum_is_a_warning() -> None:
    wrong = SPACED.replace("285 900        289 700       -3 800", "286 900        290 700       -3 800")
    reading = read(wrong.encode())
    assert not hasattr(reading, "reason")
    shapes = {c.problem.shape.rpartition("#")[2] for c in judge_alone(reading).complaints}
    assert shapes == {"total-adds-up"}


def test_a_goal_in_another_goals_analysis_takes_no_tables() -> None:
    found = report("""Almviks kommun
Socialnämnden
Verksamhetsberättelse 2024

KF:s mål för verksamhetsområdet: 1.2 Stöd ges i tid

Uppfylls helt

Analys
Nämndmål: 1.2.1 Väntan är kort
Köerna har minskat (SN 2024/9).

Indikator  Utfall 2024  Utfall 2023  Mål 2024
Antal väntande        14      21      15

Nämndmål: 1.2.1 Väntan är kort

Uppfylls helt

Indikator  Utfall 2024  Utfall 2023  Mål 2024
Antal i kö            4      11       5
""")
    assert [(i.label, i.goal) for i in found.indicators] == [("Antal väntande", "1.2"), ("Antal i kö", "1.2.1")]
    assert [[ref.normalised for ref in g.related] for g in found.goals] == [[], ["SN 2024/9"]]


def test_numbers_that_begin_anew_under_each_goal_tell_goals_apart() -> None:
    found = report("""Almviks kommun
Socialnämnden
Verksamhetsberättelse 2024
KF mål 1: Almvik är tryggt
Nämndens mål 1: Omsorgen är god
Målet är uppfyllt.
KF mål 2: Almvik är starkt
Nämndens mål 1: Budgeten hålls
Målet är inte uppfyllt.
""")
    assert [(g.title, g.fulfilment, g.parent) for g in found.goals] == [
        ("Almvik är tryggt", None, None),
        ("Omsorgen är god", "full", "1"),
        ("Almvik är starkt", None, None),
        ("Budgeten hålls", "none", "2"),
    ]
    assert len({g.key for g in found.goals}) == 4


def test_a_table_of_goals_and_heads_over_two_lines() -> None:
    found = report("""Almviks kommun
Socialnämnden
Verksamhetsberättelse 2024

Nämndens mål                              Bedömning
Medarbetarna trivs                        Uppfyllt
Fler företag etablerar sig                Delvis uppfyllt

Mål 1
Medarbetarna trivs

Indikator           Resultat 2023   Resultat 2024   Målnivå 2024   Kommentar
Medarbetarindex     79              81              80             Bättre än riket
                                                                   för tredje året
Sjukfrånvaro        6,1             6,4             6,0            Ökade i mars
""")
    assert [(g.number, g.title, g.fulfilment) for g in found.goals] == [
        ("1", "Medarbetarna trivs", "full"),
        (None, "Fler företag etablerar sig", "partial"),
    ]
    key = found.goals[0].key
    assert cells(found) == [
        ("Medarbetarindex", key, {"previousOutcome": "79", "outcome": "81", "target": "80"}),
        ("Sjukfrånvaro", key, {"previousOutcome": "6,1", "outcome": "6,4", "target": "6,0"}),
    ]


def test_the_report_of_a_municipality_is_of_none_of_its_bodies() -> None:
    reading = read(
        """Almviks kommun
Årsredovisning 2023

Inriktningsmål 1: Almvik är hållbart                       Gul
Verksamhetsmål 1.1 Utsläppen minskar                       Grön

Nämnd              Utfall 2022    Utfall 2023    Budget 2023    Avvikelse
Kommunstyrelsen          -71,2          -74,6          -75,0          0,4
Socialnämnden           -355,1         -372,4         -368,9         -3,5
Summa nämnderna         -426,3         -447,0         -443,9         -3,1
Finansförvaltningen      440,0          454,1          450,4          3,7
Årets resultat            13,7            7,1            6,5          0,6
""".encode()
    )
    assert not hasattr(reading, "reason")
    record, found = reading.record, reading.record.annual_report
    assert record.body is None and found
    assert [(g.level, g.fulfilment) for g in found.goals] == [
        ("council-direction", "partial"),
        ("council-area", "full"),
    ]
    assert [b.total for b in found.budget] == [3, 3, 5, 5, None]
    judged = judge_alone(reading)
    assert judged.complaints == ()
    assert f"<{KG.reportsOn}> <https://kommungraf.example/id/municipality/almvik>" in judged.quads


@pytest.mark.parametrize(
    "prose",
    [
        "Mål 1 har nästan nåtts och mål 2 är på väg.",
        "Kommunfullmäktiges mål är att alla ska trivas.",
        "Utfallet 2024 blev 47,7 mnkr mot budget 48,1 mnkr.",
        "Indikatorer visar att utfallet ökade till 45 2024",
        "Målet är uppfyllt till viss del.",
        "Nämndens mål",
    ],
)
def test_prose_is_no_goal_and_no_table(prose: str) -> None:
    found = report(
        f"Almviks kommun\nSocialnämnden\nVerksamhetsberättelse 2024\n\n{prose}\n\nNämnden följer upp sitt år.\n"
    )
    assert (found.goals, found.indicators, found.budget) == ((), (), ())


TABLE = "Indikator Utfall 2024 Utfall 2023 Mål 2024\n"


@pytest.mark.parametrize(
    ("table", "told"),
    [
        # A figure below no column's head, or below another's, stays with its own.
        (
            "Indikator      Utfall 2024   Utfall 2023   Mål 2024\nAndel nöjda           85        80\n",
            {"Andel nöjda": ["85", "80"]},
        ),
        (TABLE + "Andel nöjda 85 80 90\nUnder året fick 12 personer stöd mot 15 år 2023 och 9 år 2022\n", {"Andel nöjda": ["85", "80", "90"]}),
        (TABLE + "Elever i årskurs 9 221 219 225\n", {"Elever i årskurs 9": ["221", "219", "225"]}),
        (TABLE + "Kö 4 6 minska\nTid 3 min 4 min max 5\n", {"Kö": ["4", "6"], "Tid": ["3 min", "4 min", "max 5"]}),
        # Labels and columns in blocks of their own: which figure belongs to what is not told.
        ("Indikator\nAndel nöjda\nAndel trygga\n\nUtfall 2024\n85 %\n90 %\n\nMål 2024\n80 %\n88 %\n", {}),
        ("             2024        2023\nIndikator  Utfall  Mål  Utfall  Mål\nAndel nöjda  85  90  80  88\n", {}),
        # Budget, outcome and deviation agree in one way only; a row of two figures says too little.
        ("Tkr Budget Utfall Avvikelse\nSkola 1 200 1 300 -100\nIntern -500 -500\n", {"Skola": ["1 200", "1 300", "-100"], "Intern": []}),
    ],
)  # fmt: skip
def test_what_the_print_does_not_tell_is_left_open(table: str, told: dict[str, list[str]]) -> None:
    found = report(
        f"Almviks kommun\nSocialnämnden\nVerksamhetsberättelse 2024\nNämnden redovisar.\n\nMål 1 Trygghet\n\n{table}"
    )
    rows = [(i.label, i.cells) for i in found.indicators] + [(b.label, b.cells) for b in found.budget]
    assert {label: [quote.text for _, quote in cells] for label, cells in rows} == told


ROWS = {
    "rows": "Andel nöjda besökare 61 64 59 66\n",
    "figures": "Andel 111 222 333 444 555 666 777\n",
    "heads": "Indikator Utfall 2024 Utfall 2023 Mål 2024\n",
    "labels": "Andel nöjda besökare\n",
    "budget": "Tkr Budget Utfall Avvikelse\nSkola 1 200 1 300 -100\n",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_reading_a_report_is_linear(row: str) -> None:
    head = PLAIN[: PLAIN.index("Antal föreningar")]
    assert growth(lambda size: read_document(Text(head + row * size)), 60, rounds=3) < LINEAR


STACKED = """Almviks kommun
Verksamhetsberättelse 2022
Förskolenämnden

Nämndmål: 1.1 Barn lär sig i en trygg förskola
Måluppfyllelse: Uppfyllt

Indikator                           Utfall    Utfall     Utfall     Utfall    Målvärde   Period
                                    2022      flickor    pojkar     2021      2022

Andel vårdnadshavare som är nöjda   87 %      88 %       86 %       84 %      85 %       2022
med förskolan

Andel anläggningar som är till-     83 %                            75 %      100 %      2022
gänglighetsanpassade

Andel inskrivna 3-åringar i         84,0 %    84,6 %     83,5 %     84,2 %    90 %       2022-10-15
Ekby

Aktivitet                                            Startdatum    Slutdatum     Avvikelse

Utbilda barnskötare till förskollärare på            2021-08-15    2024-06-30    Avvikelse
halvfart
Elva av tjugo platser är tillsatta, eftersom lärosätet ställde in en kursstart.

Öppna en öppen förskola i Ekby                       2022-08-01    2023-01-31
"""


def test_a_head_of_two_rows_that_stand_upon_each_other() -> None:
    found = report(STACKED)
    assert [(i.label, {name: quote.text for name, quote in i.cells}) for i in found.indicators] == [
        (
            "Andel vårdnadshavare som är nöjda med förskolan",
            {
                "outcome": "87 %",
                "outcomeWomen": "88 %",
                "outcomeMen": "86 %",
                "previousOutcome": "84 %",
                "target": "85 %",
            },
        ),
        (
            "Andel anläggningar som är tillgänglighetsanpassade",
            {"outcome": "83 %", "previousOutcome": "75 %", "target": "100 %"},
        ),
        (
            "Andel inskrivna 3-åringar i Ekby",
            {
                "outcome": "84,0 %",
                "outcomeWomen": "84,6 %",
                "outcomeMen": "83,5 %",
                "previousOutcome": "84,2 %",
                "target": "90 %",
            },
        ),
    ]


def test_a_comment_below_an_activity_is_no_title() -> None:
    assert [activity.title for activity in report(STACKED).activities] == [
        "Utbilda barnskötare till förskollärare på halvfart",
        "Öppna en öppen förskola i Ekby",
    ]
