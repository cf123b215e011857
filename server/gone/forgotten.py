"""What is told of a person who was erased, and of a correction that went with an erasure, at what was their IRI: that
it is gone, since when, and why (410).

The ledger keeps a salted hash of what in the IRI told who it was; nothing of it is published.
"""

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from server import printed
from server.data_folder.files import DataFolderError
from server.data_folder.ledger import Ledger, reading
from server.messages import Problem
from server.storage import snapshot

PATH: Final = re.compile(r"/id/(.+)\Z")
ADDRESS: Final = re.compile(r"/(?:id|doc)/(.+)\Z")


class Forgotten(NamedTuple):
    """What is kept of the IRI of a person who was erased; the date is ISO 8601 in UTC."""

    hash: str
    salt: str
    date: str
    ground: str


class Known:
    """What is kept of all such IRIs, to find one by its path."""

    def __init__(self, rows: Iterable[Forgotten]) -> None:
        self._of_salt: dict[str, dict[str, Forgotten]] = {}
        for each in rows:
            self._of_salt.setdefault(each.salt, {})[each.hash] = each

    def find(self, path: str) -> Forgotten | None:
        """What is kept of a path, as it stands behind /id/: of a person, or of what the person held or did."""
        keys = keys_of(path)
        found = (rows.get(hashed(salt, key)) for salt, rows in self._of_salt.items() for key in keys)
        return next((each for each in found if each), None)


def of_iris(iris: Iterable[str], date: str, ground: str) -> list[Forgotten]:
    """What to keep of the IRIs of persons, and of what is named after them or was one of these IRIs."""
    salt = secrets.token_hex(16)
    found = {match[1].removeprefix("person/") for iri in iris if (match := PATH.search(iri))}
    return [Forgotten(hashed(salt, each), salt, date, ground) for each in sorted(found)]


def keys_of(path: str) -> set[str]:
    """A path, and each place/name in it, as a person of the place has it in the IRI."""
    place, *names = path.split("/")[1:] or [""]
    return {path} | {f"{place}/{name}" for name in names}


def forgotten(ledger: Ledger) -> list[Forgotten]:
    """Everything that is kept of such IRIs."""
    try:
        rows = ledger.connection.execute("SELECT hash, salt, date, ground FROM forgotten").fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        return []  # a ledger of an older program, opened to be read
    return [Forgotten(*row) for row in rows]


def problem(data_dir: Path, path: str) -> Problem | None:
    """What to answer at the path of a person who was erased, of what such a person held or did, or of a correction
    that went; else None."""
    match = ADDRESS.match(path)
    if match is None:
        return None
    try:
        found = _known(data_dir, snapshot.current_version(data_dir)).find(match[1])
    except snapshot.Damaged:
        return None  # nothing that is published can be read, which is told instead
    except DataFolderError:
        return None  # whoever writes to it now is not waited for: the address is unknown until then
    if found is None:
        return None
    sv, en = (printed.date(found.date, each) for each in ("sv", "en"))
    is_correction = match[1].startswith("correction/")
    what_sv = "Rättelsen raderades" if is_correction else "Personens uppgifter raderades"
    what_en = "The correction was erased" if is_correction else "The details of the person were erased"
    return Problem(
        410,
        f"{what_sv} {sv}. Skäl: {found.ground}",
        f"{what_en} on {en}. Ground: {found.ground}",
        {"kind": "erased", "removed": found.date, "ground": found.ground},
    )


@lru_cache(maxsize=4)
def _known(data_dir: Path, version: str | None) -> Known:
    """What a published version goes with: an erasure is noted first, and makes another version in any case."""
    if not (data_dir / "ledger.sqlite").is_file():
        return Known(())
    with reading(data_dir) as ledger:
        return Known(forgotten(ledger))


def hashed(salt: str, text: str) -> str:
    """What is kept of a text, in hex."""
    return hashlib.sha256(f"{salt} {text}".encode()).hexdigest()
