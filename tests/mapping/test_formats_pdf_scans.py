"""Scanned pages: pages of the samples made pictures, told by number, or read where Tesseract is installed."""

import io
from collections import Counter
from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mapping.evaluation_facts import found
from mapping.formats import pdf_ocr, read_text
from mapping.reader import read_document
from mapping.records import Refused
from mapping.text import Text
from tests.conftest import SAMPLES

MINUTES = (SAMPLES / "2024-05-21-socialnamnden-protokoll.pdf").read_bytes()


def scanned(data: bytes, pages: Sequence[int], dpi: int = 200, stamp: str = "") -> bytes:
    """The document with some of its pages (from 1) as grey pictures, `stamp` printed across the top of each."""
    document = pdfium.PdfDocument(data)
    for number in pages:
        picture = document[number - 1].render(scale=dpi / 72, grayscale=True).to_pil()
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=1)
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.drawString(60, 830, stamp)
        canvas.save()
        document.del_page(number - 1)
        document.import_pages(pdfium.PdfDocument(out.getvalue()), index=number - 1)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture
def no_recognition(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pdf_ocr, "installed", lambda: False)
    yield


def count(data: bytes) -> int:
    return len(pdfium.PdfDocument(data))


@pytest.mark.usefixtures("no_recognition")
@pytest.mark.parametrize(
    ("pages", "sv", "en"),
    [
        ((2,), "sidan 2 av", "page 2 of"),
        ((1, 3), "sidorna 1 och 3 av", "pages 1 and 3 of"),
        ((2, 3, 4), "sidorna 2–4 av", "pages 2–4 of"),
    ],
)
def test_pages_that_are_pictures_are_told_by_number(pages: tuple[int, ...], sv: str, en: str) -> None:
    result = read_text(scanned(MINUTES, pages))
    assert isinstance(result, Refused) and result.reason == "scanned-pages"
    assert f"{sv} {count(MINUTES)} " in result.sv and f"{en} {count(MINUTES)} " in result.en


@pytest.mark.usefixtures("no_recognition")
def test_a_stamp_of_the_records_system_makes_no_text_of_a_scan() -> None:
    every = range(1, count(MINUTES) + 1)
    result = read_text(scanned(MINUTES, every, stamp="Ekby kommun Inkom 2024-05-28 Dnr SN 2024/31 1 (4)"))
    assert isinstance(result, Refused) and result.reason == "images-only"
    assert f"{count(MINUTES)} sidor" in result.sv and "OCR" in result.en


def picture(levels: bytes, width: int) -> ImageReader:
    head = f"P5 {width} {len(levels) // width} 255 ".encode()
    return ImageReader(io.BytesIO(head + levels))


SLOPE = bytes((x + y) % 256 for y in range(200) for x in range(200))
PICTURES = {
    "photograph": SLOPE,
    "blank sheet": b"\xf8" * 40_000,
    "black sheet": b"\x00" * 40_000,
    "half dark": b"\x10" * 20_000 + b"\xff" * 20_000,
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.usefixtures("no_recognition")
def test_photographs_and_blank_sheets_are_no_scans(name: str) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.drawImage(picture(PICTURES[name], 200), 0, 0, *A4)
    canvas.drawString(60, 400, "Verksamhetsberättelse 2024")
    canvas.showPage()
    canvas.drawString(60, 700, "Nämnden har nått sina mål.")
    canvas.save()
    result = read_text(out.getvalue())
    assert isinstance(result, Text) and result.page_count == 2


@pytest.mark.usefixtures("no_recognition")
def test_a_logotype_or_a_small_picture_leaves_a_page_as_it_is() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    small = pdfium.PdfDocument(MINUTES)[0].render(scale=1, grayscale=True).to_pil()
    canvas.drawImage(ImageReader(small), 60, 700, 120, 100)
    canvas.drawString(60, 600, "§ 1 Val av justerare")
    canvas.save()
    assert isinstance(read_text(out.getvalue()), Text)


@pytest.mark.skipif(not pdf_ocr.installed(), reason="kommungraf[ocr], Tesseract or its Swedish is not installed")
def test_scanned_minutes_are_read_with_tesseract() -> None:
    read = read_text(scanned(MINUTES, range(1, count(MINUTES) + 1)))
    assert isinstance(read, Text) and read.page_count == count(MINUTES) and "§ 5" in read.canonical
    plain = read_text(MINUTES)
    assert isinstance(plain, Text)
    given, wanted = facts(read), facts(plain)
    right = sum((given & wanted).values())
    assert 2 * right / (sum(given.values()) + sum(wanted.values())) > 0.9


def facts(text: Text) -> Counter[tuple[str, str, str]]:
    record = read_document(text)
    assert not isinstance(record, Refused)
    return Counter((fact.kind, fact.item, fact.text) for fact in found(record))


@pytest.mark.skipif(not pdf_ocr.installed(), reason="kommungraf[ocr], Tesseract or its Swedish is not installed")
def test_a_page_that_tesseract_fails_on_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_ocr, "_SECONDS", 0.001)
    result = read_text(scanned(MINUTES, [2]))
    assert isinstance(result, Refused) and result.reason == "scanned-pages"
