"""What else a client may know of a thing it looks for: party, body, municipality, period."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from server.reconciliation import names
from server.reconciliation.entities import Entity
from server.reconciliation.index import Index

PROPERTIES: Final = ("party", "body", "municipality", "period")
CERTAIN: Final = frozenset({"party", "municipality"})  # a thing of another one is another thing
_YEARS: Final = re.compile(r"(\d{4})(?:\s*[/–-]\s*(\d{4}))?\Z")
_DAY: Final = r"\d{4}-\d\d-\d\d"
_DAYS: Final = re.compile(rf"({_DAY})(?:T[\d:.Z+-]*)?(?:\s*(?:/|–|--)\s*({_DAY}))?\Z")


@dataclass(frozen=True, slots=True)
class Known:
    """What a client says of one property: IRIs of parties or bodies, codes of municipalities (IRIs where they have
    none), or spans of dates.

    Empty where the service knows nothing of the kind: then nothing agrees.
    """

    property: str
    meant: frozenset[str]
    spans: tuple[tuple[str, str], ...] = ()

    def agrees(self, entity: Entity) -> bool | None:
        """Whether an entity is as the client says; None where the graph does not tell."""
        if self.property == "period":
            return _overlaps(self.spans, entity)
        has = _has(self.property, entity)
        return bool(has & self.meant) if has else None


def known(index: Index, property_: str, values: Iterable[str]) -> Known:
    """What the values of a property mean here."""
    told = [value for value in values if value.strip()]
    if property_ == "period":
        return Known(property_, frozenset(), tuple(span for value in told if (span := period(value))))
    if property_ == "municipality":
        return Known(property_, frozenset(code for value in told for code in municipality(index, value)))
    kind = {"party": "Party", "body": "Body"}.get(property_)
    found = (entity.iri for value in told for entity in named(index, value) if entity.type == kind)
    return Known(property_, frozenset(found))


def named(index: Index, text: str) -> list[Entity]:
    """The parties and bodies that a value names, by IRI, by the end of their IRI, by name or by abbreviation."""
    for entity in (index.entities.of.get(text), index.by_id.get(text)):
        if entity:
            return [entity]
    plain = names.plain(text)
    return [
        index.all[at] for at in index.whole(plain) if any(names.agree(plain, form.plain) for form in index.forms[at])
    ]


def municipality(index: Index, text: str) -> frozenset[str]:
    """The codes of a municipality: "0180", "Stockholm", "Stockholms kommun", "Stockholms stad", or its IRI. Of one
    that has no code, its IRI."""
    if text in index.entities.municipalities:
        return frozenset({text})
    code = text.rstrip("/").rpartition("/")[2] if "/" in text else text.strip()
    if code.zfill(4) in index.entities.municipalities:
        return frozenset({code.zfill(4)})
    return frozenset(index.towns.get(names.town(text), ()))


def period(text: str) -> tuple[str, str] | None:
    """The first and last day of "2024", "2018-2022", "2024-03-12" or "2024-03-12/2024-04-01"; None for others."""
    text = text.strip()
    if years := _YEARS.match(text):
        return f"{years[1]}-01-01", f"{years[2] or years[1]}-12-31"
    days = _DAYS.match(text)
    return (days[1], days[2] or days[1]) if days else None


def _overlaps(spans: Iterable[tuple[str, str]], entity: Entity) -> bool | None:
    first, last = entity.first, entity.last
    if not first or not last:
        return None
    return any(begin <= last and first <= end for begin, end in spans)


def _has(property_: str, entity: Entity) -> set[str]:
    if property_ == "municipality":
        return {entity.municipality} if entity.municipality else set()
    own = {entity.iri} if entity.type.lower() == property_ else set()  # "Socialdemokraterna (S)"
    return own | {"party": entity.parties, "body": entity.posts}.get(property_, set())
