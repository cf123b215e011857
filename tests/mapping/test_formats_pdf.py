"""PDF: real files made here; lines, columns, gaps, pages, and what cannot be read."""

import io
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from mapping.formats import read_text
from mapping.records import Refused
from mapping.text import Text
from tests.growth import LINEAR, growth

# A grey picture of 1 x 1 pixel, as a scanner would put it on every page, only smaller.
PIXEL = "P5 1 1 255 \x80"


def pdf(draw: Callable[[Canvas], None], **options: object) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, **options)
    draw(canvas)
    canvas.save()
    return buffer.getvalue()


def read(data: bytes) -> Text:
    text = read_text(data)
    assert isinstance(text, Text), text
    assert text.format == "pdf"
    return text


def lines_at(canvas: Canvas, x: float, y: float, *lines: str, leading: float = 13) -> float:
    for line in lines:
        canvas.drawString(x, y, line)
        y -= leading
    return y


def cover(canvas: Canvas) -> None:
    """Printed out of order, as programs do: the foot first, labels apart from their values, bold beside roman."""
    canvas.setFont("Helvetica", 8)
    canvas.drawString(60, 40, "Justerares sign")
    canvas.drawString(300, 40, "Utdragsbestyrkande")
    canvas.setFont("Times-Roman", 11)
    lines_at(canvas, 170, 740, "Lilla salen, torsdagen den 14 maj 2020", "kl 13:15–15:40")
    lines_at(canvas, 170, 700, "Anna Ek (M), ordf", "Bo Alm (S) tjg ers för Carl-Gustaf Örn (S)", "Disa Åhl (V)")
    canvas.setFont("Times-Bold", 11)
    canvas.drawString(60, 740, "Plats och tid")
    canvas.drawString(60, 700, "Beslutande")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 800, "Ekby kommun")
    canvas.drawRightString(540, 800, "1 (2)")
    canvas.showPage()


