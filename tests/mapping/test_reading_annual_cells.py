"""Heads of tables and cells of rows: what each column is of, where a cell ends, which cells are empty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.annual_cells import groups_of, number_of, values_at_end, ways
from mapping.annual_columns import table_head
from mapping.annual_tables import cells_of
from mapping.broken_words import cell_flow
from mapping.reader import read_document
from mapping.rows import Row
from mapping.text import Line, Text


def rows(text: str) -> list[Row]:
    made, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            made.append(Row(Line(line, at), line.strip(), False, line[:1] == " "))
        at += len(line) + 1
    return made


@pytest.mark.parametrize(
    ("text", "kind", "roles"),
    [
        ("Indikator Utfall 2024 Utfall 2023 Mål 2024", "indicators", ["outcome", "previousOutcome", "target"]),
        ("Indikator Utfall Utfall Mål\n2023 2024 2024", "indicators", ["previousOutcome", "outcome", "target"]),
        ("Indikator\nUtfall\n2024\nUtfall\n2022\nMålvärde\n2024", "indicators", ["outcome", "", "target"]),
        ("Nyckeltal   2022   2023   2024   Mål 2024", "indicators", ["", "previousOutcome", "outcome", "target"]),
        ("Indikator Kvinnor Män Utfall Mål Trend", "indicators", ["outcomeWomen", "outcomeMen", "outcome", "target", ""]),
        ("Tkr Budget Utfall Avvikelse", "budget", ["budgeted", "outcome", "budgetDeviation"]),
        ("Mnkr, netto Budget 2024 Bokslut 2024 Avvikelse", "budget", ["budgeted", "outcome", "budgetDeviation"]),
        ("Resultaträkning (tkr)   Budget 2024   Utfall 2024   Avvikelse", "budget", ["budgeted", "outcome", "budgetDeviation"]),
        ("Indikator Periodens\nutfall\nUtfall\nmän/\npojkar\nUtfall VB\n2023 Årsmål KF:s\nårsmål Period", "indicators", ["outcome", "outcomeMen", "previousOutcome", "target", "councilTarget", "period"]),
    ],
)  # fmt: skip
def test_heads_tell_what_each_column_holds(text: str, kind: str, roles: list[str]) -> None:
    head = table_head(rows(text), 0, 2024)
    assert head is not None
    assert (head.kind, [column.role for column in head.columns]) == (kind, roles)
    assert head.rows == len(rows(text))


@pytest.mark.parametrize(
    "text",
    [
        "Indikator Utfall Utfall Mål",  # two outcomes, and nothing tells of which year
        "Indikator Utfall 2024 Okänt Mål 2024",
        "Utfallet mot budget",
        "Indikatorn mäter utfall",
        "Indikator",
    ],
)
def test_heads_that_are_not_understood_are_left_open(text: str) -> None:
    assert table_head(rows(text), 0, 2024) is None


@pytest.mark.parametrize(
    ("text", "columns", "cells"),
    [
        ("86,4 % 84 % 90 %", 3, ["86,4 %", "84 %", "90 %"]),
        ("84 310 79 122 61 005", 3, ["84 310", "79 122", "61 005"]),
        ("1 204 998 1 100", 3, None),  # 1 204 | 998 | 1 100, or 1 | 204 998 | 1 100
        ("12 13 14", 2, None),
        ("12   14", 4, ["12", None, None, "14"]),
        ("7,4 i.u. 5,5", 3, ["7,4", "i.u.", "5,5"]),
        ("13 st 8 st - 15 st", 4, ["13 st", "8 st", "-", "15 st"]),
        ("-1 % -4 % +/-1 %", 3, ["-1 %", "-4 %", "+/-1 %"]),
        ("3,1 3,4 ↗ Grön", 4, ["3,1", "3,4", "↗", "Grön"]),
        ("005 12", 2, None),
    ],
)
def test_cells_come_out_in_one_way_or_not_at_all(text: str, columns: int, cells: list[str | None] | None) -> None:
    groups = groups_of(text)
    assert groups is not None
    found = ways(groups, columns)
    told = [[text[c.start : c.end] if c else None for c in way] for way in found]
    assert told == [cells] if cells else len(told) != 1


def test_blanks_before_the_period_that_tell_too_much_make_the_cells_inferred() -> None:
    told = cells_of("66   74 70   2023", 7)
    assert told is not None and told[1]
    assert [c and "66   74 70   2023"[c.start : c.end] for c in told[0]][:5] == ["66", None, None, "74", "70"]
    assert cells_of("12 66 % 70 % 2023", 7) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Antal besök 84 310 79 122", "84 310 79 122"),
        ("Avvikelse, tkr -1 250 0", "-1 250 0"),
        ("Andel 70 % Tas fram av nämnd", "70 % Tas fram av nämnd"),
        ("Sjukfrånvaro dag 1-14", ""),
        ("Läs mer", ""),
    ],
)
def test_values_at_the_end_of_a_row(text: str, values: str) -> None:
    assert text[values_at_end(text) :] == values


@pytest.mark.parametrize(
    ("printed", "number"),
    [("-1 500", "-1500"), ("61,50 %", "61.50"), ("–0,6", "-0.6"), ("98 300 tkr", "98300"), ("x", "None")],
)
def test_numbers(printed: str, number: str) -> None:
    assert str(number_of(printed)) == number


PIECES = st.sampled_from(
    ["Indikator", "Utfall", "2024", "2023", "Mål", "Budget", "Avvikelse", "tkr", "12 400", "61,5 %", "-", "  ", "     ", "\n", "\n\n",
     "Nämndmål: 1.1 Trygghet", "Mål 1", "Uppfylls delvis", "Aktivitet Startdatum Slutdatum", "2024-01-01", "2024-02-30", "Summa", "Period",
     "Analys", "Måluppfyllelse:", "Gul", "Ekonomi", "Andel nöjda", "Aktivitet: Ta fram plan", "Nämndens mål   Bedömning", "Kommentar", "\f", "SN 2024/9"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=60))
def test_no_order_of_words_breaks_the_reader(pieces: list[str]) -> None:
    text = "Almviks kommun\nSocialnämnden\nVerksamhetsberättelse 2024\n" + " ".join(pieces)
    record = read_document(Text(text))
    report = getattr(record, "annual_report", None)
    for row in (*report.indicators, *report.budget) if report else ():
        for _, quote in row.cells:
            assert " ".join(text[quote.span.start : quote.span.end].split()) == quote.text or quote.text in row.label


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("  Andel nöjda \nfolkbiblioteksbesöka\nre under året ", "Andel nöjda folkbiblioteksbesökare under året"),
        ("  Andel nöjda \nfolkbiblioteksbesöka\nre under året", "Andel nöjda folkbiblioteksbesökare under året"),
        ("Antal \nkollektivtrafi\nkresor \noch \nsjöfartsstati\noner ", "Antal kollektivtrafikresor och sjöfartsstationer"),
        # a text that keeps no blanks at its lines' ends does not tell
        ("  Andel nöjda\nfolkbiblioteksbesökare\nunder året", "Andel nöjda folkbiblioteksbesökare under året"),
        ("folkbiblioteksbesökare\nunder året ", "folkbiblioteksbesökare under året"),
        # what is no word alone as wide as the cell is not broken
        ("Andel nöjda \noch trygga\ngäster ", "Andel nöjda och trygga gäster"),
        ("Andel nöjda \ngäster\nunder året ", "Andel nöjda gäster under året"),
        ("Andel nöjda \nbiblioteksgäster\nKulturhuset ", "Andel nöjda biblioteksgäster Kulturhuset"),
        ("Andel nöjda \nbiblioteksgäster,\nmed barn ", "Andel nöjda biblioteksgäster, med barn"),
    ],
)  # fmt: skip
def test_a_word_that_a_cell_broke_is_whole_where_it_is_sure(cell: str, told: str) -> None:
    found = cell_flow(row.line for row in rows(cell))
    assert found.text == told
    assert all(cell[at] in (letter, "\n") for letter, at in zip(found.text, found.offsets, strict=True))
