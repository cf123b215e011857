"""Word documents (.docx): paragraphs, lists with their numbers, tables; deleted and hidden text left out."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree

from mapping.formats.docx_styles import Element, Spacing, Styles, W, read_styles
from mapping.formats.plain import in_one_piece, printable
from mapping.formats.refusals import Unreadable
from mapping.formats.tables import Cell, table_lines
from mapping.text import Text

_PART_LIMIT = 100 * 1024 * 1024  # bytes of one unpacked part
_RATIO_LIMIT = 200  # unpacked to packed; Word's own XML packs to a tenth or a twentieth
_HARMLESS = 5 * 1024 * 1024  # bytes that are unpacked whatever the ratio
_NOTICEABLE = 100  # twentieths of a point between paragraphs that a reader sees as a gap
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = {
    W + "del",
    W + "moveFrom",
    _MC + "Fallback",
    W + "sectPr",
    W + "pPr",
    W + "rPr",
    W + "tblPr",
    W + "instrText",
}
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_SIGNS = {"noBreakHyphen": "-", "tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n"}


@dataclass(slots=True)
class _Lines:
    lines: list[str] = field(default_factory=list)
    after: int = 0
    style: str = ""
    contextual: bool = False

    def gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def paragraph(self, text: str, spacing: Spacing, style: str) -> None:
        same = style == self.style
        after = 0 if same and self.contextual else self.after
        before = 0 if same and spacing.contextual else spacing.before
        if not text.strip() or max(after, before) >= _NOTICEABLE:
            self.gap()
        if text.strip():
            self.lines += [line.rstrip() for line in text.split("\n")]
        self.after, self.style, self.contextual = spacing.after, style, spacing.contextual


def read_docx(archive: zipfile.ZipFile) -> Text:
    """The text of a Word document: the main part, without headers, footers, notes and comments.

    Raises Unreadable: encrypted, corrupt, too-large.
    """
    main = _main_part(archive)
    folder = posixpath.dirname(main)
    document = _part(archive, main)
    if document is None:
        raise Unreadable("corrupt", "huvuddelen saknas", "its main part is missing")
    body = document.find(W + "body")
    if body is None:
        raise Unreadable("corrupt", "texten saknas i huvuddelen", "its main part has no body")
    styles = read_styles(_part(archive, f"{folder}/styles.xml"), _part(archive, f"{folder}/numbering.xml"))
    lines = _Lines()
    _blocks(body, styles, lines)
    canonical = "\n".join(lines.lines).strip("\n")
    return Text(printable(canonical.replace("\r", "\n").replace("\f", "\n")), "docx")


def _main_part(archive: zipfile.ZipFile) -> str:
    relations = _part(archive, "_rels/.rels")
    for relation in relations.iterchildren() if relations is not None else ():
        if str(relation.get("Type")).endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


def _part(archive: zipfile.ZipFile, name: str) -> Element | None:
    """A part of the document as XML; None where there is none. Entities are never expanded."""
    try:
        info = archive.getinfo(name)
    except KeyError:  # styles and numbering are optional
        return None
    if info.flag_bits & 1:
        raise Unreadable("encrypted")
    if info.file_size > _PART_LIMIT or info.file_size > max(_HARMLESS, _RATIO_LIMIT * info.compress_size):
        raise _bomb()
    try:
        with archive.open(info) as stream:
            data = stream.read(min(info.file_size, _PART_LIMIT) + 1)
    except _ZIP_ERRORS as error:
        raise Unreadable("corrupt", f"{name} går inte att packa upp", f"{name} cannot be unpacked") from error
    if len(data) > info.file_size:
        raise _bomb()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("corrupt", f"{name} är inte giltig XML", f"{name} is not valid XML") from error
    if root.getroottree().docinfo.internalDTD is not None:  # it would declare entities: no part has one (ECMA-376-2)
        raise Unreadable("corrupt", f"{name} har en DOCTYPE", f"{name} has a DOCTYPE")
    return root


def _bomb() -> Unreadable:
    return Unreadable("too-large", "den växer orimligt när den packas upp", "it grows beyond reason when unpacked")


def _blocks(parent: Element, styles: Styles, lines: _Lines) -> None:
    for child in parent.iterchildren():
        if child.tag == W + "p":
            _paragraph(child, styles, lines)
        elif child.tag == W + "tbl":
            lines.gap()
            lines.lines += _table(child, styles)
            lines.gap()
            lines.after, lines.style = 0, ""
        elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
            _blocks(child, styles, lines)  # content controls, tracked insertions, custom XML


def _paragraph(paragraph: Element, styles: Styles, lines: _Lines) -> None:
    text = in_one_piece("".join(_signs(paragraph)))
    if text.strip() and not _is_deleted(paragraph):
        text = in_one_piece(styles.label(paragraph)) + text.lstrip(" ")
    lines.paragraph(text, styles.spacing(paragraph), styles.style_of(paragraph))
    for box in paragraph.iter(W + "txbxContent"):
        between = takewhile(lambda above: above is not paragraph, box.iterancestors())
        if not any(above.tag in _LEFT_OUT or above.tag == W + "txbxContent" for above in between):
            _blocks(box, styles, lines)


def _is_deleted(paragraph: Element) -> bool:
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None and not "".join(_signs(paragraph)).strip()


def _signs(element: Element) -> Iterator[str]:
    """The characters of a paragraph's runs; a text box inside it is read after it."""
    for child in element.iterchildren():
        if not isinstance(child.tag, str) or child.tag in _LEFT_OUT or child.tag == W + "txbxContent":
            continue
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag == W + "r":
            vanish = child.find(f"{W}rPr/{W}vanish")
            if vanish is None or vanish.get(W + "val") in ("0", "false", "off"):
                yield from _signs(child)
        elif child.tag.startswith(W) and child.tag[len(W) :] in _SIGNS:
            yield _SIGNS[child.tag[len(W) :]]
        else:
            yield from _signs(child)


def _table(table: Element, styles: Styles) -> list[str]:
    return table_lines([[_cell(cell, styles) for cell in _children(row, "tc")] for row in _children(table, "tr")])


def _children(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those inside content controls and tracked insertions."""
    for child in parent.iterchildren():
        if child.tag == W + name:
            if name != "tr" or child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins", W + "customXml"):
            yield from _children(child, name)


def _cell(cell: Element, styles: Styles) -> Cell:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    columns = span.get(W + "val", "1") if span is not None else "1"
    lines = _Lines()
    _blocks(cell, styles, lines)
    while lines.lines and not lines.lines[-1].strip():
        lines.lines.pop()
    return Cell(
        tuple(line.replace("\t", "   ") for line in lines.lines), int(columns[:4]) if columns.isdecimal() else 1
    )
