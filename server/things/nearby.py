"""What there is near an identifier that is none: names that differ little from it, and what its path speaks of.

Only what is published now is told: each is looked up in the graph before it is. The work for one address is bounded,
whatever it is.
"""

import time
from bisect import bisect_left
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

import ontology
from server.asking import QueryFailed
from server.gone import tombstones
from server.made_once import MadeOnce
from server.naming import look_up
from server.site import CONCEPT, NS, Site, iri_ref, is_iri

CLASSES: Final = ("Person", "Party", "Body", "Case", "Meeting")
"""The classes whose identifiers people write by hand."""
MOST: Final = 200_000  # identifiers that are kept, some 100 bytes each
COMPARED: Final = 5000  # names under one parent that are compared
LONGEST: Final = 200  # characters of a name that is compared
SHOWN: Final = 5
ALIKE: Final = 0.7  # share of the letters that are right, below which a name is not near
WAIT: Final = 0.05  # seconds that an answer waits for the identifiers, where they are being read
OLD: Final = 300.0  # seconds after which they are read anew where that failed


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands behind <base>/id/ in the IRIs of CLASSES, in order, being read beside the answers since `begun`."""

    found: "Future[list[str]]" = field(default_factory=Future)
    begun: float = field(default_factory=time.monotonic)

    def is_vain(self) -> bool:
        """Whether reading failed so long ago that it is to be tried again."""
        old = time.monotonic() - self.begun > OLD
        return old and self.found.done() and self.found.exception() is not None


def known(site: Site) -> Sequence[str]:
    """The identifiers of what is published; none where they are not read yet, or could not be."""
    if (reading := READING.ready(site)) and reading.is_vain():
        READING.forget()
    try:
        return READING.at(site).found.result(WAIT)
    except (TimeoutError, QueryFailed):
        return ()  # a 404 without them is one nevertheless


def nearby(site: Site, iri: str, language: str) -> list[tuple[str, str]]:
    """What there is near an IRI that is unknown, as (IRI, name), the nearest first. Raises QueryFailed."""
    if iri.startswith(CONCEPT):
        found = _concepts(iri.removeprefix(CONCEPT))
    elif iri.startswith(site.base + "/id/"):
        path = iri.removeprefix(site.base + "/id/")
        near = alike(path, known(site)) if path.count("/") and len(path) < 4 * LONGEST else []
        found = [f"{site.base}/id/{each}" for each in dict.fromkeys([*near, *_spoken_of(path)])]
    else:
        return []
    found = [each for each in found if each != iri and is_iri(each)]
    names = look_up(site, language, found)
    gone = _gone(site, found)
    return [(each, names.of(each)) for each in found if each in names.known and each not in gone]


def alike(path: str, known: Sequence[str]) -> list[str]:
    """Those of some paths, in order, that differ from a path only in the last part, and there by little."""
    parent, _, name = path.rpartition("/")
    first, end = bisect_left(known, parent + "/"), bisect_left(known, parent + "0")  # "0" comes next after "/"
    place = bisect_left(known, path, first, end)
    around = known[max(first, place - COMPARED // 2) : min(end, place + COMPARED // 2)]
    return _nearest(name, {each: each[len(parent) + 1 :] for each in around})


def _nearest(name: str, among: dict[str, str]) -> list[str]:
    """The keys of the names that are nearest to a name, those first that begin with it or it with them."""
    asked = name.casefold()
    if not asked or len(asked) > LONGEST:
        return []
    folded = {key: each.casefold() for key, each in among.items()}
    whole = [key for key, each in folded.items() if min(len(each), len(asked)) > 2 and _begins(each, asked)]
    found = process.extract(
        asked, folded, scorer=OSA.normalized_similarity, processor=None, score_cutoff=ALIKE, limit=SHOWN
    )
    whole.sort(key=lambda key: len(folded[key]))
    return list(dict.fromkeys([*whole, *(key for _, _, key in found)]))[:SHOWN]


def _begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _gone(site: Site, iris: Sequence[str]) -> set[str]:
    """Those of some IRIs that were withdrawn or erased: what they are called is not told."""
    status = f"<{NS}processingStatus> <{tombstones.REMOVED}>"
    values = " ".join(iri_ref(each) for each in iris)
    found = site.pool.rows(f"SELECT ?x WHERE {{ VALUES ?x {{ {values} }} ?x {status} }}") if iris else None
    return {row[0].value for row in found.rows if row[0]} if found else set()


def _spoken_of(path: str) -> list[str]:
    """The identifiers of what a path speaks of: its §, its meeting, its body, its municipality."""
    folder, *parts = path.split("/")
    found = []
    if folder == "treatment" and len(parts) > 4:
        found.append("treatment/" + "/".join(parts[:4]))
    if folder in {"treatment", "agenda-item", "meeting"} and len(parts) >= 3:
        found += ["meeting/" + "/".join(parts[:3]), "body/" + "/".join(parts[:2])]
    if len(parts) >= 2:
        found.append("municipality/" + parts[0])
    return found


def _concepts(path: str) -> list[str]:
    """The IRIs of the concepts of the same scheme with names near to the one in a path; of schemes near to it."""
    scheme, _, notation = path.partition("/")
    if scheme not in ontology.schemes():
        return _nearest(scheme, {CONCEPT + each: each for each in ontology.schemes()})
    return _nearest(notation, {iri: iri.rpartition("/")[2] for iri in ontology.concepts(scheme).values()})


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


def _identifiers(site: Site) -> list[str]:
    classes = " ".join(f"<{NS}{each}>" for each in CLASSES)
    found = site.pool.rows(f"SELECT DISTINCT ?x WHERE {{ VALUES ?c {{ {classes} }} ?x a ?c }}", MOST)
    iris = (row[0].value for row in found.rows if row[0])
    own = site.base + "/id/"
    return sorted(iri.removeprefix(own) for iri in iris if iri.startswith(own))