def test_lines_are_rebuilt_from_their_places() -> None:
    lines = read(pdf(cover)).canonical.split("\n")
    assert [" ".join(line.split()) for line in lines] == [
        "Ekby kommun 1 (2)",
        *[""] * 3,
        "Plats och tid Lilla salen, torsdagen den 14 maj 2020",
        "kl 13:15–15:40",
        "",
        "Beslutande Anna Ek (M), ordf",
        "Bo Alm (S) tjg ers för Carl-Gustaf Örn (S)",
        "Disa Åhl (V)",
        *[""] * 3,
        "Justerares sign Utdragsbestyrkande",
        "",
    ]
    assert "Ekby kommun   " in lines[0] and "Justerares sign   " in lines[-2]
    column = lines[4].index("Lilla")
    assert column > 15
    assert [lines[5].index("kl"), lines[7].index("Anna"), lines[8].index("Bo"), lines[9].index("Disa")] == [
        column
    ] * 4


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_rotated_page_reads_like_an_upright_one(rotation: int) -> None:
    def turned(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(*{90: (842, 0), 180: (595, 842), 270: (0, 595)}[rotation])
        canvas.rotate(rotation)
        cover(canvas)

    assert read(pdf(turned)).canonical == read(pdf(cover)).canonical

    def flagged(canvas: Canvas) -> None:
        canvas.setPageRotation(rotation)
        cover(canvas)

    assert read(pdf(flagged)).canonical == read(pdf(cover)).canonical


def test_text_up_the_margin_stands_after_the_page() -> None:
    def signed(canvas: Canvas) -> None:
        lines_at(canvas, 60, 700, "Beslut", "Nämnden bifaller motionen.")
        canvas.translate(20, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Signerat av Anna Ek")

    assert read(pdf(signed)).canonical == "Beslut\nNämnden bifaller motionen.\n\nSignerat av Anna Ek\n"


def test_pages_start_where_their_text_starts() -> None:
    def pages(canvas: Canvas) -> None:
        for number in range(1, 4):
            canvas.drawString(60, 700, f"Sida {number} § {number}")
            canvas.showPage()

    text = read(pdf(pages))
    assert text.canonical == "Sida 1 § 1\nSida 2 § 2\nSida 3 § 3\n"
    assert text.page_starts == (0, 11, 22)
    assert [text.page_of(text.canonical.index(f"§ {number}")) for number in (1, 2, 3)] == [1, 2, 3]


def test_superscripts_overprint_and_mixed_fonts_stay_on_their_line() -> None:
    def mixed(canvas: Canvas) -> None:
        words = canvas.beginText(60, 700)
        words.setFont("Times-Roman", 11)
        words.textOut("Lokalen är 80 m")
        words.setRise(4)
        words.setFont("Times-Roman", 7)
        words.textOut("2")
        words.setRise(0)
        words.setFont("Times-Bold", 11)
        words.textOut(" enligt ritningen")
        canvas.drawText(words)
        for shift in (0, 0.3):
            canvas.drawString(60 + shift, 670, "Beslut")

    assert read(pdf(mixed)).canonical == "Lokalen är 80 m2 enligt ritningen\n\nBeslut\n"


def test_tables_keep_their_columns() -> None:
    buffer = io.BytesIO()
    body = getSampleStyleSheet()["BodyText"]
    rows = [
        ["Indikator", "Utfall", "Årsmål"],
        ["Andel behöriga elever", "87,3 %", "90 %"],
        ["Antal platser", "", "15"],
    ]
    story = [Paragraph("Nämnden följer upp målen för år 2023.", body), Table(rows, colWidths=[200, 80, 80])]
    SimpleDocTemplate(buffer, pagesize=landscape(A4), invariant=1).build(story)
    lines = [line for line in read(buffer.getvalue()).canonical.split("\n") if line]
    assert [line.split("  ")[0] for line in lines[:1]] == ["Nämnden följer upp målen för år 2023."]
    assert lines[1].index("Årsmål") == lines[2].index("90 %") == lines[3].index("15")
    assert lines[1].index("Utfall") == lines[2].index("87,3 %")


def test_double_spaced_text_has_blank_lines_only_between_paragraphs() -> None:
    def double(canvas: Canvas) -> None:
        y = lines_at(canvas, 60, 700, "Första raden i stycket", "andra raden i stycket", "tredje raden.", leading=24)
        lines_at(canvas, 60, y - 16, "Nytt stycke", "som fortsätter.", leading=24)

    expected = "Första raden i stycket\nandra raden i stycket\ntredje raden.\n\nNytt stycke\nsom fortsätter.\n"
    assert read(pdf(double)).canonical == expected


def test_justified_words_are_one_blank_apart() -> None:
    words = ["Kompetensförsörjningsplanerna", "behöver", "samordnas", "med", "arbetsmarknadsåtgärderna"]

    def stretched(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        x = 60.0
        for word in words:
            canvas.drawString(x, 700, word)
            x += canvas.stringWidth(word) + 17
        line = canvas.beginText(60, 680)
        line.setWordSpace(15)
        line.textOut(" ".join(words))
        canvas.drawText(line)

    assert read(pdf(stretched)).canonical == "\n".join([" ".join(words), " ".join(words), ""])


def test_spaced_out_letters_are_closed_up_and_figures_are_not() -> None:
    def spaced(canvas: Canvas) -> None:
        canvas.setFont("Times-Roman", 11)
        for y, signs in ((700, "PROTOKOLL"), (685, "12345678")):
            for index, sign in enumerate(signs):
                canvas.drawString(60 + 12 * index, y, sign)

    assert read(pdf(spaced)).canonical == "PROTOKOLL\n1 2 3 4 5 6 7 8\n"


def test_a_page_of_absurd_width_stays_a_line() -> None:
    def wide(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Protokoll")
        canvas.drawString(1e6, 700, "långt bort")

    canonical = read(pdf(wide)).canonical
    assert canonical.split() == ["Protokoll", "långt", "bort"] and len(canonical) < 1000


def refusal(data: bytes) -> str:
    result = read_text(data)
    assert isinstance(result, Refused), result
    return result.reason


def test_a_password_is_told() -> None:
    encrypted = pdf(cover, encrypt=StandardEncryption("hemlig", canPrint=0))
    assert refusal(encrypted) == "encrypted"
    only_owner = pdf(cover, encrypt=StandardEncryption("", ownerPassword="hemlig", canCopy=0))
    assert read(only_owner).canonical == read(pdf(cover)).canonical


def test_a_scanned_document_is_told() -> None:
    def scanned(canvas: Canvas) -> None:
        from reportlab.lib.utils import ImageReader

        for _ in range(2):
            canvas.drawImage(ImageReader(io.BytesIO(PIXEL.encode("latin-1"))), 0, 0, 595, 842)
            canvas.showPage()

    result = read_text(pdf(scanned))
    assert isinstance(result, Refused) and result.reason == "images-only"
    assert "2 sidor" in result.sv and "OCR" in result.en


def test_damaged_and_empty_files_are_told() -> None:
    whole = pdf(cover)
    assert refusal(whole[: len(whole) // 3]) == "corrupt"
    assert refusal(b"%PDF-1.7\n" + b"x" * 500) == "corrupt"
    assert refusal(pdf(lambda canvas: canvas.showPage())) == "empty"
    assert isinstance(read_text(b"\r\n" + whole), Text)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_gives_text_or_a_reason(seed: int) -> None:
    import random

    chance = random.Random(seed)
    data = bytearray(pdf(cover))
    for _ in range(30):
        data[chance.randrange(20, len(data))] = chance.randrange(256)
    result = read_text(bytes(data))
    assert isinstance(result, Text) or result.reason in ("corrupt", "empty", "encrypted")


def pages(number: int) -> bytes:
    def long(canvas: Canvas) -> None:
        for _ in range(number):
            lines_at(canvas, 60, 780, *["Lekparken vid ån får nya gungor, en klätterställning och fler bänkar"] * 50)
            canvas.showPage()

    return pdf(long)


def test_time_grows_with_the_number_of_pages_only() -> None:
    made = {number: pages(number) for number in (5, 40)}
    assert growth(lambda number: read(made[number]), 5) < LINEAR


def test_the_same_bytes_give_the_same_text() -> None:
    data = pages(2)
    assert read(data) == read(data)
