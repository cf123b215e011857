"""The corrections of a thing, as its page shows them: the former value stands beside the new one."""

from dataclasses import dataclass

from server.site import NS, Site, iri_ref

MOST = 200
INVALIDATED = "http://www.w3.org/ns/prov#invalidatedAtTime"


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction on a page; `withdrawn` is the day (ISO 8601), empty where it holds."""

    iri: str
    predicate: str
    former: str
    value: str
    decided_by: str
    ground: str
    date: str
    withdrawn: str


def of(site: Site, iri: str) -> list[Shown]:
    """The corrections of an IRI, the newest first; of a decision also those of the day on which it was made. Raises
    QueryFailed."""
    ref = iri_ref(iri)
    day = (
        f"?treatment <{NS}resultedIn> {ref} ; <{NS}treatedAt> ?meeting . "
        f"?c <{NS}corrects> ?meeting ; <{NS}correctedProperty> <{NS}date>"
    )
    said = " ; ".join(
        f"<{NS}{name}> ?{name}"
        for name in ("correctedProperty", "formerValue", "newValue", "decisionMaker", "ground", "date")
    )
    rows = site.pool.rows(
        f"SELECT DISTINCT ?c ?correctedProperty ?formerValue ?newValue ?decisionMaker ?ground ?date ?withdrawn "
        f"WHERE {{ {{ ?c <{NS}corrects> {ref} }} UNION {{ {day} }} "
        f"?c {said} OPTIONAL {{ ?c <{INVALIDATED}> ?withdrawn }} }} "
        f"ORDER BY DESC(?date) DESC(STRLEN(STR(?c))) DESC(STR(?c)) LIMIT {MOST}"
    )
    found = []
    for row in rows.rows:
        at, predicate, former, value, who, why, date, withdrawn = (term.value if term else "" for term in row)
        found.append(Shown(at, predicate, former, value, who, why, date, withdrawn[:10]))
    return found
