"""Minutes with invented paragraphs, as the tests of the reader give them."""

from mapping.reader import read_document
from mapping.records import DocumentRecord, Item, Proposal
from mapping.text import Text

TOP = "Almviks kommun\nSocialnämnden\nSammanträdesprotokoll\n2024-03-12\nSida 1 (3)\n\n"


def read(body: str) -> DocumentRecord:
    record = read_document(Text(TOP + body))
    assert isinstance(record, DocumentRecord), record
    return record


def item(body: str) -> Item:
    return read(body).items[0]


def moved(found: Item) -> list[Proposal]:
    """The proposals of members; the administration's stands beside them where they name it."""
    return [p for p in found.proposals if not p.by[0].is_administration]
