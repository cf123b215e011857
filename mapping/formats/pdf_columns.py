"""Running text in columns: which runs of a page are read below one another before those at their side.

A table and the labels of a cover page stand in columns too, but are read row by row. What tells them apart: columns
of text are about equally wide, are drawn one after another or else filled with sentences that run on from line to
line, and have no holes where a cell beside is longer.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mapping.formats.layout import (
    COLUMN_GAP,
    Frame,
    Paper,
    PlacedLine,
    Row,
    Run,
    begins_paragraph,
    frame_of,
    gap,
    lines_of,
    rows_of,
    usual_distance,
)

_LEAST_LINES = 6  # of a column
_FEWEST_LINES = 3  # of a column that divides the page evenly
_WIDEST_GAP = 4.0  # of the character height
_BALANCE = 0.6  # of the widest column: the least width of another
_MOST_EDGES = 30  # that are looked at on a page
_EDGE = 3.0  # points: left edges of one column differ by less
_PITCH = 0.06  # of the distance of two columns: the distance of the next two differs by less
_RUNS_ON = 0.35  # share of lines that begin with a small letter, in sentences that run on
_FULL = 0.5  # share of lines that are nearly as long as the longest
_FILLED = 0.85  # share of lines that have another at their side, where no cell is longer than its neighbour
_APART, _FAR_APART = 1.8, 3.5  # of the usual distance of lines
_LEAST_SIGNS = 22  # in an average line of sentences


Edges = tuple[float, ...]
"""The left edges of the columns of a page but the first."""


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows from `start` to `end` that stand in columns."""

    start: int
    end: int
    edges: Edges


def column_edges(rows: Sequence[Row], paper: Paper) -> set[Edges]:
    """Where columns begin on a page that is certain to have them."""
    if sum(map(len, rows)) < 2 * _FEWEST_LINES:
        return set()
    margin = min(run.left for row in rows for run in row)
    height = rows[0][0].height

    def fits(some: Sequence[Row], edges: Edges) -> bool:
        return _is_text(some, edges, _divide_evenly(edges, margin, paper, height))

    return {band.edges for band in _bands(rows, _edges(rows), fits)}


def _divide_evenly(edges: Edges, margin: float, paper: Paper, height: float) -> bool:
    """Whether columns of one width, with a gap of a line or two between, leave equal margins at both sides."""
    pitch = edges[0] - margin
    between = (len(edges) + 1) * pitch + 2 * (margin - paper.left) - (paper.right - paper.left)
    return 0 < between <= _WIDEST_GAP * height


def reading_order(rows: Sequence[Row], frame: Frame, edges: Collection[Edges]) -> list[PlacedLine]:
    """The lines of rows in the order in which they are read.

    `frame`: of the whole page; `edges`: where columns begin on this page or others of the document.
    """
    lines: list[PlacedLine] = []
    at = 0
    for band in [*_bands(rows, edges, _may_be_text), _Band(len(rows), len(rows), ())]:
        for part, of_columns in ((rows[at : band.start], False), (rows[band.start : band.end], True)):
            if part and lines:
                lines += gap(rows[at - 1] if not of_columns else rows[band.start - 1], part[0], frame)
            lines += _column_lines(part, band.edges) if of_columns else lines_of(part, frame)
        at = band.end
    return lines


def _column_lines(rows: Sequence[Row], edges: Edges) -> list[PlacedLine]:
    lines: list[PlacedLine] = []
    before: Sequence[Row] = ()
    for column in map(rows_of, _parted(rows, edges)):
        if begins_paragraph(before, column):
            lines.append(PlacedLine(""))
        if column:
            lines += lines_of(column, frame_of(column))
            before = column
    return lines


def _bands(rows: Sequence[Row], edges: Iterable[Edges], fits: Callable[[Sequence[Row], Edges], bool]) -> list[_Band]:
    """The stretches of rows in columns from top to bottom: the longest first come to their right, and among equals
    those of most columns."""
    found = [
        _Band(begin, end, each)
        for each in edges
        for begin, end in _stretches(rows, each)
        if end - begin >= 2 and fits(rows[begin:end], each)
    ]
    kept: list[_Band] = []
    for band in sorted(found, key=lambda band: (band.start - band.end, -len(band.edges), band.start, band.edges)):
        start = max((other.end for other in kept if other.start <= band.start < other.end), default=band.start)
        end = min((other.start for other in kept if start < other.start < band.end), default=band.end)
        whole = (start, end) == (band.start, band.end)
        if whole or (end - start >= 2 and fits(rows[start:end], band.edges)):
            kept.append(_Band(start, end, band.edges))
    return sorted(kept, key=lambda band: band.start)


def _stretches(rows: Sequence[Row], edges: Edges) -> Iterator[tuple[int, int]]:
    """Stretches of rows with nothing in the gaps between columns."""
    start = 0
    for index in range(len(rows) + 1):
        if index == len(rows) or _crosses(rows[index], edges):
            if index - start >= 2 and _may_be_columns(rows[start:index], edges):
                yield _trimmed(rows, start, index, edges)
            start = index + 1


