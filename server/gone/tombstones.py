"""What is told of what was withdrawn or erased, at its IRI, and of a document also at the IRIs of its text, graph,
spans, runs and report: that it is gone, since when, and on what ground (410, RFC 9110, 15.5.11; DIGG, UM-10)."""

import re
from typing import Final

from server import printed
from server.messages import Problem
from server.site import NS, iri_ref

OF_A_DOCUMENT: Final = re.compile(r"(?:document|text|graph|span|run|report)/([0-9a-f]{16})(?:/|\Z)")
REMOVED: Final = "https://w3id.org/kommungraf/concept/processing-status/removed"
WHEN: Final = "http://www.w3.org/ns/prov#invalidatedAtTime"


def pattern(base: str, iri: str) -> str:
    """The graph pattern, with ?when and ?ground, for the tombstone of an IRI, or of the document it belongs to.

    Raises ValueError for what is no IRI.
    """
    match = OF_A_DOCUMENT.match(iri, len(base) + 4) if iri.startswith(base + "/id/") else None
    ref = iri_ref(f"{base}/id/document/{match[1]}" if match else iri)
    return (
        f"{{ {ref} <{NS}processingStatus> <{REMOVED}> ; <{WHEN}> ?when "
        f"OPTIONAL {{ {ref} <{NS}refusalReason> ?ground }} }}"
    )


def problem(when: str, ground: str) -> Problem:
    """410: gone since `when` (xsd:dateTime), on a ground that may be empty."""
    sv, en = (printed.date(when, each) for each in ("sv", "en"))
    return Problem(
        410,
        f"Det här togs bort {sv}." + (f" Skäl: {ground}" if ground else ""),
        f"This was removed on {en}." + (f" Ground: {ground}" if ground else ""),
        {"kind": "removed", "removed": when} | ({"ground": ground} if ground else {}),
    )
