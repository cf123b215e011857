"""The tables of economy in annual reports: a line per row, and which lines a total sums."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mapping.annual_cells import number_of
from mapping.annual_columns import Head, unit_word
from mapping.annual_rows import TableRow
from mapping.lexicon import lexicon
from mapping.records import BudgetLine
from mapping.rows import Row

_SUMMED = ("budgeted", "outcome")


def unit_above(rows: Sequence[Row], index: int, head: Head) -> str | None:
    """The unit of money of a table: in its head, else in one of the three lines above ("Belopp i tkr")."""
    if head.unit:
        return head.unit
    for row in reversed(rows[max(0, index - 3) : index]):
        found = list(unit_word().finditer(row.text))
        if found and len(row.text) < 90:
            return found[-1].lastgroup
    return None


def budget_lines(table: Sequence[TableRow], unit: str | None, first: int) -> list[BudgetLine]:
    """The lines of one table. `first`: the position of its first line in the report, from 1."""
    lines = [
        BudgetLine(row.label.text, row.span, row.cells, unit, inferred=row.certain == "inferred") for row in table
    ]
    totals: list[int] = []
    for at, line in enumerate(lines):
        if not is_total(line.label):
            continue
        for part in _parts(lines, at, totals):
            lines[part] = replace(lines[part], total=first + at)
        totals.append(at)
    return lines


def is_total(label: str) -> bool:
    return _is(label, "labels") or _is(label, "perhaps")


def _is(label: str, key: str) -> bool:
    return any(re.fullmatch(pattern, label) for pattern in lexicon("annual_report")["totals"][key])


def _parts(lines: Sequence[BudgetLine], at: int, totals: Sequence[int]) -> list[int]:
    """The lines that a total sums: the first total of a table sums all lines above it; a later one the total before
    and what stands between, or that alone, or all totals, where the figures say so."""
    since = [i for i in range(totals[-1] + 1 if totals else 0, at) if not _included(lines[i].label)]
    if not totals and _is(lines[at].label, "labels"):
        return since if len(since) > 1 else []
    for option in ([*totals[-1:], *since], since, list(totals)):
        free = all(lines[i].total is None for i in option)
        if free and len(option) > 1 and all(_sums(lines, option, at, role) for role in _SUMMED):
            return option
    return []


def _included(label: str) -> bool:
    return bool(re.match(lexicon("annual_report")["totals"]["parts"], label, re.I))


def _sums(lines: Sequence[BudgetLine], parts: Sequence[int], at: int, role: str) -> bool:
    total = _figure(lines[at], role)
    figures = [_figure(lines[i], role) for i in parts]
    if total is None or any(figure is None for figure in figures):
        return False
    places = int(total.as_tuple().exponent)
    room = Decimal(len(parts) + 1).scaleb(places) / 2
    return abs(sum(figure for figure in figures if figure is not None) - total) <= room


def _figure(line: BudgetLine, role: str) -> Decimal | None:
    quote = dict(line.cells).get(role)
    return number_of(quote.text) if quote else None
