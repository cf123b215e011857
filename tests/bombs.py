"""Documents made to take a parser's time, memory or sense, each by a few lines: small, and worth gigabytes or hours.

Of each: the bytes, and the reasons for which it may be refused; "read" where it may also be read in full.
"""

import codecs
import io
import random
import zipfile
import zlib
from collections.abc import Callable, Iterator

GB = 2**30
MINUTES = (
    "Almviks kommun\nSocialnämnden\nProtokoll 2024-05-21\n\n§ 1\nTitel\n\nBeslut\nNämnden beslutar att godkänna.\n"
)


def packed(unit: bytes, size: int, times: int = 1) -> bytes:
    """`size` bytes of a repeated unit, deflated as many times, without ever being held."""
    pieces: Iterator[bytes] = (unit * (2**20 // len(unit)) for _ in range(size // 2**20))
    for _ in range(times):
        pieces = _deflated(pieces)
    return b"".join(pieces)


def _deflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(9)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>"


def page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A PDF of one page with this content stream (a whole object); `more` are objects from 6."""
    return pdf(CATALOGUE, PAGES, PAGE % resources, content, FONT, *more)


def flate(size: int, times: int = 1) -> bytes:
    return page(
        stream(packed(b"BT /F 9 Tf (a) Tj ET\n   "[:16], size, times), b"/Filter[%s]" % (b"/FlateDecode" * times))
    )


def operators(count: int) -> bytes:
    """So many times a sign is drawn, each at another place."""
    content = b"BT /F 9 Tf\n" + b"1 0 Td (ab) Tj\n" * count + b"ET"
    return page(stream(zlib.compress(content, 9), b"/Filter/FlateDecode"))


def forms(depth: int) -> bytes:
    """Each form draws the next one twice: 2 ** depth signs."""
    names = [b"/X %d 0 R" % number for number in range(7, 7 + depth)]
    each = [
        stream(
            b"/X Do 1 0 0 1 1 1 cm /X Do",
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<<%s>>>>" % name,
        )
        for name in names
    ]
    last = stream(
        b"BT /F 9 Tf (a) Tj ET",
        b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>",
    )
    return page(stream(b"/X Do"), *each, last, resources=b"/XObject<</X 6 0 R>>")


def cyclic_pages() -> bytes:
    return pdf(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 9>>", b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 9>>")


def many_pages(count: int) -> bytes:
    """One page, said to be many."""
    return pdf(
        CATALOGUE,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * min(count, 10_000), count),
        PAGE % b"",
        stream(b"BT /F 9 Tf (a) Tj ET"),
        FONT,
    )


def nested_arrays(depth: int) -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R/X %s>>" % (b"[" * depth + b"]" * depth), PAGES, PAGE % b"", stream(b""), FONT
    )


def huge_page() -> bytes:
    """A page of some kilometres with a picture as large: what a scan is looked at as."""
    picture = stream(
        b"\x00" * 9, b"/Type/XObject/Subtype/Image/Width 3/Height 3/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    huge = PAGE.replace(b"595 842", b"1e9 1e9") % b"/XObject<</X 6 0 R>>"
    return pdf(CATALOGUE, PAGES, huge, stream(b"1e9 0 0 1e9 0 0 cm /X Do"), FONT, picture)


def thin_page() -> bytes:
    """A page a point wide and a million high: drawn to a width of 400 dots it would need a tenth of a terabyte."""
    picture = stream(
        b"\x00" * 9, b"/Type/XObject/Subtype/Image/Width 3/Height 3/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    thin = PAGE.replace(b"595 842", b"1 1000000") % b"/XObject<</X 6 0 R>>"
    return pdf(CATALOGUE, PAGES, thin, stream(b"1 0 0 1000000 0 0 cm /X Do"), FONT, picture)


def huge_picture() -> bytes:
    """A picture said to be 60,000 dots wide and high."""
    data = packed(b"\x00", GB)
    picture = stream(
        data,
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8"
        b"/Filter/FlateDecode",
    )
    return page(stream(b"595 0 0 842 0 0 cm /X Do"), picture, resources=b"/XObject<</X 6 0 R>>")


def huge_font() -> bytes:
    """A font with a table of widths without end, and one whose map to Unicode unpacks to a gigabyte."""
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>"
    widths = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/W[%s]/CIDSystemInfo<</Registry(A)/Ordering(B)/Supplement 0>>>>"
    )
    unicode_map = stream(packed(b"<0000> <FFFF> <0000>\n    "[:16], GB), b"/Filter/FlateDecode")
    return pdf(
        CATALOGUE, PAGES, PAGE % b"", stream(b"BT /F 9 Tf <00410042> Tj ET"), font, widths % (b"0 2147483647 1 " * 100_000), unicode_map
    )  # fmt: skip


def encrypted() -> bytes:
    lock = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
    return pdf(CATALOGUE, PAGES, PAGE % b"", stream(b"BT /F 9 Tf (a) Tj ET"), FONT, trailer=lock)


def object_streams() -> bytes:
    """An object that stands in a packed stream that extends itself."""
    packed_objects = stream(
        zlib.compress(b"1 0 " * 99 + b"<<>>"), b"/Type/ObjStm/N 99/First 396/Extends 2 0 R/Filter/FlateDecode"
    )
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>\nendobj\n2 0 obj\n"
        + packed_objects
        + b"\nendobj\ntrailer<</Root 1 0 R>>"
    )


WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/></Relationships>'
)
LAUGHS = "<!DOCTYPE x [<!ENTITY a '" + "ha" * 50 + "'>" + "".join(
    f"<!ENTITY {after} '{f'&{before};' * 10}'>" for before, after in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip


def docx(document: str | bytes, target: str = "word/document.xml", **more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", RELATIONS.format(target))
        archive.writestr("word/document.xml", document)
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return buffer.getvalue()


def paragraphs(text: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.splitlines())


def large_part() -> bytes:
    buffer = io.BytesIO()
    before, _, after = WORD.partition("{}")
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        part.write(before.encode())
        for _ in range(2 * GB // 2**20):
            part.write(b"<w:p/>  " * 2**17)
        part.write(after.encode())
    return buffer.getvalue()


def lying_part() -> bytes:
    """As a large part, but its size is said to be small."""
    data = bytearray(docx(WORD.format("<w:p/>" * 9_000_000)))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = -1
        while (at := data.find(mark, at + 1)) >= 0:
            if b"word/document.xml" in data[at : at + 80]:
                data[at + place : at + place + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def many_entries(count: int) -> bytes:
    return docx(WORD.format(paragraphs(MINUTES)), **{f"word__media__{n}": "" for n in range(count)})


def zip_of(name: str, content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        content, name = buffer.getvalue(), "word/document.xml"
    return content


def spoilt(document: bytes, seed: int) -> bytes:
    """A document with some of its bytes changed, cut, doubled or moved, the same for the same seed."""
    chance = random.Random(seed)
    data = bytearray(document)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(data))
        length = min(chance.choice((1, 1, 2, 8, 300)), len(data) - at)
        what = chance.randrange(5)
        if what == 0:
            data[at : at + length] = chance.randbytes(length)
        elif what == 1:
            data[at] ^= 1 << chance.randrange(8)
        elif what == 2:
            del data[at : at + length]
        elif what == 3:
            data[at:at] = data[at : at + length] * chance.choice((1, 3, 50))
        else:
            other = chance.randrange(len(data))
            data[other:other] = data[at : at + length]
        data = data or bytearray(b" ")
    return bytes(data)


RDF_XML = "<?xml version='1.0'?>{}<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='http://x.example/'><rdf:value>{}</rdf:value></rdf:Description></rdf:RDF>"
SURROGATE = b"\xed\xa0\x80"

BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "pdf, 2 MB that unpack to 2 GB": (lambda: flate(2 * GB), "too-large crash too-slow empty"),
    "pdf, packed twice": (lambda: flate(2 * GB, 2), "too-large crash too-slow empty"),
    "pdf, five million operators": (lambda: operators(5_000_000), "too-large crash too-slow not-a-meeting-document"),
    "pdf, forms within forms": (lambda: forms(30), "too-large crash too-slow corrupt empty"),
    "pdf, pages in a circle": (cyclic_pages, "corrupt empty"),
    "pdf, a million pages": (lambda: many_pages(1_000_000), "too-large corrupt"),
    "pdf, two billion pages": (lambda: many_pages(2**31 - 1), "too-large corrupt"),
    "pdf, pages said to be many": (lambda: many_pages(4_999), "corrupt not-a-meeting-document too-large"),
    "pdf, nested arrays": (lambda: nested_arrays(200_000), "corrupt crash empty"),
    "pdf, a page of kilometres": (huge_page, "empty images-only too-large crash"),
    "pdf, a thin page": (thin_page, "empty images-only too-large crash"),
    "pdf, a huge picture": (huge_picture, "empty images-only too-large crash too-slow"),
    "pdf, a huge font": (huge_font, "empty not-a-meeting-document too-large crash too-slow"),
    "pdf, encrypted": (encrypted, "encrypted"),
    "pdf, objects that extend themselves": (object_streams, "corrupt empty"),
    "docx, 2 MB that unpack to 2 GB": (large_part, "too-large"),
    "docx, a part that says it is small": (lying_part, "too-large corrupt"),
    "docx, 20,000 entries": (lambda: many_entries(20_000), "read"),
    "docx, entities": (lambda: docx(LAUGHS + WORD.format(paragraphs("&i;"))), "corrupt"),
    "docx, entities in the styles": (
        lambda: docx(WORD.format(paragraphs(MINUTES)), word__styles_DOT_xml=LAUGHS + "<x>&i;</x>"),
        "corrupt",
    ),
    "docx, entity of a file": (
        lambda: docx('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + WORD.format(paragraphs("&f;"))),
        "corrupt",
    ),
    "docx, 100,000 nested elements": (
        lambda: docx(WORD.format("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000)),
        "corrupt crash too-large",
    ),
    "docx, 5,000 nested tables": (
        lambda: docx(WORD.format("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80)),
        "corrupt crash too-large empty",
    ),
    "docx, main part outside": (lambda: docx("", "../../../../etc/passwd"), "corrupt"),
    "docx, main part absolute": (lambda: docx("", "/etc/passwd"), "corrupt"),
    "zip in zip in zip": (lambda: zip_of("word/document.xml", packed(b"\x00", GB // 4), 5), "corrupt"),
    "zip, no document": (lambda: zip_of("../../protokoll.txt", MINUTES.encode()), "unknown-format"),
    "gzip": (lambda: zlib.compress(MINUTES.encode(), wbits=31), "unknown-format"),
    "html, 200,000 nested divisions": (lambda: b"<html><body>" + b"<div>" * 200_000 + MINUTES.encode(), "too-deep"),
    "html, 200,000 nested of two kinds": (lambda: b"<html>" + b"<b><i>" * 100_000 + MINUTES.encode(), "too-deep"),
    "html, 200,000 nested links": (lambda: b"<html>" + b"<a><p>" * 100_000 + MINUTES.encode(), "not-a-meeting-document"),
    "html, 200,000 unclosed tables": (
        lambda: b"<html>" + b"<table><td>" * 100_000 + MINUTES.encode(),
        "too-deep too-slow",
    ),
    "html, 500,000 attributes": (
        lambda: b"<html><body" + b"".join(b" a%d=x" % n for n in range(500_000)) + b">" + MINUTES.encode(),
        "read not-a-meeting-document too-slow",
    ),
    "html, entities without end": (lambda: b"<html><p>" + b"&amp" * 5_000_000, "not-a-meeting-document too-slow"),
    "html, formatting elements adopted": (
        lambda: b"<html>" + b"<p><b><font size=1>" * 20_000,
        "empty too-deep too-slow not-a-meeting-document",
    ),
    "html, a lie about its letters": (
        lambda: b"<html><meta charset=utf-16>" + MINUTES.replace("\n", "<br>").encode(),
        "read",
    ),
    "xml, entities": (lambda: f"<?xml version='1.0'?>{LAUGHS}<x>&i;</x>".encode(), "unknown-format"),
    "rdf/xml": (lambda: RDF_XML.format("", "x").encode(), "unknown-format"),
    "rdf/xml without a declaration": (lambda: RDF_XML.format("", "x").partition("?>")[2].encode(), "unknown-format"),
    "rdf/xml, entities": (lambda: RDF_XML.format(LAUGHS, "&i;").encode(), "unknown-format"),
    "utf-16 without a mark": (lambda: MINUTES.encode("utf-16-le"), "unknown-format"),
    "utf-32, cut": (lambda: codecs.BOM_UTF32_LE + MINUTES.encode("utf-32-le")[:-2], "corrupt"),
    "utf-32, no character": (lambda: codecs.BOM_UTF32_LE + b"\xff\xff\xff\x7f" * 99, "corrupt"),
    "utf-16, a lone surrogate": (lambda: codecs.BOM_UTF16_LE + b"\x00\xd8a\x00" * 99, "corrupt"),
    "utf-8, a lone surrogate": (lambda: codecs.BOM_UTF8 + MINUTES.encode() + SURROGATE, "corrupt"),
    "utf-8, longer than need be": (lambda: codecs.BOM_UTF8 + MINUTES.encode() + b"\xc0\xaf\xe0\x80\xaf", "corrupt"),
    "zero bytes": (lambda: MINUTES.replace(" ", "\x00").encode(), "unknown-format"),
    "one line of 200 MB": (lambda: b"Protokoll " * 20_000_000, "too-large"),
    "one line of 40 MB": (lambda: b"Protokoll " * 4_000_000, "too-large"),
    "one line of 15 MB": (lambda: MINUTES.encode() + b"ord " * 3_750_000, "read too-slow too-large not-a-meeting-document"),
    "one word of 15 MB": (lambda: MINUTES.encode() + b"o" * 15_000_000, "read too-slow too-large not-a-meeting-document"),
}  # fmt: skip
