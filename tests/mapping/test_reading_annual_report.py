"""The goals and indicators of an annual report."""

import pytest

from mapping.reader import read_document
from mapping.records import DocumentRecord
from mapping.text import Text

REPORT = """Socialnämnden
Verksamhetsberättelse 2024

Nämndmål: 1.1.1. Trygghet för alla

 Uppfylls delvis

   Indikator Periodens
utfall

Utfall
män/
pojkar

Utfall
kvinnor/
flickor

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
        ("  Andel nöjda \nfolkbiblioteksbesöka\nre under året \n\n61 % 64 % 59 % 66 % 75 %  VB 2024\n", "Andel nöjda folkbiblioteksbesökare under året", {"outcome": "61 %", "outcomeMen": "64 %", "outcomeWomen": "59 %", "previousOutcome": "66 %", "target": "75 %"}),
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


def test_a_table_head_repeated_on_the_next_page_is_no_part_of_an_entry() -> None:
    report = """Socialnämnden
Verksamhetsberättelse 2024

Nämndmål: 1.1.1 Trygghet i Almvik

 Uppfylls helt

   Aktivitet Startdatum Slutdatum Avvikelse

  Fältgruppen ska finnas ute under
kvällar och

Socialnämnden, Verksamhetsberättelse 2(4)

Aktivitet Startdatum Slutdatum Avvikelse

helger
2024-01-01 2024-12-31 Avvikelse
"""
    record = read_document(Text(report))
    assert isinstance(record, DocumentRecord) and record.annual_report
    [activity] = record.annual_report.activities
    assert " ".join(activity.title.split()) == "Fältgruppen ska finnas ute under kvällar och helger"
    assert activity.deviation is True
    assert not record.account.unread


def test_an_indicator_has_one_analysis() -> None:
    row = "  Andel nöjda\n\n93 % 91 % 96 % 89 % 90 %  VB 2024\n\nAnalys\nFler är nöjda.\n\nAnalys\nNågot annat.\n"
    record = read_document(Text(REPORT + row))
    assert isinstance(record, DocumentRecord) and record.annual_report
    [indicator] = record.annual_report.indicators
    assert [quote.text for name, quote in indicator.cells if name == "analysis"] == ["Fler är nöjda."]
