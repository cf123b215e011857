"""What places and type tell: columns of text and of tables, heads and feet of pages, bold lines."""

import io
from collections.abc import Callable, Sequence
from textwrap import wrap

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from mapping.corpus import recalled
from mapping.formats import read_text
from mapping.reader import read_document
from mapping.records import DocumentRecord
from mapping.rows import layout
from mapping.text import Text

STORY = (
    "Nämnden har under året öppnat tre nya mötesplatser för äldre. Besökarna är nöjda med öppettiderna, men vill se "
    "fler utflykter och bättre belysning vid entrén. Förvaltningen räknar med att kostnaden stannar inom ramen, om "
    "hyrorna inte stiger mer än vad som antas i budgeten. Under hösten har personalen gått en utbildning i bemötande, "
    "och en ny rutin för introduktion har tagits fram tillsammans med facken. Frivilliga har lagt mer än tusen timmar "
    "på samtal, promenader och bakning. Till våren flyttar den minsta mötesplatsen till större lokaler vid torget, "
    "där även biblioteket och föreningslivet får plats. Hissen byts samtidigt, så att alla når övervåningen."
)


def pdf(*pages: Callable[[Canvas], None]) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def text_of(data: bytes) -> Text:
    text = read_text(data)
    assert isinstance(text, Text), text
    return text


def words(text: str) -> str:
    return " ".join(text.split())


def draw_columns(
    canvas: Canvas, columns: Sequence[Sequence[str]], *, by_line: bool = False, shift: float = 0
) -> None:
    """Columns side by side; `by_line`: drawn line by line across, `shift`: how much lower each stands."""
    canvas.setFont("Times-Roman", 10)
    pitch = 495 / len(columns)
    placed = [
        (50 + pitch * c, 700 - 12 * line - shift * c, c, text)
        for c, column in enumerate(columns)
        for line, text in enumerate(column)
    ]
    for x, y, _, text in sorted(placed, key=lambda at: (-at[1], at[0])) if by_line else placed:
        canvas.drawString(x, y, text)


