"""A canonical text -> what it says: recognises the kind of document and reads it."""

from mapping.actors import known_parties
from mapping.kinds import kind_of_document
from mapping.minutes import read_minutes
from mapping.records import DocumentRecord, Refused
from mapping.structure import layout
from mapping.text import Text


def read_document(text: Text, municipality: str | None = None) -> DocumentRecord | Refused:
    """Reads a document. `municipality`: a name or SCB code that goes before what the text says.

    Refuses what is no municipal meeting document, with the reason."""
    page = layout(text)
    known = known_parties(text.canonical)
    kind = kind_of_document(text, page)
    if isinstance(kind, Refused):
        return kind
    return READERS[kind](text, page, kind, known, municipality)


READERS = {"minutes": read_minutes, "minutes-extract": read_minutes}
