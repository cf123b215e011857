"""The pages of a PDF as one text: heads and feet told apart, columns in order, paragraphs across page breaks."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from mapping.formats.layout import Paper, PlacedLine, Row, begins_paragraph, frame_of, gap, lines_of, page_rows
from mapping.formats.pdf_columns import Edges, column_edges, reading_order
from mapping.formats.pdf_glyphs import PageText
from mapping.formats.pdf_margins import margins
from mapping.formats.plain import in_one_piece, printable
from mapping.text import Text

_PARAGRAPH = 3  # blank lines before a paragraph at the top of a page: one belongs to the page break, two part lines


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, the texts in other directions, and the paper they stand on."""

    rows: Sequence[Row]
    others: Sequence[str]
    paper: Paper


def placed(text: PageText) -> Page:
    """The rows that the characters of a page make."""
    return Page(page_rows(text.glyphs), text.others, text.paper)


def joined(pages: Sequence[Page]) -> Text:
    """The text of all pages."""
    parts: list[str] = []
    starts: list[int] = []
    furniture: list[int] = []
    bold: list[int] = []
    position = 0
    before: Sequence[Row] = ()
    found = margins([(page.rows, page.paper) for page in pages])
    parted = [margin.parted(page.rows) for page, margin in zip(pages, found, strict=True)]
    edges = {
        edges for page, (_, body, _) in zip(pages, parted, strict=True) for edges in column_edges(body, page.paper)
    }
    for number, (page, (head, body, foot)) in enumerate(zip(pages, parted, strict=True)):
        starts.append(position)
        for line, apart in _lines(head, body, foot, edges, begins_paragraph(before, body)):
            printed = printable(in_one_piece(line.text)) + "\n"
            if apart and line.text and (number or line.baseline < _first(body)):
                furniture.append(position)
            if line.bold:
                bold.append(position)
            parts.append(printed)
            position += len(printed)
        for other in page.others:
            parts.append("\n" + printable(in_one_piece(other)) + "\n")
            position += len(parts[-1])
        if position == starts[-1]:  # a page without text is a line
            parts.append("\n")
            position += 1
        before = body or before
    return Text("".join(parts), "pdf", tuple(starts), tuple(furniture), tuple(bold))


def _first(body: Sequence[Row]) -> float:
    """The baseline of the first row."""
    return body[0][0].baseline if body else -math.inf


def _lines(
    head: Sequence[Row], body: Sequence[Row], foot: Sequence[Row], edges: Collection[Edges], paragraph: bool
) -> Iterator[tuple[PlacedLine, bool]]:
    """The lines of a page, and whether each belongs to its head or foot; `paragraph`: the body begins a
    paragraph."""
    rows = (*head, *body, *foot)
    if not rows:
        return
    frame = frame_of(rows)
    for line in lines_of(head, frame):
        yield line, True
    apart = [PlacedLine("")] * _PARAGRAPH if paragraph else gap(head[-1], body[0], frame)[:1] if head and body else []
    for line in (*apart, *reading_order(body, frame, edges)):
        yield line, False
    for line in gap(body[-1], foot[0], frame)[:1] if body and foot else []:
        yield line, False
    for line in lines_of(foot, frame):
        yield line, True
