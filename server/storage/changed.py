"""When what is published last changed, of everything and of each municipality: kept in a version's about.json.

A digest is the sum of its files' SHA-256: the same files have the same digest, in whatever order they came, and a
file that changes is taken away and added. Where the digest is that of the version before, so is the time.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from server.site import NS
from server.storage import snapshot
from server.storage.increment import FileChange

WHOLE: Final = "*"
"""The key of everything; the others are IRIs of municipalities."""
PERSONS: Final = "persons.nq"
LEDGER: Final = "ledger.nq"
_PLACE: Final = f"<{NS}partOfMunicipality> <".encode()
_PERSON: Final = re.compile(rb"<([^>]+?)/id/[a-z]+/([^/>]+)/")
_TIME: Final = re.compile(rb'#(?:endedAtTime|invalidatedAtTime)> "([^"]+)"')
_ALL: Final = 2**256

Told = dict[str, dict[str, str]]
"""By WHOLE and municipality: "documents" and "persons", digests in hex, and "changed" (xsd:dateTime)."""


class Digests:
    """The digests of a publication, of everything and of what is of each municipality: the files of its documents
    (corrections are made in them), and its persons in graph/persons. `before`: of the version that is changed."""

    def __init__(self, before: Told | None = None) -> None:
        self._sums = {key: int(each["documents"], 16) for key, each in (before or {}).items()}
        self._persons = {key: each["persons"] for key, each in (before or {}).items()}
        self._read = ""

    def add(self, file: str, content: bytes, sha256: str | None = None) -> None:
        """Add a file, by its path in the data folder; `sha256` where it is known."""
        self._count(file, content, 1, sha256)
        if file == PERSONS:
            self._persons = _by_place(content)
        if file == LEDGER:
            self._read = max((each.decode() for each in _TIME.findall(content)), default="")

    def change(self, changes: Iterable[FileChange]) -> None:
        """Take files away as they were, and add them as they are."""
        for each in changes:
            self._count(each.name, each.old, -1)
            self.add(each.name, each.new)

    def told(self, before: Told | None, now: str) -> Told:
        """What to keep of a version that is published now. Where nothing is known of a version before it, it changed
        at the last time of which the ledger tells, or else now."""
        first = now if before is not None else self._read or now
        found = {}
        for key, total in sorted(self._sums.items()):
            if total:
                told = {"documents": f"{total:064x}", "persons": self._persons.get(key, "")}
                was = (before or {}).get(key, {})
                same = {name: was.get(name) for name in told} == told
                found[key] = told | {"changed": was["changed"] if same else max(first, was.get("changed", ""))}
        return found

    def _count(self, file: str, content: bytes, sign: int, sha256: str | None = None) -> None:
        if not content:
            return  # the file is not there
        number = sign * int(sha256 or hashlib.sha256(content).hexdigest(), 16)
        for key in (WHOLE, *(_places(content) if file.startswith("documents/") else ())):
            self._sums[key] = (self._sums.get(key, 0) + number) % _ALL


def version(told: Mapping[str, str]) -> str:
    """The version of a municipality's dataset, of its digests: 16 hex digits."""
    return hashlib.sha256(f"{told['documents']} {told['persons']}".encode()).hexdigest()[:16]


def of(about: Mapping[str, Any]) -> Told | None:
    """What a version's about.json tells; None where an older program wrote it."""
    found: Told | None = about.get("changed")
    return found


def of_served(data_dir: Path) -> Told | None:
    """What is told of the version that is served now; None where that is not known."""
    try:
        return of(snapshot.about(data_dir))
    except (snapshot.Damaged, snapshot.NothingPublished):
        return None


def _places(content: bytes) -> set[str]:
    """The municipalities that a document's graph tells of a body of."""
    found = set()
    at = content.find(_PLACE)
    while at >= 0:
        start = at + len(_PLACE)
        found.add(content[start : content.index(b">", start)].decode())
        at = content.find(_PLACE, start)
    return found


def _by_place(persons: bytes) -> dict[str, str]:
    """The digest of each municipality's lines in graph/persons."""
    digests: dict[str, Any] = defaultdict(hashlib.sha256)
    for line in persons.splitlines():
        if of_person := _PERSON.match(line):
            digests[f"{of_person[1].decode()}/id/municipality/{of_person[2].decode()}"].update(line)
    return {place: digest.hexdigest() for place, digest in digests.items()}
