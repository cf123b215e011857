"""The addresses of things: natural keys, never the order of extraction, equal in every document.

A slug has small ASCII letters, digits and hyphens; a registry number keeps its capitals ("SOF-2024-718").
Where a natural key is not known (no date, no body), the first 16 hex digits of the document's SHA-256
stand in its place, so that nothing is joined that may not belong together.
"""

import datetime
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import ontology

_LETTERS = str.maketrans(
    {
        "å": "a",
        "ä": "a",
        "ö": "o",
        "æ": "a",
        "ø": "o",
        "ß": "ss",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "Å": "A",
        "Ä": "A",
        "Ö": "O",
        "Æ": "A",
        "Ø": "O",
        "Ł": "L",
        "đ": "d",
    }
)
_PARAGRAPH = re.compile(r"(?P<number>\d+)\s*[/:.]?\s*(?P<suffix>.*)", re.DOTALL)

_KIND = re.compile(r"s?\s+(?:kommun|stad)s?$", re.IGNORECASE)


@lru_cache(maxsize=65536)
def slug(text: str) -> str:
    """ "Kommunstyrelsens arbetsutskott" gives "kommunstyrelsens-arbetsutskott", "André Öhr" "andre-ohr"."""
    return _hyphened(text.lower())


@lru_cache(maxsize=65536)
def number_slug(notation: str) -> str:
    """ "SOF 2024/718-2" gives "SOF-2024-718-2": as `slug`, but capitals stay."""
    return _hyphened(notation)


def _hyphened(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")


def municipality_key(printed: str | None) -> str | None:
    """The SCB code ("0180") of one of the 290 municipalities, else the slug of the name ("almvik")."""
    if printed is None:
        return None
    return ontology.municipality_code(printed) or slug(_KIND.sub("", printed.strip())) or None


def paragraph(number: str) -> tuple[int | None, str | None]:
    """ "5" gives (5, None), "63/20" (63, "20"), "12 A" (12, "A"), "1-2" (1, "-2"); (None, text) where no
    number stands."""
    match = _PARAGRAPH.fullmatch(number.strip())
    if match is None:
        return None, number.strip() or None
    return int(match["number"]), match["suffix"].strip() or None


@dataclass(frozen=True, slots=True)
class Namer:
    """Builds the IRIs of one document. `municipality`, `body`: key and slug; `sha16` the document's id."""

    base: str
    municipality: str
    body: str | None
    date: datetime.date | None
    sha16: str

    def id(self, *parts: str | int) -> str:
        return f"{self.base}/id/{'/'.join(map(str, parts))}"

    @property
    def _occasion(self) -> str:
        if self.body and self.date:
            return f"{self.municipality}/{self.body}/{self.date.isoformat()}"
        return self.sha16

    @property
    def document(self) -> str:
        return self.id("document", self.sha16)

    @property
    def text(self) -> str:
        return self.id("text", self.sha16)

    @property
    def graph(self) -> str:
        return self.id("graph", self.sha16)

    @property
    def meeting(self) -> str:
        return self.id("meeting", self._occasion)

    def run(self, version: str) -> str:
        return self.id("run", self.sha16, re.sub(r"[^A-Za-z0-9.+_-]", "-", version))

    def authority(self) -> str:
        return self.id("municipality", self.municipality)

    def body_of(self, label: str) -> str:
        return self.id("body", self.municipality, slug(label))

    def administration(self, printed: str) -> str:
        return self.id("administration", self.municipality, administration_slug(printed, self.body))

    def treatment(self, segment: str) -> str:
        return self.id("treatment", self._occasion, segment)

    def agenda_item(self, position: int) -> str:
        return self.id("agenda-item", self._occasion, position)

    def case(self, notation: str) -> str:
        return self.id("case", self.municipality, number_slug(notation))

    def registry_number(self, notation: str) -> str:
        return self.id("registry-number", self.municipality, number_slug(notation))

    def matter(self, notation: str, kind: str) -> str:
        return self.id("matter", self.municipality, number_slug(notation), kind)

    def listed_document(self, identifier: str) -> str:
        return self.id("document", self.municipality, number_slug(identifier))

    def cited_document(self, citation: str) -> str:
        """A bill, an official report of the state, a statute: known by its citation in the whole country."""
        return self.id("document", "se", slug(citation))

    def attendance(self, person: str) -> str:
        return self.id("attendance", self._occasion, person)

    def goal(self, year: int, number: str | None) -> str:
        """The address of a goal, or, without a number, the stem for what stands under no goal."""
        stem = (self.municipality, self.body or self.sha16, year)
        return self.id("goal", *stem, slug(number)) if number else self.id("goal", *stem)


_GENERIC = frozenset({"forvaltningen", "forvaltningens", "forvaltning", "kontoret", "kontorets-ledning"})


def administration_slug(printed: str, body: str | None) -> str:
    """ "Socialförvaltningen" is known by its name; "förvaltningen" alone is that of the body."""
    own = slug(printed)
    return f"{body}-{own}" if body and own in _GENERIC else own


def person_iri(base: str, municipality: str, person: str) -> str:
    return f"{base}/id/person/{municipality}/{person}"


def party_iri(base: str, municipality: str, code: str, national: bool) -> str:
    return f"{base}/id/party/{code}" if national else f"{base}/id/party/{municipality}/{slug(code).upper() or 'X'}"


def membership_iri(base: str, municipality: str, person: str, organization: str, role: str) -> str:
    return f"{base}/id/membership/{municipality}/{person}/{organization}/{role}"


def identity_iri(base: str, municipality: str, *persons: str) -> str:
    return f"{base}/id/identity/{municipality}/{'/'.join(persons)}"
