"""What there is near an identifier that is none: what differs from it by a slip, and what its path speaks of.

Only what is published now is told: each is looked up in the graph before it is. The work for one address is bounded,
whatever it is.
"""

import re
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import Final

import ontology
from server.asking import QueryFailed
from server.gone import tombstones
from server.made_once import MadeOnce
from server.naming import look_up
from server.site import CONCEPT, NS, Site, iri_ref, is_iri
from server.things.likeness import LONGEST, SHOWN, Paths, among, folded, nearest

CLASSES: Final = (
    "Municipality", "Party", "Body", "Administration", "Meeting", "Goal", "Case", "Person", "Document"
)  # fmt: skip
"""The classes whose identifiers are kept, about those first of which there are fewest."""
OWN: Final = frozenset(each.lower() for each in CLASSES)
"""The folders of their identifiers."""
PART_OF: Final = {
    **dict.fromkeys(("treatment", "agenda-item", "attendance"), ("meeting", 3)),
    **dict.fromkeys(("text", "span", "graph", "run"), ("document", 1)),
    **dict.fromkeys(("registry-number", "matter"), ("case", 2)),
    **dict.fromkeys(("membership", "identity"), ("person", 2)),
}
"""The other folders: the folder of what theirs are part of, and how many parts of the path it takes."""
DOCUMENT: Final = re.compile("[0-9a-f]{16}")
CHARACTERS: Final = re.compile(r"(\d{1,9})-(\d{1,9})")
MOST: Final = 300_000  # identifiers that are kept, some 100 bytes each
PARTS: Final = 1000  # parts of one thing that are compared
DEEP: Final = 5  # levels of parts within parts
WAIT: Final = 0.05  # seconds that an answer waits for the identifiers, where they are being read
PATIENCE: Final = 1.0  # seconds that a query for the parts of a thing may take
OLD: Final = 300.0  # seconds after which the identifiers are read anew where that failed
NONE: Final = Paths((), (), False)