def cut(text: str, number: int, width: int) -> list[list[str]]:
    lines = wrap(text, width, break_on_hyphens=False)
    height = -(-len(lines) // number)
    return [lines[start : start + height] for start in range(0, len(lines), height)]


@pytest.mark.parametrize("by_line", [False, True])
@pytest.mark.parametrize(("number", "width"), [(2, 50), (3, 32)])
@pytest.mark.parametrize("shift", [0, 5])
def test_running_text_is_read_column_by_column(by_line: bool, number: int, width: int, shift: float) -> None:
    long = f"{STORY} {STORY}" if by_line else STORY
    data = pdf(lambda canvas: draw_columns(canvas, cut(long, number, width), by_line=by_line, shift=shift))
    assert words(text_of(data).canonical) == long


def test_a_title_over_the_columns_and_a_line_below_keep_their_places() -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Times-Bold", 16)
        canvas.drawString(50, 740, "Verksamhetsberättelse för socialnämnden i Ekby kommun 2024")
        draw_columns(canvas, cut(STORY, 2, 50))
        canvas.drawString(
            50, 560, "Nämnden lägger rapporten till handlingarna, och tackar alla som har bidragit till den."
        )

    text = words(text_of(pdf(page)).canonical)
    assert text.startswith("Verksamhetsberättelse för socialnämnden i Ekby kommun 2024 Nämnden har under året")
    assert text.endswith(
        f"{STORY[-20:]} Nämnden lägger rapporten till handlingarna, och tackar alla som har bidragit till den."
    )


def test_the_last_page_is_read_in_the_columns_of_the_others() -> None:
    def last(canvas: Canvas) -> None:
        draw_columns(canvas, (["Anna Ek (S)", "Bo Alm (M)", "Cia Dal (V)"], ["Disa Åhl (C)"]))

    first = cut(STORY, 2, 50)
    data = pdf(lambda canvas: draw_columns(canvas, first), last)
    assert words(text_of(data).canonical).endswith("Anna Ek (S) Bo Alm (M) Cia Dal (V) Disa Åhl (C)")


def test_a_paragraph_runs_on_from_one_column_to_the_next() -> None:
    lines = text_of(pdf(lambda canvas: draw_columns(canvas, cut(STORY, 2, 50)))).canonical.rstrip("\n").split("\n")
    assert "" not in lines
    stopped = [*cut(STORY, 2, 50)[0], "och därmed nog."]
    apart = text_of(pdf(lambda canvas: draw_columns(canvas, (stopped, cut(STORY, 2, 50)[0])))).canonical
    assert "och därmed nog.\n\nNämnden har" in apart


def table(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> bytes:
    out = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    cells = [[Paragraph(cell, style) for cell in row] for row in rows]
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(
        [Table(cells, colWidths=widths, style=[("VALIGN", (0, 0), (-1, -1), "TOP")])]
    )
    return out.getvalue()


SENTENCES = STORY.split(". ")


def test_wide_cells_of_a_table_stay_in_their_rows() -> None:
    rows = list(zip(SENTENCES[:4], [*SENTENCES[4:6], "Klart", "Pågår till våren"], strict=True))
    text = text_of(table(rows, (225, 225))).canonical
    for left, right in rows:
        start = left.split()[0]
        assert any(line.strip().startswith(start) and right.split()[0] in line for line in text.split("\n")), text


def test_labels_and_values_of_a_cover_page_stay_in_their_rows_however_they_are_drawn() -> None:
    labels = ["Plats och tid", "Beslutande", "", "", "Ersättare", "", "Utses att justera", "Sekreterare"]
    values = [
        "Lilla salen, kl 13",
        "Anna Ek (S)",
        "Bo Alm (M)",
        "Cia Dal (V)",
        "Disa Åhl (C)",
        "Erk By (L)",
        "Bo Alm (M)",
        "Fia Gran",
    ]

    def page(canvas: Canvas) -> None:
        for x, column in ((60, labels), (190, values)):
            for index, text in enumerate(column):
                canvas.drawString(x, 700 - 14 * index, text)

    lines = text_of(pdf(page)).canonical.split("\n")
    assert [words(line) for line in lines[:2]] == ["Plats och tid Lilla salen, kl 13", "Beslutande Anna Ek (S)"]
    assert words(lines[6]) == "Utses att justera Bo Alm (M)"


def framed(number: int, of: int, body: Sequence[str], *, turn: int = 0) -> Callable[[Canvas], None]:
    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60 + turn * (number % 2), 810, "Handlingar från Lärkan")
        canvas.drawString(60, 798, "Öppen akt")
        canvas.drawString(400, 798, f"Blad {number} i bunten om {of}")
        canvas.drawString(60, 40, "Ekby kommun, Storgatan 1")
        canvas.setFont("Times-Roman", 11)
        for index, line in enumerate(body):
            canvas.drawString(60, 760 - 14 * index, line)

    return page


def furniture(text: Text) -> list[str]:
    ends = {line.start: line.text for line in text.lines()}
    return [words(ends[start]) for start in text.furniture]


def test_heads_and_feet_are_known_by_place_and_return() -> None:
    lines = wrap(STORY, 30)
    bodies = [lines[start : start + 4] for start in range(0, 20, 4)]
    text = text_of(pdf(*(framed(n, 5, body) for n, body in enumerate(bodies, 1))))
    foot = "Ekby kommun, Storgatan 1"
    again = [["Handlingar från Lärkan", f"Öppen akt Blad {n} i bunten om 5", foot] for n in range(2, 6)]
    assert furniture(text) == [foot, *(line for page in again for line in page)]
    page = layout(text)
    first = ["Handlingar från Lärkan", "Öppen akt Blad 1 i bunten om 5"]
    assert [words(row.text) for row in page.rows] == [*first, *lines[:20]]
    assert not any(row.gap for row in page.rows[3:])
    assert "Blad 3 i bunten" in text.canonical  # the text is what is printed, furniture too


def test_left_and_right_pages_may_have_heads_of_their_own() -> None:
    bodies = [[line] for line in wrap(STORY, 40)[:8]]
    pages = []
    for number, body in enumerate(bodies, 1):

        def page(canvas: Canvas, number: int = number, body: list[str] = body) -> None:
            canvas.drawString(60 if number % 2 else 400, 810, "Ekby kommun" if number % 2 else "Nämndens akt")
            canvas.drawString(60, 700 - 11 * number, body[0])

        pages.append(page)
    assert furniture(text_of(pdf(*pages))) == ["Nämndens akt", "Ekby kommun"] * 3 + ["Nämndens akt"]


def test_lines_of_the_text_that_come_back_are_no_heads() -> None:
    """§ after § begins a page, and so do two decisions alike: no head, nor what follows it."""

    def page(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for index, line in enumerate(
                (f"§ {number}", "Rapport", "Beslut", f"Rapport {number} läggs till handlingarna.")
            ):
                canvas.drawString(60, 780 - 14 * index, line)

        return draw

    text = text_of(pdf(*map(page, range(1, 7))))
    assert not text.furniture
    assert [row.text for row in layout(text).rows][:4] == [
        "§ 1",
        "Rapport",
        "Beslut",
        "Rapport 1 läggs till handlingarna.",
    ]


def bold(
    lines: Sequence[str], weight: Callable[[str], str] = lambda line: "-Bold" if line.startswith("*") else ""
) -> bytes:
    def page(canvas: Canvas) -> None:
        for index, line in enumerate(lines):
            canvas.setFont(f"Helvetica{weight(line)}", 10)
            canvas.drawString(60, 800 - 13 * index, line.removeprefix("*"))

    return pdf(page)


TIGHT = (
    "*Ekby kommun",
    "*Socialnämnden",
    "*Sammanträdesprotokoll 2024-05-21",
    "*Närvarande",
    "Anna Ek (S), ordförande",
    "Cia Dal (V)",
    "*§ 1 Nya lokaler för mötesplatsen vid Åkervägen",
    "*och en ny hiss",
    "Lokalen ligger vid torget och har plats för fyrtio besökare om dagen",
    "*Beslut",
    "1. Nämnden hyr lokalen vid Åkervägen.",
    "2. Avtalet löper i fem år.",
    "*Vad lokalen kostar",
    "Hyran är 400 tkr per år, och hissen betalas av värden.",
    "*§ 2 Rapport",
    "*Beslut",
    "Rapporten läggs till handlingarna.",
)


def record(data: bytes) -> DocumentRecord:
    found = read_document(text_of(data))
    assert isinstance(found, DocumentRecord)
    return found


def test_bold_lines_are_known() -> None:
    text = text_of(bold(["*Beslut", "Nämnden avslår motionen.", "*§ 2 Rapport"]))
    assert [line.text for line in text.lines() if line.start in text.bold] == ["Beslut", "§ 2 Rapport"]


def test_ligatures_are_letters() -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def page(canvas: Canvas) -> None:
        canvas.setFont("Vera", 11)
        canvas.drawString(60, 700, "Kon\ufb02ikten om \ufb01skarnas brygga")

    assert text_of(pdf(page)).canonical == "Konflikten om fiskarnas brygga\n"


def test_bold_headings_that_no_lexicon_knows_end_decisions_and_titles() -> None:
    first = record(bold(TIGHT)).items[0]
    assert first.title and first.title.text == "Nya lokaler för mötesplatsen vid Åkervägen och en ny hiss"
    assert first.decision and [point.text for point in first.decision.points] == [
        "Nämnden hyr lokalen vid Åkervägen.",
        "Avtalet löper i fem år.",
    ]


def test_bold_type_tells_nothing_where_everything_is_bold() -> None:
    every = bold(TIGHT, lambda line: "-Bold")
    assert not any(row.bold for row in layout(text_of(every)).rows)


def test_what_places_tell_is_kept_with_a_document() -> None:
    text = text_of(pdf(*(framed(n, 4, ["Rad"]) for n in range(1, 5))))
    assert text.furniture and text.page_starts
    assert Text(text.canonical, text.format, **text.marks()) == text


@pytest.mark.parametrize("kept", ["[0, 6]", '{"page_starts": [0, 6], "furniture": [6], "bold": []}'])
def test_the_ledger_recalls_what_places_tell(kept: str) -> None:
    entry = {"mentions": "[]", "persons": "", "municipality": "", "format": "pdf", "page_starts": kept}
    text = recalled(entry, lambda: "Rad 1\nRad 2\n").text()
    assert text.page_starts == (0, 6) and text.furniture == ((6,) if "furniture" in kept else ())
