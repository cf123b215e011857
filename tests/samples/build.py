"""Builds the PDF, DOCX and HTML samples from `texts/` into `documents/`; the same bytes every time.

Run `python tests/samples/build.py` after a change of a text; `tests/samples/test_build.py` compares.
Marks in the texts: "# " opens a heading; "- " and "= " in the agenda an item and the heading
of its files. Plain-text samples lie in `documents/` as they are.
"""

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
TEXTS = HERE / "texts"
DOCUMENTS = HERE / "documents"
LEFT, TOP, BOTTOM, LEADING, GAP = 90, A4[1] - 50, 45, 12.5, 7


def pdf(text: str) -> bytes:
    """Minutes as PDF: the first block of lines (municipality, body, number, date) heads every page."""
    head = [line.removeprefix("# ") for line in text.split("\n\n")[0].splitlines()]
    pages = _pages(text.splitlines(), head)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(" ".join(head))
    for number, page in enumerate(pages, start=1):
        canvas.setFont("Times-Roman", 10)
        canvas.drawRightString(A4[0] - 60, TOP, f"Sida {number} ({len(pages)})")
        height = TOP - LEADING
        for line in page:
            canvas.setFont("Times-Bold" if line.startswith("# ") else "Times-Roman", 11)
            canvas.drawString(LEFT, height, line.removeprefix("# "))
            height -= _height(line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _pages(lines: list[str], head: list[str]) -> list[list[str]]:
    """The lines of each page; a full page breaks where it is full, in mid-sentence too."""
    pages: list[list[str]] = [[]]
    for line in lines:
        if sum(map(_height, [*pages[-1], line])) > TOP - LEADING - BOTTOM:
            pages.append([*head, ""])
        pages[-1].append(line)
    return pages


def _height(line: str) -> float:
    return LEADING if line else GAP


CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(text: str) -> bytes:
    """A word-processor document with one paragraph per line: three stored parts with fixed dates."""
    paragraphs = "".join(_paragraph(line) for line in text.splitlines() if line)
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>'
    )
    out = io.BytesIO()
    parts = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, date_time=(2024, 1, 1, 0, 0, 0))
            info.create_system = 0
            archive.writestr(info, part.encode())
    return out.getvalue()


def _paragraph(line: str) -> str:
    bold = "<w:rPr><w:b/></w:rPr>" if line.startswith("# ") else ""
    text = escape(line.removeprefix("# "))
    return f'<w:p><w:r>{bold}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>\n'


def web_page(text: str) -> bytes:
    """The agenda page of a meeting, with a menu and a foot that are no part of the document."""
    title = text.splitlines()[0].removeprefix("# ")
    return (
        '<!DOCTYPE html>\n<html lang="sv">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)} - Almviks kommun</title>\n"
        "<style>body { font-family: sans-serif }</style>\n</head>\n<body>\n"
        '<nav><a href="/">Start</a> <a href="/moten">Möten</a></nav>\n<main>\n'
        + "\n".join(_elements(text))
        + "\n</main>\n<footer>Almviks kommun, Kvarngatan 4</footer>\n"
        "<script>document.title += ''</script>\n</body>\n</html>\n"
    ).encode()


def _elements(text: str) -> Iterator[str]:
    tags = {"# ": "h1", "- ": "h2", "= ": "h3"}
    for line in text.splitlines():
        tag = tags.get(line[:2], "p")
        yield f"<{tag}>{html.escape(line if tag == 'p' else line[2:])}</{tag}>"


BUILT: dict[str, tuple[Callable[[str], bytes], str]] = {
    "2024-02-19-motion-kvallsoppna-motesplatser": (docx, "docx"),
    "2024-05-21-socialnamnden-protokoll": (pdf, "pdf"),
    "2024-06-18-socialnamnden-dagordning": (web_page, "html"),
    "2025-03-18-socialnamnden-protokoll": (pdf, "pdf"),
}


def build() -> dict[Path, bytes]:
    """Every built sample: where it belongs and its bytes."""
    return {
        DOCUMENTS / f"{name}.{suffix}": make((TEXTS / f"{name}.txt").read_text(encoding="utf-8"))
        for name, (make, suffix) in BUILT.items()
    }


if __name__ == "__main__":
    for path, data in build().items():
        path.write_bytes(data)
        print(path.name, len(data))