def _may_be_columns(rows: Sequence[Row], edges: Edges) -> bool:
    """Whether it is worth looking closely: most of each column was drawn before the next, or letters begin lines as
    in sentences. Tables of figures, of which a document may have thousands, are not."""
    columns = _parted(rows, edges)
    if not all(columns):
        return False
    orders = [sorted(run.order for run in column) for column in columns]
    if all(left[len(left) * 3 // 4] < right[len(right) // 4] for left, right in pairwise(orders)):
        return True
    return all(sum(run.signs[0][0].islower() for run in column) > 0.2 * len(column) for column in columns)


def _edges(rows: Sequence[Row]) -> Iterator[Edges]:
    """The places where columns may begin: one edge, or two as far from one another as the first from the margin."""
    runs = [run for row in rows for run in row]
    if len(runs) < 2 * _FEWEST_LINES:
        return
    margin, right = min(run.left for run in runs), max(run.right for run in runs)
    least, most = margin + 0.2 * (right - margin), margin + 0.85 * (right - margin)
    places = Counter(round(run.left / _EDGE) for run in runs if least <= run.left <= most)
    near = {place: sum(places[place + step] for step in (-1, 0, 1)) for place in places}
    often = sorted(sorted(place for place in near if near[place] >= _FEWEST_LINES), key=near.__getitem__)[
        -_MOST_EDGES:
    ]
    lefts: dict[int, float] = {}
    for run in runs:
        place = round(run.left / _EDGE)
        lefts[place] = min(run.left, lefts.get(place, run.left))
    found = [min(lefts[place + step] for step in (-1, 0, 1) if place + step in lefts) for place in sorted(often)]
    found = [edge for index, edge in enumerate(found) if not index or edge - found[index - 1] > _EDGE]
    for first in found:
        yield (first,)
        pitch = first - margin
        yield from ((first, second) for second in found if abs(second - first - pitch) < _PITCH * pitch)


def _crosses(row: Row, edges: Edges) -> bool:
    """Whether a run of the row stands in the gap before an edge."""
    return any(run.left < edge - 1 and run.right > edge - COLUMN_GAP * run.height for run in row for edge in edges)


def _trimmed(rows: Sequence[Row], start: int, end: int, edges: Edges) -> tuple[int, int]:
    """The band less what stands apart at its ends: a head or foot of the page, drawn across the columns."""
    usual = usual_distance(rows[start:end])
    for index in range(start + 1, min(start + 4, end)):
        if _is_apart(rows[start:index], rows[index - 1], rows[index], usual, edges):
            start = index
            break
    for index in range(end - 1, max(end - 4, start), -1):
        if _is_apart(rows[index:end], rows[index - 1], rows[index], usual, edges):
            end = index
            break
    return start, end


def _is_apart(outer: Sequence[Row], above: Row, below: Row, usual: float, edges: Edges) -> bool:
    """Whether outer rows belong to no column: a gap parts them from the rest, and what stands left and right was
    drawn at once, or all of them stand at one side, far from the rest."""
    distance = above[0].baseline - below[0].baseline
    if sum(1 for column in _parted(outer, edges) if column) == 1:
        return distance > _FAR_APART * usual
    order = sorted(run.order for row in outer for run in row)
    return distance > _APART * usual and order[-1] - order[0] < len(order)


def _parted(rows: Sequence[Row], edges: Edges) -> list[list[Run]]:
    """The runs of each column."""
    columns: list[list[Run]] = [[] for _ in range(len(edges) + 1)]
    for row in rows:
        for run in row:
            columns[sum(run.left > edge - 1 for edge in edges)].append(run)
    return columns


def _is_text(rows: Sequence[Row], edges: Edges, even: bool = False) -> bool:
    """Whether rows are columns of text beyond doubt. `even`: the columns divide the page evenly."""
    parted = _parted(rows, edges)
    if min(map(len, parted)) < (_FEWEST_LINES if even else _LEAST_LINES):
        return False
    columns = [rows_of(column) for column in parted]
    if min(map(len, columns)) < (_FEWEST_LINES if even else _LEAST_LINES):
        return False
    widths = [max(row[-1].right for row in column) - min(row[0].left for row in column) for column in columns]
    balanced = min(widths) >= _BALANCE * max(widths)
    if _one_after_another(parted):
        return even or balanced
    return (
        balanced
        and min(map(len, columns)) >= _LEAST_LINES
        and all(_runs_on(column, width) for column, width in zip(columns, widths, strict=True))
        and all(_side_by_side(left, right) for left, right in pairwise(columns))
    )


def _may_be_text(rows: Sequence[Row], edges: Edges) -> bool:
    """Whether rows may be columns of text where the document has such columns: drawn one after another and beside
    one another, or certain."""
    columns = [column for column in _parted(rows, edges) if column]
    beside = all(right[0].baseline > min(run.baseline for run in left) for left, right in pairwise(columns))
    return (len(columns) > 1 and beside and _one_after_another(columns)) or _is_text(rows, edges)


def _one_after_another(columns: Sequence[Sequence[Run]]) -> bool:
    """Whether each column was drawn to its end before the next."""
    return all(max(run.order for run in left) < min(run.order for run in right) for left, right in pairwise(columns))


def _runs_on(rows: Sequence[Row], width: float) -> bool:
    """Whether a column holds sentences that run on from line to line."""
    small = sum(row[0].signs[0].islower() for row in rows)
    full = sum(row[-1].right - row[0].left > 0.8 * width for row in rows)
    signs = sum(len(run.signs) for row in rows for run in row)
    return small >= _RUNS_ON * len(rows) and full >= _FULL * len(rows) and signs >= _LEAST_SIGNS * len(rows)


def _side_by_side(left: Sequence[Row], right: Sequence[Row]) -> bool:
    """Whether nearly every line has one at its side: beside a long cell of a table the shorter one leaves a hole."""
    distance = 0.8 * max(usual_distance(left), usual_distance(right))
    for these, those in ((left, right), (right, left)):
        top, bottom = those[0][0].baseline + distance, those[-1][0].baseline - distance
        places = sorted(row[0].baseline for row in those)
        within = [row[0].baseline for row in these if bottom <= row[0].baseline <= top]
        met = sum(any(abs(place - baseline) < distance for place in places) for baseline in within)
        if not within or met < _FILLED * len(within):
            return False
    return True
