"""What is told of a document that was removed, at its IRI and at those of its text, graph, spans and runs: that it is
gone, since when, and on what ground (410, RFC 9110, 15.5.11)."""

import re
from typing import Final

from server.asking import Rows
from server.messages import Problem
from server.site import NS, iri_ref

PLACE: Final = re.compile(r"/id/(?:document|text|graph|span|run)/([0-9a-f]{16})(?:/|\Z)")
REMOVED: Final = "https://w3id.org/kommungraf/concept/processing-status/removed"
WHEN: Final = "http://www.w3.org/ns/prov#invalidatedAtTime"


def query(base: str, path: str) -> str | None:
    """The query for the tombstone of the document that a path belongs to, or None where it belongs to none."""
    match = PLACE.match(path)
    if not match:
        return None
    document = iri_ref(f"{base}/id/document/{match[1]}")
    return (
        f"SELECT ?when ?ground WHERE {{ {document} <{NS}processingStatus> <{REMOVED}> ; <{WHEN}> ?when "
        f"OPTIONAL {{ {document} <{NS}refusalReason> ?ground }} }} LIMIT 1"
    )


def problem(found: Rows) -> Problem | None:
    """What to answer by the rows of that query; None where nothing was removed."""
    if not found.rows:
        return None
    when, ground = (term.value if term else "" for term in found.rows[0])
    day = when[:10]
    return Problem(
        410,
        f"Handlingen togs bort {day}." + (f" Skäl: {ground}" if ground else ""),
        f"The document was removed on {day}." + (f" Ground: {ground}" if ground else ""),
        {"kind": "removed", "removed": when} | ({"ground": ground} if ground else {}),
    )
