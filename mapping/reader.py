"""A canonical text -> what it says: recognises the kind of document and reads it."""

from collections.abc import Callable

from mapping.agenda import read_agenda
from mapping.annual_report import read_annual_report
from mapping.kinds import kind_of_document
from mapping.known import Known
from mapping.known_parties import known_parties
from mapping.legible import legible
from mapping.minutes import read_minutes
from mapping.motion import read_motion
from mapping.official_report import read_official_report
from mapping.records import DocumentRecord, Refused
from mapping.rows import Layout, layout
from mapping.text import Text

Reader = Callable[[Text, Layout, str, Known, str | None], DocumentRecord]

READERS: dict[str, Reader] = {
    "minutes": read_minutes,
    "minutes-extract": read_minutes,
    "agenda": read_agenda,
    "annual-report": read_annual_report,
    "motion": read_motion,
    "interpellation": read_motion,
    "official-report": read_official_report,
}


def read_document(text: Text, municipality: str | None = None) -> DocumentRecord | Refused:
    """Reads a document. `municipality`: a name or SCB code, used where the head of the document does not say.

    Refuses what is no municipal meeting document, with the reason."""
    text = legible(text)
    page = layout(text)
    kind = kind_of_document(text, page)
    if isinstance(kind, Refused):
        return kind
    return READERS[kind](text, page, kind, known_parties(text.canonical, page.rows), municipality)