@dataclass(frozen=True, slots=True)
class Near:
    """What there is near an identifier, as (IRI, name), the nearest first; `whole`: all was compared with it."""

    found: Sequence[tuple[str, str]] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands behind <base>/id/ in the IRIs of CLASSES, being read beside the answers since `begun`."""

    found: "Future[Paths]" = field(default_factory=Future)
    begun: float = field(default_factory=time.monotonic)

    def is_vain(self) -> bool:
        """Whether reading failed so long ago that it is to be tried again."""
        old = time.monotonic() - self.begun > OLD
        return old and self.found.done() and self.found.exception() is not None


def known(site: Site) -> Paths:
    """The identifiers of what is published; NONE where they are not read yet, or could not be."""
    if (reading := READING.ready(site)) and reading.is_vain():
        READING.forget()
    try:
        return READING.at(site).found.result(WAIT)
    except (TimeoutError, QueryFailed):
        return NONE  # a 404 without them is one nevertheless, and says so


def nearby(site: Site, iri: str, language: str) -> Near:
    """What there is near an IRI that is unknown. Raises QueryFailed."""
    whole = True
    if iri.startswith(CONCEPT):
        found, spoken = _concepts(iri.removeprefix(CONCEPT)), []
    elif iri.startswith(site.base + "/id/"):
        parts = [each for each in iri.removeprefix(site.base + "/id/").split("/") if each]
        like, whole = _like(site, parts)
        found, spoken = ([f"{site.base}/id/{each}" for each in paths] for paths in (like, _spoken_of(parts)))
    else:
        return Near()
    asked = [each for each in dict.fromkeys([*found, *spoken]) if each != iri and is_iri(each)]
    names = look_up(site, language, asked)
    gone, texts = _gone_and_texts(site, asked)
    there = [each for each in asked if (each in names.known or each in texts) and each not in gone]
    first = [each for each in there if each in found][:SHOWN]
    shown = [*first, *(each for each in there if each in spoken and each not in first)]
    return Near([(each, names.of(each)) for each in shown], whole)


def _like(site: Site, path: Sequence[str]) -> tuple[list[str], bool]:
    """What a path may be a slip for, the likest first, whether it exists or not; and whether all was compared."""
    if len(path) < 2 or len("/".join(path)) > LONGEST or not (folders := _folders(path[0])):
        return [], True
    paths = known(site)
    whole, parts = paths.whole, path[1:]
    found, wholes = [], []
    for folder in folders:
        owner, taken = _part_of(folder, parts)
        stem = "/".join((owner, *parts[:taken]))
        stems, rest = paths.like(stem), parts[taken:]
        is_right = bool(stems) and folded(stems[0]) == folded(stem)
        if rest and (is_right or not paths.whole):
            try:
                found += _parts(site, stems[0] if is_right else stem, [folder, *parts])
            except QueryFailed:
                whole = False
        found += ["/".join((folder, *each.split("/")[1:], *rest)) for each in stems]
        wholes += [] if is_right else stems
    return list(dict.fromkeys([*found, *wholes]))[: 3 * SHOWN], whole


def _folders(name: str) -> list[str]:
    """The folder of this name, or those that it may be a slip for."""
    return [name] if name in OWN or name in PART_OF else nearest(name, {each: each for each in (*OWN, *PART_OF)})[:2]


def _part_of(folder: str, parts: Sequence[str]) -> tuple[str, int]:
    """The folder of what the things of a folder are part of, and how many parts of the path it takes: that of a
    document, and of what one without a date tells of, is one."""
    if DOCUMENT.fullmatch(parts[0]):
        return PART_OF.get(folder, (folder, 1))[0], 1
    return PART_OF.get(folder, (folder, len(parts)))


def _parts(site: Site, stem: str, path: Sequence[str]) -> list[str]:
    """The parts of a thing, and of its parts, that a path may be a slip for. Raises QueryFailed."""
    own = f"{site.base}/id/"
    taken = stem.count("/") + 1
    owners = [stem, *("/".join(path[:end]) for end in range(taken + 1, min(len(path), taken + DEEP)))]
    start = f"{own}{'/'.join((path[0], *stem.split('/')[1:]))}/"
    begins = f"STRSTARTS(STR(?x), STR({iri_ref(start)}))"
    characters = CHARACTERS.fullmatch(path[-1]) if path[0] == "span" else None
    if characters:
        same_start = f"STRSTARTS(STR(?x), STR({iri_ref(f'{start}{characters[1]}-')}))"
        begins += f' && ({same_start} || STRENDS(STR(?x), "-{characters[2]}"))'
    refs = [iri_ref(own + each) for each in owners]
    patterns = [f"{{ {each} ?p ?x }}" for each in refs]
    if not stem.startswith("person/"):  # to whom much may refer
        patterns += [f"{{ ?x ?p {each} }}" for each in refs]
    query = f"SELECT DISTINCT ?x {{ {' UNION '.join(patterns)} FILTER(isIRI(?x) && {begins}) }}"
    rows = site.pool.rows(query, PARTS, PATIENCE).rows
    found = [row[0].value.removeprefix(own) for row in rows if row[0]]
    if characters:
        return sorted(found, key=lambda each: _apart(each, path[-1]))[:SHOWN]
    return among(folded("/".join(path)), {each: folded(each) for each in found})


def _apart(span: str, characters: str) -> int:
    """How many characters lie between the ends of a span and those that are asked for."""
    ends = zip(span.rpartition("/")[2].split("-"), characters.split("-"), strict=True)
    return sum(abs(int(one) - int(other)) for one, other in ends)


def _gone_and_texts(site: Site, iris: Sequence[str]) -> tuple[set[str], set[str]]:
    """Those of some IRIs that were withdrawn or erased, for what they are called is not told; and the texts of
    documents, of which nothing is said."""
    if not iris:
        return set(), set()
    values = f"VALUES ?x {{ {' '.join(iri_ref(each) for each in iris)} }}"
    gone = f"{{ {values} ?x <{NS}processingStatus> <{tombstones.REMOVED}> BIND(true AS ?gone) }}"
    rows = site.pool.rows(f"SELECT ?x ?gone {{ {gone} UNION {{ {values} ?of <{NS}canonicalText> ?x }} }}").rows
    told = [(row[0].value, row[1] is not None) for row in rows if row[0]]
    return {each for each, is_gone in told if is_gone}, {each for each, is_gone in told if not is_gone}


def _spoken_of(path: Sequence[str]) -> list[str]:
    """The identifiers of what a path speaks of: its §, its meeting, case, document or person, its body, its
    municipality, or the document by which it is named."""
    if len(path) < 2:
        return []
    folder, parts = next(iter(_folders(path[0])), path[0]), path[1:]
    owner, taken = _part_of(folder, parts)
    found = ["/".join((folder, *parts[:4]))] if folder == "treatment" and len(parts) > 4 else []
    if len(parts) > taken or owner != folder:
        found.append("/".join((owner, *parts[:taken])))
    if owner == "meeting" and len(parts) >= 3:
        found.append("/".join(("body", *parts[:2])))
    place = "document" if DOCUMENT.fullmatch(parts[0]) else "municipality"
    return [*found, f"{place}/{parts[0]}"]


def _concepts(path: str) -> list[str]:
    """The IRIs of the concepts with names near to the one in a path, of its scheme or of one whose name is near; and
    of that scheme."""
    scheme, _, notation = path.strip("/").partition("/")
    schemes = ontology.schemes()
    near = [scheme] if scheme in schemes else nearest(scheme, {each: each for each in schemes})
    for each in near[:2]:
        concepts = nearest(notation, {iri: iri.rpartition("/")[2] for iri in ontology.concepts(each).values()})
        if concepts:
            return [*concepts, *([CONCEPT + each] if each != scheme else [])][:SHOWN]
    return [CONCEPT + each for each in near if each != scheme]


def terms(name: str) -> list[str]:
    """The IRIs of the terms of the vocabulary whose names are near to one."""
    return nearest(name, {each: each.removeprefix(NS) for each in (*ontology.classes(), *ontology.properties())})


def _begun(site: Site) -> Reading:
    reading = Reading()

    def read() -> None:
        try:
            reading.found.set_result(_identifiers(site))
        except Exception as error:  # whoever waits for the result is told
            reading.found.set_exception(error)

    Thread(target=read, daemon=True).start()
    return reading


READING: Final = MadeOnce(_begun)


def _identifiers(site: Site) -> Paths:
    own = site.base + "/id/"
    found: list[str] = []
    for name in CLASSES:
        rows = site.pool.rows(f"SELECT DISTINCT ?x {{ ?x a <{NS}{name}> }}", MOST - len(found))
        iris = (row[0].value for row in rows.rows if row[0])
        found += [iri.removeprefix(own) for iri in iris if iri.startswith(own)]
        if rows.more:
            return Paths.of(found, whole=False)
    return Paths.of(found)
