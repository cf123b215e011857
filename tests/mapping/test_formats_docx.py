"""Word documents: made by python-docx, or part by part where the case is one that it cannot make."""

import io
import zipfile

import docx
import pytest
from docx.shared import Pt

from mapping.formats import read_text
from mapping.records import Refused
from mapping.text import Text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(body: str, numbering: str = "", styles: str = "") -> bytes:
    """A Word document of these parts; the XML is that of the inside of the body, numbering and styles elements."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        if numbering:
            archive.writestr("word/numbering.xml", f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>')
        if styles:
            archive.writestr("word/styles.xml", f'<w:styles xmlns:w="{W}">{styles}</w:styles>')
    return buffer.getvalue()


def read(data: bytes) -> str:
    text = read_text(data)
    assert isinstance(text, Text), text
    assert text.format == "docx" and text.page_starts == ()
    return text.canonical


def refusal(data: bytes) -> str:
    result = read_text(data)
    assert isinstance(result, Refused), result
    return result.reason


def p(text: str, properties: str = "") -> str:
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def listed(text: str, number: int = 1, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, form: str, text: str, start: int = 1) -> str:
    parts = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{parts}</w:lvl>'


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, start: int | None = None) -> str:
    override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def test_paragraphs_headings_lists_and_tables() -> None:
    document = docx.Document()
    document.add_heading("Protokoll", 1)
    document.add_paragraph("Första stycket").add_run(" med fet text.").bold = True
    document.add_paragraph("ett", style="List Number")
    document.add_paragraph("två", style="List Number")
    document.add_paragraph("prick", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["Ledamot", "Parti", "Anna-Karin Ek", "(S)"], strict=True):
        cell.text = text
    document.sections[0].header.paragraphs[0].text = "Ekby kommun, sidhuvud"
    buffer = io.BytesIO()
    document.save(buffer)
    assert read(buffer.getvalue()) == "\n".join(
        [
            "Protokoll", "Första stycket med fet text.", "", "1. ett", "2. två", "", "• prick", "",
            "Ledamot         Parti", "Anna-Karin Ek   (S)",
        ]
    )  # fmt: skip


def test_space_between_paragraphs_is_a_blank_line_and_its_absence_none() -> None:
    document = docx.Document()
    for text, after in [
        ("Närvarande", 0),
        ("Anna Ek (S)", 0),
        ("Bo Alm (M)", 12),
        ("Nytt stycke", 0),
        ("", 0),
        ("Slut", 0),
    ]:
        document.add_paragraph(text).paragraph_format.space_after = Pt(after)
    buffer = io.BytesIO()
    document.save(buffer)
    assert read(buffer.getvalue()) == "Närvarande\nAnna Ek (S)\nBo Alm (M)\n\nNytt stycke\n\nSlut"


def test_numbers_are_counted_as_word_counts_them() -> None:
    numbering = (
        abstract(1, level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)"), level(2, "decimal", "%1.%2.%3"))
        + abstract(2, level(0, "decimal", "§ %1", start=12))
        + abstract(3, level(0, "bullet", "\uf0b7"), level(1, "bullet", "§"), level(2, "bullet", "-"))
        + abstract(4, level(0, "upperRoman", "%1."), level(1, "decimalZero", "%2"))
        + num(1, 1) + num(2, 2) + num(3, 3) + num(4, 4) + num(5, 1, start=7)
    )  # fmt: skip
    body = "".join(
        [
            listed("Paragraf", 2), listed("a"), listed("b"), listed("ba", 1, 1), listed("bb", 1, 1),
            listed("bba", 1, 2), listed("c"), listed("ca", 1, 1), listed("Nästa", 2), listed("d"),
            listed("sjunde", 5), listed("punkt", 3), listed("fyrkant", 3, 1), listed("streck", 3, 2),
            listed("romersk", 4), listed("nolla", 4, 1), listed("ingen", 0), listed("okänd", 99),
        ]
    )  # fmt: skip
    assert read(packed(body, numbering)).split("\n") == [
        "§ 12 Paragraf", "1. a", "2. b", "a) ba", "b) bb", "2.b.1 bba", "3. c", "a) ca",
        "§ 13 Nästa", "4. d", "7. sjunde", "• punkt", "• fyrkant", "- streck",
        "I. romersk", "01 nolla", "ingen", "okänd",
    ]  # fmt: skip


def test_a_number_may_come_from_a_style_and_its_ancestors() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="C"><w:basedOn w:val="D"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="D"><w:basedOn w:val="C"/></w:style>'
    )
    body = (
        p("ett", '<w:pStyle w:val="A"/>') + p("två", '<w:pStyle w:val="B"/>') + p("cirkel", '<w:pStyle w:val="C"/>')
    )
    assert read(packed(body, abstract(1, level(0, "decimal", "%1.")) + num(1, 1), styles)) == "1. ett\n2. två\ncirkel"


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_kept() -> None:
    body = (
        "<w:p><w:r><w:t>Nämnden </w:t></w:r><w:del><w:r><w:delText>avslår</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>bifaller</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> hemligt</w:t></w:r>"
        "<w:moveFrom><w:r><w:t> flyttat</w:t></w:r></w:moveFrom>"
        '<w:hyperlink><w:r><w:t xml:space="preserve"> motionen</w:t></w:r></w:hyperlink>'
        "<w:r><w:instrText>PAGE</w:instrText><w:t>.</w:t><w:tab/><w:t>e</w:t><w:noBreakHyphen/><w:t>post</w:t>"
        "<w:br/><w:t>ny rad</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent>" + p("I ett fält") + "</w:sdtContent></w:sdt>"
    )
    assert read(packed(body)) == "Nämnden bifaller motionen.\te-post\nny rad\nI ett fält"


def test_cells_of_several_paragraphs_stand_side_by_side() -> None:
    def cell(*texts: str, span: int = 1) -> str:
        return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr>{"".join(p(text) for text in texts)}</w:tc>'

    rows = [
        cell("Beslutande") + cell("Anna Ek (S), ordf", "Bo Alm (M)"),
        cell("Närvarolista och mer text över båda", span=2),
        cell("Justerat") + cell("2019-11-12"),
        cell("") + cell("§§ 1–9"),
    ]
    table = f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"
    assert read(packed(p("Före") + table + p("Efter"))).split("\n") == [
        "Före", "", "Beslutande   Anna Ek (S), ordf", "             Bo Alm (M)",
        "Närvarolista och mer text över båda", "Justerat     2019-11-12", "             §§ 1–9", "", "Efter",
    ]  # fmt: skip


def test_a_text_box_stands_after_its_paragraph_once() -> None:
    box = p("innerst")
    for depth in range(20):
        box = f"<w:p><w:r><w:t>ruta {depth}</w:t><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></w:r></w:p>"
    assert read(packed(box)).split("\n") == [*(f"ruta {depth}" for depth in reversed(range(20))), "innerst"]
    inside = f"<w:txbxContent>{p('en gång')}</w:txbxContent>"
    name = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = f"<mc:Choice>{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>"
    twice = f'<mc:AlternateContent xmlns:mc="{name}">{both}</mc:AlternateContent>'
    assert read(packed(f"<w:p><w:r><w:t>före</w:t>{twice}</w:r></w:p>")) == "före\nen gång"


def test_no_entity_is_expanded_and_no_file_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
            f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>Text&a;&f;</w:t></w:r></w:p></w:body></w:document>',
        )
    assert refusal(buffer.getvalue()) == "corrupt"


def test_bombs_and_damage_are_told() -> None:
    assert refusal(packed(p("a" * 30_000_000))) == "too-large"
    assert refusal(packed("<w:p>")) == "corrupt"
    assert refusal(packed("")) == "empty"
    whole = packed(p("Protokoll"))
    assert refusal(whole[: len(whole) // 2]) == "corrupt"
    damaged = bytearray(whole)
    damaged[whole.index(b"word/document.xml") + 25] ^= 0xFF
    assert refusal(bytes(damaged)) == "corrupt"
    deep = packed("<w:sdt>" * 5000 + p("djupt") + "</w:sdt>" * 5000)
    assert refusal(deep) == "corrupt"


def test_a_password_on_the_archive_is_told() -> None:
    data = bytearray(packed(p("Protokoll")))
    local, central = data.rindex(b"PK\x03\x04"), data.rindex(b"PK\x01\x02")
    data[local + 6] |= 1
    data[central + 8] |= 1
    assert refusal(bytes(data)) == "encrypted"


@pytest.mark.parametrize("seed", range(30))
def test_a_damaged_document_gives_text_or_a_reason(seed: int) -> None:
    import random

    chance = random.Random(seed)
    data = bytearray(packed(p("Protokoll") * 50))
    for _ in range(5):
        data[chance.randrange(4, len(data))] = chance.randrange(256)
    result = read_text(bytes(data))
    assert isinstance(result, Text) or result.reason in (
        "corrupt",
        "encrypted",
        "empty",
        "unknown-format",
        "too-large",
    )
